"""Shares of one count in another. Nothing to divide by gives no value: never 0 %, never 100 %."""

from typing import Final, Unpack

import msgspec

from ccwall.engine.catalogue.shape import (
    CONTACTS,
    WINDOWS,
    Metric,
    More,
    in_symbols,
    in_words,
    terms,
)
from ccwall.engine.catalogue.terms import Texts, texts
from ccwall.engine.catalogue.variants import VARIANTS


def rate(
    key: str,
    quotient: tuple[str, str],
    names: Texts,
    plain: Texts,
    edge: Texts | None = None,
    **more: Unpack[More],
) -> Metric:
    """A quotient of two sums of counts."""
    numerator, denominator = (terms(side) for side in quotient)
    metric = Metric(
        key=key,
        kind="rate",
        unit="share",
        basis="event",
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


_DEFAULT: Final = VARIANTS["offered_less_short"]

SERVICE_LEVEL: Final = Metric(
    key="service_level",
    kind="rate",
    unit="share",
    basis="asked",
    names=texts("service level", "服务水平", "服務水準"),
    plain=texts(
        "The share of callers who were answered within T seconds.",
        "在 T 秒内接通的来电所占的比例。",
        "在 T 秒內接聽的來電所占的比例。",
    ),
    words=_DEFAULT.words,
    edge=texts(
        "A wait of exactly T is within T. While the window is open, who already waits past T counts as missed at once. "
        "Callers whose wait is not known are left out.",
        "恰好等待 T 秒算达标。时段未结束时，等待已超过 T 秒者立即算未达标。等待时长不明者不计。",
        "恰好等候 T 秒算達標。時段未結束時，等候已超過 T 秒者立即算未達標。等候時間不明者不計。",
    ),
    symbols=_DEFAULT.symbols,
    numerator=_DEFAULT.numerator,
    denominator=_DEFAULT.denominator,
    scopes=CONTACTS,
    windows=WINDOWS,
    better="high",
    target="service_level_target",
)
"""With the terms of our default formula; a queue's own may be another, see `VARIANTS`."""

RATES: Final = (
    SERVICE_LEVEL,
    rate(
        "answer_rate",
        ("answered", "offered"),
        texts("answer rate", "接通率", "接聽率"),
        texts(
            "Of the callers who came, the share that was answered.",
            "进线的来电中，接通的比例。",
            "進線的來電中，接聽的比例。",
        ),
        texts(
            "Of those who arrived in the window, whenever they are answered: never above 100 %. Who still waits is not yet answered.",
            "按进线时段统计，不论何时接通，因此不会超过 100 %。仍在等待者尚未算接通。",
            "按進線時段統計，不論何時接聽，因此不會超過 100 %。仍在等候者尚未算接聽。",
        ),
        basis="cohort",
        better="high",
        target="answer_rate_target",
    ),
    rate(
        "lost_rate",
        ("offered + refused - answered", "offered + refused"),
        texts("lost rate", "呼损率", "呼損率"),
        texts(
            "Of everybody who tried, refused callers included, the share that was not answered.",
            "所有尝试来电者（含被拒入）中，未接通的比例。",
            "所有嘗試來電者（含被拒入）中，未接聽的比例。",
        ),
        texts(
            "Wider than the abandon rate: short abandons, flow-outs, refused and lost callers are in it. Who still waits counts as "
            "not answered yet.",
            "比放弃率宽：含短时放弃、溢出、拒入与去向不明。仍在等待者暂按未接通计。",
            "比放棄率寬：含短時放棄、溢出、拒入與去向不明。仍在等候者暫按未接聽計。",
        ),
        basis="cohort",
        better="low",
    ),
    rate(
        "abandon_rate",
        ("abandoned_total - short", "answered + abandoned_total - short"),
        texts("abandon rate", "放弃率", "放棄率"),
        texts(
            "Of the callers who were answered or gave up, the share that gave up; short abandons are left out.",
            "接通与放弃的来电中，放弃的比例；不含短时放弃。",
            "接聽與放棄的來電中，放棄的比例；不含短時放棄。",
        ),
        better="low",
        basis="asked",
    ),
    rate(
        "flow_rate",
        ("flowed_out + callbacks + errors", "offered"),
        texts("flow-out rate", "溢出率", "溢出率"),
        texts(
            "Of the callers who came, the share that left the queue unanswered without hanging up.",
            "进线的来电中，未接通又未挂断而离开队列的比例。",
            "進線的來電中，未接聽又未掛斷而離開佇列的比例。",
        ),
        texts("Of those who arrived in the window.", "按进线时段统计。", "按進線時段統計。"),
        basis="cohort",
        better="low",
    ),
    rate(
        "pickup_rate",
        ("answered", "answered + missed + declined"),
        texts("pick-up rate", "接起率", "接起率"),
        texts(
            "Of the calls that rang at agents, the share that was picked up.",
            "振铃到坐席的来电中，被接起的比例。",
            "響鈴到值機人員的來電中，被接起的比例。",
        ),
        texts(
            "Ringing that ended because the caller left or a colleague answered is left out.",
            "主叫离开或同事先接而中止的振铃不计。",
            "來電者離開或同事先接而中止的響鈴不計。",
        ),
        better="high",
    ),
    rate(
        "transfer_rate",
        ("transferred", "handled"),
        texts("transfer rate", "转接率", "轉接率"),
        texts(
            "Of the conversations that are over, the share that was passed on.",
            "已结束的通话中，被转接出去的比例。",
            "已結束的通話中，被轉接出去的比例。",
        ),
        basis="asked",
    ),
    rate(
        "repeat_rate",
        ("repeats", "offered"),
        texts("repeat-caller rate", "重复来电率", "重複來電率"),
        texts(
            "Of the callers who came, the share that had already called in the 24 hours before: a hint at unsolved problems.",
            "进线的来电中，24 小时内打过的比例：可提示问题未一次解决。",
            "進線的來電中，24 小時內打過的比例：可提示問題未一次解決。",
        ),
        texts(
            "A stand-in for first-contact resolution, which telephony alone cannot know.",
            "是首次解决率的替代指标；仅凭电话数据无法得知是否解决。",
            "是首次解決率的替代指標；僅憑電話資料無法得知是否解決。",
        ),
        better="low",
        basis="asked",
    ),
    rate(
        "satisfaction",
        ("satisfied", "ratings"),
        texts("satisfaction", "满意度", "滿意度"),
        texts(
            "Of the callers who rated the service, the share that is satisfied.",
            "作了评价的来电中，满意的比例。",
            "作了評價的來電中，滿意的比例。",
        ),
        texts(
            "CSAT, top two boxes of five. ISO 18295-1 asks for satisfaction to be measured, and leaves open how. Who did not rate "
            "is in neither side: few ratings say little.",
            "即 CSAT 五分制的前两档。ISO 18295-1 要求测量满意度，未规定算法。未评价者两边都不计：评价太少时参考意义不大。",
            "即 CSAT 五分制的前兩級。ISO 18295-1 要求測量滿意度，未規定算法。未評價者兩邊都不計：評價太少時參考意義不大。",
        ),
        better="high",
        basis="asked",
        target="satisfaction_target",
    ),
    rate(
        "connect_rate",
        ("connected", "dialled"),
        texts("outbound connect rate", "外呼接通率", "外撥接通率"),
        texts(
            "Of the numbers dialled, the share that answered.",
            "拨出的号码中，对方接听的比例。",
            "撥出的號碼中，對方接聽的比例。",
        ),
        texts(
            "Not to be confused with the answer rate of inbound lines.",
            "与呼入的接通率不是一回事，因此总标明“外呼”。",
            "與來電的接聽率不是一回事，因此總標明「外撥」。",
        ),
        better="high",
        target="connect_rate_target",
    ),
    rate(
        "completion_rate",
        ("completed", "planned"),
        texts("outbound completion rate", "外呼完成率", "外撥完成率"),
        texts(
            "Of the calls on the list, the share that is done.",
            "外呼名单中，已完成的比例。",
            "外撥名單中，已完成的比例。",
        ),
        texts(
            "More than 100 % when calls were completed that nobody planned in this window.",
            "完成了不在该时段计划内的外呼时，可超过 100 %。",
            "完成了不在該時段計畫內的外撥時，可超過 100 %。",
        ),
        better="high",
        target="completion_target",
    ),
)
