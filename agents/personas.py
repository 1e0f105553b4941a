"""Who is speaking: tone, what they may talk about and may never say, when they hand over. Personas are data (`personas.yaml`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.handover import REASONS
from agents.openings import Opening
from agents.prompt_files import rule_names
from domain.errors import Broken

#: In `talks_about`: every flow.
ANY = "any"


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(Plain):
    """One voice. `grammar` names the file of its opening sentences, `never_says` patterns that no wording in its voice may hold."""

    voice: str = Field(min_length=1)
    grammar: str
    tone: str = Field(min_length=1)
    talks_about: tuple[str, ...] = Field(min_length=1)
    never_says: tuple[re.Pattern[str], ...] = ()
    hands_over: tuple[str, ...] = Field(min_length=1)
    escalation: Literal["conservative", "immediate", "licensed_advisor"]

    def serves(self, flow: str | None) -> bool:
        """Whether this persona may talk about a flow; between flows each of them may."""
        return flow is None or ANY in self.talks_about or flow in self.talks_about


class Rule(Plain):
    """When the supervisor picks a persona; a condition that is not given is not asked."""

    persona: str
    flow: str | None = None
    suspicious: bool | None = None
    dispute_type: tuple[str, ...] = ()
    min_risk_bp: int | None = Field(default=None, ge=0, le=10_000)


class Cast(Plain):
    """All personas and the rules that choose among them."""

    version: int
    default: str
    personas: dict[str, Persona]
    supervisor: tuple[Rule, ...]


FILE = Path(__file__).with_name("personas.yaml")


@cache
def cast(path: Path = FILE) -> Cast:
    """Read the personas. Raises Broken `personas_invalid` that names the place and what is wrong there."""
    try:
        found = Cast.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _invalid(f"line {line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(f"{path.name}: {type(error).__name__}") from error
    if unknown := {found.default, *(rule.persona for rule in found.supervisor)} - found.personas.keys():
        raise _invalid(f"unknown persona {sorted(unknown)[0]}")
    for name, one in found.personas.items():
        _checked(name, one)
    if ANY not in found.personas[found.default].talks_about:
        raise _invalid(f"{found.default}.talks_about: the default persona talks about {ANY}")
    for place, rule in enumerate(found.supervisor):
        if not found.personas[rule.persona].serves(rule.flow):
            raise _invalid(f"supervisor.{place}: {rule.persona} does not talk about {rule.flow}")
    return found


def _checked(name: str, one: Persona) -> None:
    """What a persona names has to be there: reasons with a next step for a person, and all kinds of opening."""
    if unknown := set(one.hands_over) - REASONS:
        raise _invalid(f"{name}.hands_over: unknown reason {sorted(unknown)[0]}")
    try:
        rules = rule_names(one.grammar)
    except OSError as error:
        raise _invalid(f"{name}.grammar: no such file {one.grammar}") from error
    if missing := set(get_args(Opening)) - set(rules):
        raise _invalid(f"{name}.grammar: {one.grammar} has no {sorted(missing)[0]}")


def _invalid(what: str) -> Broken:
    return Broken("personas_invalid", what)


def persona(name: str) -> Persona:
    """The persona of that name; an unknown name is the default one, so that a reply never fails over its tone."""
    people = cast()
    return people.personas.get(name) or people.personas[people.default]
