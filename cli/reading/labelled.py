"""Labelled texts from CSV files with the columns `text` and `category`; what is wrong with a file is said in one line with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BadInput

COLUMNS = ("text", "category")
#: The category of texts that belong to none of the others.
OUT_OF_SCOPE = "oos"
#: Characters of one field; more is no text that anybody typed.
MAX_FIELD = 1_000_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts and their labels, in the order of the file."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.labels)))

    def split(self, label: str) -> tuple[Labelled, Labelled]:
        """The rows with another label, and those with this one."""
        others = [at for at, own in enumerate(self.labels) if own != label]
        return self.pick(others), self.pick([at for at, own in enumerate(self.labels) if own == label])

    def pick(self, places: Sequence[int]) -> Labelled:
        return Labelled(tuple(self.texts[at] for at in places), tuple(self.labels[at] for at in places))


def read_labelled(path: Path) -> Labelled:
    """The rows of a CSV file (UTF-8, a byte order mark is allowed, further columns are ignored).

    Raises BadInput `labelled_unreadable` (no file, not UTF-8, not CSV), `labelled_column_missing`, `labelled_empty`,
    `labelled_row_invalid`.
    """
    rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    csv.field_size_limit(MAX_FIELD)
    try:
        places = _places(next(rows, []), path)
        found = list(_rows(rows, places, path))
    except csv.Error as error:
        raise BadInput("labelled_unreadable", f"{path.name}, line {rows.line_num}: not CSV") from error
    if not found:
        raise BadInput("labelled_empty", f"{path.name} has no rows")
    return Labelled(tuple(text for text, _ in found), tuple(label for _, label in found))


def require_classes(rows: Labelled, path: Path, *, at_least: int = 2) -> None:
    """Raises BadInput `labelled_one_class` when there is nothing to tell apart."""
    if len(rows.classes) < at_least:
        raise BadInput("labelled_one_class", f"{path.name} needs {at_least} categories, it has {len(rows.classes)}")


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput("labelled_unreadable", f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("labelled_unreadable", f"{path.name}, byte {error.start}: not UTF-8") from error


def _places(header: list[str], path: Path) -> tuple[int, int]:
    names = [name.strip().casefold() for name in header]
    missing = [column for column in COLUMNS if column not in names]
    if missing and not any(names):
        raise BadInput("labelled_empty", f"{path.name} is empty")
    if missing:
        raise BadInput("labelled_column_missing", f"{path.name} has no column {' and no column '.join(missing)}")
    return names.index("text"), names.index("category")


def _rows(rows: Iterator[list[str]], places: tuple[int, int], path: Path) -> Iterator[tuple[str, str]]:
    text_at, label_at = places
    line = 2
    for row in rows:
        if row:  # the csv module gives an empty row for an empty line
            if len(row) <= max(places) or not row[label_at].strip():
                raise BadInput("labelled_row_invalid", f"{path.name}, row {line}: text and category are needed")
            yield row[text_at], row[label_at].strip()
        line += 1
