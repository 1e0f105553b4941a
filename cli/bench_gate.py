"""The gate beside Cedar and Rego in one run: the same rules of one action, the same cases, agreement first and then the times.

Each peer at its best: rules parsed or compiled once and used again, what it is asked with prepared beforehand in the form it takes
fastest (Cedar a context as JSON text, Rego an input object and a compiled bundle). They are development dependencies; one that is not
installed is left out, and the section says so. Times of our own are whole decisions, with validity of facts, reasons and obligations.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module, metadata
from random import Random
from typing import Any

from domain.decisions import Fact, FactValue
from policy.bench import LONGEST, NOW, Figures, timed
from policy.facts import as_facts, needs
from policy.gate import weigh
from policy.ordinary import draw, ordinary
from policy.packs import SHIPPED, Pack, load_pack
from policy.peers import cedar_policies, cedar_verdict, compared_rules, context_of, rego_module
from policy.rules import Rule

CASES = 1_000
#: Of these, how many are timed: a peer may take milliseconds.
TIMED = 100
#: A sum in two currencies cannot be reckoned, and an obligation that cannot be reckoned denies; the peers know no obligations.
NOT_DRAWN = ("currency", "txn_currency")
Ask = Callable[[str, Any], str]


def beside_peers(seconds: Callable[[], float], *, count: int = CASES, at_most: int = TIMED) -> dict[str, Any]:
    """Agreement and times; `ok` is false where a peer answers otherwise than the gate."""
    pack = load_pack(SHIPPED / "in-rbi")
    rules = compared_rules(pack, LONGEST, pack.calendar.day_of(NOW))
    values = drawn_values(count)
    gate = _gate(pack)
    ours = [(LONGEST, as_facts(each, NOW, "bench")) for each in values]
    wanted = [gate(action, facts) for action, facts in ours]
    result: dict[str, Any] = {"ok": True, "action": LONGEST, "rules": len(rules), "cases": count}
    result["gate"] = _shown(timed("gate", gate, ours[:at_most], seconds))
    for name, make in PEERS.items():
        try:
            module = import_module(name)
        except ImportError:
            result[name] = "not installed, left out"
            continue
        ask, prepared = make(module, rules, [context_of(each) for each in values])
        asked = [(LONGEST, each) for each in prepared]
        agreed = sum(ask(*each) == verdict for each, verdict in zip(asked, wanted, strict=True))
        figures = _shown(timed(name, ask, asked[:at_most], seconds))
        result[name] = {"version": metadata.version(name), "agreed": agreed, **figures}
        result["ok"] = result["ok"] and agreed == count
    return result


def drawn_values(count: int, seed: int = 11) -> list[dict[str, FactValue]]:
    """Half the ordinary, approving case; half with three facts drawn anew. All facts are at hand."""
    random = Random(seed)
    drawn = []
    for number in range(count):
        values = ordinary(LONGEST, needs(LONGEST))
        for name in random.sample(sorted(values.keys() - set(NOT_DRAWN)), 3 if number % 2 else 0):
            values[name] = draw(name, random)
        drawn.append(values)
    return drawn


def _gate(pack: Pack) -> Ask:
    def ask(action: str, facts: dict[str, Fact]) -> str:
        return weigh(action, facts, pack, NOW, pack.calendar).verdict

    return ask


def _cedar(cedarpy: Any, rules: tuple[Rule, ...], contexts: list[dict[str, Any]]) -> tuple[Ask, list[Any]]:
    policies, entities = cedarpy.PolicySet.from_str(cedar_policies(rules)), cedarpy.Entities.from_json_str("[]")
    names = {"principal": 'Customer::"c"', "action": f'Action::"{LONGEST}"', "resource": 'Account::"a"'}

    def ask(_: str, request: dict[str, str]) -> str:
        answer = cedarpy.is_authorized(request, policies, entities)
        return cedar_verdict(rules, answer.allowed, answer.diagnostics.reasons)

    return ask, [names | {"context": json.dumps(each)} for each in contexts]


def _rego(regopy: Any, rules: tuple[Rule, ...], contexts: list[dict[str, Any]]) -> tuple[Ask, list[Any]]:
    engine = regopy.Interpreter()
    engine.add_module("gate.rego", rego_module(rules))
    bundle = engine.build(None, ["gate/verdict"])
    running = regopy.Interpreter()

    def ask(_: str, given: Any) -> str:
        running.set_input(given)
        return str(json.loads(str(running.query_bundle_entrypoint(bundle, "gate/verdict")))["expressions"][0])

    return ask, [regopy.Input(each) for each in contexts]


PEERS: dict[str, Callable[[Any, tuple[Rule, ...], list[dict[str, Any]]], tuple[Ask, list[Any]]]] = {
    "cedarpy": _cedar,
    "regopy": _rego,
}


def _shown(figures: Figures) -> dict[str, Any]:
    return {"p50_us": figures.p50, "p99_us": figures.p99, "single_p99_us": figures.raw_p99}
