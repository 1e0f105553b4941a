"""Plots and page: what is drawn follows from the figures, and only measured parts of a page change."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.figures.page import percent, rewrite, table
from cli.figures.plots import confusion_plot, latency_plot, reliability_plot
from cli.figures.svg import Picture
from domain.errors import BadInput

SVG = "{http://www.w3.org/2000/svg}"


def words(drawn: str) -> list[str]:
    return [mark.text or "" for mark in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_a_confusion_shows_every_count_and_puts_what_nobody_meant_last() -> None:
    drawn = words(confusion_plot(["loss", "loss", "balance"], ["loss", "apart", "balance"], "Title"))

    assert drawn[:2] == ["Title", "rows: what was meant · columns: what was read · shade: share of the row"]
    assert drawn[2:5] == ["balance", "loss", "apart"]
    assert drawn[5:] == ["balance", "1", "loss", "1", "1"]


def test_a_reliability_diagram_says_its_error_and_how_many_stand_behind_each_bar() -> None:
    drawn = words(reliability_plot([0.95, 0.95, 0.65], [True, False, True], "Title"))

    assert "3 messages · expected calibration error 0.417" in drawn
    assert [text for text in drawn if text in {"1", "2"}] == ["1", "2"]


def test_a_histogram_holds_every_message_and_names_its_percentiles() -> None:
    drawn = latency_plot([1.0] * 98 + [2.0, 400.0], 12.0, "Title")

    assert "100 messages · p50 1.0 ms · p95 1.0 ms · slowest 400.0 ms · limit for p95 12 ms" in words(drawn)
    assert {"p50", "p95", "limit"} <= set(words(drawn))


def test_plots_are_the_same_for_the_same_figures_and_hold_any_text() -> None:
    picture = Picture(100, 50, "a < b & c", 'says "so"')

    assert words(str(picture)) == ["a < b & c"]
    assert latency_plot([1.0, 2.0], 12.0, "T") == latency_plot([1.0, 2.0], 12.0, "T")


def test_only_the_parts_that_were_measured_are_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# By hand\n<!-- measured: one -->\nold\n<!-- end -->\n\n<!-- measured: two -->\nkept\n<!-- end -->\nend\n",
        encoding="utf-8",
    )

    rewrite(page, {"one": "new \\1 text\n"})

    assert page.read_text(encoding="utf-8") == (
        "# By hand\n<!-- measured: one -->\n\nnew \\1 text\n\n<!-- end -->\n\n<!-- measured: two -->\nkept\n<!-- end -->\nend\n"
    )


def test_a_page_without_a_place_for_a_part_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing measured", encoding="utf-8")

    for path in (page, tmp_path / "absent.md"):
        with pytest.raises(BadInput) as raised:
            rewrite(path, {"one": "text"})
        assert raised.value.code == "page_without_part"
    assert page.read_text(encoding="utf-8") == "nothing measured"


def test_a_table_is_markdown() -> None:
    assert table(("a", "b"), [("1", percent(0.5))]) == "| a | b |\n| --- | --- |\n| 1 | 50.0 % |\n"
