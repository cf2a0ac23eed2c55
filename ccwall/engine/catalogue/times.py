"""How long things took: means, the longest, percentiles; and who waits or talks now."""

from typing import Final, Unpack

import msgspec

from ccwall.engine.catalogue.shape import (
    CONTACTS,
    WINDOWS,
    Kind,
    Metric,
    More,
    Unit,
    in_symbols,
    in_words,
    terms,
)
from ccwall.engine.catalogue.terms import TERMS, Texts, texts


def mean(
    key: str,
    quotient: tuple[str, str],
    names: Texts,
    plain: Texts,
    edge: Texts | None = None,
    **more: Unpack[More],
) -> Metric:
    numerator, denominator = (terms(side) for side in quotient)
    metric = Metric(
        key=key,
        kind="mean",
        unit="seconds",
        basis="asked",
        names=names,
        plain=plain,
        words=in_words(numerator, denominator),
        edge=edge or {},
        symbols=in_symbols(numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        scopes=CONTACTS,
        windows=WINDOWS,
    )
    return msgspec.structs.replace(metric, **more)


def longest(
    key: str, kind: Kind, symbols: str, names: Texts, plain: Texts, words: Texts, edge: Texts | None = None
) -> Metric:
    return Metric(
        key=key,
        kind=kind,
        unit="seconds",
        basis="asked",
        names=names,
        plain=plain,
        words=words,
        edge=edge or {},
        symbols=symbols,
        scopes=CONTACTS,
        windows=WINDOWS,
        better="low",
    )


def percentile(p: int) -> Metric:
    """The wait that so many percent of the answered did not exceed."""
    return longest(
        f"wait_p{p}",
        "percentile",
        f"P{p}(w(A))",
        texts(f"wait, {p} % of the answered", f"接通等待 P{p}", f"接聽等候 P{p}"),
        texts(
            f"{p} % of the answered callers waited no longer than this.",
            f"{p} % 的接通来电等待不超过这个时长。",
            f"{p} % 的接聽來電等候不超過這個時間。",
        ),
        texts(
            f"nearest rank: the wait of number ⌈{p} % · A*⌉ of the answered, in order",
            f"最近秩法：接通者按等待排序，第 ⌈{p} % · A*⌉ 个的等待",
            f"最近秩法：接聽者按等候排序，第 ⌈{p} % · A*⌉ 個的等候",
        ),
        _BINS,
    )


_BINS: Final = texts(
    "Rounded up to the whole second up to 10 minutes, beyond that to 5 %.",
    "10 分钟以内进位到整秒，更长则进位到 5 % 一档。",
    "10 分鐘以內進位到整秒，更長則進位到 5 % 一檔。",
)

_KNOWN: Final = texts("Only callers whose wait is known.", "只计等待时长可知者。", "只計等候時間可知者。")

TIMES: Final = (
    mean(
        "asa",
        ("answer_wait", "timed_answers"),
        texts("average speed of answer (ASA)", "平均应答时长", "平均應答時間"),
        texts(
            "How long the answered callers waited, on average.",
            "接通的来电平均等了多久。",
            "接聽的來電平均等了多久。",
        ),
        texts(
            "Ringing at the agent is part of the wait. Abandoned callers are not in it.",
            "等待包含坐席振铃。放弃的来电不在其中。",
            "等候包含值機人員響鈴。放棄的來電不在其中。",
        ),
        better="low",
    ),
    mean(
        "awt",
        ("exit_wait", "timed_exits"),
        texts("average wait of all", "平均等待时长（全部）", "平均等候時間（全部）"),
        texts(
            "How long everybody who has left the queue waited, on average, however it ended.",
            "所有离开队列的来电平均等了多久，不论结果。",
            "所有離開佇列的來電平均等了多久，不論結果。",
        ),
        texts(
            "Short abandons, flow-outs, callbacks and errors are in it; who still waits is not.",
            "含短时放弃、溢出、回呼与系统错误；仍在等待者不计。",
            "含短時放棄、溢出、回撥與系統錯誤；仍在等候者不計。",
        ),
        better="low",
    ),
    mean(
        "abandon_wait",
        ("abandon_wait", "timed_abandons"),
        texts("average wait to abandon", "平均放弃等待时长", "平均放棄等候時間"),
        texts(
            "How long callers waited, on average, before they gave up.",
            "放弃的来电平均等了多久才挂断。",
            "放棄的來電平均等了多久才掛斷。",
        ),
        texts("Short abandons are left out.", "不含短时放弃。", "不含短時放棄。"),
    ),
    longest(
        "longest_wait",
        "max",
        "max w",
        texts("longest wait", "最长等待", "最長等候"),
        texts(
            "The longest wait that ended in the window, however it ended.",
            "该时段结束的等待中最长的一个，不论结果。",
            "該時段結束的等候中最長的一個，不論結果。",
        ),
        texts("maximum of all finished waits", "所有已结束等待的最大值", "所有已結束等候的最大值"),
        _KNOWN,
    ),
    longest(
        "longest_answered",
        "max",
        "max w(A)",
        texts("longest wait of the answered", "接通来电的最长等待", "接聽來電的最長等候"),
        texts(
            "The longest wait that ended in an answer.",
            "最终接通的来电中最长的等待。",
            "最終接聽的來電中最長的等候。",
        ),
        texts("maximum wait of the answered", "接通者等待的最大值", "接聽者等候的最大值"),
        _KNOWN,
    ),
    longest(
        "longest_abandoned",
        "max",
        "max w(B)",
        texts("longest wait of the abandoned", "放弃来电的最长等待", "放棄來電的最長等候"),
        texts(
            "The longest that somebody waited before giving up.",
            "放弃的来电中最长的等待。",
            "放棄的來電中最長的等候。",
        ),
        texts(
            "maximum wait of the abandoned, short ones included",
            "放弃者（含短时）等待的最大值",
            "放棄者（含短時）等候的最大值",
        ),
        _KNOWN,
    ),
    percentile(50),
    percentile(80),
    percentile(90),
    percentile(95),
    mean(
        "aht",
        ("talk + hold + wrap", "handled"),
        texts("average handle time (AHT)", "平均处理时长", "平均處理時間"),
        texts(
            "How long one call keeps an agent, on average: talk, hold and wrap-up.",
            "一通来电平均占用坐席多久：通话、保持与话后。",
            "一通來電平均占用值機人員多久：通話、保留與話後。",
        ),
        texts(
            "Counted when the conversation ends. Planned wrap-up counts at its beginning and is restated when the next call "
            "cuts it short. Ringing is not in it.",
            "通话结束时计。预定的话后时长在开始时计入，被下一通打断则更正。不含振铃。",
            "通話結束時計。預定的話後時間在開始時計入，被下一通打斷則更正。不含響鈴。",
        ),
    ),
    mean(
        "talk_time",
        ("talk", "handled"),
        texts("average talk time", "平均通话时长", "平均通話時間"),
        texts(
            "How long agent and caller talked, on average, without hold.",
            "平均通话多久，不含保持。",
            "平均通話多久，不含保留。",
        ),
    ),
    mean(
        "hold_time",
        ("hold", "handled"),
        texts("average hold time", "平均保持时长", "平均保留時間"),
        texts(
            "How long a caller was on hold, on average over all conversations.",
            "平均每通保持多久（按全部通话平均）。",
            "平均每通保留多久（按全部通話平均）。",
        ),
        texts(
            "Divided by all handled conversations, not only those with a hold.",
            "除以全部已完成通话，而不只是有保持的。",
            "除以全部已完成通話，而不只是有保留的。",
        ),
    ),
    mean(
        "wrap_time",
        ("wrap", "handled"),
        texts("average wrap-up time", "平均话后时长", "平均話後時間"),
        texts(
            "How long the work after a call took, on average.",
            "平均每通话后处理多久。",
            "平均每通話後處理多久。",
        ),
    ),
    mean(
        "outbound_talk_time",
        ("outbound_talk", "connected"),
        texts("average outbound talk time", "平均外呼通话时长", "平均外撥通話時間"),
        texts(
            "How long agents talked in outbound calls, on average.",
            "外呼接通后平均通话多久。",
            "外撥接通後平均通話多久。",
        ),
        texts(
            "Only of calls that are over, when they end.",
            "只计已结束的外呼，结束时计。",
            "只計已結束的外撥，結束時計。",
        ),
        basis="event",
    ),
)


def gauge(
    key: str,
    unit: Unit,
    names: Texts,
    plain: Texts,
    words: Texts,
    edge: Texts | None = None,
    **more: Unpack[More],
) -> Metric:
    """What is so at this moment."""
    metric = Metric(
        key=key,
        kind="gauge",
        unit=unit,
        basis="now",
        names=names,
        plain=plain,
        words=words,
        edge=edge or {},
        scopes=CONTACTS,
        windows=(),
        better="low" if "target" in more else "",
    )
    return msgspec.structs.replace(metric, **more)


GAUGES: Final = (
    gauge(
        "waiting",
        "count",
        texts("waiting", "排队数", "等候數"),
        texts("How many callers wait now.", "此刻有多少来电在等。", "此刻有多少來電在等。"),
        texts(
            "callers in the queue now, ringing included",
            "此刻在队列中的来电，含正在振铃的",
            "此刻在佇列中的來電，含正在響鈴的",
        ),
        symbols="W",
        target="waiting_limit",
    ),
    gauge(
        "overdue",
        "count",
        texts("waiting past T", "等待超时数", "等候逾時數"),
        texts(
            "How many callers already wait longer than the service level allows.",
            "此刻等待已超过服务水平时限的来电。",
            "此刻等候已超過服務水準時限的來電。",
        ),
        texts(
            "callers waiting now for longer than T", "此刻等待已超过 T 秒的来电", "此刻等候已超過 T 秒的來電"
        ),
        symbols="W_T",
    ),
    gauge(
        "longest_since",
        "seconds",
        texts("longest current wait", "当前最长等待", "目前最長等候"),
        texts(
            "How long the caller who has waited longest has been waiting.",
            "等得最久的那位已等了多久。",
            "等得最久的那位已等了多久。",
        ),
        texts(
            "now − when the longest-waiting caller queued",
            "现在 − 最早进入且仍在等待者的进入时刻",
            "現在 − 最早進入且仍在等候者的進入時刻",
        ),
        symbols="max(now − t_q)",
        since=True,
        target="longest_wait_limit",
        edge=texts("Nobody waits: no value.", "无人等待则无值。", "無人等候則無值。"),
    ),
    gauge(
        "talking",
        "count",
        TERMS["talking"],
        texts(
            "How many callers are in conversation now.", "此刻有多少来电在通话。", "此刻有多少來電在通話。"
        ),
        texts(
            "conversations from a queue now, hold included",
            "此刻的队列来电通话，含保持",
            "此刻的佇列來電通話，含保留",
        ),
    ),
    gauge(
        "talk_since",
        "seconds",
        texts("longest current talk", "当前最长通话", "目前最長通話"),
        texts(
            "How long the longest conversation has been going on.",
            "此刻最长的通话已进行多久。",
            "此刻最長的通話已進行多久。",
        ),
        texts("now − when it was answered", "现在 − 其接通时刻", "現在 − 其接聽時刻"),
        symbols="max(now − t_ans)",
        since=True,
    ),
    gauge(
        "hold_since",
        "seconds",
        texts("longest current hold", "当前最长保持", "目前最長保留"),
        texts(
            "How long the caller on hold for longest has been on hold.",
            "此刻被保持最久的来电已保持多久。",
            "此刻被保留最久的來電已保留多久。",
        ),
        texts("now − when the hold began", "现在 − 保持开始时刻", "現在 − 保留開始時刻"),
        symbols="max(now − t_hold)",
        since=True,
    ),
    gauge(
        "load",
        "level",
        texts("load", "负荷", "負載"),
        texts(
            "How hard the floor is pressed, from 1 (idle) to 5 (jammed).",
            "现场压力，从 1（空闲）到 5（拥堵）。",
            "現場壓力，從 1（空閒）到 5（壅塞）。",
        ),
        texts(
            "by who waits, against the limits and the people ready",
            "按排队情况对照上限与就绪人数",
            "按等候情況對照上限與就緒人數",
        ),
        scopes=("floor",),
    ),
)
