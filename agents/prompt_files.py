"""Prompts and grammars as versioned files: what a model is told is data with a name, a version and a digest."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agents.grammar_check import grammar_problem
from domain.errors import BadInput, Broken
from models.port import ChatModel, Prompt, Shot

FOLDER = Path(__file__).parent / "prompts"
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_RULE = re.compile(r"^([a-z][a-z0-9-]*) ::=", re.MULTILINE)
COMPILE_S = 5.0


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt's constant part. `label` is what a turn records: name@version and the start of the file's digest."""

    label: str
    system: str
    shots: tuple[Shot, ...]
    #: grammar files that answers to this prompt are held to
    grammars: tuple[str, ...] = ()

    def ask(self, user: str) -> Prompt:
        return Prompt(self.system, user, self.shots)


@cache
def prompt_file(name: str) -> PromptFile:
    """Read `prompts/<name>.md`. Raises Broken `prompt_invalid`."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    head = _HEAD.match(text)
    fields = dict(line.split(": ", 1) for line in head.group(1).splitlines()) if head else {}
    parts = re.split(r"^# (System|Example)\n", text[head.end() :] if head else "", flags=re.MULTILINE)[1:]
    sections = list(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    if (
        fields.get("name") != name
        or not fields.get("version", "").isdigit()
        or [kind for kind, _ in sections].count("System") != 1
    ):
        raise Broken("prompt_invalid", name)
    shots = [body.rsplit("\n> ", 1) for kind, body in sections if kind == "Example"]
    if any(len(shot) != 2 for shot in shots):
        raise Broken("prompt_invalid", f"{name}: an example is a text and an answer after '> '")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    system = next(body for kind, body in sections if kind == "System")
    return PromptFile(
        label=f"{name}@{fields['version']}:{digest}",
        system=system,
        shots=tuple(Shot(user.strip(), answer.strip()) for user, answer in shots),
        grammars=tuple(filter(None, fields.get("grammar", "").split(", "))),
    )


@cache
def grammar_rules(name: str) -> str:
    """The rules of `prompts/<name>.gbnf`, comments left out. Raises Broken `grammar_invalid` with file, line and reason."""
    text = (FOLDER / f"{name}.gbnf").read_text(encoding="utf-8")
    if problem := grammar_problem(text):
        raise Broken("grammar_invalid", f"{name}.gbnf, {problem}")
    return "\n".join(line for line in text.splitlines() if line and not line.startswith("#")) + "\n"


def rule_names(name: str) -> tuple[str, ...]:
    return tuple(_RULE.findall(grammar_rules(name)))


def grammar(name: str, *starts: str) -> str:
    """The grammar `name`, starting at any one of the rules `starts`. Raises Broken `grammar_unknown`."""
    if unknown := set(starts) - set(rule_names(name)):
        raise Broken("grammar_unknown", f"{name}: {sorted(unknown)[0]}")
    return f"root ::= {' | '.join(starts)}\n{grammar_rules(name)}"


def every_grammar() -> dict[str, str]:
    """Each grammar file with each of its rules as the start, as `file:rule`. Raises Broken `grammar_invalid`."""
    names = sorted(path.stem for path in FOLDER.glob("*.gbnf"))
    return {f"{name}:{start}": grammar(name, start) for name in names for start in rule_names(name)}


async def compile_grammars(model: ChatModel, deadline_s: float = COMPILE_S) -> int:
    """At start, have the model compile every grammar beside the prompt that uses it, which also warms the prompts' constant parts.

    Returns how many; raises Broken `grammar_invalid` with the file and the rule that the model cannot compile, Unavailable.
    """
    count = 0
    for prompt in map(prompt_file, sorted(path.stem for path in FOLDER.glob("*.md"))):
        for name in prompt.grammars:
            rules = rule_names(name)
            if not await _compiles(model, prompt, grammar(name, *rules), deadline_s):
                refused = [rule for rule in rules if not await _compiles(model, prompt, grammar(name, rule), deadline_s)]
                raise Broken("grammar_invalid", f"{name}.gbnf: the model cannot compile `{(refused or rules)[0]}`")
            count += 1
    return count


async def _compiles(model: ChatModel, prompt: PromptFile, text: str, deadline_s: float) -> bool:
    try:
        await model.complete(prompt.ask("-"), grammar=text, max_tokens=1, deadline_s=deadline_s)
    except BadInput as error:
        if error.code != "grammar_invalid":
            raise
        return False
    return True
