"""References of payments and cases, UPI ids, last four digits — and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.parsers.references import marks
from models.parsers.text import fold
from tests.support.examples import drawn


def said(text: str) -> list[tuple[str, str]]:
    return [(mark.kind, mark.value) for mark in marks(fold(text))]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("412345678901", "reference", "412345678901"),  # RRN of UPI, IMPS and cards
        ("RRN: 412345678901.", "reference", "412345678901"),
        ("upi ref no 412345678901", "reference", "412345678901"),
        ("UTR SBIN426326123456", "reference", "SBIN426326123456"),  # NEFT: four letters and twelve digits
        ("AXISCN0123456789 neft", "reference", "AXISCN0123456789"),
        ("JANA426326123456", "reference", "JANA426326123456"),  # a bank, not a month
        ("N326263123456789", "reference", "N326263123456789"),  # NEFT in the older form
        ("HDFCR52026112212345678", "reference", "HDFCR52026112212345678"),  # RTGS
        ("utr is sbinr12026112200001234", "reference", "SBINR12026112200001234"),
        ("74123456789012345678901", "reference", "74123456789012345678901"),  # ARN
        ("DSP-261122-123456", "reference", "DSP-261122-123456"),
        ("dsp 261122 123456", "reference", "DSP-261122-123456"),  # as it is spoken
        ("my complaint CMP261122123456", "reference", "CMP-261122-123456"),
        ("frd-261122-123456 ka status", "reference", "FRD-261122-123456"),
        ("txn id AB12CD34EF", "reference", "AB12CD34EF"),
        ("ticket #: 9AB77123", "reference", "9AB77123"),
        ("ravi.kumar@okexample", "upi", "ravi.kumar@okexample"),
        ("sent to 9876543210@ybl by mistake", "upi", "9876543210@ybl"),
        ("Shop-12@UPI ko bheja", "upi", "shop-12@upi"),
        ("octavia@upi", "upi", "octavia@upi"),
        ("it is asha_k@paytm.", "upi", "asha_k@paytm"),
        ("card ending 4321", "last4", "4321"),
        ("**** 4321", "last4", "4321"),
        ("XXXX-XXXX-XXXX-4321", "last4", "4321"),
        ("आखिरी चार अंक ४३२१", "last4", "4321"),
        ("4321 wala card", "last4", "4321"),
    ],
)
def test_a_mark_is_read_in_the_form_banks_print(text: str, kind: str, value: str) -> None:
    assert said(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "41234567890",  # eleven digits
        "4123456789012",  # thirteen
        "412345678901.50",  # an amount
        "4,12,34,56,78,901",
        "ravi@example.com",  # an e-mail address
        "ravi@mail.example.in",
        "@paytm",
        "ravi@",
        "a@b",  # no handle is a single letter
        "meet me @5pm",
        "nov-2025",  # a month
        "rs-5000",
        "covid-19",
        "dsp 26112 123456",  # a digit short
        "card 43210",
        "4321 rupaye",
        "account 5000 rs",
        "the last four days",
        "abcd1234",  # too short for any rail
        "",
    ],
)
def test_what_only_looks_like_a_mark_is_none(text: str) -> None:
    assert said(text) == []


@drawn(60)
@given(st.from_regex(r"[a-z0-9][a-z0-9._-]{1,20}[a-z0-9]@[a-z]{3,12}", fullmatch=True))
def test_every_upi_id_is_read_in_the_middle_of_a_sentence(upi: str) -> None:
    assert ("upi", upi) in said(f"I paid {upi} yesterday") or not upi[0].isalnum()


@drawn(60)
@given(st.text(alphabet="abnr0123456789-@. x*", max_size=60))
def test_marks_never_overlap_and_stand_where_they_say(text: str) -> None:
    found = marks(fold(text))

    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    assert all(0 <= mark.start < mark.end <= len(fold(text)) for mark in found)
