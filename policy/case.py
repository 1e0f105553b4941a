"""A case as a file or a mapping, decided: what `tellergate policy decide` and worked examples use.

A case gives plain fact values; here they count as stated at the case's own `now`. What the arguments state (amount, currency,
dispute type) need not be repeated among the facts; where it is and differs, the case contradicts itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.actions import ACTIONS, parse_action
from domain.calendars import Calendar
from domain.decisions import Decision, Fact, PolicyCase
from domain.errors import BadInput
from policy.documents import parse_document
from policy.facts import SCHEMA, arguments_as_facts, as_facts, unknown_names
from policy.gate import decide
from policy.packs import SHIPPED, Pack, load_pack

MAX_CASE_BYTES = 256 * 1024


def read_case(source: Path | Mapping[str, Any]) -> PolicyCase:
    """A case from a JSON or YAML file, or from a mapping. Raises BadInput `case_invalid` saying what is wrong."""
    data = read_data(source) if isinstance(source, Path) else source
    try:
        case = PolicyCase.model_validate_json(json.dumps(data, default=plain))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput("case_invalid", f"{'.'.join(str(part) for part in first['loc']) or 'case'}: {first['msg']}") from error
    check_case(case)
    return case


def read_data(source: Path) -> Any:
    """What a JSON or YAML file holds. Raises BadInput `case_invalid` for one that cannot be read."""
    try:
        with source.open("rb") as file:
            raw = file.read(MAX_CASE_BYTES + 1)
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("case_invalid", f"{source.name} cannot be read as text") from error
    if len(raw) > MAX_CASE_BYTES:
        raise BadInput("case_invalid", f"{source.name} is larger than {MAX_CASE_BYTES} bytes")
    try:
        return parse_document(source.name, text).data
    except BadInput as error:
        raise BadInput("case_invalid", error.detail) from error


def plain(value: Any) -> str:
    """A value of YAML that JSON has not, written for JSON."""
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return repr(value)


def check_case(case: PolicyCase) -> None:
    """Raises BadInput `case_invalid` for unknown names, values that no fact has, and arguments of no action."""
    if case.action not in ACTIONS:
        raise BadInput("case_invalid", f"unknown action {case.action}")
    if case.now.tzinfo is None:
        raise BadInput("case_invalid", "now has no time zone")
    unknown = unknown_names(case.facts)
    if unknown:
        raise BadInput("case_invalid", f"unknown fact {unknown[0]}")
    for name, value in case.facts.items():
        if not SCHEMA[name].accepts(value):
            raise BadInput("case_invalid", f"{value!r} is not a value of the fact {name}")
    if case.arguments:
        try:
            parse_action({"action": case.action, **case.arguments})
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise BadInput(
                "case_invalid", f"arguments: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
            ) from error
        if case.arguments.get("action", case.action) != case.action:
            raise BadInput("case_invalid", "arguments are of another action")


def facts_of(case: PolicyCase) -> dict[str, Fact]:
    """The case's facts with those that its arguments state. Raises BadInput `case_invalid` where the two contradict."""
    facts = as_facts(case.facts, case.now, "case")
    for name, fact in arguments_as_facts(case.arguments, case.now).items():
        if name in facts and facts[name].value != fact.value:
            raise BadInput("case_invalid", f"arguments and facts give another {name}")
        facts[name] = fact
    return facts


def decide_case(
    source: Path | str | Mapping[str, Any] | PolicyCase,
    *,
    packs: Path = SHIPPED,
    pack: Pack | None = None,
    calendar: Calendar | None = None,
) -> Decision:
    """Decide a case with the pack it names (or a loaded one), on the pack's own calendar unless another is given.

    Raises BadInput: `case_invalid`, `pack_unknown`, `pack_invalid`.
    """
    case = source if isinstance(source, PolicyCase) else read_case(Path(source) if isinstance(source, str) else source)
    used = pack or load_named(case.pack, packs)
    return decide(case.action, facts_of(case), used, _aware(case.now), calendar or used.calendar)


def load_named(name: str, packs: Path = SHIPPED) -> Pack:
    """Load a pack by its name, or name@version. Raises BadInput `pack_unknown` or `pack_invalid`."""
    wanted, _, version = name.partition("@")
    directory = packs / wanted
    if not wanted.replace("-", "").isalnum() or not directory.is_dir():
        known = ", ".join(sorted(path.name for path in packs.iterdir() if path.is_dir()))
        raise BadInput("pack_unknown", f"no pack {wanted}; known are {known}")
    pack = load_pack(directory)
    if version and version != str(pack.version):
        raise BadInput("pack_unknown", f"{pack.label} is here, not version {version}")
    return pack


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise BadInput("case_invalid", "now has no time zone")
    return at
