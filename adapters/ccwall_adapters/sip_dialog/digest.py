"""HTTP digest as SIP uses it (RFC 3261 22.4, RFC 7616, RFC 8760): MD5 and SHA-256, with and without session, qop auth."""

import hashlib
import re
from collections.abc import Callable, Mapping

import msgspec

Hash = Callable[[str], str]

_PARAMETER = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)')
_SCHEME = re.compile(r"digest\s+", re.IGNORECASE)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


ALGORITHMS: Mapping[str, Hash] = {
    "md5": _md5,
    "md5-sess": _md5,
    "sha-256": _sha256,
    "sha-256-sess": _sha256,
}


class Challenge(msgspec.Struct):
    """What a server wants to see. `answers` names the header of the answer; `uses` counts them (nc)."""

    answers: str
    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str | None = None
    stale: bool = False
    uses: int = 0


def challenge(text: str, answers: str) -> Challenge | None:
    """Of one WWW-Authenticate or Proxy-Authenticate line; None when it is none that can be met."""
    said = fields(text)
    if said is None or "nonce" not in said or "realm" not in said:
        return None
    algorithm = said.get("algorithm") or "MD5"
    offered = [word.strip().lower() for word in said["qop"].split(",")] if said.get("qop") else []
    if algorithm.lower() not in ALGORITHMS or (offered and "auth" not in offered):
        return None
    return Challenge(
        answers=answers,
        realm=said["realm"],
        nonce=said["nonce"],
        algorithm=algorithm,
        qop="auth" if offered else "",
        opaque=said.get("opaque"),
        stale=said.get("stale", "").lower() == "true",
    )


def fields(text: str) -> dict[str, str] | None:
    """The parameters of a challenge or of credentials, by names in lower case; None when it is no digest.

    >>> fields('Digest realm="a \\\\"b\\\\"", qop="auth,auth-int", stale=true')["realm"]
    'a "b"'
    """
    scheme = _SCHEME.match(text)
    if scheme is None or len(text) > 8192:
        return None
    found: dict[str, str] = {}
    at = scheme.end()
    while at < len(text):
        one = _PARAMETER.match(text, at)
        if one is None:
            return None
        quoted = one[2]
        found.setdefault(one[1].lower(), one[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        at = one.end()
    return found


def proof(
    to: Challenge, method: str, uri: str, username: str, secret: str, *, count: int, cnonce: str
) -> str:
    """The `response` of RFC 7616 3.4.1; without qop that of RFC 2069. The server computes the same."""
    hashed = ALGORITHMS[to.algorithm.lower()]
    who = hashed(f"{username}:{to.realm}:{secret}")
    if to.algorithm.lower().endswith("-sess"):
        who = hashed(f"{who}:{to.nonce}:{cnonce}")
    what = hashed(f"{method}:{uri}")
    if not to.qop:
        return hashed(f"{who}:{to.nonce}:{what}")
    return hashed(f"{who}:{to.nonce}:{count:08x}:{cnonce}:{to.qop}:{what}")


def credentials(to: Challenge, method: str, uri: str, username: str, secret: str, cnonce: str) -> str:
    """The value of Authorization or Proxy-Authorization for one more request."""
    to.uses += 1
    told = [
        f'username="{_quoted(username)}"',
        f'realm="{_quoted(to.realm)}"',
        f'nonce="{_quoted(to.nonce)}"',
        f'uri="{uri}"',
        f'response="{proof(to, method, uri, username, secret, count=to.uses, cnonce=cnonce)}"',
        f"algorithm={to.algorithm}",
    ]
    if to.opaque is not None:
        told.append(f'opaque="{_quoted(to.opaque)}"')
    if to.qop:
        told += [f"qop={to.qop}", f"nc={to.uses:08x}", f'cnonce="{cnonce}"']
    elif to.algorithm.lower().endswith("-sess"):
        told.append(f'cnonce="{cnonce}"')
    return "Digest " + ", ".join(told)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
