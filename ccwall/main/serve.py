"""`ccwall serve`: the wall of a configuration, and what it refuses to show to a network."""

import ssl
from collections.abc import Coroutine, Iterator

from ccwall import __version__
from ccwall.access import Access, Key
from ccwall.access.first import FirstCode
from ccwall.clock import Clock, SystemClock
from ccwall.config import SITE, Config, Web, journal_folder
from ccwall.errors import ConfigError
from ccwall.events import Principal
from ccwall.history import Habits, Opened, cannot_write, open_folder, recording
from ccwall.house import House
from ccwall.lifetime import log_to_stderr, run
from ccwall.main.accounts import accounts
from ccwall.main.running import Say, listen, loopback, shown, together
from ccwall.transport.ports import unstable


def serve(config: Config, say: Say, verbose: bool = False) -> None:
    """The wall of a configuration, until it is told to stop."""
    guard(config)
    log_to_stderr(verbose)
    run(served(config, SystemClock(), say))


def served(config: Config, clock: Clock, say: Say) -> Coroutine[object, object, None]:
    """The wall of a configuration as one piece of work, until a signal. ``clock`` is the floor's."""
    history = open_journal(config, clock)
    house = House(config, clock, history=history)
    house.begin()
    web, real = config.web, SystemClock()
    keys = [Key.of(web.token, Principal(id="display", role="display"))]
    if web.staff_token:
        keys.append(Key.of(web.staff_token, Principal(id="staff", role="manager")))
    known = accounts(None if history is None else history.folder, real)
    access = Access(keys, clock=real, hosts=(web.host, *web.hosts), accounts=known)
    listening = listen(web.host, web.port)
    scheme = "https" if web.tls_cert else "http"
    jobs = [(f"source: {source.name}", house.supervise(source).run()) for source in config.sources]

    for source in config.sources:
        if advice := unstable(source.address):
            say(f"source {source.name}: {advice}")

    async def welcome() -> None:
        say(
            f"ccwall {__version__}: the wall is at {scheme}://{shown(web.host)}:{web.port}/?token=…   (Ctrl-C stops)"
        )
        for line in first_account(access, real.now(), f"{scheme}://{shown(web.host)}:{web.port}/people", web):
            say(line)

    async def work() -> None:
        async with recording(history):
            await together(house, access, listening, jobs, welcome, web)

    return work()


def first_account(access: Access, now: float, page: str, web: Web) -> Iterator[str]:
    """How the first account is made, while there is none; and what is wrong with the file of the accounts."""
    known = access.accounts
    if known is None:
        return
    if problem := known.problem or known.damage:
        yield f"accounts: {problem}"
    if not known.needs_first:
        return
    if web.staff_token:
        yield f"There is no account yet. Open {page} and sign in with the staff_token to make the first one."
    else:
        access.first = FirstCode(now)
        yield f"There is no account yet. Open {page} within 30 minutes and enter the code {access.first.text}"


def open_journal(config: Config, clock: Clock) -> Opened | None:
    """The journal as configured; None when there is to be none."""
    if not config.journal.enabled:
        return None
    wanted = config.journal
    return open_folder(
        journal_folder(config),
        clock,
        SITE,
        Habits(keep=wanted.keep),
        wire_days=wanted.wire_days,
        wire_limit=wanted.wire_limit,
    )


def guard(config: Config) -> None:
    """Refuse what would show callers to the network."""
    web, mistakes = config.web, []
    if not web.token:
        text = 'is missing: without it anyone could look. Write token = { env = "WALL_TOKEN" } (ccwall demo needs none)'
        mistakes.append(("web.token", text))
    if not loopback(web.host) and not web.tls_cert:
        text = f"{web.host} is reachable from the network, and without TLS callers' numbers and the token would be readable there: "
        mistakes.append(
            (
                "web.host",
                text + "set tls_cert and tls_key, or stay on 127.0.0.1 behind a proxy that speaks TLS",
            )
        )
    if not config.sources:
        mistakes.append(("source", "there is no [[source]], so there would be nothing to show"))
    if web.tls_cert and (problem := _tls_problem(web)):
        mistakes.append(("web.tls_cert", problem))
    if config.journal.enabled and (problem := cannot_write(journal_folder(config))):
        mistakes.append(("journal.folder", f"{journal_folder(config)} {problem}"))
    if mistakes:
        raise ConfigError(config.file, mistakes)


def _tls_problem(web: Web) -> str:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(web.tls_cert, web.tls_key)
    except (OSError, ssl.SSLError) as error:
        return f"cannot be used with {web.tls_key}: {error.strerror or error}"
    return ""
