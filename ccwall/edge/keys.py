"""A pair of CURVE keys in two files: NAME.secret, which nobody else may read, and NAME.public, which is for the other end."""

import os
from pathlib import Path

import zmq

from ccwall.errors import CcwallError

COMMAND = "ccwall edge --keys"


def make_keys(name: Path) -> tuple[Path, Path, str]:
    """The two files, and the public key. Never overwrites: a key that is lost is a PC that must be let in again."""
    public, secret = (key.decode("ascii") for key in zmq.curve_keypair())
    files = Path(f"{name}.secret"), Path(f"{name}.public")
    for file, key, mode in ((files[0], secret, 0o600), (files[1], public, 0o644)):
        try:
            number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(number, "w", encoding="ascii") as out:
                out.write(f"{key}\n")
        except FileExistsError:
            raise CcwallError(
                f"{COMMAND}: {file} is there already; take another name, or move it away"
            ) from None
        except OSError as error:
            raise CcwallError(f"{COMMAND}: {file} cannot be written: {error.strerror}") from None
    return *files, public
