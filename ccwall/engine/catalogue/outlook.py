"""What is to be expected: agents needed, estimated wait, predicted service level. Estimates, each with its sample."""

from typing import Final, Unpack

import msgspec

from ccwall.engine.catalogue.shape import AHEAD, CONTACTS, Metric, More, Unit
from ccwall.engine.catalogue.terms import Texts, texts
from ccwall.engine.scope import ScopeKind


def ahead(
    key: str,
    unit: Unit,
    names: Texts,
    plain: Texts,
    words: Texts,
    edge: Texts | None = None,
    **more: Unpack[More],
) -> Metric:
    """An estimate for the time to come, on the board in ``outlook``."""
    metric = Metric(
        key=key,
        kind="outlook",
        unit=unit,
        basis="now",
        names=names,
        plain=plain,
        words=words,
        edge=edge or {},
        scopes=AHEAD,
        windows=(),
        path=("outlook", key),
    )
    return msgspec.structs.replace(metric, **more)


_QUEUE: Final[tuple[ScopeKind, ...]] = ("queue",)

OUTLOOK: Final = (
    ahead(
        "capacity",
        "people",
        texts("people at work", "可用坐席", "可用值機人員"),
        texts(
            "How many people the queue can count on; who serves several queues is shared between them.",
            "队列可以指望的人数；兼顾多个队列的人按份额分摊。",
            "佇列可以指望的人數；兼顧多個佇列的人按份額分攤。",
        ),
        texts(
            "each person logged on and not not-ready there counts 1/k in each of their k queues",
            "在岗且该队列未置忙者，在其 k 个队列中各计 1/k",
            "在席且該佇列未設未就緒者，在其 k 個佇列中各計 1/k",
        ),
        texts("The floor counts each person once.", "全场每人计一次。", "全場每人計一次。"),
        scopes=CONTACTS,
    ),
    ahead(
        "need",
        "people",
        texts("people needed", "需要坐席", "需要值機人員"),
        texts(
            "How many people the present traffic takes to reach the target.",
            "按目前话务量，达到目标需要多少人。",
            "依目前話務量，達到目標需要多少人。",
        ),
        texts(
            "smallest n with predicted service level ≥ target: Erlang A when patience is known, else Erlang C",
            "使预测服务水平 ≥ 目标的最小 n：已知耐心用 Erlang A，否则用 Erlang C",
            "使預測服務水準 ≥ 目標的最小 n：已知耐心用 Erlang A，否則用 Erlang C",
        ),
        texts(
            "No value when too little was seen. The floor's is the sum of its queues'.",
            "数据太少则无值。全场为各队列之和。",
            "資料太少則無值。全場為各佇列總和。",
        ),
        symbols="min n: SL(λ, AHT, θ, n) ≥ target",
    ),
    ahead(
        "gap",
        "people",
        texts("staffing gap", "人手余缺", "人力餘缺"),
        texts(
            "People at work minus people needed: below 0, so many are missing.",
            "可用坐席减去需要坐席：小于 0 即缺这么多人。",
            "可用值機人員減去需要值機人員：小於 0 即缺這麼多人。",
        ),
        texts("people at work − people needed", "可用坐席 − 需要坐席", "可用值機人員 − 需要值機人員"),
        symbols="capacity − need",
        better="high",
    ),
    ahead(
        "ewt",
        "seconds",
        texts("estimated wait", "预计等待", "預估等候"),
        texts(
            "How long a caller who comes now will probably wait.",
            "现在打进来大概要等多久。",
            "現在打進來大概要等多久。",
        ),
        texts(
            "sum over the i callers ahead whom nobody is ready for, and the next: 1 ÷ (people at work ÷ AHT + i ÷ patience)",
            "对前面无人可接的来电及下一位，按位次 i 求和：1 ÷（可用坐席 ÷ 平均处理时长 + i ÷ 耐心）",
            "對前面無人可接的來電及下一位，按位次 i 求和：1 ÷（可用值機人員 ÷ 平均處理時間 + i ÷ 耐心）",
        ),
        texts(
            "0 when nobody waits and somebody is ready; no value when nobody is there or no handle time is known.",
            "无人等待且有人就绪为 0；无人在岗或处理时长未知则无值。",
            "無人等候且有人就緒為 0；無人在席或處理時間未知則無值。",
        ),
        symbols="Σ 1/(n/AHT + i·θ)",
        scopes=_QUEUE,
        better="low",
    ),
    ahead(
        "forecast",
        "share",
        texts("predicted service level", "预测服务水平", "預測服務水準"),
        texts(
            "What the service level of the next 5, 15 and 30 minutes will probably be, with a band around it.",
            "未来 5、15、30 分钟的服务水平大概是多少，并给出区间。",
            "未來 5、15、30 分鐘的服務水準大概是多少，並給出區間。",
        ),
        texts(
            "from those who wait, the arrivals of the last hour, handle time, patience, people at work and granted breaks, with the other "
            "queues these people serve; the band is meant to hold in 8 of 10 cases",
            "由当前等待者、最近一小时的进线、处理时长、耐心、可用坐席与已批小休推算，并计入这些坐席所服务的其他队列；区间按十次中八次成立给出",
            "由目前等候者、最近一小時的進線、處理時間、耐心、可用值機人員與已核准小休推算，並計入這些值機人員所服務的其他佇列；區間按十次中八次成立給出",
        ),
        texts(
            "Says “too little data” instead of guessing: fewer than 30 arrivals or 10 handled in the hour.",
            "数据不足时直说，不猜测：一小时内进线少于 30 或处理少于 10。",
            "資料不足時直說，不猜測：一小時內進線少於 30 或處理少於 10。",
        ),
        scopes=AHEAD,
    ),
    ahead(
        "rate",
        "per_second",
        texts("arrival rate", "进线速率", "進線速率"),
        texts(
            "How many callers come per hour, by the last 60 minutes.",
            "按最近 60 分钟，每小时进线多少。",
            "按最近 60 分鐘，每小時進線多少。",
        ),
        texts(
            "arrivals of the last 60 minutes ÷ their time",
            "最近 60 分钟进线量 ÷ 时长",
            "最近 60 分鐘進線量 ÷ 時間",
        ),
        symbols="λ",
    ),
    ahead(
        "recent_aht",
        "seconds",
        texts("handle time, last 60 minutes", "最近 60 分钟处理时长", "最近 60 分鐘處理時間"),
        texts(
            "How long one call keeps an agent at present.",
            "目前一通来电占用坐席多久。",
            "目前一通來電占用值機人員多久。",
        ),
        texts(
            "(talk + hold + wrap-up) ÷ handled, of the last 60 minutes",
            "最近 60 分钟的（通话 + 保持 + 话后）÷ 处理完成量",
            "最近 60 分鐘的（通話 + 保留 + 話後）÷ 處理完成量",
        ),
        symbols="AHT",
        path=("outlook", "aht"),
    ),
    ahead(
        "patience",
        "seconds",
        texts("patience", "耐心时长", "耐心時間"),
        texts(
            "How long callers are willing to wait, on average.",
            "来电者平均愿意等多久。",
            "來電者平均願意等多久。",
        ),
        texts(
            "waiting time of all, the abandoned included ÷ number of abandons, of the last 60 minutes",
            "最近 60 分钟全部等待时长（含放弃）÷ 放弃次数",
            "最近 60 分鐘全部等候時間（含放棄）÷ 放棄次數",
        ),
        texts(
            "From 30 abandons on; before that, what is configured, or none.",
            "放弃满 30 次才估计；此前用配置值，未配置则无值。",
            "放棄滿 30 次才估計；此前用設定值，未設定則無值。",
        ),
        symbols="1/θ",
    ),
)
