"""The page on worlds is true: its examples load, its errors are real, and it names every key there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bank.worlds.loader import parse_world
from bank.worlds.problems import WorldInvalid
from bank.worlds.schema import world_schema
from domain.money import Money

PAGE = (Path(__file__).parents[3] / "docs/worlds.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES, ids=["smallest", "with a payment", "with routines"])
def test_every_example_is_a_world(example: str) -> None:
    assert parse_world(example).customers


def test_the_example_with_a_payment_comes_to_what_it_says() -> None:
    world = parse_world(EXAMPLES[1])
    assert world.ledger(world.accounts[0]) == Money(734_550)


@pytest.mark.process  # seconds; the long half has the time
def test_every_key_of_a_world_is_on_the_page() -> None:
    schema = world_schema()
    keys = set(schema["properties"]).union(*(part.get("properties", {}) for part in schema["$defs"].values()))
    written = set(re.findall(r"`([a-z_0-9]+)[`:]", PAGE)) | set(
        re.findall(r"(?:^|[{ ])([a-z_0-9]+):", "".join(EXAMPLES), re.MULTILINE)
    )
    assert keys - written == set()


@pytest.mark.parametrize("line", re.findall(r"^bad\.yaml:.*$", PAGE, re.MULTILINE))
def test_the_errors_on_the_page_are_worded_as_they_come(line: str) -> None:
    _, what = line.rsplit("accounts[0].opening: ", 1) if "opening" in line else line.rsplit("counterpart: ", 1)
    text = EXAMPLES[1].replace("INR 12,345.50", "12345.50").replace("counterparty:", "counterpart:")
    with pytest.raises(WorldInvalid) as caught:
        parse_world(text, "bad.yaml")
    assert what in [problem.what for problem in caught.value.problems]
