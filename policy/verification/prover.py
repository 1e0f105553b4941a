"""Puts the invariants to the solver, pack by pack, and says of each what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import z3

from policy.packs import Pack
from policy.verification.claims import Claim, Invariant, Subject
from policy.verification.comparisons import COMPARISONS
from policy.verification.counterexample import answer_in, case_of, nearest, replayed
from policy.verification.invariants import INVARIANTS
from policy.verification.semantics import Situation
from policy.verification.structure import STRUCTURE
from policy.verification.terms import Untranslated, facts, term

ALL: tuple[Invariant, ...] = (*INVARIANTS, *COMPARISONS, *STRUCTURE)
TIMEOUT_MS = 30_000
#: vacuous: the premise can never hold, so that nothing was shown. unknown: the solver gave up. Both count as failures.
Status = Literal["proven", "failed", "vacuous", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim that was not proven.

    Attributes:
        cases: counter-example, one case for each decision the claim compares; each with what the terms and the running gate answer.
        reproduced: the gate answers each case as the terms say.
    """

    action: str
    about: str
    status: Status
    cases: tuple[dict[str, Any], ...] = ()
    reproduced: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one invariant of one pack."""

    invariant: str
    says: str
    rows: str
    claims: int
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of one pack. `untranslated`: rules that have no term, with why; nothing is proven where there is one."""

    pack: str
    digest: str
    rules: int
    untranslated: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def ok(self) -> bool:
        return not self.untranslated and all(result.ok for result in self.results)


def untranslated(pack: Pack) -> tuple[str, ...]:
    """The rules whose condition has no term, each with the reason."""
    found = []
    for rule in pack.rules:
        try:
            term(rule.tree, facts(rule.names))
        except Untranslated as error:
            found.append(f"{rule.id}: {error}")
    return tuple(found)


def verify(
    pack: Pack,
    seconds: Callable[[], float],
    *,
    law: Pack | None = None,
    invariants: Iterable[Invariant] = ALL,
    actions: Iterable[str] | None = None,
) -> Verification:
    """Prove the invariants of a pack. `seconds` is a clock such as time.monotonic, given by the caller."""
    missing = untranslated(pack)
    subject = Subject(pack, law) if actions is None else Subject(pack, law, actions)
    results = [] if missing else [_prove(invariant, subject, seconds) for invariant in invariants]
    return Verification(pack.label, pack.digest, len(pack.rules), missing, tuple(results))


def _prove(invariant: Invariant, subject: Subject, seconds: Callable[[], float]) -> Result:
    begun = seconds()
    claims, solvers = list(invariant.claims(subject)), _Solvers()
    findings = tuple(finding for claim in claims if (finding := check(claim, solvers)) is not None)
    return Result(invariant.name, invariant.says, invariant.rows, len(claims), seconds() - begun, findings)


class _Solvers:
    """One solver for consecutive claims about the same situation: what it has learned of it is used again, ten times as fast."""

    def __init__(self) -> None:
        self._of: tuple[Situation, bool] | None = None
        self._solver = z3.Solver()

    def for_claim(self, claim: Claim) -> z3.Solver:
        """A solver that holds where the claim's facts lie, and its premise. What it held for the claim before is gone."""
        first, *others = claim.situations
        if self._of is None or self._of[0] is not first or self._of[1] != claim.exists:
            self._of, self._solver = (first, claim.exists), z3.Solver()
            self._solver.set("timeout", TIMEOUT_MS)
            self._solver.add(first.facts.within(ever=claim.exists))
        else:
            self._solver.pop()
        self._solver.push()
        self._solver.add(*(situation.facts.within(ever=claim.exists) for situation in others), claim.premise)
        return self._solver


def check(claim: Claim, solvers: _Solvers | None = None) -> Finding | None:
    """None where the claim is proven and its premise can hold; otherwise what was found."""
    solver = (solvers or _Solvers()).for_claim(claim)
    if claim.exists:
        solver.add(claim.conclusion)
        held = solver.check()
        return None if held == z3.sat else Finding(claim.action, claim.about, "failed" if held == z3.unsat else "unknown")
    possible = solver.check()
    if possible != z3.sat:
        return Finding(claim.action, claim.about, "vacuous" if possible == z3.unsat else "unknown")
    solver.add(z3.Not(claim.conclusion))
    broken = solver.check()
    if broken == z3.unsat:
        return None
    if broken == z3.unknown:
        return Finding(claim.action, claim.about, "unknown")
    return _counterexample(claim, solver)


def _counterexample(claim: Claim, solver: z3.Solver) -> Finding:
    model = nearest(solver, claim.situations)
    shown, reproduced = [], True
    for situation in claim.situations:
        case = case_of(model, situation)
        terms = answer_in(model, situation)
        decision = replayed(case, situation.pack)
        running = (decision.verdict, decision.level, decision.four_eyes)
        reproduced = reproduced and terms == running
        shown.append(
            {"case": case, "verdict": running[0], "level": running[1], "four_eyes": running[2], "rules": list(decision.rules)}
        )
    return Finding(claim.action, claim.about, "failed", tuple(shown), reproduced)
