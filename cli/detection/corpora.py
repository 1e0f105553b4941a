"""Labelled texts to measure detection with: public sets in a folder given, and sets of our own in which the secrets are marked.

A set that is not in the folder is left out, and the result names it; a file that is there and cannot be read is an error.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from domain.errors import BadInput

#: How the public sets call what we call otherwise; types that are not here (names, places, vehicles) are none of ours.
KIND_OF = {
    "CREDIT_CARD": "card", "AADHAAR": "aadhaar", "IN_AADHAAR": "aadhaar", "AADHAAR_VID": "aadhaar", "PASSWORD": "password",
    "PHONE_NUMBER": "phone", "PHONE_IN": "phone", "INDIAN_MOBILE": "phone", "EMAIL_ADDRESS": "email", "EMAIL": "email",
    "IBAN_CODE": "account", "BANK_ACCOUNT": "account", "BANK_ACCOUNT_IN": "account", "PAN": "pan", "IN_PAN": "pan",
    "GSTIN": "gstin", "IN_GSTIN": "gstin", "IFSC": "ifsc", "UPI_ID": "upi", "UPI_VPA": "upi",
}  # fmt: skip
_MARK = re.compile(r"\[\[(\w+):(.+?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what stands in it; no spans means that nothing may be found."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """Texts of one set that are all attacks, or all harmless. `of_others`: they stand where a tool returns them."""

    name: str
    attack: bool
    of_others: bool
    #: (what keeps near copies together, text)
    rows: tuple[tuple[str, str], ...]

    def half(self, number: int) -> Screened:
        """0: what patterns were built on, 1: what they are measured on; near copies stay together."""
        rows = tuple(row for row in self.rows if hashlib.sha256(row[0].encode()).digest()[-1] % 2 == number)
        return Screened(self.name, self.attack, self.of_others, rows)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file, compressed or not; [] where it is not there. Raises BadInput `corpus_unreadable`."""
    if not path.is_file():
        return []
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return [json.loads(line) for line in raw.decode("utf-8").split("\n") if line.strip()]
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise BadInput("corpus_unreadable", path.name) from error


def labelled_sets(data: Path) -> dict[str, list[Labelled]]:
    """Sentences with labelled personal data, by set."""
    files = {
        "presidio_research": data / "presidio_research" / "dev" / "sentences.jsonl.gz",
        "indian_ids": data / "indian_ids" / "dev" / "sentences.jsonl",
    }
    return {name: [_labelled(row) for row in read_rows(path)] for name, path in files.items()}


def _labelled(row: dict[str, Any]) -> Labelled:
    found = row.get("spans", row.get("entities", []))
    spans = [Span(KIND_OF[each["type"]], each["start"], each["end"]) for each in found if each["type"] in KIND_OF]
    return Labelled(row["text"], tuple(spans))


def validity_vectors(data: Path) -> list[tuple[str, str, bool, str]]:
    """Identifiers: type, value, whether it is valid, under which rule."""
    rows = read_rows(data / "indian_ids" / "dev" / "vectors.jsonl")
    return [(row["type"], row["value"], bool(row["valid"]), row["rule"]) for row in rows]


def marked_sets(path: Path) -> dict[str, list[Labelled]]:
    """Sections of a YAML file (section → language → texts) in which each secret stands as `[[kind:value]]`."""
    return {
        section: [_unmarked(text) for texts in languages.values() for text in texts]
        for section, languages in _read_yaml(path).items()
    }


def _unmarked(marked: str) -> Labelled:
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append(Span(mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        at = mark.end()
    return Labelled(text + marked[at:], tuple(spans))


def _read_yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadInput("corpus_unreadable", path.name) from error
    return found if isinstance(found, dict) else {}


def own_attacks(path: Path) -> list[Screened]:
    """A YAML file: `attacks` and `harmless` → source → language → texts; every source but `message` is text of others."""
    return [
        Screened(
            f"{section} in {source}", section == "attacks", source != "message", tuple((text, text) for text in _flat(languages))
        )
        for section, sources in _read_yaml(path).items()
        for source, languages in sources.items()
    ]


def _flat(languages: dict[str, list[str]]) -> list[str]:
    return [text for texts in languages.values() for text in texts]


def public_attacks(data: Path) -> list[Screened]:
    """Attacks and harmless texts of the public sets."""
    rows = {name: read_rows(data / path) for name, path in _ATTACKS.items()}
    sets = [
        Screened("notinject", False, False, _pairs(rows["notinject"], "text")),
        Screened("piguard harmless", False, False, _pairs([row for row in rows["piguard"] if not int(row["label"])], "prompt")),
        Screened("piguard", True, False, _pairs([row for row in rows["piguard"] if int(row["label"])], "prompt")),
        Screened("bipia e-mails", False, True, _pairs(rows["bipia_mails"], "context")),
        Screened("bipia", True, True, _pairs(rows["bipia"], "text")),
    ]
    for language in ("English", "Hindi", "Bengali"):
        spoken = [row for row in rows["cyberseceval"] if row["speaking_language"] == language]
        sets.append(Screened(f"cyberseceval {language}", True, False, _pairs(spoken, "user_input", "base_prompt_id")))
    for kind in sorted({str(row["kind"]) for row in rows["garak"]}):
        chosen = [row for row in rows["garak"] if row["kind"] == kind]
        sets.append(Screened(f"garak {kind}", True, kind.startswith("indirect"), _pairs(chosen, "text")))
    goals = [str(row["goal"]) for row in (*rows["agentdojo"], *rows["agentdojo_others"])]
    templates = _templates(data / "agentdojo_banking" / "common" / "attack_templates.json")
    planted = tuple((goal, template.replace("{goal}", goal)) for goal in goals for template in templates)
    sets += [
        Screened("agentdojo goals", True, True, tuple((goal, goal) for goal in goals)),
        Screened("agentdojo", True, True, planted),
    ]
    return [each for each in sets if each.rows]


_ATTACKS = {
    "notinject": "notinject/dev/benign.jsonl",
    "piguard": "notinject/dev/piguard_valid.jsonl",
    "cyberseceval": "cyberseceval_prompt_injection/dev/cases.jsonl",
    "garak": "garak/dev/attacks.jsonl.gz",
    "bipia": "bipia/dev/text_attacks.jsonl",
    "bipia_mails": "bipia/dev/email_contexts.jsonl",
    "agentdojo": "agentdojo_banking/dev/injection_tasks.jsonl",
    "agentdojo_others": "agentdojo_banking/dev/injection_tasks_other_suites.jsonl",
}


def _pairs(rows: list[dict[str, Any]], text: str, group: str = "id") -> tuple[tuple[str, str], ...]:
    return tuple((str(row[group]), str(row[text])) for row in rows)


def _templates(path: Path) -> list[str]:
    """The published ways to plant a goal, with plain words for whom they speak to."""
    if not path.is_file():
        return []
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput("corpus_unreadable", path.name) from error
    texts = [str(each.get("_JB_STRING") or each.get("template") or "") for each in found.values()]
    named = [text.replace("{user}", "the user").replace("{model}", "AI assistant").replace("{tools}", "") for text in texts]
    return [text for text in named if "{goal}" in text]
