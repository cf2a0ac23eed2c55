"""Twilio TaskRouter's event callbacks: forms, signed, in any order, each by its Sid once.

https://www.twilio.com/docs/taskrouter/api/event ; the signature: https://www.twilio.com/docs/usage/security.
"""

import base64
import hashlib
import hmac
import math
from collections.abc import Callable, Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

import msgspec

from ccwall.adapter import Directory, Mode
from ccwall.events import (
    AgentId,
    AgentLoggedOff,
    AgentLoggedOn,
    AgentNotReady,
    AgentReady,
    AgentWorkingAfterCall,
    AnyEvent,
    ContactAbandoned,
    ContactAlerting,
    ContactAnswered,
    ContactCleared,
    ContactFlowedOut,
    ContactId,
    ContactNotAnswered,
    ContactQueued,
    ContactReleased,
    QueueDescribed,
    QueueId,
)
from ccwall.wire.memory import Recent

from .requests import HttpSession, Refusal, Request, Told, took

MOST_TASKS, MOST_WORKERS, MOST_FIELDS = 20_000, 10_000, 500
STREAM = "taskrouter"
FORM = "application/x-www-form-urlencoded"
EARLY = 300.0
"""Seconds that a callback may be before what we know: older ones do not turn a worker's state back."""


class TwilioSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`token`: the account's auth token, with which callbacks are signed. `public_url`: where Twilio sends them, exactly as
    it was configured there, with the query: it is part of what is signed. `ready` and `off`: which activities are so; all
    others are not ready, with the activity as reason."""

    token: str
    public_url: str
    ready: tuple[str, ...] = ("Available", "Idle")
    off: tuple[str, ...] = ("Offline",)


class _Task(msgspec.Struct, kw_only=True):
    """One task in one queue. `over`: nothing is expected of it any more."""

    contact: ContactId
    queue: QueueId
    agent: AgentId | None = None
    answered: bool = False
    released: bool = False
    over: bool = False


Form = Mapping[str, str]


class TwilioSession(HttpSession):
    """See the module."""

    product = "Twilio TaskRouter"
    limits = ("queues", "conversations", "devices")

    def __init__(self, settings: msgspec.Struct, directory: Directory, mode: Mode) -> None:
        super().__init__(mode)
        self._settings, self._directory = cast(TwilioSettings, settings), directory
        self._tasks: Recent[str, _Task] = Recent(MOST_TASKS)
        self._rung: Recent[str, float] = Recent(MOST_TASKS)
        self._workers: Recent[str, tuple[float, str]] = Recent(MOST_WORKERS)
        self._queues: Recent[QueueId, None] = Recent(MOST_WORKERS)
        self._does: Mapping[str, Callable[[Form, float], Sequence[AnyEvent]]] = {
            "task-queue.entered": self._entered,
            "task-queue.moved": self._moved,
            "task-queue.timeout": self._timed_out,
            "workflow.timeout": self._timed_out,
            "workflow.entered": self._nothing,
            "workflow.target-matched": self._nothing,
            "workflow.skipped": self._nothing,
            "task.created": self._nothing,
            "task.updated": self._nothing,
            "task.deleted": self._cleared,
            "task.canceled": self._canceled,
            "task.wrapup": self._wrapped,
            "task.completed": self._cleared,
            "task.system-deleted": self._cleared,
            "reservation.created": self._rings,
            "reservation.accepted": self._accepted,
            "reservation.rejected": self._not_answered,
            "reservation.timeout": self._not_answered,
            "reservation.canceled": self._not_answered,
            "reservation.rescinded": self._not_answered,
            "reservation.failed": self._not_answered,
            "reservation.wrapup": self._wrapped,
            "reservation.completed": self._done,
            "worker.activity.update": self._activity,
            "worker.attributes.update": self._nothing,
            "worker.capacity.update": self._nothing,
            "worker.channel.availability.update": self._nothing,
            "worker.created": self._nothing,
            "worker.deleted": self._gone,
        }

    def understand(self, request: Request, now: float) -> Told:
        if not request.headers.get("content-type", "").lower().startswith(FORM):
            raise Refusal(415, f"Callbacks come as {FORM}.")
        form = self._form(request)
        if self._mode == "live" and not signed(
            self._settings, form, request.headers.get("x-twilio-signature", "")
        ):
            raise Refusal(
                403,
                "The signature is not that of public_url and token: check that both are as Twilio has them, to the letter.",
            )
        last = dict(form)
        kind, sid = last.get("EventType", ""), last.get("Sid", "")
        if not kind or not sid:
            raise Refusal(422, "EventType or Sid is missing: this is no event callback of TaskRouter.")
        if not self.taken.is_new(STREAM, sid):
            self.count("again")
            return Told(status=204)
        does = self._does.get(kind)
        self.count(kind[:64] if does is not None else f"unknown:{kind[:64]}")
        if does is None:
            return Told(took([], now, STREAM, sid), 204)
        at = _instant(last, now)
        return Told(took(does(last, at), now, STREAM, sid), 204)

    def _form(self, request: Request) -> list[tuple[str, str]]:
        try:
            return parse_qsl(
                request.body.decode("utf-8"),
                keep_blank_values=True,
                strict_parsing=True,
                max_num_fields=MOST_FIELDS,
                errors="strict",
            )
        except ValueError as error:
            raise Refusal(400, f"The form cannot be read: {error}") from None

    # ── tasks ──

    def _nothing(self, form: Form, at: float) -> Sequence[AnyEvent]:
        return ()

    def _entered(self, form: Form, at: float) -> Sequence[AnyEvent]:
        key = form.get("TaskSid", "")
        known = self._tasks.get(key)
        queue = self._queue(form)
        if known is not None and not known.over and known.queue == queue:
            return ()  # it came late: a reservation told of it before
        facts: list[AnyEvent] = []
        if known is not None and not known.over and not known.answered:
            facts.append(ContactFlowedOut(at=at, contact=known.contact, queue=known.queue, cause="overflow"))
        return [*facts, *self._queued(form, key, queue, at, inferred=False)]

    def _queued(
        self, form: Form, key: str, queue: QueueId, at: float, *, inferred: bool
    ) -> Sequence[AnyEvent]:
        contact = ContactId(self._directory.own(f"{key}/{form.get('TaskQueueSid', '')}"))
        self._tasks[key] = _Task(contact=contact, queue=queue)
        caller = _attributes(form).get("from", "")
        described: list[AnyEvent] = []
        if queue not in self._queues:
            self._queues[queue] = None
            described.append(
                QueueDescribed(at=at, queue=queue, name=form.get("TaskQueueName", "") or str(queue))
            )
        told = ContactQueued(
            at=at,
            contact=contact,
            queue=queue,
            call=self._directory.own(key),
            caller=caller if isinstance(caller, str) else "",
            inferred=inferred,
        )
        return [*described, told]

    def _task(self, form: Form, at: float) -> tuple[_Task, list[AnyEvent]]:
        """The task, and that it queued, if that is not known yet."""
        key = form.get("TaskSid", "")
        known = self._tasks.get(key)
        if known is not None:
            return known, []
        since = _number(form.get("TaskQueueEnteredDate", ""))
        age = _number(form.get("TaskAge", ""))
        queued = since if since else at - age if age is not None else at
        facts = list(self._queued(form, key, self._queue(form), min(queued, at), inferred=True))
        return self._tasks[key], facts

    def _moved(self, form: Form, at: float) -> Sequence[AnyEvent]:
        return self._left(form, at, "overflow")

    def _timed_out(self, form: Form, at: float) -> Sequence[AnyEvent]:
        return self._left(form, at, "timeout")

    def _left(self, form: Form, at: float, cause: str) -> Sequence[AnyEvent]:
        known = self._tasks.get(form.get("TaskSid", ""))
        if known is None or known.over or known.answered:
            return ()
        known.over = True
        why = "timeout" if cause == "timeout" else "overflow"
        return [ContactFlowedOut(at=at, contact=known.contact, queue=known.queue, cause=why)]  # type: ignore[arg-type]

    def _canceled(self, form: Form, at: float) -> Sequence[AnyEvent]:
        task, facts = self._task(form, at)
        if task.over:
            return facts
        if task.answered:
            return [*facts, *self._released(task, at), self._clear(task, at)]
        task.over = True
        reason = form.get("TaskCanceledReason", form.get("Reason", "")).lower()
        if "timeout" in reason or "time out" in reason or "ttl" in reason:
            return [*facts, ContactFlowedOut(at=at, contact=task.contact, queue=task.queue, cause="timeout")]
        cause = "hangup" if "hangup" in reason.replace(" ", "").replace("-", "") else "unknown"
        return [*facts, ContactAbandoned(at=at, contact=task.contact, queue=task.queue, cause=cause)]  # type: ignore[arg-type]

    def _cleared(self, form: Form, at: float) -> Sequence[AnyEvent]:
        known = self._tasks.get(form.get("TaskSid", ""))
        if known is None or known.over:
            return ()
        return [*self._released(known, at), self._clear(known, at)]

    def _clear(self, task: _Task, at: float) -> AnyEvent:
        task.over = True
        return ContactCleared(at=at, contact=task.contact, queue=task.queue)

    def _released(self, task: _Task, at: float) -> list[AnyEvent]:
        if not task.answered or task.released or task.agent is None:
            return []
        task.released = True
        return [ContactReleased(at=at, contact=task.contact, queue=task.queue, agent=task.agent)]

    # ── reservations ──

    def _rings(self, form: Form, at: float) -> Sequence[AnyEvent]:
        task, facts = self._task(form, at)
        self._rung[form.get("ReservationSid", "")] = at
        if task.over or task.answered:
            return facts
        agent, known = self._worker(form, at)
        return [
            *facts,
            *known,
            ContactAlerting(
                at=at,
                contact=task.contact,
                queue=task.queue,
                agent=agent,
                interface=form.get("WorkerSid", ""),
            ),
        ]

    def _accepted(self, form: Form, at: float) -> Sequence[AnyEvent]:
        task, facts = self._task(form, at)
        agent, known = self._worker(form, at)
        if task.answered and task.agent == agent:
            return facts
        task.agent, task.answered, task.released = agent, True, False
        answered = ContactAnswered(
            at=at,
            contact=task.contact,
            queue=task.queue,
            agent=agent,
            agent_name=form.get("WorkerName", ""),
            interface=form.get("WorkerSid", ""),
        )
        return [*facts, *known, answered]

    def _not_answered(self, form: Form, at: float) -> Sequence[AnyEvent]:
        task, facts = self._task(form, at)
        agent, known = self._worker(form, at)
        kind = form.get("EventType", "")
        rung = self._rung.get(form.get("ReservationSid", ""), at)
        missed = ContactNotAnswered(
            at=at,
            contact=task.contact,
            queue=task.queue,
            agent=agent,
            ring_time=max(0.0, at - rung) if kind == "reservation.timeout" else 0.0,
            cancelled=kind in {"reservation.canceled", "reservation.rescinded"},
        )
        return [*facts, *known, missed]

    def _wrapped(self, form: Form, at: float) -> Sequence[AnyEvent]:
        task, facts = self._task(form, at)
        if task.agent is None:
            return facts
        over = self._released(task, at)
        return [*facts, *over, AgentWorkingAfterCall(at=at, agent=task.agent, contact=task.contact)]

    def _done(self, form: Form, at: float) -> Sequence[AnyEvent]:
        """The worker is free again: in the activity that was told last."""
        task, facts = self._task(form, at)
        agent, known = self._worker(form, at)
        over = self._released(task, at) if task.agent == agent else []
        activity = self._workers.get(form.get("WorkerSid", ""))
        again = self._as(agent, activity[1] if activity else form.get("WorkerActivityName", ""), at)
        return [*facts, *over, *known, *again]

    # ── workers ──

    def _queue(self, form: Form) -> QueueId:
        return self._directory.queue(form.get("TaskQueueName", "") or form.get("TaskQueueSid", ""))

    def _worker(self, form: Form, at: float) -> tuple[AgentId, Sequence[AnyEvent]]:
        """Who it is, and, when first heard of, that they are there."""
        sid, name = form.get("WorkerSid", ""), form.get("WorkerName", "")
        agent = self._directory.agent(sid, name)
        if sid in self._workers:
            return agent, ()
        activity = form.get("WorkerActivityName", "")
        self._workers[sid] = at, activity
        on = AgentLoggedOn(at=at, agent=agent, name=name)
        return agent, [on, *self._as(agent, activity, at)] if activity else [on]

    def _activity(self, form: Form, at: float) -> Sequence[AnyEvent]:
        sid, activity = form.get("WorkerSid", ""), form.get("WorkerActivityName", "")
        agent = self._directory.agent(sid, form.get("WorkerName", ""))
        before = self._workers.get(sid)
        if before is not None and at < before[0]:
            return ()  # a later one was here first
        self._workers[sid] = at, activity
        if activity in self._settings.off:
            return [AgentLoggedOff(at=at, agent=agent)]
        on = AgentLoggedOn(at=at, agent=agent, name=form.get("WorkerName", ""))
        return [on, *self._as(agent, activity, at)]

    def _as(self, agent: AgentId, activity: str, at: float) -> Sequence[AnyEvent]:
        if activity in self._settings.off:
            return [AgentLoggedOff(at=at, agent=agent)]
        if activity in self._settings.ready:
            return [AgentReady(at=at, agent=agent)]
        return [AgentNotReady(at=at, agent=agent, reason=activity)]

    def _gone(self, form: Form, at: float) -> Sequence[AnyEvent]:
        self._workers.pop(form.get("WorkerSid", ""), None)
        return [AgentLoggedOff(at=at, agent=self._directory.agent(form.get("WorkerSid", "")))]


def signed(settings: TwilioSettings, form: Sequence[tuple[str, str]], signature: str) -> bool:
    """Whether the form is signed as Twilio signs: HMAC-SHA1 over the url and the parameters, sorted by name, each followed
    by its value. What has a name twice is taken once for each different value, as Twilio's own library does."""
    values: dict[str, set[str]] = {}
    for name, value in form:
        values.setdefault(name, set()).add(value)
    text = settings.public_url + "".join(
        name + value for name in sorted(values) for value in sorted(values[name])
    )
    right = base64.b64encode(hmac.digest(settings.token.encode(), text.encode(), hashlib.sha1))
    return bool(settings.token) and hmac.compare_digest(right, signature.encode())


def _instant(form: Form, now: float) -> float:
    """When it happened, in seconds; `TimestampMs` is finer."""
    fine, coarse = _number(form.get("TimestampMs", "")), _number(form.get("Timestamp", ""))
    at = fine / 1000.0 if fine else coarse or now
    return at if now - 86_400.0 <= at <= now + EARLY else now


def _number(text: str) -> float | None:
    try:
        number = float(text) if text and len(text) < 24 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _attributes(form: Form) -> dict[str, object]:
    try:
        said = msgspec.json.decode(form.get("TaskAttributes", "") or "{}")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
