"""Personal data is found wherever text leaves a conversation, and what only looks like it stays readable."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.masking import mask
from agents.personal import find_personal, hide_all, hide_personal

HIDDEN = [
    ("my pan is ACUPA7085R", "my pan is [PAN]", "PAN"),
    ("pan card ABCDE1234F", "pan card [PAN]", "mistyped, but called a PAN"),
    ("ACUPA 7085 R", "[PAN]", "PAN in groups"),
    ("gst 27AAPFU0939F1ZV", "gst [GSTIN]", "the PAN inside a GSTIN is not found apart"),
    ("IFSC DEMO0001234 hai", "IFSC [IFSC] hai", "IFSC"),
    ("IFSC code DEMOO001234", "IFSC code [IFSC]", "the letter O for zero, but called an IFSC"),
    ("pay asha.demo@okdemo.", "pay [UPI id].", "UPI id at the end of a sentence"),
    ("9876543210@demo", "[UPI id]", "a phone number as UPI id is one find"),
    ("mail asha(at)demo[dot]example", "mail [e-mail]", "written to hide from machines"),
    ("asha@demo.example", "[e-mail]", "e-mail"),
    ("call 98765 43210, 91234 56789", "call [phone number], [phone number]", "two in a row"),
    ("मोबाइल ९८७६५४३२१०", "मोबाइल [phone number]", "Devanagari digits"),
    ("+44 20 7946 0958", "+[phone number]"[1:], "another country's"),
    ("nine eight seven six five four three two one zero", "[phone number]", "spelled out"),
    ("account number 50100123456789", "account number [account ending 6789]", "account by its name"),
    ("mera khata 3456 7891 0234", "mera khata [account ending 0234]", "Hinglish, in groups"),
    ("मेरा खाता नंबर ५०१००१२३४५६७८९ है", "मेरा खाता नंबर [account ending 6789] है", "Hindi"),
    ("50100123456789 is my account", "[account ending 6789] is my account", "name after the digits"),
    ("send it to GB82WEST12345698765432", "send it to [account ending 5432]", "an account of another country, by its check"),
]
KEPT = [
    ("UTR 426112345678 failed", "a payment reference"),
    ("order 9876543210 ka status", "an order number that looks like a phone number"),
    ("paid ₹9876543210", "an amount"),
    ("code ABCD1234567", "no IFSC: the fifth is no zero"),
    ("Reference ABCDE1234F", "no PAN: no such holder"),
    ("account XX1234 on 05/11/2026", "last digits and a date"),
    ("cnv-7f3c9a12-55aa-4e1b-9f7e-0123456789ab", "an id of ours"),
    ("dispute DSP-2026-000123", "a reference of ours"),
    ("version 999.888.777.666", "dots"),
    ("@ me when it is done", "a sign alone"),
    ("", "empty"),
]


@pytest.mark.parametrize(("text", "shown", "why"), HIDDEN, ids=[row[2] for row in HIDDEN])
def test_personal_data_is_named_instead_of_shown(text: str, shown: str, why: str) -> None:
    assert hide_personal(text) == shown, why


@pytest.mark.parametrize(("text", "why"), KEPT, ids=[row[1] for row in KEPT])
def test_what_only_looks_like_personal_data_stays(text: str, why: str) -> None:
    assert find_personal(text) == (), why


def test_a_find_tells_kind_place_and_value_and_never_prints_the_value() -> None:
    (found,) = find_personal("reach me at asha@demo.example today")

    assert (found.kind, found.value) == ("email", "asha@demo.example")
    assert "reach me at asha@demo.example today"[found.start : found.end] == "asha@demo.example"
    assert "asha" not in repr(found)


def test_the_chat_keeps_what_a_flow_needs_and_only_secrets_are_taken_out_at_the_door() -> None:
    said = "pay asha.demo@okdemo, my cvv is 123"

    assert mask(said).text == "pay asha.demo@okdemo, my cvv is [CVV]"
    assert hide_all(said) == "pay [UPI id], my cvv is [CVV]"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aAपा१0123456789 @.-+()\n₹[]", max_size=120) | st.text(max_size=80))
def test_hiding_is_done_once_and_for_all(text: str) -> None:
    once = hide_personal(text)

    assert hide_personal(once) == once


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[6-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]), st.sampled_from(["", "+91 ", "0", "91"]))
def test_no_mobile_number_is_left_whatever_its_grouping(number: str, gap: str, code: str) -> None:
    hidden = hide_personal(f"you can call {code}{number[:5]}{gap}{number[5:]} now")

    assert hidden == "you can call [phone number] now"


PIECES = [
    "otp ", "pin ", "password ", "pass ", "code ", "1", "12 ", "1234 ", "482913 ", "9876543210 ", "+91 ", "-", "/", ".", "@", "a", "Ab1@", "aadhaar ",
    "account ", "card ke piche ", "ओटीपी ", "१ ", "4️⃣", "\u200b", "is ", "to ", "one ", "double ", "\n", "[at]", "ABCDE1234", "GB82 ", "Rs ", ",", '"',
]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4))
def test_no_text_of_any_length_keeps_the_finders_busy(pieces: list[str]) -> None:
    text = ("".join(pieces) * 4000)[:4000]

    started = time.process_time()
    mask(text, open_purpose="otp", recent=[text[:400]] * 4)
    find_personal(text)

    assert time.process_time() - started < 1.5


def test_twice_the_text_takes_no_more_than_about_twice_as_long() -> None:
    def cost(length: int) -> float:
        text = ("+91 pin 1 " * length)[:length]
        started = time.process_time()
        mask(text)
        find_personal(text)
        return time.process_time() - started

    assert min(cost(16_000) for _ in range(3)) < 3.5 * min(cost(8_000) for _ in range(3))
