"""`ccwall edge` and `ccwall serve` again and again: imports everything once, then forks a child for every line it is given.

A line is `edge FILE` or `serve FILE`; the answer is the child's pid, and `gone PID` when it has ended. Whoever asked for
a child kills it.
"""

import os
import signal
import sys
import threading

from ccwall import main as composition
from ccwall import registry
from ccwall.config import load as load_server
from ccwall.edge import load as load_edge
from ccwall.main.edge import edge
from ccwall_web import app, server
from tests.edge.floor import BUTTON


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _bury(child: int) -> None:
    os.waitpid(child, 0)
    _tell(f"gone {child}")


def main() -> None:
    assert {app, server}  # imported, so that no child has to
    known = {**registry.adapters(), "button": BUTTON}
    assert known["edge"].name == "edge"  # imported, too
    registry.adapters = lambda: known
    for line in sys.stdin:
        kind, _, file = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            os.close(0)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if kind == "edge":
                edge(load_edge(file), _say)
            else:
                composition.serve(load_server(file), _say)
            os._exit(0)
        _tell(str(child))
        threading.Thread(target=_bury, args=(child,), daemon=True).start()


if __name__ == "__main__":
    main()
