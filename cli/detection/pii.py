"""`tellergate bench pii`: recall and precision of what is found in text, by kind; validity of identifiers; time, also at its worst."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from agents import identifiers
from agents.checksums import is_aadhaar, luhn
from agents.masking import find_secrets, mask
from agents.personal import find_personal
from cli.detection.corpora import Labelled, Span, labelled_sets, marked_sets, validity_vectors
from models.measures import percentile
from runtime.bootstrap import ROOT

#: Messages by another hand, and the kinds that have to be found there.
MARKED = ROOT / "tests" / "data" / "nlu" / "blind-secrets.yaml"
OWN = "by another hand"
LEAST_RECALL = 0.99
HELD_TO = ("card", "aadhaar", "otp", "cvv", "pin")
LONGEST = 4000
#: What a text of full length is made of when it is to take long.
SLOW_PIECES = (
    "1 ",
    "+91 ",
    ",1",
    "=1",
    "otp 1 ",
    "password ",
    "Ab1@ pass ",
    "9876543210 ",
    "@",
    "a.",
    "double four ",
    "4️⃣",
    "पिन १ ",
    "one ",
)
_VALID: dict[str, Callable[[str], bool]] = {
    "PAN": identifiers.is_pan,
    "GSTIN": identifiers.is_gstin,
    "IFSC": identifiers.is_ifsc,
    "UPI_VPA": identifiers.is_upi,
    "AADHAAR": lambda value: is_aadhaar(value.replace(" ", "")),
    "VID": lambda value: identifiers.is_virtual_id(value.replace(" ", "")),
    "LUHN": lambda value: value.isdigit() and luhn(value),
}


def bench_pii(data: Path | None, marked: Path | None) -> dict[str, Any]:
    """Figures of every set that is there; `ok` is false where a recall that is promised is missed. Raises BadInput `corpus_unreadable`."""
    public = labelled_sets(data) if data else {}
    own = marked_sets(marked or MARKED)
    sets = {name: rows for name, rows in (*public.items(), (OWN, [row for rows in own.values() for row in rows])) if rows}
    # In the messages by another hand only secrets are marked, so nothing can be said of the rest there.
    figures = {name: score(rows, secrets_only if name == OWN else find_all) for name, rows in sets.items()}
    held = [(figures[OWN], kind) for kind in HELD_TO if kind in figures.get(OWN, {})]
    held += [(figures["presidio_research"], "card")] if "presidio_research" in figures else []
    texts = [row.text for rows in sets.values() for row in rows]
    return {
        "ok": all(found[kind]["recall"] >= LEAST_RECALL for found, kind in held),
        "least_recall": LEAST_RECALL,
        "sets": figures,
        "harmless_touched": _touched([row for rows in sets.values() for row in rows if not row.spans]),
        "identifiers": _identifiers(data) if data else {},
        "time": _times(texts),
        "left_out": sorted({"presidio_research", "indian_ids", OWN} - sets.keys()),
    }


def find_all(text: str) -> list[Span]:
    """Secrets and personal data as one list; a secret wins where both stand."""
    found = secrets_only(text)
    return found + [
        Span(one.kind, one.start, one.end)
        for one in find_personal(text)
        if not any(one.start < each.end and each.start < one.end for each in found)
    ]


def secrets_only(text: str) -> list[Span]:
    return [Span(one.kind, one.start, one.end) for one in find_secrets(text)]


def score(rows: Iterable[Labelled], find: Callable[[str], list[Span]] = find_all) -> dict[str, dict[str, Any]]:
    """By kind: how many spans are covered whole, and how many finds touch a span of any kind."""
    wanted: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    said: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in rows:
        found = find(row.text)
        for span in row.spans:
            wanted[span.kind] += 1
            covered[span.kind] += any(one.start <= span.start and span.end <= one.end for one in found)
        for one in found:
            said[one.kind] += 1
            right[one.kind] += any(one.start < span.end and span.start < one.end for span in row.spans)
    figures: dict[str, dict[str, Any]] = defaultdict(dict)
    for kind in sorted(wanted | said):
        figures[kind] = {"spans": wanted[kind], "covered": covered[kind], "found": said[kind], "right": right[kind]}
        figures[kind] |= {"recall": _share(covered[kind], wanted[kind]), "precision": _share(right[kind], said[kind])}
    return dict(figures)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def _touched(rows: list[Labelled]) -> dict[str, int]:
    """Texts without anything to hide, and in how many of them a secret was seen."""
    return {"texts": len(rows), "touched": sum(bool(find_secrets(row.text)) for row in rows)}


def _identifiers(data: Path) -> dict[str, Any]:
    """Verdicts by type and rule. That a branch exists stands in no form, so those rows are told apart."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, value, valid, rule in validity_vectors(data):
        if kind in _VALID:
            verdict = _VALID[kind](value)
            found[f"{kind}, {rule}"]["right" if verdict is valid else "accepted wrongly" if verdict else "refused wrongly"] += 1
    return {name: dict(counts) for name, counts in sorted(found.items())}


def _times(texts: list[str]) -> dict[str, Any]:
    """Milliseconds of CPU a message, both looks together, and the longest that a text of full length takes."""
    took = sorted(_cpu_ms(text) for text in texts) or [0.0]
    worst = max(((_cpu_ms((piece * LONGEST)[:LONGEST]), piece) for piece in SLOW_PIECES), key=lambda one: one[0])
    return {
        "p50_ms": round(percentile(took, 50), 4),
        "p95_ms": round(percentile(took, 95), 4),
        "worst_ms": round(worst[0], 1),
        "worst_made_of": worst[1],
        "worst_characters": LONGEST,
    }


def _cpu_ms(text: str) -> float:
    started = time.process_time()
    mask(text)
    find_personal(text)
    return (time.process_time() - started) * 1000
