"""Worked examples: a case as a file, what the decision has to be, and why. Worked out by hand from the text of the rules.

An example is a case (`policy.case`) with two keys more: `why`, the rows and the reckoning in words, and `expect`. What `expect` does not
name is not compared; of the obligations, those of a kind it names have to be exactly those it lists.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from domain.decisions import Decision, Obligation, PolicyCase, Value, Verdict
from domain.errors import BadInput
from policy.case import check_case, decide_case, load_named, plain, read_data
from policy.packs import Pack

#: Due at the instant of the decision.
AT_ONCE = "at_once"


class ExpectedObligation(Value):
    """An obligation the bank has to come out with.

    Attributes:
        due: the last day, in the zone of the pack's calendar, at the end of which it falls due; or `at_once`.
    """

    kind: str
    due: date | Literal["at_once"] | None = None
    amount_minor: int | None = None
    currency: str | None = None


class Expected(Value):
    """What the decision has to be."""

    verdict: Verdict
    level: int | None = None
    four_eyes: bool = False
    role: str | None = None
    customer_reason: str | None = None
    obligations: tuple[ExpectedObligation, ...] = ()
    owes_none_of: tuple[str, ...] = Field(default=(), description="kinds of obligations that must not follow")


class Example(PolicyCase):
    """A case with its answer."""

    expect: Expected
    why: str = Field(min_length=1)

    def case(self) -> PolicyCase:
        """The case alone."""
        return PolicyCase.model_validate(self.model_dump(exclude={"expect", "why"}))


def read_example(path: Path) -> Example:
    """An example from a JSON or YAML file. Raises BadInput `case_invalid` saying what is wrong."""
    try:
        example = Example.model_validate_json(json.dumps(read_data(path), default=plain))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput("case_invalid", f"{path.name}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    check_case(example)
    return example


def is_example(path: Path) -> bool:
    """Whether a file says what is expected. Raises BadInput `case_invalid` for one that cannot be read."""
    data = read_data(path)
    return isinstance(data, dict) and "expect" in data


def check_example(path: Path, *, pack: Pack | None = None) -> tuple[Decision, list[str]]:
    """Decide an example; the decision, and each way in which it is not the one expected.

    Raises BadInput `case_invalid`, `pack_unknown` or `pack_invalid`.
    """
    example = read_example(path)
    used = pack or load_named(example.pack)
    decision = decide_case(example.case(), pack=used)
    return decision, differences(example.expect, decision, used)


def differences(expected: Expected, decision: Decision, pack: Pack) -> list[str]:
    """Each way in which a decision is not the one expected, in words."""
    said: dict[str, Any] = {"verdict": decision.verdict, "level": decision.level, "four_eyes": decision.four_eyes}
    wanted: dict[str, Any] = {"verdict": expected.verdict, "level": expected.level, "four_eyes": expected.four_eyes}
    for name in ("role", "customer_reason"):
        if getattr(expected, name) is not None:
            said[name], wanted[name] = getattr(decision, name), getattr(expected, name)
    found = [f"{name} is {said[name]}, expected {wanted[name]}" for name in wanted if said[name] != wanted[name]]
    kinds = dict.fromkeys([each.kind for each in expected.obligations] + list(expected.owes_none_of))
    for kind in kinds:
        owes = sorted(_said(each, decision, pack) for each in decision.obligations if each.kind == kind)
        owed = sorted(_expected(each) for each in expected.obligations if each.kind == kind)
        if owes != owed:
            found.append(f"{kind} is {', '.join(owes) or 'not owed'}, expected {', '.join(owed) or 'none'}")
    return found


def _said(owed: Obligation, decision: Decision, pack: Pack) -> str:
    due: str | None = None
    if owed.due is not None:
        due = AT_ONCE if owed.due == decision.decided_at else _day_that_ends(owed.due, pack)
    return _words(due, owed.amount_minor, owed.currency)


def _day_that_ends(due: datetime, pack: Pack) -> str:
    day = pack.calendar.day_of(due)
    return day.isoformat() if pack.calendar.end_of(day) == due else due.isoformat()


def _expected(owed: ExpectedObligation) -> str:
    return _words(None if owed.due is None else str(owed.due), owed.amount_minor, owed.currency)


def _words(due: str | None, amount_minor: int | None, currency: str | None) -> str:
    amount = None if amount_minor is None else f"{amount_minor} {currency}"
    return " ".join(part for part in (due, amount) if part) or "undated"
