"""Why an end point could not be opened, in words that say what to do next."""

import errno
import socket
import ssl
from collections.abc import Mapping
from typing import Literal

from ccwall.transport.address import Address

Unopened = Literal[
    "not_listening",
    "unknown_host",
    "no_route",
    "no_answer",
    "no_device",
    "no_permission",
    "in_use",
    "no_tls",
    "tls_refused",
    "certificate_untrusted",
    "certificate_expired",
    "certificate_name",
    "certificate_invalid",
    "cannot_open",
]


class Unreachable(OSError):
    """It cannot be opened; the text says what happened, where, and what to do."""

    def __init__(self, text: str, cause: Unopened) -> None:
        self.cause = cause
        super().__init__(text)


ADVICE: Mapping[Unopened, str] = {
    "not_listening": "nothing listens at {to}. Check the port, and that the service there runs and listens on this address",
    "unknown_host": "no address is known for the name {host}. Check its spelling, and this machine's name servers",
    "no_route": "there is no way from this machine to {to} ({said}). Check its network, routes and firewalls",
    "no_answer": "no answer from {to} within {limit:g} s. Check the address; a firewall on the way may drop what is sent",
    "no_device": "{to} is not there ({said}). Check the path, and that the device is plugged in",
    "no_permission": "ccwall may not open {to} ({said}). Give its user the right to (for serial devices usually the group dialout)",
    "in_use": "another programme has {to} open ({said}). End that one: a line is read by one alone",
    "no_tls": "{to} does not speak TLS ({said}). Write {plain}:// for this port, or take the port that speaks TLS",
    "tls_refused": "{to} hung up in the middle of the TLS greeting ({said}). Check that this port speaks TLS, and which versions it allows",
    "certificate_untrusted": "nobody known here signed the certificate of {to} ({said}). Give the signer's file as tls_ca, or have it signed",
    "certificate_expired": "the certificate of {to} is out of date ({said}). Renew it there; and check this machine's clock",
    "certificate_name": "the certificate of {to} is for another name ({said}). Write the url with the name that it is for",
    "certificate_invalid": "the certificate of {to} is not accepted ({said}). Have it made anew",
    "cannot_open": "{to} cannot be opened ({said})",
}

_CERTIFICATE: Mapping[int, Unopened] = {
    2: "certificate_untrusted",
    9: "certificate_expired",  # not yet valid: the clock of one of the two
    10: "certificate_expired",
    18: "certificate_untrusted",
    19: "certificate_untrusted",
    20: "certificate_untrusted",
    21: "certificate_untrusted",
    62: "certificate_name",
    64: "certificate_name",
}
"""OpenSSL's X509_V_ERR_…"""

_NUMBERS: Mapping[int, Unopened] = {
    errno.ECONNREFUSED: "not_listening",
    errno.EHOSTUNREACH: "no_route",
    errno.ENETUNREACH: "no_route",
    errno.EHOSTDOWN: "no_route",
    errno.ETIMEDOUT: "no_answer",
    errno.ENOENT: "no_device",
    errno.ENXIO: "no_device",
    errno.ENODEV: "no_device",
    errno.ENOTTY: "no_device",
    errno.EBUSY: "in_use",
    errno.EAGAIN: "in_use",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
}


def explained(error: OSError, to: Address, limit: float) -> Unreachable:
    """`limit`: how long it was tried, in seconds."""
    cause = _cause(error, to)
    plain = "mqtt" if to.scheme == "mqtts" else "tcp"
    text = ADVICE[cause].format(to=to, host=to.host, said=_said(error), limit=limit, plain=plain)
    return Unreachable(text, cause)


def _cause(error: OSError, to: Address) -> Unopened:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, "certificate_invalid")
    if isinstance(error, ssl.SSLEOFError):
        return "tls_refused"
    if isinstance(error, ssl.SSLError):
        return "tls_refused" if "ALERT" in (error.reason or "") else "no_tls"
    if isinstance(error, socket.gaierror):
        return "unknown_host"
    if isinstance(error, TimeoutError) and error.errno is None:
        return "no_answer"
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return "tls_refused" if to.scheme in ("tls", "mqtts") else "cannot_open"
    return _NUMBERS.get(error.errno or 0, "cannot_open")


def _said(error: OSError) -> str:
    """The system's own words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).lower().replace("_", " ")
    return error.strerror or str(error)
