"""`ccwall serve` again and again: imports everything once, then forks a child for every line it is given.

A line is the path of a configuration; the answer is the child's pid. Each child is a whole `ccwall serve`, with its own
interpreter state from the imports on, and is killed by whoever asked for it.
"""

import os
import sys

from ccwall import main as composition
from ccwall.config import load
from ccwall_web import app, server


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    assert {app, server}  # imported, so that no child has to
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            composition.serve(load(line.strip()), _say)
            os._exit(0)
        _tell(str(child))
        os.waitpid(child, 0)
        _tell("gone")


if __name__ == "__main__":
    main()
