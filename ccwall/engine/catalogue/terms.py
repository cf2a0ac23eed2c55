"""What the parts of every number are called: terms of formulas, parts of a whole, reasons to be left out, states."""

from collections.abc import Mapping
from typing import Final

Texts = dict[str, str]


def texts(en: str, cn: str, tw: str) -> Texts:
    return {"en": en, "zh-CN": cn, "zh-TW": tw}


SYMBOLS: Final[dict[str, str]] = {
    "offered": "O",
    "answered": "A",
    "answered_within": "A_T",
    "abandoned_total": "B",
    "abandoned_within": "B_T",
    "short": "B_S",
    "abandoned": "B − B_S",
    "flowed_out": "F",
    "callbacks": "C",
    "callbacks_within": "C_T",
    "errors": "E",
    "lost": "L",
    "refused": "R",
    "overdue": "W_T",
    "waiting": "W",
    "missed": "M",
    "declined": "D",
    "handled": "H",
    "transferred": "X",
    "repeats": "O_R",
    "ratings": "G",
    "satisfied": "G_S",
    "planned": "P",
    "dialled": "N",
    "connected": "K",
    "completed": "Q",
    "answer_wait": "Σw(A)",
    "abandon_wait": "Σw(B − B_S)",
    "exit_wait": "Σw",
    "timed_answers": "A*",
    "timed_abandons": "(B − B_S)*",
    "timed_exits": "(A + B + F + C + E)*",
    "talk": "Σtalk",
    "hold": "Σhold",
    "wrap": "Σwrap",
    "outbound_talk": "Σtalk(K)",
    "engaged_time": "Σengaged",
    "ready_time": "Σready",
    "state_time": "Σstate",
    "logged_on_time": "Σlogged on",
    "persons": "persons",
}
"""Letters of the formulas; a star: those whose wait is known."""

