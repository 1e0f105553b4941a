"""The proof report: a part that is run alone renews its own section and leaves the others as they are."""

from __future__ import annotations

from tests.prove import PARTS, REPORT, sections_of, written


def test_sections_are_found_again_as_they_were_written() -> None:
    sections = {"kills": "## a\n\n| 1 |\n", "verify": "## b\n\ntext\n"}
    assert sections_of(written(sections)) == sections
    assert written(sections).index("## a") < written(sections).index("## b")


def test_the_committed_report_consists_of_known_parts() -> None:
    report = REPORT.read_text(encoding="utf-8")
    assert set(sections_of(report)) <= set(PARTS)
    assert written(sections_of(report)) == report
