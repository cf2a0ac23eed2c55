"""What is written: within its bytes, in whole letters, in three languages, tamed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccwall.delivery import SEVERITIES, Person
from ccwall.delivery.note import MOST_MENTIONS, Note, bounded, worst_first
from ccwall.delivery.post import LONGEST_PAUSE, retry_after
from ccwall.delivery.quiet import ends, quiet
from ccwall.delivery.wording import WORDS, compose, cut, tamed
from tests.delivery.making import NOW, note

ANY = st.text(st.characters(codec="utf-8"), max_size=300)


@given(text=ANY, most=st.integers(0, 400))
def test_a_cut_text_is_within_its_bytes_and_begins_like_the_whole(text: str, most: int) -> None:
    found = cut(text, most)
    assert len(found.encode()) <= most or found == text
    assert found == text or not found or (found.endswith("…") and text.startswith(found[:-1]))


@pytest.mark.parametrize(
    ("text", "most", "cut_text"),
    [
        ("排队排队", 10, "排队…"),
        ("e\u0301e\u0301", 5, "…"),
        ("👩‍💻ab", 9, "…"),
        ("ok👍🏽ok", 10, "ok…"),
        ("排", 2, ""),
    ],
)
def test_a_letter_is_never_cut_in_the_middle(text: str, most: int, cut_text: str) -> None:
    assert cut(text, most) == cut_text


@given(
    texts=st.lists(ANY, min_size=3, max_size=3),
    many=st.integers(1, 40),
    most=st.sampled_from([1000, 2048, 4000, 8000]),
    language=st.sampled_from(sorted(WORDS)),
)
def test_a_message_is_never_longer_than_it_may_be_and_counts_what_it_leaves_out(
    texts: list[str], many: int, most: int, language: str
) -> None:
    title, text, todo = ({language: each} for each in texts)
    notes = [bounded(note(f"{n}", title=title, text=text, todo=todo, scope=texts[0])) for n in range(many)]
    found = compose(notes, language, "Asia/Shanghai", most=most, per_line=3)
    size = len(found.head.encode()) + sum(len(line.encode()) + 3 for line in found.lines)
    assert size <= most
    assert "\n" not in found.head + "".join(found.lines)
    if many > 1:
        assert many - found.left_out == len(found.lines) - bool(found.left_out)


@given(text=ANY)
def test_nothing_tamed_can_name_or_link_or_mark_up(text: str) -> None:
    assert not set("<>@*[]`|#&~\\") & set(tamed(text))
    assert "://" not in tamed(text)


def test_all_words_are_there_in_every_language() -> None:
    assert len({frozenset(words) for words in WORDS.values()}) == 1
    assert set(WORDS["zh-TW"].values()) != set(WORDS["zh-CN"].values())


@given(st.permutations(range(8)))
def test_the_worst_comes_first_whatever_order_they_came_in(order: list[int]) -> None:
    notes = [note(f"{n}", SEVERITIES[n % 4], kind="resolved" if n > 3 else "fired") for n in order]
    assert [each.key for each in worst_first(notes)] == ["3", "2", "1", "0", "7", "6", "5", "4"]


def test_a_note_is_bounded_in_every_field() -> None:
    long = "x" * 100_000
    found = bounded(
        Note(
            key="k", kind="fired", severity="warn", at=NOW, alert=long, scope=long, value=long, threshold=long,
            group=long, title={"en": long}, text={"en": long}, todo={"en": long},
            url="https://wall.example/" + long, mentions=(Person(name=long),) * 1000,
        )
    )  # fmt: skip
    assert len(str(found)) < 20_000
    assert len(found.mentions) == MOST_MENTIONS
    assert found.url == ""


@pytest.mark.parametrize(
    "url", ["javascript:x", "https://a b", 'https://a"b', "https://a)b", "http://a\nb", "file:///etc/passwd"]
)
def test_a_link_that_could_be_something_else_is_left_out(url: str) -> None:
    assert bounded(note(url=url)).url == ""


def at(hour: int, minute: int = 0) -> float:
    """Of the day NOW is in, in Shanghai, where NOW is 16:00."""
    return NOW + (hour - 16) * 3600 + minute * 60


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (["22:00-07:00"], at(21, 59), at(21, 59)),
        (["22:00-07:00"], at(22), at(31)),
        (["22:00-07:00"], at(3), at(7)),
        (["22:00-07:00"], at(7), at(7)),
        (["12:00-13:30"], at(12, 15), at(13, 30)),
        (["12:00-13:00", "13:00-14:00"], at(12, 15), at(14)),
        (["00:00-24:00"], at(12), None),
    ],
)
def test_quiet_hours_end_when_they_say(hours: list[str], now: float, until: float | None) -> None:
    if until is None:
        with pytest.raises(ValueError, match="hours"):
            [quiet(each) for each in hours]
        return
    assert ends([quiet(each) for each in hours], "Asia/Shanghai", now) == until


@pytest.mark.parametrize(
    "text", ["", "22-7", "25:00-07:00", "22:00-22:00", "22:60-23:00", "24:30-25:00", "a"]
)
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours like"):
        quiet(text)


@given(st.text(max_size=40))
def test_retry_after_is_never_long_and_never_an_error(text: str) -> None:
    assert 0 <= retry_after(text, NOW) <= LONGEST_PAUSE