TERMS: Final[Mapping[str, Texts]] = {
    # visits
    "offered": texts("offered", "进线量", "進線量"),
    "repeats": texts("repeat callers", "重复来电", "重複來電"),
    "answered": texts("answered", "接通量", "接聽量"),
    "answered_within": texts("answered within T", "T 秒内接通", "T 秒內接聽"),
    "within": texts("answered within T", "T 秒内接通", "T 秒內接聽"),
    "late": texts("answered after T", "超过 T 秒才接通", "超過 T 秒才接聽"),
    "abandoned": texts("abandoned", "放弃量", "放棄量"),
    "abandoned_total": texts("abandoned with short ones", "放弃总量（含短时）", "放棄總量（含短時）"),
    "abandoned_within": texts("abandoned within T", "T 秒内放弃", "T 秒內放棄"),
    "abandoned_late": texts("abandoned after T", "等待超过 T 秒后放弃", "等候超過 T 秒後放棄"),
    "short": texts("short abandons", "短时放弃", "短時放棄"),
    "flowed_out": texts("flowed out", "溢出量", "溢出量"),
    "flowed_out.timeout": texts("flowed out: waited too long", "溢出：等待超时", "溢出：等候逾時"),
    "flowed_out.key": texts("flowed out: pressed a key", "溢出：按键离开", "溢出：按鍵離開"),
    "flowed_out.empty": texts("flowed out: nobody in the queue", "溢出：队列没有坐席", "溢出：佇列沒有值機人員"),
    "flowed_out.withdrawn": texts("flowed out: taken out of the queue", "溢出：被移出队列", "溢出：被移出佇列"),
    "flowed_out.no_agents": texts("flowed out: no agents", "溢出：无坐席可用", "溢出：無值機人員可用"),
    "flowed_out.overflow": texts("flowed out: to another queue", "溢出：转到其他队列", "溢出：轉到其他佇列"),
    "flowed_out.voicemail": texts("flowed out: to voicemail", "溢出：转语音信箱", "溢出：轉語音信箱"),
    "flowed_out.unknown": texts("flowed out: cause not told", "溢出：原因不明", "溢出：原因不明"),
    "callbacks": texts("asked to be called back", "改为回呼", "改為回撥"),
    "callbacks_within": texts("asked to be called back within T", "T 秒内改为回呼", "T 秒內改為回撥"),
    "callbacks_late": texts("asked to be called back after T", "超过 T 秒后改为回呼", "超過 T 秒後改為回撥"),
    "errors": texts("failed by the source", "系统错误", "系統錯誤"),
    "lost": texts("lost from sight", "去向不明", "去向不明"),
    "ghosts": texts("ended unnoticed", "结束消息丢失", "結束訊息遺失"),
    "in_progress": texts("still waiting", "仍在等待", "仍在等候"),
    "undecided": texts("still waiting, not yet decided", "仍在等待，尚无结果", "仍在等候，尚無結果"),
    "unknown_wait": texts("their wait is not known", "等待时长不明", "等候時間不明"),
    "refused": texts("refused", "拒入量", "拒入量"),
    "refused.full": texts("refused: queue full", "拒入：队列满", "拒入：佇列已滿"),
    "refused.empty": texts("refused: no agents", "拒入：无坐席", "拒入：無值機人員"),
    "refused.unknown": texts("refused: cause not told", "拒入：原因不明", "拒入：原因不明"),
    "unseen": texts("not seen", "未见", "未見"),
    "waiting": texts("waiting now", "当前排队", "目前等候"),
    "overdue": texts("waiting now past T", "当前等待已超过 T 秒", "目前等候已超過 T 秒"),
    "on_time": texts("waiting now, not past T", "当前等待未超过 T 秒", "目前等候未超過 T 秒"),
    "other_basis": texts("arrived in another window", "在其他时段进线", "在其他時段進線"),
    # ringing at people
    "missed": texts("left ringing", "振铃未接", "響鈴未接"),
    "declined": texts("rejected or busy", "拒接或占线", "拒接或忙線"),
    "cancelled": texts("ringing ended, nobody to blame", "振铃中断（非坐席原因）", "響鈴中斷（非值機人員原因）"),
    # conversations
    "talking": texts("in conversation now", "当前通话", "目前通話"),
    "handled": texts("handled", "处理完成量", "處理完成量"),
    "not_over": texts("conversation not over", "通话尚未结束", "通話尚未結束"),
    "unknown_talk": texts("beginning or end not seen", "通话的开始或结束未见", "通話的開始或結束未見"),
    "held": texts("were put on hold", "曾被保持", "曾被保留"),
    "not_held": texts("never put on hold", "未曾保持", "未曾保留"),
    "transferred": texts("transferred", "转接量", "轉接量"),
    "not_transferred": texts("not transferred", "未转接", "未轉接"),
    "first": texts("called for the first time", "首次来电", "首次來電"),
    "ratings": texts("ratings", "评价量", "評價量"),
    "satisfied": texts("satisfied", "满意量", "滿意量"),
    "not_satisfied": texts("rated, not satisfied", "已评价，未达满意", "已評價，未達滿意"),
    "not_rated": texts("answered, not rated", "已接通，未评价", "已接聽，未評價"),
    "talk": texts("talk", "通话时长", "通話時間"),
    "hold": texts("hold", "保持时长", "保留時間"),
    "wrap": texts("wrap-up", "话后处理时长", "話後處理時間"),
    # sums behind means
    "answer_wait": texts("wait of the answered in all", "接通者等待时长之和", "接聽者等候時間總和"),
    "abandon_wait": texts(
        "wait of the abandoned in all",
        "放弃者等待时长之和",
        "放棄者等候時間總和",
    ),
    "exit_wait": texts("wait of all who left the queue", "离开队列者等待时长之和", "離開佇列者等候時間總和"),
    "timed_answers": texts("answered with a known wait", "等待时长可知的接通量", "等候時間可知的接聽量"),
    "timed_abandons": texts(
        "abandoned with a known wait",
        "等待时长可知的放弃量",
        "等候時間可知的放棄量",
    ),
    "timed_exits": texts("left the queue with a known wait", "等待时长可知的离队量", "等候時間可知的離隊量"),
    # outbound
    "planned": texts("planned", "外呼计划量", "外撥計畫量"),
    "dialled": texts("dialled", "外呼量", "外撥量"),
    "connected": texts("connected", "外呼接通量", "外撥接通量"),
    "failed": texts("not reached", "外呼未接通", "外撥未接通"),
    "completed": texts("completed", "外呼完成量", "外撥完成量"),
    "conversed": texts("outbound calls that are over", "已结束的外呼通话", "已結束的外撥通話"),
    "outbound_talk": texts("outbound talk", "外呼通话时长", "外撥通話時間"),
    # the other sides of a part, and why something is left out
    "not_connected": texts("dialled, not connected", "外呼未接通", "外撥未接通"),
    "not_completed": texts("planned, not completed", "计划内未完成", "計畫內未完成"),
    "earlier": texts("counted in an earlier window", "已计入此前时段", "已計入先前時段"),
    "decided_elsewhere": texts("decided in another window", "结果在其他时段产生", "結果在其他時段產生"),
    "up_to": texts("waited no longer", "等待不超过此值", "等候不超過此值"),
    "above": texts("waited longer", "等待更久", "等候更久"),
    "longer": texts("longer", "更长", "較長"),
    "shorter": texts("shorter", "更短", "較短"),
    "longest": texts("the longest", "最长的一个", "最長的一個"),
    "on_hold": texts("on hold now", "当前保持", "目前保留"),
    "forgotten": texts("no longer in memory", "已不在内存中", "已不在記憶體中"),
    # people
    "people": texts("people", "人", "人"),
    "persons": texts("people logged on today", "今日签入人数", "今日登入人數"),
    "logged_on": texts("logged on", "在岗", "在席"),
    "logged_on_time": texts("time logged on", "在岗时长", "在席時間"),
    "engaged_time": texts(
        "talking, hold, wrap-up and ringing time", "通话、保持、话后与振铃时长", "通話、保留、話後與響鈴時間"
    ),
    "ready_time": texts("ready time", "就绪时长", "就緒時間"),
    "state_time": texts("time in the state", "处于该状态的时长", "處於該狀態的時間"),
    "capacity": texts("people who may be given a call", "可接来电的坐席", "可接來電的值機人員"),
    "need": texts("people needed", "需要坐席", "需要值機人員"),
    # why a source's own figure differs from ours
    "since_its_start": texts(
        "the source counts since its start or a reset, not since the day began",
        "数据源从启动或清零起计数，而非从当日开始",
        "資料來源從啟動或歸零起計數，而非從當日開始",
    ),
    "counts_at_end": texts(
        "the source counts a call when it ends, not when it is answered",
        "数据源在通话结束时计数，而非接通时",
        "資料來源在通話結束時計數，而非接聽時",
    ),
    "exits_as_abandoned": texts(
        "the source takes timeouts and other exits for abandons",
        "数据源把超时等离开也算作放弃",
        "資料來源把逾時等離開也算作放棄",
    ),
    "whole_seconds": texts("the source counts whole seconds", "数据源按整秒计", "資料來源以整秒計"),
    # states
    "ready": texts("ready", "就绪", "就緒"),
    "ringing": texts("ringing", "振铃", "響鈴"),
    "state.talking": texts("talking", "通话", "通話"),
    "state.hold": texts("hold", "保持", "保留"),
    "state.wrap": texts("wrap-up", "话后处理", "話後處理"),
    "busy": texts("on a call no queue gave", "占线（非队列来电）", "忙線（非佇列來電）"),
    "break": texts("break", "小休", "小休"),
    "meal": texts("meal", "用餐", "用餐"),
    "breather": texts("breather", "调整", "調適"),
    "training": texts("training", "培训", "訓練"),
    "away": texts("away", "离席", "離席"),
    "fault": texts("fault", "故障", "故障"),
    "unknown": texts("unknown", "未知", "未知"),
    "off": texts("logged off", "未签入", "未登入"),
}  # fmt: skip
"""A state has the name ``state.<state>`` where the word alone is a term of a formula (talking, hold, wrap)."""


def state_names(state: str) -> Texts:
    """What a shown state of a person is called.

    >>> state_names("wrap")["en"], state_names("ready")["en"]
    ('wrap-up', 'ready')
    """
    return TERMS.get(f"state.{state}") or TERMS[state]


def cause_names(term: str, cause: str) -> Texts:
    """A flow-out or a refusal of one cause; of a cause nobody has a word for, the cause as told."""
    known = TERMS.get(f"{term}.{cause}")
    return (
        known
        if known is not None
        else {language: f"{name}: {cause}" for language, name in TERMS[term].items()}
    )
