"""What is counted: visits, ringing at people, conversations, and outbound attempts."""

from typing import Final, Unpack

import msgspec

from ccwall.engine.catalogue.shape import CONTACTS, PERSONAL, WINDOWS, Metric, More
from ccwall.engine.catalogue.terms import SYMBOLS, TERMS, Texts, texts


def count(key: str, plain: Texts, words: Texts, edge: Texts | None = None, **more: Unpack[More]) -> Metric:
    """``words`` is the rule by which it is counted."""
    metric = Metric(
        key=key,
        kind="count",
        unit="count",
        basis="asked",
        names=TERMS[key],
        plain=plain,
        words=words,
        edge=edge or {},
        symbols=SYMBOLS.get(key, ""),
        scopes=CONTACTS,
        windows=WINDOWS,
    )
    return msgspec.structs.replace(metric, **more)


VISITS: Final = (
    count(
        "offered",
        texts(
            "How many callers came into the queue.",
            "有多少来电进入了队列。",
            "有多少來電進入佇列。",
        ),
        texts(
            "each visit, when it enters the queue",
            "每次进入队列计一次，计在进入时",
            "每次進入佇列計一次，計在進入時",
        ),
        texts(
            "A caller who goes on into a second queue is two visits. Refused calls are not in it.",
            "转入另一队列算两次。被拒入的来电不在其中。",
            "轉入另一佇列算兩次。被拒入的來電不在其中。",
        ),
    ),
    count(
        "repeats",
        texts(
            "How many of the callers had already called in the 24 hours before.",
            "有多少来电在此前 24 小时内打过电话。",
            "有多少來電在此前 24 小時內打過電話。",
        ),
        texts(
            "each visit whose number was on an earlier call less than 24 hours before",
            "同一号码在此前 24 小时内的另一通来电中出现过，计一次",
            "同一號碼在此前 24 小時內的另一通來電中出現過，計一次",
        ),
        texts(
            "Withheld numbers are never repeats. Going from queue to queue in one call is none.",
            "隐藏号码不算重复。同一通来电换队列不算重复。",
            "隱藏號碼不算重複。同一通來電換佇列不算重複。",
        ),
    ),
    count(
        "answered",
        texts("How many callers an agent answered.", "有多少来电由坐席接通。", "有多少來電由值機人員接聽。"),
        texts("each visit, when an agent answers", "坐席接通时计一次", "值機人員接聽時計一次"),
        texts(
            "Also when the conversation was later lost from sight.",
            "之后通话去向不明也照计。",
            "之後通話去向不明也照計。",
        ),
        scopes=PERSONAL,
    ),
    count(
        "abandoned",
        texts(
            "How many callers hung up before an answer, after waiting S or longer.",
            "等待达到 S 秒后、接通前挂断的来电。",
            "等候達到 S 秒後、接聽前掛斷的來電。",
        ),
        texts(
            "each visit, when the caller hangs up, unless it is short",
            "主叫挂断时计一次，短时放弃除外",
            "來電者掛斷時計一次，短時放棄除外",
        ),
        texts(
            "A wait nobody knows is not short. Timeouts and key presses are flow-outs, not abandons.",
            "等待时长不明的不算短时放弃。超时、按键离开是溢出，不是放弃。",
            "等候時間不明的不算短時放棄。逾時、按鍵離開是溢出，不是放棄。",
        ),
    ),
    count(
        "short",
        texts(
            "How many callers hung up almost at once: too soon for anybody to answer.",
            "几乎立刻挂断、来不及接的来电。",
            "幾乎立刻掛斷、來不及接的來電。",
        ),
        texts(
            "each abandon after a wait of less than S (5 s)",
            "等待不足 S 秒（5 秒）即挂断，计一次",
            "等候不足 S 秒（5 秒）即掛斷，計一次",
        ),
        texts(
            "A wait of exactly S is not short.", "恰好等待 S 秒不算短时放弃。", "恰好等候 S 秒不算短時放棄。"
        ),
    ),
    count(
        "abandoned_total",
        texts(
            "How many callers hung up, however soon.",
            "所有挂断的来电，不论多快。",
            "所有掛斷的來電，不論多快。",
        ),
        texts("abandoned + short abandons", "放弃量 + 短时放弃", "放棄量 + 短時放棄"),
    ),
    count(
        "flowed_out",
        texts(
            "How many callers left the queue unanswered because routing took them elsewhere.",
            "未接通而被路由带离队列的来电。",
            "未接聽而被路由帶離佇列的來電。",
        ),
        texts(
            "each visit, when it leaves; by cause: timeout, key, empty, withdrawn, no agents, overflow, voicemail, unknown",
            "离开队列时计一次，按原因分列：超时、按键、空队列、移出、无坐席、转队列、语音信箱、不明",
            "離開佇列時計一次，依原因分列：逾時、按鍵、空佇列、移出、無值機人員、轉佇列、語音信箱、不明",
        ),
        texts("Callbacks and errors are counted apart.", "回呼与系统错误另计。", "回撥與系統錯誤另計。"),
    ),
    count(
        "callbacks",
        texts(
            "How many callers asked to be called back instead of waiting.",
            "不再等待、改为请求回呼的来电。",
            "不再等候、改為請求回撥的來電。",
        ),
        texts("each visit, when the callback is asked for", "请求回呼时计一次", "請求回撥時計一次"),
        texts(
            'In the service level only where callbacks = "removed": then as an abandon.',
            '仅当 callbacks = "removed" 时计入服务水平，按放弃处理。',
            '僅當 callbacks = "removed" 時計入服務水準，按放棄處理。',
        ),
    ),
    count(
        "errors",
        texts(
            "How many callers the telephone system itself failed.",
            "因电话系统自身故障离开的来电。",
            "因電話系統自身故障離開的來電。",
        ),
        texts(
            "each visit, when the source reports the error",
            "数据源报告错误时计一次",
            "資料來源回報錯誤時計一次",
        ),
    ),
    count(
        "lost",
        texts(
            "How many callers nobody can say what became of, because the source was away.",
            "数据源中断、结果无从得知的来电。",
            "資料來源中斷、結果無從得知的來電。",
        ),
        texts(
            "each visit that the source no longer knows after an outage, and each that waits although nobody has said a word of"
            " it for hours",
            "中断恢复后数据源不再认得的来电，以及数小时无任何消息却仍显示等待的来电，各计一次",
            "中斷恢復後資料來源不再認得的來電，以及數小時無任何消息卻仍顯示等候的來電，各計一次",
        ),
        texts(
            "Never called abandoned; restated when the source tells the truth later.",
            "绝不算作放弃；数据源事后说明时更正。",
            "絕不算作放棄；資料來源事後說明時更正。",
        ),
    ),
    count(
        "ghosts",
        texts(
            "How many visits went on in the books although they were over, because nobody told their end.",
            "实际已结束、因结束消息丢失而仍显示进行中的来电。",
            "實際已結束、因結束訊息遺失而仍顯示進行中的來電。",
        ),
        texts(
            "each conversation whose phone, by another source, hung up 120 s before or earlier; each visit that waits although"
            " nobody has said a word of it for 4 h",
            "另一数据源显示话机已挂机超过 120 秒的通话，以及 4 小时无任何消息却仍显示等待的来电，各计一次",
            "另一資料來源顯示話機已掛機超過 120 秒的通話，以及 4 小時無任何消息卻仍顯示等候的來電，各計一次",
        ),
        texts(
            "Those that waited are lost, too; conversations stay answered. Taken back when the truth is told later.",
            "等待中的同时计入去向不明；通话仍算接通。事后得知真相时更正。",
            "等候中的同時計入去向不明；通話仍算接聽。事後得知真相時更正。",
        ),
    ),
    count(
        "in_progress",
        texts(
            "How many of those who arrived in the window still wait.",
            "该时段进线、至今仍在等待的来电。",
            "該時段進線、至今仍在等候的來電。",
        ),
        texts("offered minus every outcome", "进线量减去所有已有结果者", "進線量減去所有已有結果者"),
        basis="cohort",
    ),
    count(
        "refused",
        texts(
            "How many calls were turned away at the door: queue full, or nobody there.",
            "在入口就被拒绝的来电：队列满，或无坐席。",
            "在入口就被拒絕的來電：佇列已滿，或無值機人員。",
        ),
        texts("each call, when the queue turns it away", "队列拒绝时计一次", "佇列拒絕時計一次"),
        texts(
            "Blocked: never part of offered, part of the lost rate.",
            "属于阻塞：不计入进线量，计入呼损率。",
            "屬於阻塞：不計入進線量，計入呼損率。",
        ),
        basis="event",
    ),
    count(
        "unseen",
        texts(
            "How many more visits the source's own counters know of than we saw: at least so many.",
            "数据源自身计数比我们看到的多出多少来电（至少）。",
            "資料來源自身計數比我們看到的多出多少來電（至少）。",
        ),
        texts(
            "increase of the source's counters − visits that explain it",
            "数据源计数的增量 − 能够解释它的来电",
            "資料來源計數的增量 − 能夠解釋它的來電",
        ),
        texts(
            "In no other count; booked at the end of the outage.",
            "不在其他任何计数中；计在中断结束时。",
            "不在其他任何計數中；計在中斷結束時。",
        ),
        basis="event",
    ),
)

