"""People: how many are there, what they do with their time, what each has done."""

from typing import Final, Unpack

import msgspec

from ccwall.engine.catalogue.shape import (
    CONTACTS,
    PERSONAL,
    SHIFT,
    Metric,
    More,
    Unit,
    in_symbols,
    in_words,
    terms,
)
from ccwall.engine.catalogue.terms import Texts, texts
from ccwall.engine.scope import ScopeKind

_ONE: Final[tuple[ScopeKind, ...]] = ("agent",)


def head(key: str, names: Texts, plain: Texts, words: Texts, edge: Texts | None = None) -> Metric:
    """A head count of now: each person once per scope."""
    return Metric(
        key=key,
        kind="people",
        unit="people",
        basis="now",
        names=names,
        plain=plain,
        words=words,
        edge=edge or {},
        scopes=CONTACTS,
        windows=(),
    )


def spent(
    key: str,
    unit: Unit,
    names: Texts,
    plain: Texts,
    words: Texts | tuple[str, str],
    edge: Texts | None = None,
    **more: Unpack[More],
) -> Metric:
    """A sum over people's time or work in a window; ``words``, or the two sides of a quotient."""
    numerator, denominator = (terms(side) for side in words) if isinstance(words, tuple) else ((), ())
    metric = Metric(
        key=key,
        kind="people",
        unit=unit,
        basis="event",
        names=names,
        plain=plain,
        words=in_words(numerator, denominator) if isinstance(words, tuple) else words,
        edge=edge or {},
        symbols=in_symbols(numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        scopes=PERSONAL,
        windows=SHIFT,
    )
    return msgspec.structs.replace(metric, **more)


HEADS: Final = (
    head(
        "staffed",
        texts("logged on", "在岗", "在席"),
        texts("How many people are logged on.", "此刻签入的人数。", "此刻登入的人數。"),
        texts("members of at least one queue", "至少在一个队列中的人", "至少在一個佇列中的人"),
        texts(
            "Each person once on the floor, and once in each of their queues. Fault and unknown are in it alone.",
            "全场每人计一次，每个所属队列各计一次。故障与未知只计在此。",
            "全場每人計一次，每個所屬佇列各計一次。故障與未知只計在此。",
        ),
    ),
    head(
        "ready",
        texts("ready", "就绪", "就緒"),
        texts("How many people could take a call now.", "此刻可以接来电的人数。", "此刻可以接來電的人數。"),
        texts(
            "logged on, in no conversation, not not-ready",
            "在岗，无通话，未置忙",
            "在席，無通話，未設為未就緒",
        ),
    ),
    head(
        "busy",
        texts("busy", "忙", "忙碌"),
        texts(
            "How many people are on a call or have one ringing.",
            "此刻在通话或振铃的人数。",
            "此刻在通話或響鈴的人數。",
        ),
        texts(
            "ringing + talking + hold + on other calls",
            "振铃 + 通话 + 保持 + 占线",
            "響鈴 + 通話 + 保留 + 忙線",
        ),
    ),
    head(
        "wrap",
        texts("in wrap-up", "话后处理", "話後處理"),
        texts(
            "How many people finish up after a call.", "此刻在做话后处理的人数。", "此刻在做話後處理的人數。"
        ),
        texts("wrap-up not yet over", "话后处理尚未结束", "話後處理尚未結束"),
    ),
    head(
        "not_ready",
        texts("not ready", "未就绪", "未就緒"),
        texts(
            "How many people are on a break, at a meal, in training or away.",
            "此刻小休、用餐、培训、离席等的人数。",
            "此刻小休、用餐、訓練、離席等的人數。",
        ),
        texts(
            "not ready in all queues; in a queue: in that queue",
            "所有队列均未就绪；按队列则指该队列",
            "所有佇列均未就緒；按佇列則指該佇列",
        ),
    ),
)

SHARES: Final = (
    spent(
        "states",
        "seconds",
        texts("time in each state", "各状态时长", "各狀態時間"),
        texts("How long people were in each state.", "各状态一共花了多久。", "各狀態一共花了多久。"),
        words=texts(
            "sum of the time in each state, split at interval borders",
            "各状态时长之和，在时段边界处切分",
            "各狀態時間總和，在時段邊界處切分",
        ),
        edge=texts("Logged-off time is in none.", "未签入的时间不计。", "未登入的時間不計。"),
        path=("times",),
    ),
    spent(
        "shares",
        "share",
        texts("share of the shift", "各状态占比", "各狀態占比"),
        texts(
            "Which part of the logged-on time each state took.",
            "在岗时间中各状态所占的比例。",
            "在席時間中各狀態所占的比例。",
        ),
        words=("state_time", "logged_on_time"),
        path=("people", "shares"),
    ),
    spent(
        "logged_on_time",
        "seconds",
        texts("time logged on", "在岗时长", "在席時間"),
        texts("How long people were logged on, in all.", "在岗时间合计。", "在席時間合計。"),
        words=texts(
            "sum of the time in all states but logged off",
            "除未签入外各状态时长之和",
            "除未登入外各狀態時間總和",
        ),
        path=("people", "logged_on_time"),
    ),
    spent(
        "occupancy",
        "share",
        texts("occupancy", "占用率", "佔用率"),
        texts(
            "Of the time in which people worked on calls or waited for one, the share they worked.",
            "在处理来电与待机的时间中，处理来电的比例。",
            "在處理來電與待機的時間中，處理來電的比例。",
        ),
        words=("engaged_time", "engaged_time + ready_time"),
        path=("people", "occupancy"),
        edge=texts(
            "Breaks, and calls that no queue gave, are on neither side.",
            "休息以及非队列来电，两边都不计。",
            "休息以及非佇列來電，兩邊都不計。",
        ),
    ),
    spent(
        "persons",
        "people",
        texts("people logged on today", "今日签入人数", "今日登入人數"),
        texts("How many different people were logged on.", "一共有多少人签入过。", "一共有多少人登入過。"),
        words=texts("each person who was logged on, once", "签入过的每人计一次", "登入過的每人計一次"),
        scopes=CONTACTS,
        path=("people", "persons"),
    ),
    spent(
        "calls_per_agent",
        "calls",
        texts("calls per agent", "人均接通量", "人均接聽量"),
        texts(
            "How many calls each person answered today, on average.",
            "今日人均接了多少来电。",
            "今日人均接了多少來電。",
        ),
        words=("answered", "persons"),
        scopes=CONTACTS,
        path=("people", "calls_per_agent"),
        better="high",
        target="calls_target",
    ),
)

OWN: Final = (
    spent(
        "own_talk",
        "seconds",
        texts("talk time today", "今日通话时长", "今日通話時間"),
        texts(
            "How long this person talked today, without hold.",
            "此人今日通话多久，不含保持。",
            "此人今日通話多久，不含保留。",
        ),
        words=texts(
            "sum of talk of the handled conversations", "已完成通话的通话时长之和", "已完成通話的通話時間總和"
        ),
        scopes=_ONE,
        path=("talk",),
    ),
    spent(
        "own_hold",
        "seconds",
        texts("hold time today", "今日保持时长", "今日保留時間"),
        texts(
            "How long this person's callers were on hold today.",
            "此人今日让来电保持多久。",
            "此人今日讓來電保留多久。",
        ),
        words=texts(
            "sum of hold of the handled conversations", "已完成通话的保持时长之和", "已完成通話的保留時間總和"
        ),
        scopes=_ONE,
        path=("hold",),
    ),
    spent(
        "own_wrap",
        "seconds",
        texts("wrap-up time today", "今日话后时长", "今日話後時間"),
        texts(
            "How long this person worked after calls today.",
            "此人今日话后处理多久。",
            "此人今日話後處理多久。",
        ),
        words=texts(
            "sum of wrap-up of the handled conversations",
            "已完成通话的话后时长之和",
            "已完成通話的話後時間總和",
        ),
        scopes=_ONE,
        path=("wrap",),
    ),
    spent(
        "longest_talk",
        "seconds",
        texts("longest talk today", "今日最长通话", "今日最長通話"),
        texts(
            "This person's longest conversation today, from answer to end.",
            "此人今日从接通到结束最长的一通。",
            "此人今日從接聽到結束最長的一通。",
        ),
        words=texts(
            "maximum length of the handled conversations, hold included",
            "已完成通话的最长时长，含保持",
            "已完成通話的最長時間，含保留",
        ),
        scopes=_ONE,
    ),
    spent(
        "longest_hold",
        "seconds",
        texts("longest hold today", "今日最长保持", "今日最長保留"),
        texts(
            "The longest this person had a caller on hold today.",
            "此人今日最长的一次保持。",
            "此人今日最長的一次保留。",
        ),
        words=texts("maximum of the holds that are over", "已结束保持的最大值", "已結束保留的最大值"),
        scopes=_ONE,
    ),
    spent(
        "logged_on",
        "instant",
        texts("first log-on today", "今日首次签入", "今日首次登入"),
        texts(
            "When this person first logged on today.", "此人今日首次签入的时刻。", "此人今日首次登入的時刻。"
        ),
        words=texts(
            "the first moment of today as member of a queue",
            "今日首次成为队列成员的时刻",
            "今日首次成為佇列成員的時刻",
        ),
        scopes=_ONE,
        edge=texts(
            "Who was logged on when the day began has its beginning.",
            "跨日在岗者为当日起始时刻。",
            "跨日在席者為當日起始時刻。",
        ),
    ),
)

PEOPLE: Final = (*HEADS, *SHARES, *OWN)
