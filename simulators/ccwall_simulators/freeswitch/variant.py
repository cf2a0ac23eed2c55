"""What one FreeSWITCH is like: its version, its access list, and how often things cross."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """`denied`: the access list lets nobody in. `races`: the share of callers that hang up, or phones that reject, at the
    very instant of an answer. `resumes`: in every queue, and not only in the first, whoever calls again takes the abandoned
    row over. `host`: the name in every event. `discard_after`: seconds an abandoned caller stays in the list.
    """

    version: str = "1.10.12"
    build: str = "1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit"
    released: str = "1.10.12-release git a88d069 2024-08-02 21:02:27Z 64bit"
    denied: bool = False
    races: float = 0.1
    resumes: bool = False
    host: str = "pbx1"
    discard_after: int = 60


PLAIN = Variant()
CALM = Variant(races=0.0)
"""Nothing ever crosses."""