RINGING: Final = (
    count(
        "missed",
        texts(
            "How often a call was left ringing at an agent (RONA).",
            "来电在坐席处振铃而无人接的次数（RONA）。",
            "來電在值機人員處響鈴而無人接的次數（RONA）。",
        ),
        texts(
            "each attempt that rang and was not picked up", "振铃而未接，每次计一次", "響鈴而未接，每次計一次"
        ),
        texts(
            "One caller can be missed several times. Not a miss when the caller hung up or a colleague answered.",
            "同一来电可多次未接。主叫挂断或同事先接不算。",
            "同一來電可多次未接。來電者掛斷或同事先接不算。",
        ),
        basis="event",
        scopes=PERSONAL,
    ),
    count(
        "declined",
        texts(
            "How often an agent's phone rejected a call or was busy.",
            "坐席话机拒接或占线的次数。",
            "值機人員話機拒接或忙線的次數。",
        ),
        texts(
            "each attempt that ended without ringing", "未振铃即结束，每次计一次", "未響鈴即結束，每次計一次"
        ),
        basis="event",
        scopes=PERSONAL,
    ),
    count(
        "cancelled",
        texts(
            "How often ringing ended with nobody to blame: answered by a colleague, or the caller left.",
            "振铃中止而与该坐席无关的次数：同事接走，或主叫离开。",
            "響鈴中止而與該值機人員無關的次數：同事接走，或來電者離開。",
        ),
        texts("each such attempt, when it ends", "此类振铃结束时计一次", "此類響鈴結束時計一次"),
        basis="event",
    ),
)

