"""What app_queue counts, with its peculiarities: docs/adapters/asterisk.md, apps/app_queue.c."""

from dataclasses import dataclass


@dataclass(slots=True)
class Statistics:
    """Since the module was loaded or reset.

    `holdtime` and `talktime` are no averages but ``(3 * old + new) >> 2`` in whole seconds. `completed` counts when the
    member's phone becomes idle, not at the answer; every exit but by key counts as abandoned.
    """

    completed: int = 0
    completed_in_time: int = 0
    abandoned: int = 0
    abandoned_in_time: int = 0
    holdtime: int = 0
    talktime: int = 0

    def answered(self, wait: int) -> None:
        first = self.completed + self.abandoned == 0
        self.holdtime = wait if first else (3 * self.holdtime + wait) >> 2

    def finished(self, talk: int, *, in_time: bool) -> None:
        self.completed += 1
        self.completed_in_time += in_time
        self.talktime = talk if self.completed == 1 else (3 * self.talktime + talk) >> 2

    def gave_up(self, *, in_time: bool) -> None:
        self.abandoned += 1
        self.abandoned_in_time += in_time

    @property
    def perf(self) -> str:
        """ServicelevelPerf: of those *answered*.

        >>> Statistics(completed=22, completed_in_time=21).perf
        '95.5'
        """
        return f"{100 * self.completed_in_time / self.completed if self.completed else 0:.1f}"

    @property
    def perf2(self) -> str:
        """ServicelevelPerf2: in time whether answered or abandoned, of all but key exits."""
        every = self.completed + self.abandoned
        return f"{100 * (self.completed_in_time + self.abandoned_in_time) / every if every else 0:.1f}"
