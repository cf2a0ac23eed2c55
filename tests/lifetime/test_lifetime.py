"""What comes out of a command that runs for ever, when something goes wrong in it."""

from collections.abc import Iterator

import pytest
import structlog

from ccwall.errors import CcwallError
from ccwall.lifetime import log_to_stderr, run


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


async def fail(*errors: Exception) -> None:
    raise ExceptionGroup("jobs", [ExceptionGroup("job", errors)])


def test_an_expected_error_comes_out_as_itself() -> None:
    error = CcwallError("the port is taken")
    with pytest.raises(CcwallError) as caught:
        run(fail(error))
    assert caught.value is error


def test_a_bug_is_not_hidden_behind_an_expected_error() -> None:
    with pytest.raises(ExceptionGroup):
        run(fail(CcwallError("the port is taken"), KeyError("a bug")))


def test_the_traceback_of_a_bug_holds_no_locals(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr(False)
    secret = "".join(("hun", "ter2"))
    try:
        raise KeyError(len(secret))
    except KeyError:
        structlog.get_logger().exception("a bug")
    told = capsys.readouterr().err
    assert "KeyError" in told
    assert "hunter2" not in told
