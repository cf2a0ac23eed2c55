"""`ccwall roster`: who was seen and is on no roster."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ccwall.cli import app, guarded, say
from ccwall.errors import ConfigError

LARGEST_BOARD = 64 * 1024 * 1024


@app.command(short_help="Suggest rows for the roster, of the people and devices that were seen.")
@guarded
def roster(
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration, one TOML file.")
    ] = None,
    board: Annotated[
        str,
        typer.Option(
            "--from-board", metavar="FILE", help="A board as GET /api/v1/board gives it; - is standard input."
        ),
    ] = "",
) -> None:
    """Print a CSV of the people and devices that were seen and are on no roster. The column note says who may be the
    same person (same extension at two sources, same name): that is suggested, and never made.

    \b
    Examples:
      ccwall roster -c ccwall.toml > new.csv
      curl -H "Authorization: Bearer $WALL_TOKEN" https://wall/api/v1/board | ccwall roster -c ccwall.toml --from-board -
    """
    if config is None:
        raise ConfigError("ccwall roster", [("-c", "is missing: say whose roster")])
    from ccwall.config import load
    from ccwall.roster import strangers, suggestions

    found = load(config, observe=True)
    if board:
        told = _board(board)
    else:
        from ccwall.main.remembered import board_of

        told = board_of(found)
    seen = strangers(told, found)
    sys.stdout.write(suggestions(seen, found))
    say(f"{len(seen)} on no roster" if seen else "everybody who was seen is on the roster")


def _board(path: str) -> dict[str, object]:
    import msgspec

    try:
        content = sys.stdin.buffer.read(LARGEST_BOARD) if path == "-" else Path(path).read_bytes()
        return msgspec.json.decode(content, type=dict[str, object])
    except OSError as error:
        raise ConfigError("--from-board", [(path, f"cannot be read: {error.strerror}")]) from None
    except msgspec.DecodeError as error:
        raise ConfigError(
            "--from-board", [(path, f"is not a board as /api/v1/board gives it: {error}")]
        ) from None
