"""Who is speaking: tone, what they may talk about, when they hand over. Personas are data (`personas.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import Broken


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(Plain):
    """One voice. `grammar` names the file of its opening sentences."""

    voice: str
    grammar: str
    tone: str
    talks_about: tuple[str, ...]
    hands_over: tuple[str, ...]
    escalation: Literal["conservative", "immediate", "licensed_advisor"]


class Rule(Plain):
    """When the supervisor picks a persona; a condition that is not given is not asked."""

    persona: str
    flow: str | None = None
    suspicious: bool | None = None
    dispute_type: tuple[str, ...] = ()
    min_risk_bp: int | None = None


class Cast(Plain):
    """All personas and the rules that choose among them."""

    version: int
    default: str
    personas: dict[str, Persona]
    supervisor: tuple[Rule, ...]


FILE = Path(__file__).with_name("personas.yaml")


@cache
def cast(path: Path = FILE) -> Cast:
    """Read the personas. Raises Broken `personas_invalid`."""
    try:
        found = Cast.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise Broken("personas_invalid", type(error).__name__) from error
    if unknown := {found.default, *(rule.persona for rule in found.supervisor)} - found.personas.keys():
        raise Broken("personas_invalid", f"unknown persona {sorted(unknown)[0]}")
    return found


def persona(name: str) -> Persona:
    """The persona of that name; an unknown name is the default one, so that a reply never fails over its tone."""
    people = cast()
    return people.personas.get(name) or people.personas[people.default]
