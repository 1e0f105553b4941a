"""`bench nlu` measures, draws and writes in one go; what it cannot measure it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.figures import nlu
from cli.figures.nlu import PARTS
from cli.main import app
from cli.reading.machinery import Machinery
from models.intents import IntentClassifier

PAGE = Path(__file__).parents[4] / "docs" / "nlu.md"
ROWS = (
    "text,category\nwhat is my balance,balance\nblock my card,block_card\nplease let me talk to a person,human\nhello,greeting\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wording_classifier: IntentClassifier):  # type: ignore[no-untyped-def]
    async def ready(_parts: Machinery) -> IntentClassifier:
        return wording_classifier

    monkeypatch.setattr(nlu, "classifier_of", ready)
    monkeypatch.setenv("TELLERGATE_ENCODER", "lexical")
    monkeypatch.setenv("TELLERGATE_MODEL", "none")
    monkeypatch.setenv("TELLERGATE_DATA_DIR", str(tmp_path / "data"))
    rows = tmp_path / "rows.csv"
    rows.write_text(ROWS, encoding="utf-8")
    return lambda *words: CliRunner().invoke(app, ["bench", "nlu", "--messages", str(rows), *words])


def test_the_page_and_its_plots_are_written_by_one_command(tmp_path: Path, run) -> None:  # type: ignore[no-untyped-def]
    page, images = tmp_path / "nlu.md", tmp_path / "images"
    images.mkdir()
    page.write_text("By hand\n" + "".join(f"<!-- measured: {part} -->\n<!-- end -->\n" for part in PARTS), encoding="utf-8")

    done: Result = run("--write", str(page))
    figures = json.loads(done.stdout)
    text = page.read_text(encoding="utf-8")

    assert done.exit_code == 0
    assert figures["flows"]["all"]["count"] == 4
    assert figures["flows"]["all"]["right"] == 1.0
    assert list(figures["readers"]) == ["without the LLaMA", "without the classifier", "the classifier alone"]
    assert "| all | 4 | 100.0 % |" in text
    assert re.search(
        r"`tellergate bench nlu --write docs/nlu.md` · \S+ \S+, \d+ cores, load [\d.]+, Python .* · \d{4}-\d\d-\d\d · encoder lexical-twin",
        text,
    )
    assert sorted(path.name for path in images.iterdir()) == ["nlu-confusion.svg", "nlu-latency.svg", "nlu-reliability.svg"]
    assert re.findall(r"measured: (benchmarks|several) -->\n<!-- end -->", text) == ["benchmarks", "several"]


def test_a_part_that_needs_public_sets_says_so(run) -> None:  # type: ignore[no-untyped-def]
    done: Result = run("--only", "several")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("tellergate: data_missing: several: --data")


def test_a_part_that_does_not_exist_is_named(run) -> None:  # type: ignore[no-untyped-def]
    done: Result = run("--only", "flow")

    assert (done.exit_code, done.stderr.strip()) == (2, f"tellergate: bench_unknown: flow: there are {', '.join(PARTS)}")


def test_the_committed_page_has_a_place_for_every_part_with_figures_and_its_command() -> None:
    text = PAGE.read_text(encoding="utf-8")

    parts = dict(re.findall(r"<!-- measured: (\w+) -->\n(.*?)<!-- end -->", text, re.DOTALL))

    assert tuple(parts) == PARTS
    assert all("`tellergate bench nlu" in part and "| --- |" in part for part in parts.values())
    for image in re.findall(r"\]\((images/[^)]+)\)", text):
        assert (PAGE.parent / image).is_file()
