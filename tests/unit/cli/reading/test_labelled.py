"""Labelled files: what is read of them, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.reading.labelled import read_labelled, require_classes
from domain.errors import BadInput


def file(folder: Path, content: bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(content)
    return path


def test_rows_are_read_with_quotes_further_columns_and_a_byte_order_mark(tmp_path: Path) -> None:
    raw = '\ufeffid,Category , text\r\n1, balance ,"how much, exactly?"\r\n\r\n2,loss,"lost\nmy card"\r\n3,loss,\r\n'
    rows = read_labelled(file(tmp_path, raw.encode()))

    assert rows.texts == ("how much, exactly?", "lost\nmy card", "")
    assert rows.labels == ("balance", "loss", "loss")
    assert rows.classes == ("balance", "loss")


def test_rows_are_parted_by_a_label(tmp_path: Path) -> None:
    others, own = read_labelled(file(tmp_path, b"text,category\na,x\nb,oos\nc,y\n")).split("oos")

    assert (others.texts, own.texts) == (("a", "c"), ("b",))


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", "labelled_empty", "rows.csv is empty"),
        (b"\n\n", "labelled_empty", "rows.csv is empty"),
        (b"text,category\n", "labelled_empty", "rows.csv has no rows"),
        (b"text,label\na,b\n", "labelled_column_missing", "no column category"),
        (b"a;b\n1;2\n", "labelled_column_missing", "no column text and no column category"),
        (b"text,category\na,b\nonly text\n", "labelled_row_invalid", "rows.csv, row 3"),
        (b"text,category\na,b\nc, \n", "labelled_row_invalid", "rows.csv, row 3"),
        (b"text,category\n\xff\xfe,b\n", "labelled_unreadable", "byte 14: not UTF-8"),
        ("text,category\na,b\n".encode("utf-16"), "labelled_unreadable", "byte 0: not UTF-8"),
        (b'text,category\n"a,b\n', "labelled_unreadable", "not CSV"),
        (b"text,category\n" + b"x" * 1_100_000 + b",b\n", "labelled_unreadable", "not CSV"),
    ],
    ids=[
        "empty", "blank lines", "header only", "a column missing", "another delimiter", "a short row", "no label", "not UTF-8",
        "UTF-16", "an open quote", "an endless field",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, content: bytes, code: str, told: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_labelled(file(tmp_path, content))

    assert raised.value.code == code
    assert told in raised.value.detail
    assert "\n" not in raised.value.detail


def test_a_file_that_is_not_there_and_a_folder_are_told_alike(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(BadInput) as raised:
            read_labelled(path)
        assert raised.value.code == "labelled_unreadable"


def test_one_category_is_nothing_to_tell_apart(tmp_path: Path) -> None:
    path = file(tmp_path, b"text,category\na,x\nb,x\n")

    with pytest.raises(BadInput) as raised:
        require_classes(read_labelled(path), path)

    assert (raised.value.code, raised.value.detail) == ("labelled_one_class", "rows.csv needs 2 categories, it has 1")
