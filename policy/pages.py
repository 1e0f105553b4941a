"""Two reference pages made from what runs, so that they cannot drift: every fact and word (`docs/policy-facts.md`), and the rules of a
pack with their rows and limits (`docs/policy/in-rbi-rules.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from policy.documents import read_document
from policy.facts import ELSEWHERE, NEEDS, SCHEMA, FactSpec
from policy.packs import LIMITS, SHIPPED, load_pack
from policy.rules import LimitsText, Rule
from policy.vocabulary import CONCERNS, CUSTOMER_REASONS, OBLIGATION_KINDS, RECEIVERS, ROLES

MADE = "Made from the code; `tests/unit/policy/test_pages.py` compares it. How the gate uses it is told in "


def facts_page() -> str:
    """Every fact, reason, obligation, role, receiver and concern that a pack may name."""
    return "\n".join(
        [
            "# Facts and words of the policy",
            "",
            f"{MADE}[policy.md](policy.md).",
            "",
            "Age is how old a fact may be when the decision is made. The last column says for which actions it is gathered; facts of the",
            "packs of the United States and the European Union are marked with the jurisdiction.",
            "",
            *_table(("fact", "values", "stated by", "age", "meaning", "gathered for"), (_fact(spec) for spec in SCHEMA.values())),
            "",
            *_words("Reasons for customers", "The wording is in the replies of each flow.", CUSTOMER_REASONS),
            *_words("Obligations", "What a rule can make the bank owe.", OBLIGATION_KINDS),
            *_words("Roles", "Who decides when the verdict is human.", ROLES),
            "## Receivers",
            "",
            f"To whom something is owed: {', '.join(f'`{word}`' for word in RECEIVERS)}.",
            "",
            "## Concerns",
            "",
            f"In order of precedence (row A-02): {', '.join(f'`{word}`' for word in CONCERNS)}.",
            "",
        ]
    )


def rules_page(name: str = "in-rbi") -> str:
    """The bank's numbers and every rule of a shipped pack, file by file, with the row it comes from."""
    pack = load_pack(SHIPPED / name)
    limits = LimitsText.model_validate(read_document(SHIPPED / name / LIMITS).data).limits
    lines = [
        f"# Rules of the pack `{name}`",
        "",
        f"{MADE}[../policy.md](../policy.md), what we read into the rows in [{name}.md]({name}.md). {len(pack.rules)} rules.",
        "",
        "## The bank's numbers",
        "",
        *_table(
            ("limit", "value", "meaning", "source"),
            ((f"`{key}`", str(each.value), each.doc, each.source) for key, each in limits.items()),
        ),
        "",
    ]
    for file in sorted({rule.file for rule in pack.rules}):
        mine = sorted((rule for rule in pack.rules if rule.file == file), key=lambda rule: rule.line)
        lines += [f"## {file}", "", *_table(("rule", "actions", "says", "from", "source", "conf"), map(_rule, mine)), ""]
    return "\n".join(lines)


def _rule(rule: Rule) -> tuple[str, ...]:
    text = rule.text
    verdict = text.verdict or "owes " + ", ".join(owed.kind for owed in text.obligations)
    detail = (
        f" AL{text.level}"
        if text.level
        else f" ({text.role}{', four eyes' if text.four_eyes else ''})"
        if text.verdict == "human"
        else ""
    )
    until = f" to {text.valid_to}" if text.valid_to else ""
    clock = f" by `{rule.clock}`" if rule.clock else ""
    actions = ", ".join(text.actions) if len(text.actions) < 5 else f"{len(text.actions)} actions"
    return (
        rule.id,
        actions,
        f"**{verdict}**{detail}: {text.reasons.staff}",
        f"{text.valid_from}{until}{clock}",
        text.source,
        text.confidence,
    )


def _fact(spec: FactSpec) -> tuple[str, ...]:
    if spec.type == "bool":
        values = "yes/no"
    elif spec.type == "int":
        values = "minor units" if spec.name.endswith("_minor") else f"{spec.low} … {spec.high}"
    else:
        values = ", ".join(spec.values) or ("ISO date" if spec.is_date else "text")
    age = "frozen" if spec.source == "proposal" else "—" if spec.max_age_s is None else f"{spec.max_age_s} s"
    stated = f"{spec.source}, declared" if spec.declared else spec.source
    return (f"`{spec.name}`", values, stated, age, spec.doc, _gathered(spec.name))


def _gathered(name: str) -> str:
    here = [action for action, names in NEEDS.items() if name in names]
    if len(here) > len(NEEDS) // 2:
        rest = [action for action in NEEDS if action not in here]
        return "all" + (f" but {', '.join(rest)}" if rest else "")
    abroad = [f"{action} ({land})" for land, extra in ELSEWHERE.items() for action, names in extra.items() if name in names]
    return ", ".join([*here, *abroad])


def _words(title: str, about: str, words: dict[str, str]) -> list[str]:
    return [
        f"## {title}",
        "",
        about,
        "",
        *_table(("word", "meaning"), ((f"`{word}`", meaning) for word, meaning in words.items())),
        "",
    ]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, tuple("---" for _ in head), *rows)]


#: File below docs/ → its text.
PAGES = {"policy-facts.md": facts_page, "policy/in-rbi-rules.md": rules_page}


def write_pages(docs: Path) -> None:
    """Write all pages below the folder of the documentation."""
    for name, text in PAGES.items():
        (docs / name).write_text(text())
