"""What a finished turn leaves behind, all in its one commit: frames, requests, hand-over, answered inputs, the turn's own row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.clock import to_micros
from domain.frames import Author, MessageOut, RequestClosed, RequestOut, Status
from graphs.state import Handover, TurnResult
from runtime import requests
from runtime.clocks import wall_micros
from runtime.storage import conversations as store
from runtime.storage import record
from runtime.storage import tables as t
from runtime.storage.audit import append_audit
from runtime.storage.record import Work
from runtime.storage.sealing import seal, talk_key

ASSISTANT = "Assistant"
#: Places of sealed values, and what of a turn's account holds words of the customer or made from them.
TOLD, SUMMARY = "turn.told", "handover.summary"
WORDS = ("understanding",)


@dataclass(frozen=True, slots=True)
class Finished:
    """A turn that has run. `told` is how its reply came to be; `started` its beginning in microseconds of the wall clock."""

    work: Work
    result: TurnResult
    turn: str
    told: dict[str, Any]
    started: int

    @property
    def answers(self) -> list[int]:
        return [item.seq for item in self.work.inputs]


def store_turn(connection: sa.Connection, finished: Finished, now: datetime) -> list[dict[str, Any]]:
    """Store a turn whose lease was just proved; returns the frames to send, with their seqs."""
    finished = _without_question_answered_meanwhile(connection, finished)
    work, result, at = finished.work, finished.result, to_micros(now)
    tenant, conversation = work.claim.tenant, work.claim.conversation
    frames: list[dict[str, Any]] = []

    def out(frame: Any) -> None:
        plain = frame.model_dump(mode="json")
        frames.append(record.append_out(connection, tenant, conversation, finished.turn, plain, at))

    for request, reason in result.closed_requests.items():
        done = requests.close_request(connection, tenant, request, reason)
        if done or any(item.request == request and item.kind != "event" for item in work.inputs):
            out(RequestClosed(seq=0, id=request, reason=reason))
    if result.text:
        out(_message(finished, now))
    if result.request is not None:
        requests.save_request(connection, tenant, conversation, result.request)
        out(_request_frame(result, finished.turn))
    if result.handover is not None:
        position = _queue(connection, tenant, conversation, finished.turn, result.handover, at)
        out(Status(seq=0, state=result.conversation.state, position=position))
    store.save_view(connection, result.conversation, at)
    record.mark_answered(connection, work.claim, finished.answers, finished.turn)
    _save_turn(connection, finished)
    append_audit(connection, tenant, "turn", _audited(finished), at)
    return frames


def _without_question_answered_meanwhile(connection: sa.Connection, finished: Finished) -> Finished:
    """A question that this turn only puts again, while its answer was accepted: the answer stands, and the next turn takes it."""
    work, result = finished.work, finished.result
    spec = result.request
    before = work.view.flows.get(spec.flow_instance) if spec is not None else None
    if spec is None or before is None or before.ask_request is None or before.ask != spec.ask:
        return finished
    kept = before.ask_request
    if kept in {item.request for item in work.inputs} or not requests.is_answered(connection, work.claim.tenant, kept):
        return finished
    view = result.conversation
    waits = view.flows[before.id].model_copy(update={"ask_request": kept, "ask_expires_at": before.ask_expires_at})
    changes = {
        "conversation": view.model_copy(update={"flows": view.flows | {before.id: waits}}),
        "request": None,
        "closed_requests": {name: reason for name, reason in result.closed_requests.items() if name != kept},
    }
    return replace(finished, result=result.model_copy(update=changes))


def _message(finished: Finished, now: datetime) -> MessageOut:
    result = finished.result
    return MessageOut(
        seq=0,
        turn=finished.turn,
        author=Author(kind="assistant", name=ASSISTANT),
        text=result.text,
        cards=tuple(card for say in result.says for card in say.cards),
        quick_replies=tuple(reply for say in result.says for reply in say.quick_replies),
        answers=tuple(finished.answers),
        at=now,
    )


def _save_turn(connection: sa.Connection, finished: Finished) -> None:
    claim = finished.work.claim
    words = {name: finished.told[name] for name in WORDS}
    connection.execute(
        t.turn.insert().values(
            tenant=claim.tenant,
            id=finished.turn,
            conversation=claim.conversation,
            epoch=claim.epoch,
            owner=claim.owner,
            started_us=finished.started,
            ended_us=wall_micros(),
            answers=finished.answers,
            told=seal(talk_key(connection, claim.tenant, claim.conversation), claim.tenant, TOLD, finished.turn, words),
            record={name: value for name, value in finished.told.items() if name not in WORDS},
        )
    )


def _audited(finished: Finished) -> dict[str, Any]:
    return {
        "turn": finished.turn,
        "conversation": finished.work.claim.conversation,
        "answers": finished.answers,
        "flow": finished.told["flow"],
        "templates": finished.told["templates"],
    }


def _request_frame(result: TurnResult, turn: str) -> RequestOut:
    spec = result.request
    assert spec is not None
    ask = spec.ask
    kind = ask.kind
    assert kind != "text"
    return RequestOut(
        seq=0,
        turn=turn,
        id=spec.id,
        kind=kind,
        prompt=spec.prompt,
        options=ask.options,
        rows=ask.rows,
        digest=ask.digest,
        purpose=ask.purpose,
        expires_at=spec.expires_at,
    )


def _queue(connection: sa.Connection, tenant: str, conversation: str, turn: str, handover: Handover, at: int) -> int:
    """Put the conversation in the queue for a person; returns its place, 1 first."""
    h = t.handover.c
    ahead = connection.execute(
        sa.select(sa.func.count())
        .select_from(t.handover)
        .where(h.tenant == tenant, h.status == "waiting", h.team == handover.team, h.conversation != conversation)
    ).scalar_one()
    key = talk_key(connection, tenant, conversation)
    connection.execute(
        t.handover.insert().values(
            tenant=tenant,
            conversation=conversation,
            turn=turn,
            reason=handover.reason,
            team=handover.team,
            summary=seal(key, tenant, SUMMARY, f"{conversation}:{turn}", handover.summary),
            status="waiting",
            at=at,
        )
    )
    return int(ahead) + 1
