"""The published JSON Schemas of a policy case and of a decision; `docs/schemas/` holds their committed copies."""

from __future__ import annotations

import json
from typing import Any

from domain.actions import ACTIONS
from domain.decisions import Decision, PolicyCase
from policy.examples import Example
from policy.facts import SCHEMA, FactSpec
from policy.vocabulary import CUSTOMER_REASONS, OBLIGATION_KINDS, RECEIVERS, ROLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """A case as `policy.case.read_case` takes it: every fact by name and type, the arguments of every action."""
    schema = PolicyCase.model_json_schema()
    properties = schema["properties"]
    properties["action"]["enum"] = sorted(ACTIONS)
    properties["facts"] = {
        "type": "object",
        "additionalProperties": False,
        "description": "Plain values; they count as stated at `now`. What is left out could not be learned.",
        "properties": {name: _fact(spec) for name, spec in SCHEMA.items()},
    }
    properties["arguments"] = {
        "type": "object",
        "description": "The arguments of the action, or nothing. Amount, currency and dispute type given here are facts as well.",
        "anyOf": [{"maxProperties": 0}, *(_arguments(name) for name in sorted(ACTIONS))],
    }
    return {"$schema": DIALECT, **schema, "title": "Tellergate policy case"}


def example_schema() -> dict[str, Any]:
    """A worked example: a case with what its decision has to be and why."""
    schema, case = Example.model_json_schema(), case_schema()
    schema["properties"] |= case["properties"]
    expected = schema["$defs"]["Expected"]["properties"]
    for name, words in (("role", ROLES), ("customer_reason", CUSTOMER_REASONS)):
        expected[name]["anyOf"][0]["enum"] = sorted(words)
    expected["owes_none_of"]["items"]["enum"] = sorted(OBLIGATION_KINDS)
    schema["$defs"]["ExpectedObligation"]["properties"]["kind"]["enum"] = sorted(OBLIGATION_KINDS)
    return {"$schema": DIALECT, **schema, "title": "Tellergate worked example of the policy"}


def decision_schema() -> dict[str, Any]:
    """A decision as it is stored and printed, with the closed words for reasons, roles and obligations."""
    schema = Decision.model_json_schema(mode="serialization")
    properties = schema["properties"]
    properties["customer_reason"]["enum"] = sorted(CUSTOMER_REASONS)
    properties["role"]["anyOf"][0]["enum"] = sorted(ROLES)
    obligation = schema["$defs"]["Obligation"]["properties"]
    obligation["kind"]["enum"] = sorted(OBLIGATION_KINDS)
    obligation["to"]["enum"] = sorted(RECEIVERS)
    return {"$schema": DIALECT, **schema, "title": "Tellergate policy decision"}


def _fact(spec: FactSpec) -> dict[str, Any]:
    if spec.type == "bool":
        return {"type": "boolean", "description": spec.doc}
    if spec.type == "int":
        return {"type": "integer", "minimum": spec.low, "maximum": spec.high, "description": spec.doc}
    closed: dict[str, Any] = {"enum": list(spec.values)} if spec.values else {"format": "date"} if spec.is_date else {}
    return {"type": "string", **closed, "description": spec.doc}


def _arguments(action: str) -> dict[str, Any]:
    schema = ACTIONS[action].model_json_schema()
    return {key: schema[key] for key in ("additionalProperties", "properties", "required") if key in schema} | {"title": action}


#: File name below docs/schemas → what it holds.
PUBLISHED = {"policy-case.json": case_schema, "policy-example.json": example_schema, "decision.json": decision_schema}


def schema_text(name: str) -> str:
    """A schema as it is committed."""
    return json.dumps(PUBLISHED[name](), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