CONVERSATIONS: Final = (
    count(
        "handled",
        texts(
            "How many conversations are over, seen from answer to end.",
            "已结束、从接通到结束都看到的通话数。",
            "已結束、從接聽到結束都看到的通話數。",
        ),
        texts("each conversation, when it ends", "通话结束时计一次", "通話結束時計一次"),
        texts(
            "Left out when its beginning or end was not seen.",
            "开始或结束未看到的不计。",
            "開始或結束未看到的不計。",
        ),
        scopes=PERSONAL,
    ),
    count(
        "held",
        texts(
            "How many of the handled were put on hold at least once.",
            "处理完成的通话中，至少被保持过一次的。",
            "處理完成的通話中，至少被保留過一次的。",
        ),
        texts(
            "each handled conversation with a hold in it",
            "含保持的已完成通话，计一次",
            "含保留的已完成通話，計一次",
        ),
    ),
    count(
        "transferred",
        texts(
            "How many of the handled the agent passed on.",
            "处理完成的通话中，被坐席转接出去的。",
            "處理完成的通話中，被值機人員轉接出去的。",
        ),
        texts(
            "each handled conversation that ended in a transfer",
            "以转接结束的已完成通话，计一次",
            "以轉接結束的已完成通話，計一次",
        ),
        texts(
            "From queue to queue without an answer is a flow-out. A consultation that was given up is none.",
            "未接通而换队列是溢出。咨询后未转出不算。",
            "未接聽而換佇列是溢出。諮詢後未轉出不算。",
        ),
        scopes=PERSONAL,
    ),
)

