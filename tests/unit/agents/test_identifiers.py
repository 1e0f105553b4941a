"""Form and check digits of identifiers: each accepts what is issued and refuses what is nearly that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agents.identifiers import is_gstin, is_iban, is_ifsc, is_mobile, is_pan, is_upi, is_virtual_id

ROWS: list[tuple[Callable[[str], bool], str, bool, str]] = [
    (is_pan, "ACUPA7085R", True, "a person's"),
    (is_pan, "acupa7085r", True, "small letters"),
    (is_pan, "ACUPA0000R", False, "digits never are all zero"),
    (is_pan, "ABCDE1234F", False, "no kind of holder is called D"),
    (is_pan, "ACUPA7085RR", False, "too long"),
    (is_gstin, "27AAPFU0939F1ZV", True, "state, PAN and check character"),
    (is_gstin, "27AAPFU0939F1ZW", False, "wrong check character"),
    (is_gstin, "40AAPFU0939F1ZV", False, "no such state"),
    (is_ifsc, "DEMO0001234", True, "bank, zero, branch"),
    (is_ifsc, "DEMO1001234", False, "the fifth is always zero"),
    (is_upi, "asha.demo@okdemo", True, "name and handle"),
    (is_upi, "asha@demo.example", False, "a dot makes it e-mail"),
    (is_mobile, "+91 98765 43210", True, "with country code"),
    (is_mobile, "5876543210", False, "mobile numbers begin with 6 to 9"),
    (is_virtual_id, "2341234123412342", False, "Verhoeff fails"),
    (is_iban, "GB82 WEST 1234 5698 7654 32", True, "the standard's own example"),
    (is_iban, "GB82 WEST 1234 5698 7654 33", False, "its check digits fail"),
]


@pytest.mark.parametrize(("test", "text", "valid", "why"), ROWS, ids=[f"{row[0].__name__}: {row[3]}" for row in ROWS])
def test_an_identifier_is_told_by_its_form_and_check_digits(
    test: Callable[[str], bool], text: str, valid: bool, why: str
) -> None:
    assert test(text) is valid, why
