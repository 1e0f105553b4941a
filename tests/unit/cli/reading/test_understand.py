"""`understand`: one line out for each line in, in order, whatever stands on it; each reader can be left out."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli.main import app
from cli.reading import readers
from cli.reading.machinery import Machinery
from cli.reading.understand import KEPT_BYTES, lines
from models.intents import IntentClassifier

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "schemas" / "understanding.json").read_text(encoding="utf-8"))
NOON = ["--now", "2026-11-22T12:00:00+05:30"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wording_classifier: IntentClassifier) -> None:
    """Its own data folder, and the classifier that is trained once for all tests."""

    async def ready(_parts: Machinery) -> IntentClassifier:
        return wording_classifier

    monkeypatch.setattr(readers, "classifier_of", ready)
    monkeypatch.setenv("TELLERGATE_DATA_DIR", str(tmp_path / "data"))


def understood(source: bytes, *options: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, ["understand", "--no-model", *NOON, *options], input=source)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


HARD = (
    b"what is my balance", b"", b"   ", b"\xff\xfe\x80 not UTF-8", b"nul \x00 inside", b"mera card kho gaya hai\r",
    b"card " * 800, b"x" * 200_000, "\u202e\u200bblock\u2028my card".encode(), "\U0001f600".encode(), b'{"text": "json"}',
    "मेरे खाते में कितना बैलेंस है".encode(),
)  # fmt: skip


def test_every_line_has_its_answer_in_order_and_in_the_documented_form() -> None:
    found = understood(b"\n".join(HARD))

    assert len(found) == len(HARD)
    assert [found[at]["intent"] for at in (0, 5, 11)] == ["balance", "block_card", "balance"]
    assert found[1]["commands"] == [{"command": "cannot_handle", "reason": "empty"}]
    for each in found:
        Draft202012Validator(SCHEMA).validate(each)


def test_a_last_line_counts_with_and_without_its_end_and_no_input_is_no_output() -> None:
    assert len(understood(b"hello\nbye\n")) == len(understood(b"hello\nbye")) == 2
    assert understood(b"") == []


def test_secrets_are_taken_out_before_anything_reads_them() -> None:
    (found,) = understood(b"my card is 4111 1111 1111 1111 and I lost it")

    assert found["flags"] == ["secret"]
    assert "4111" not in json.dumps(found)


def test_days_are_relative_to_the_instant_given() -> None:
    (found,) = understood(b"I did not make the Rs 5000 payment yesterday")

    assert found["slots"]["date"] == "2026-11-21"
    assert found["slots"]["amount_minor"] == 500_000


@pytest.mark.parametrize(
    ("left_out", "reader", "slots"),
    [((), "parser", True), (("parsers",), "classifier", False), (("classifier",), "parser", True), (("parsers", "classifier"), "parser", False)],
    ids=["none", "parsers", "classifier", "both"],
)  # fmt: skip
def test_a_reader_that_is_left_out_reads_nothing(left_out: tuple[str, ...], reader: str, slots: bool) -> None:
    (found,) = understood(b"I was charged Rs 500 twice", *(word for name in left_out for word in ("--without", name)))

    assert (found["reader"], bool(found["slots"])) == (reader, slots)
    assert (found["intent"] == "unclear") == (len(left_out) == 2)


def test_a_time_that_cannot_be_read_ends_with_its_code() -> None:
    for now in ("noon", "2026-11-22T12:00:00"):
        done = CliRunner().invoke(app, ["understand", "--no-model", "--now", now], input=b"hello\n")
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("tellergate: time_invalid: ")


def test_lines_are_bounded_in_memory_and_end_with_a_line_feed_only() -> None:
    found = list(lines(io.BytesIO(b"a" * 300_000 + b"\nb\rc\r\nd")))

    assert [len(found[0]), *found[1:]] == [KEPT_BYTES, "b\rc", "d"]