RATINGS: Final = (
    count(
        "ratings",
        texts(
            "How many of the callers rated the service.",
            "有多少来电对服务作了评价。",
            "有多少來電對服務作了評價。",
        ),
        texts(
            "each visit that is rated, when its last rating is given",
            "每次有评价的来电计一次，计在最后一次评价时",
            "每次有評價的來電計一次，計在最後一次評價時",
        ),
        texts(
            "Rated again, the last one counts alone. A score below 0 or above its best is not counted, nor one for a visit that is "
            "no longer known.",
            "重复评价只计最后一次。低于 0 或高于满分的分数不计，已不再记得的来电的评价也不计。",
            "重複評價只計最後一次。低於 0 或高於滿分的分數不計，已不再記得的來電的評價也不計。",
        ),
        scopes=PERSONAL,
    ),
    count(
        "satisfied",
        texts(
            "How many of those who rated are satisfied.",
            "作了评价的来电中，表示满意的数量。",
            "作了評價的來電中，表示滿意的數量。",
        ),
        texts(
            "each rating of at least 0.8 of its best: 4 or 5 of 5 (top two boxes)",
            "得分不低于满分 0.8 的评价，计一次：五分制的 4 分与 5 分（前两档）",
            "得分不低於滿分 0.8 的評價，計一次：五分制的 4 分與 5 分（前兩級）",
        ),
        scopes=PERSONAL,
    ),
)

OUTBOUND: Final = (
    count(
        "planned",
        texts(
            "How many calls are on the day's outbound list.",
            "当日外呼名单上的数量。",
            "當日外撥名單上的數量。",
        ),
        texts("each attempt, when it is put on the list", "列入名单时计一次", "列入名單時計一次"),
        basis="event",
    ),
    count(
        "dialled",
        texts("How many numbers were dialled.", "已拨出的号码数。", "已撥出的號碼數。"),
        texts("each attempt, when dialling begins", "开始拨号时计一次", "開始撥號時計一次"),
        basis="event",
    ),
    count(
        "connected",
        texts(
            "How many of the dialled parties answered.", "拨出后对方接听的数量。", "撥出後對方接聽的數量。"
        ),
        texts("each attempt, when the party answers", "对方接听时计一次", "對方接聽時計一次"),
        basis="event",
        scopes=PERSONAL,
    ),
    count(
        "failed",
        texts(
            "How many of the dialled parties were not reached.",
            "拨出后未联系上的数量。",
            "撥出後未聯絡上的數量。",
        ),
        texts("each attempt, when it fails", "外呼失败时计一次", "外撥失敗時計一次"),
        basis="event",
    ),
    count(
        "completed",
        texts(
            "How many outbound conversations reached their purpose.",
            "外呼并完成任务的数量。",
            "外撥並完成任務的數量。",
        ),
        texts("each attempt, when it is told to be done", "报告完成时计一次", "回報完成時計一次"),
        basis="event",
    ),
)

COUNTS: Final = (*VISITS, *RINGING, *CONVERSATIONS, *RATINGS, *OUTBOUND)
