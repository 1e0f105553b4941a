"""Messages as customers write them, and the commands they are: several wishes, what is not wanted, what is taken back, two languages at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from agents.understanding import MessageReader
from domain.conversation import Command, Understanding
from tests.unit.agents.test_understanding import CHOICE, CODE, CONFIRM, WHICH, Clock, context

CASES = yaml.safe_load((Path(__file__).parents[2] / "vectors" / "readings.yaml").read_text(encoding="utf-8"))
AWAITED = {"nothing": None, "text": WHICH, "choice": CHOICE, "confirm": CONFIRM, "code": CODE}
#: Read out of the words, and tested with `agents.slots`; they would hide what is tested here.
BESIDE = {"currency", "dispute_type"}
NOT_UNDERSTOOD = "?"


def _said(command: Command) -> str:
    return " ".join([command.command, *(f"{value}" for name, value in command if name != "command")])


def told(reading: Understanding) -> str:
    """The commands of a reading in the notation of the table."""
    parts = []
    for command in reading.commands:
        if command.command in ("set", "correct"):
            parts += [f"{command.command} {command.slot}={command.value}"] if command.slot not in BESIDE else []
        elif command.command == "cannot_handle":
            parts += [NOT_UNDERSTOOD] if len(reading.commands) == 1 else []
        else:
            parts.append(_said(command))
    return "; ".join(parts)


@pytest.mark.parametrize("kind", CASES)
async def test_a_message_is_the_commands_it_was_meant_as(kind: str) -> None:
    read = {}
    for awaited, text, _ in CASES[kind]:
        flow = "dispute" if awaited != "nothing" else None
        read[awaited, text] = told(await MessageReader(Clock()).understand(text, context(AWAITED[awaited], flow)))  # type: ignore[arg-type]

    assert read == {(awaited, text): commands for awaited, text, commands in CASES[kind]}


def test_the_table_is_as_large_as_it_is_said_to_be() -> None:
    assert sum(map(len, CASES.values())) >= 120
