"""The three plots of the page on reading: confusion of the intents, reliability of the confidence, time a message takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cli.figures.svg import ACCENT, INK, LINE, MUTED, PAPER, WARNING, Picture
from models.measures import calibration_error, confusion, percentile, reliability

CELL = 40
#: Bins of the histogram; what is slower than the last stands in it.
TIME_BINS = 30
#: Bars of fewer messages than this say little and are drawn pale.
FEW = 20


def confusion_plot(expected: Sequence[str], said: Sequence[str], title: str) -> str:
    """Rows: what was meant; columns: what was read; shade: share of the row."""
    labels, counts = _meant_first(*confusion(expected, said), set(expected))
    rows = range(len(set(expected)))
    left, top = 130, 150
    width, height = left + CELL * len(labels) + 40, top + CELL * len(rows) + 30
    picture = Picture(width, height, title, f"Confusion matrix of {len(rows)} intents over {len(expected)} messages")
    picture.text(20, 50, "rows: what was meant · columns: what was read · shade: share of the row", colour=MUTED)
    for column, label in enumerate(labels):
        picture.text(left + CELL * column + CELL / 2 + 4, top - 8, label, turned=-45)
    for place, row in enumerate(rows):
        y, total = top + CELL * place, sum(counts[row])
        picture.text(left - 10, y + CELL / 2 + 4, labels[row], anchor="end")
        for column, count in enumerate(counts[row]):
            share, x = count / total, left + CELL * column
            colour = ACCENT if column == row else WARNING
            picture.box(x, y, CELL, CELL, fill=PAPER, line=LINE)
            if count:
                picture.box(x + 0.5, y + 0.5, CELL - 1, CELL - 1, fill=colour, opacity=0.12 + 0.88 * share)
                ink = PAPER if share > 0.5 else INK
                picture.text(x + CELL / 2, y + CELL / 2 + 4, str(count), anchor="middle", colour=ink, size=11)
    return str(picture)


def _meant_first(labels: list[str], counts: list[list[int]], meant: set[str]) -> tuple[list[str], list[list[int]]]:
    """The same matrix with the labels that nobody meant at its end."""
    order = sorted(range(len(labels)), key=lambda at: (labels[at] not in meant, labels[at]))
    return [labels[at] for at in order], [[counts[row][column] for column in order] for row in order]


def reliability_plot(confidence: Sequence[float], right: Sequence[bool], title: str) -> str:
    """How often readings of a confidence are right, against the diagonal; beneath, how many there are of each."""
    side, left, top, tail = 360, 70, 80, 80
    bins = reliability(confidence, right)
    error = calibration_error(confidence, right)
    picture = Picture(left + side + 40, top + side + tail + 100, title, f"Reliability diagram, calibration error {error:.3f}")
    picture.text(20, 50, f"{len(confidence)} messages · expected calibration error {error:.3f}", colour=MUTED)
    _axes(picture, left, top, side)
    width, most = side / len(bins), max(each.count for each in bins)
    floor = top + side + 44 + tail
    for number, each in enumerate(bins):
        x, tall = left + width * number, side * each.accuracy
        if each.count:
            picture.box(x + 3, top + side - tall, width - 6, tall, fill=ACCENT, opacity=0.75 if each.count >= FEW else 0.25)
            picture.line(
                x + 3,
                top + side * (1 - each.confidence),
                x + width - 3,
                top + side * (1 - each.confidence),
                colour=WARNING,
                width=2,
            )
        deep = (tail - 26) * each.count / most
        picture.box(x + 3, floor - deep, width - 6, deep, fill=MUTED, opacity=0.5)
        picture.text(x + width / 2, floor - deep - 4, str(each.count), size=10, anchor="middle", colour=MUTED)
    picture.line(left, top + side, left + side, top, colour=MUTED, dashes="4 4")
    picture.line(left, floor, left + side, floor)
    picture.text(left, floor + 18, "messages of each confidence", size=11, colour=MUTED)
    picture.text(
        left, floor + 36, f"bars: share that was right (pale: fewer than {FEW}) · strokes: mean confidence", size=11, colour=MUTED
    )
    return str(picture)


def latency_plot(times_ms: Sequence[float], limit_ms: float, title: str) -> str:
    """How many messages took how long; the slowest two in a hundred stand in the last bar."""
    left, top, wide, tall = 60, 80, 560, 240
    middle, high, last = percentile(times_ms, 50), percentile(times_ms, 95), percentile(times_ms, 98)
    end = 5.0 * math.ceil(max(last, limit_ms * 1.1) / 5)
    step = end / TIME_BINS
    counts = [0] * TIME_BINS
    for time in times_ms:
        counts[min(int(time / step), TIME_BINS - 1)] += 1
    picture = Picture(
        left + wide + 40, top + tall + 70, title, f"Histogram of milliseconds a message: median {middle:.1f}, p95 {high:.1f}"
    )
    about = f"{len(times_ms)} messages · p50 {middle:.1f} ms · p95 {high:.1f} ms · slowest {max(times_ms):.1f} ms · limit for p95 {limit_ms:g} ms"
    picture.text(20, 50, about, colour=MUTED)
    for number, count in enumerate(counts):
        height = tall * count / max(counts)
        picture.box(
            left + wide * number / TIME_BINS + 1, top + tall - height, wide / TIME_BINS - 2, height, fill=ACCENT, opacity=0.75
        )
    picture.line(left, top + tall, left + wide, top + tall, colour=INK)
    for part in range(6):
        x = left + wide * part / 5
        picture.line(x, top + tall, x, top + tall + 5, colour=INK)
        picture.text(x, top + tall + 20, f"{end * part / 5:g}" + ("+" if part == 5 else ""), size=11, anchor="middle")
    picture.text(left + wide / 2, top + tall + 44, "milliseconds", anchor="middle", colour=MUTED)
    picture.text(left - 8, top + 4, str(max(counts)), size=11, anchor="end")
    picture.text(left - 8, top + tall + 4, "0", size=11, anchor="end")
    for at, (name, value, colour) in enumerate((("p50", middle, MUTED), ("p95", high, WARNING), ("limit", limit_ms, INK))):
        x = left + wide * min(value / end, 1)
        picture.line(x, top - 8, x, top + tall, colour=colour, width=1.5, dashes="4 3")
        picture.text(x + 4, top + 4 + 14 * at, name, size=11, colour=colour)
    return str(picture)


def _axes(picture: Picture, left: float, top: float, side: float) -> None:
    for part in range(6):
        y, x = top + side * (1 - part / 5), left + side * part / 5
        picture.line(left, y, left + side, y)
        picture.text(left - 8, y + 4, f"{part / 5:.1f}", size=11, anchor="end")
        picture.text(x, top + side + 16, f"{part / 5:.1f}", size=11, anchor="middle")
    picture.text(24, top + side / 2, "share that was right", colour=MUTED, anchor="middle", turned=-90)
    picture.text(left + side / 2, top + side + 34, "confidence", colour=MUTED, anchor="middle")
