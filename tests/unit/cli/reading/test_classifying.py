"""`bench intents` and `bench oos`: the figures follow from what the classifier says, and the commands keep their contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.reading.classifying import TAKES, WARM_UP, Measured, intent_figures, measure, milliseconds, oos_figures
from cli.reading.labelled import Labelled
from cli.reading.pipeline import Reading

WORDS = {
    "balance": ("how much money is in my account", "what is my balance", "tell me the balance of my savings", "balance please"),
    "loss": (
        "I lost my debit card",
        "my card was stolen, block it",
        "please block the card at once",
        "card is missing, block it",
    ),
    "oos": ("what is the weather in Pune", "play some music", "who won the cricket match", "tell me a joke about cats"),
}
ROWS = Labelled(("a", "b", "c", "d"), ("x", "x", "y", "oos"))


class Says:
    """A pipeline that gives one fixed reading for each text."""

    def __init__(self, **readings: Reading) -> None:
        self.readings, self.asked = readings, 0

    async def predict(self, texts: Sequence[str]) -> list[Reading]:
        return [self.readings[text] for text in texts]

    async def classify(self, text: str) -> bool:
        self.asked += 1
        return text in self.readings


class Steps:
    """A clock that has moved on a millisecond each time it is looked at."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        self.at += 0.001
        return self.at


def reading(label: str, best: str, confidence: float, in_scope: float) -> Reading:
    return Reading(label, best, confidence, in_scope)


async def found(*readings: Reading) -> Measured:
    return await measure(Says(**dict(zip("abcd", readings, strict=True))), ROWS, Steps())


async def test_a_perfect_pipeline_has_perfect_figures() -> None:
    figures = oos_figures(
        await found(reading("x", "x", 1, 0.9), reading("x", "x", 1, 0.8), reading("y", "y", 1, 0.7), reading("oos", "y", 1, 0.1))
    )

    assert {name: figures[name] for name in ("auroc", "in_scope_accuracy", "oos_recall", "ece")} == {
        "auroc": 1.0, "in_scope_accuracy": 1.0, "oos_recall": 1.0, "ece": 0.0,
    }  # fmt: skip


async def test_a_wrong_pipeline_has_low_figures() -> None:
    wrong = await found(
        reading("y", "y", 1, 0.1), reading("y", "y", 1, 0.2), reading("x", "x", 1, 0.3), reading("x", "x", 1, 0.9)
    )

    assert (oos_figures(wrong)["auroc"], oos_figures(wrong)["in_scope_accuracy"]) == (0.0, 0.0)
    assert (intent_figures(wrong)["accuracy"], intent_figures(wrong)["macro_f1"]) == (0.0, 0.0)
    assert intent_figures(wrong)["ece"] == 1.0


async def test_a_row_in_scope_that_was_refused_is_wrong_though_its_likeliest_label_is_right() -> None:
    figures = oos_figures(
        await found(
            reading("oos", "x", 0.6, 0.4), reading("x", "x", 1, 0.8), reading("y", "y", 1, 0.7), reading("x", "x", 1, 0.4)
        )
    )

    assert (figures["in_scope_accuracy"], figures["in_scope_best"]) == (0.6667, 1.0)
    assert figures["oos_recall"] == 0.0
    assert figures["auroc"] == round(2.5 / 3, 4)


async def test_each_message_is_timed_alone_after_a_warm_up() -> None:
    says = Says(a=reading("x", "x", 1, 1))

    assert await milliseconds(says, ["a", "a", "a"], Steps()) == pytest.approx([1.0] * 3)
    assert says.asked == WARM_UP + TAKES * 3


def rows(path: Path, *labels: str, part: slice = slice(None), name: str = "") -> Path:
    lines = [f'"{text}",{name or label}' for label in labels for text in WORDS[label][part]]
    path.write_text("\n".join(["text,category", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def lexical(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TELLERGATE_ENCODER", "lexical")
    monkeypatch.setenv("TELLERGATE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def bench(what: str, train: Path, test: Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["bench", what, "--train", str(train), "--test", str(test)])
    return done.exit_code, done.stdout, done.stderr


def test_intents_prints_one_object_and_its_progress_elsewhere(lexical: Path) -> None:
    train, test = rows(lexical / "a.csv", "balance", "loss"), rows(lexical / "b.csv", "balance", "loss", part=slice(2))

    code, out, err = bench("intents", train, test)
    figures = json.loads(out)

    assert code == 0
    assert len(out.splitlines()) == 1
    assert (figures["accuracy"], figures["macro_f1"]) == (1.0, 1.0)
    assert {"p50_ms", "p95_ms", "ece"} <= set(figures)
    assert (figures["train"], figures["test"], figures["categories"]) == (8, 4, 2)
    assert figures["encoder"] == "lexical-twin"
    assert "fitting on 8 rows" in err


def test_oos_tells_other_texts_from_ours_with_and_without_examples_of_them(lexical: Path) -> None:
    test = rows(lexical / "b.csv", "balance", "loss", "oos", part=slice(2))

    for train in (rows(lexical / "a.csv", "balance", "loss", "oos"), rows(lexical / "c.csv", "balance", "loss")):
        code, out, _ = bench("oos", train, test)
        figures = json.loads(out)
        assert code == 0
        assert figures["auroc"] == 1.0
        assert figures["in_scope_best"] == 1.0
        assert figures["categories"] == 2


@pytest.mark.parametrize(
    ("what", "train", "test", "code"),
    [
        ("intents", ("balance",), ("balance",), "labelled_one_class"),
        ("oos", ("balance", "oos"), ("balance", "oos"), "labelled_one_class"),
        ("oos", ("balance", "loss"), ("balance",), "labelled_one_class"),
        ("oos", ("balance", "loss"), ("oos",), "labelled_one_class"),
        ("intents", (), ("balance",), "labelled_empty"),
    ],
    ids=["one category", "one in scope", "nothing out of scope", "nothing in scope", "no rows"],
)
def test_what_cannot_be_measured_ends_with_its_code(
    lexical: Path, what: str, train: tuple[str, ...], test: tuple[str, ...], code: str
) -> None:
    status, out, err = bench(what, rows(lexical / "a.csv", *train), rows(lexical / "b.csv", *test))

    assert (status, out) == (2, "")
    assert err.startswith(f"tellergate: {code}: ")
    assert "Traceback" not in err
