"""Wordings with a known answer: true paraphrases that may go out and false ones that may not, over the shipped replies.

The files `paraphrases.yaml` and `adversarial.yaml` hold groups of texts by the templates and facts they are wordings of, in parts that
were written one after the other. `docs/voice.md` tells what came of each part when it was new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.grounding import Ground, check
from agents.replies import ReplyBook
from domain.clock import SystemClock
from domain.conversation import Say
from domain.errors import BadInput

#: Of the true paraphrases at least so many have to be accepted; of the false wordings none.
ACCEPTED_LIMIT = 0.9


@dataclass(frozen=True, slots=True)
class VoiceCase:
    """One wording. `wrong` says what is false or lost in it, None for a true one."""

    part: str
    template: str
    text: str
    grounds: tuple[Ground, ...]
    wrong: str | None
    phrased: bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Said(_Strict):
    template: str
    facts: dict[str, str] = {}


class _Wrong(_Strict):
    text: str
    wrong: str


class _Group(_Strict):
    says: tuple[_Said, ...]
    texts: tuple[str, ...] = ()
    cases: tuple[_Wrong, ...] = ()


def load_cases(folder: Path, book: ReplyBook) -> list[VoiceCase]:
    """All cases of a folder. Raises BadInput `cases_invalid` naming the file for anything that cannot be read."""
    return [
        case
        for name in ("paraphrases.yaml", "adversarial.yaml")
        for group in _groups(folder / name)
        for case in _cases(*group, book)
    ]


def _groups(path: Path) -> list[tuple[str, _Group]]:
    try:
        loaded: dict[str, list[Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [(part, _Group.model_validate(group)) for part, groups in loaded.items() for group in groups]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, AttributeError, TypeError) as error:
        raise BadInput("cases_invalid", f"{path}: {type(error).__name__}") from error


def _cases(part: str, group: _Group, book: ReplyBook) -> Iterable[VoiceCase]:
    says = [Say(template=said.template, facts=said.facts) for said in group.says]
    replies = [book.get(say.template) for say in says]
    grounds = tuple(
        Ground(book.render(say, "en"), say.facts, reply.must, reply.never) for say, reply in zip(says, replies, strict=True)
    )
    texts: list[tuple[str, str | None]] = [(text, None) for text in group.texts]
    texts += [(case.text, case.wrong) for case in group.cases]
    for text, wrong in texts:
        yield VoiceCase(part, says[0].template, text, grounds, wrong, all(reply.phrase for reply in replies))


def measure_check(cases: Sequence[VoiceCase], clock: SystemClock) -> dict[str, Any]:
    """What the grounding check makes of the cases, part by part, and its milliseconds a text."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kinds: dict[str, int] = defaultdict(int)
    let_out, times = [], []
    for case in cases:
        began = clock.monotonic()
        problems = check(case.text, case.grounds, "en")
        times.append((clock.monotonic() - began) * 1000)
        part = counts[case.part]
        if case.wrong is None:
            part["true"] += 1
            part["accepted"] += not problems
            for kind in {problem.kind for problem in problems}:
                kinds[kind] += 1
        else:
            part["false"] += 1
            part["let_out"] += not problems
            if not problems:
                let_out.append(f"{case.template}: {case.wrong}")
    true = sum(part["true"] for part in counts.values())
    accepted = sum(part["accepted"] for part in counts.values())
    times.sort()
    return {
        "ok": not let_out and accepted >= ACCEPTED_LIMIT * true,
        "true": true,
        "accepted": accepted,
        "accepted_share": round(accepted / true, 4) if true else 0.0,
        "accepted_limit": ACCEPTED_LIMIT,
        "false": sum(part["false"] for part in counts.values()),
        "let_out": len(let_out),
        "let_out_cases": let_out,
        "parts": {name: dict(part) for name, part in counts.items()},
        "reasons_of_refused_true_ones": dict(sorted(kinds.items())),
        "check_ms": {"p50": round(times[len(times) // 2], 3), "p95": round(times[int(0.95 * len(times))], 3)} if times else {},
    }
