"""What came of the proofs, for people as a table and for programs as one object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from policy.verification.prover import ALL, Finding, Result, Verification


def as_data(verifications: Sequence[Verification]) -> dict[str, Any]:
    """One object: `ok`, and by pack its rules, what could not be translated, and every invariant with what was found."""
    return {
        "ok": all(each.ok for each in verifications),
        "packs": [
            {
                "pack": each.pack,
                "digest": each.digest,
                "rules": each.rules,
                "untranslated": list(each.untranslated),
                "ok": each.ok,
                "seconds": round(sum(result.seconds for result in each.results), 3),
                "invariants": [_result(result) for result in each.results],
            }
            for each in verifications
        ],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "name": result.invariant,
        "says": result.says,
        "rows": result.rows,
        "ok": result.ok,
        "claims": result.claims,
        "seconds": round(result.seconds, 3),
        "findings": [_finding(finding) for finding in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "action": finding.action,
        "about": finding.about,
        "status": finding.status,
        "reproduced": finding.reproduced,
        "cases": list(finding.cases),
    }


def as_text(verifications: Sequence[Verification]) -> str:
    """A table of invariants by packs, then each finding with cases that `tellergate policy decide` answers as shown."""
    wide = max(len(invariant.name) for invariant in ALL)
    head = "  ".join(f"{each.pack:>18}" for each in verifications)
    lines = [f"{'invariant':<{wide}}  {head}"]
    names = dict.fromkeys(result.invariant for each in verifications for result in each.results)
    for name in names:
        cells = [next((_cell(r) for r in each.results if r.invariant == name), "-") for each in verifications]
        lines.append(f"{name:<{wide}}  " + "  ".join(f"{cell:>18}" for cell in cells))
    for each in verifications:
        proven = sum(result.ok for result in each.results)
        seconds = sum(result.seconds for result in each.results)
        lines.append("")
        lines.append(
            f"{each.pack} {each.digest[:12]}: {each.rules} rules, {len(each.untranslated)} untranslated; "
            f"{proven} of {len(each.results)} invariants proven in {seconds:.1f} s"
        )
        lines += [f"  not translated: {reason}" for reason in each.untranslated]
        for result in each.results:
            for finding in result.findings:
                lines += _shown(result, finding)
    return "\n".join(lines)


def _cell(result: Result) -> str:
    state = f"proven ({result.claims})" if result.ok else f"FAILED {len(result.findings)}/{result.claims}"
    return f"{state} {result.seconds:.2f}s"


def _shown(result: Result, finding: Finding) -> list[str]:
    lines = [f"  {result.invariant}: {finding.action} {finding.about}: {finding.status} ({result.says}; {result.rows})"]
    for case in finding.cases:
        answer = case["verdict"] + (f" AL{case['level']}" if case["level"] else "") + (" four eyes" if case["four_eyes"] else "")
        lines.append(f"    {answer} by {', '.join(case['rules']) or 'no rule'}")
        lines.append(f"    {json.dumps(case['case'], ensure_ascii=False)}")
    if finding.cases and not finding.reproduced:
        lines.append("    the gate answers otherwise than the terms: a fault of the translation")
    return lines
