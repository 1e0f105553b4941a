"""Secrets never reach storage, and what the bank needs to read stays readable."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.checksums import is_aadhaar, luhn, verhoeff
from agents.masking import mask

MASKED = [
    ("My card 4111 1111 1111 1111 was charged ₹5000", "My card [card ending 1111] was charged ₹5000", "plain card, amount stays"),
    ("card 4111-1111-1111-1111 12/27 123", "card [card ending 1111] 12/27 [CVV]", "a CVV without a name after the expiry date"),
    ("४१११ ११११ ११११ ११११", "[card ending 1111]", "Devanagari digits"),
    ("4️⃣1️⃣1️⃣1️⃣ 1111 1111 1111", "[card ending 1111]", "keycap digits"),
    ("4111\u200b1111\u200b1111\u200b1111", "[card ending 1111]", "zero-width characters between the groups"),
    ("3782 822463 10005", "[card ending 0005]", "fifteen digits in the grouping of that brand"),
    ("4111 1111 1111 1111 rupees", "[card ending 1111] rupees", "a word for money does not make a card an amount"),
    ("card number 4111 1111 1111 1112", "card number [card ending 1112]", "mistyped, but called a card number"),
    ("four one one one one one one one one one one one one one one one", "[card ending 1111]", "spelled out"),
    ("my cvv is 123 and pin 4567", "my cvv is [CVV] and pin [PIN]", "two codes in one message"),
    ("OTP 482913 aaya tha maine bata diya", "OTP [one-time password] aaya tha maine bata diya", "Hinglish"),
    ("मेरा ओटीपी ४८२९१३ है", "मेरा ओटीपी [one-time password] है", "Hindi"),
    ("482 913 is my otp", "[one-time password] is my otp", "digits before the name, in two groups"),
    ("ОТР is 482913", "ОТР is [one-time password]", "the name in look-alike letters"),
    (
        "OTP for txn of Rs 5000 at MegaMart is 482913. Do not share",
        "OTP for txn of Rs 5000 at MegaMart is [one-time password]. Do not share",
        "the bank's own message pasted",
    ),
    ("OTP for card ending 1234 is 482913", "OTP for card ending 1234 is [one-time password]", "last four stay, the code goes"),
    ("1234 mera pin hai", "[PIN] mera pin hai", "name after the digits"),
    (
        "the otp on my phone just now was 482913",
        "the otp on my phone just now was [one-time password]",
        "words nobody listed between",
    ),
    (
        "gave otp 482913 and later 771204",
        "gave otp [one-time password] and later [one-time password]",
        "two codes one after the other",
    ),
    ("use 482913 to log in", "use [one-time password] to log in", "a bank's message without the word"),
    (
        "<#> 482913 is your Demo Bank access code",
        "<#> [one-time password] is your Demo Bank access code",
        "digits first, bank's name between",
    ),
    ("otp: K7Q29A", "otp: [one-time password]", "letters and digits"),
    ("डबल चार आठ दो नौ एक ओटीपी", "[one-time password] ओटीपी", "doubled digits in Hindi words"),
    ("opt is 482913", "opt is [one-time password]", "letters swapped"),
    ("pin changed from 1470 to 2581", "pin changed from [PIN] to [PIN]", "old and new"),
    (
        "please make the pin of my savings account to 2581",
        "please make the pin of my savings account to [PIN]",
        "what it shall be",
    ),
    ("2-digit? no, the cvv is one two three", "2-digit? no, the cvv is [CVV]", "three spelled-out digits"),
    ("numbers on the back of the card: 123", "numbers on the back of the card: [CVV]", "CVV by its place"),
    ("card ke piche 123 likha", "card ke piche [CVV] likha", "CVV by its place, Hinglish"),
    ("user meena1 password Gulab_77", "user meena1 password [password]", "the user's name stays"),
    ("it never takes Gulab_77 as my passwrd", "it never takes [password] as my passwrd", "password before its name, misspelt"),
    ('passphrase was "red tea 5 pm"', 'passphrase was "[password]"', "several words in quotes"),
    ("1234 5678 9012 3456 was charged", "[card ending 3456] was charged", "mistyped, but written like on a card"),
    ("my password is Sunshine@12", "my password is [password]", "password with symbols"),
    ("password is sunshine", "password is [password]", "a plain word, but named and the sentence ends"),
    ("पासवर्ड है Raja123", "पासवर्ड है [password]", "Hindi name"),
    ("2341 2341 2346 is my aadhaar", "[Aadhaar number] is my aadhaar", "Verhoeff-valid"),
    ("aadhaar 2341 2341 2345", "aadhaar [Aadhaar number]", "mistyped, but named"),
]
KEPT = [
    ("₹5000 was debited on 05/11/2026 at 12:30", "amount, date and time"),
    ("I paid 5,000, 4,500, 1,200 and ₹1,23,456.00", "several amounts"),
    ("I shared my OTP and 5000 got deducted", "an amount after a code's name"),
    ("did not get OTP, ₹5000 gone", "currency sign"),
    ("5000 kat gaye otp nahi diya", "an amount before a code's name"),
    ("card ending 1234", "last four digits"),
    ("RRN 234123412346", "a payment reference that happens to pass Verhoeff"),
    ("UTR 426112345678", "twelve digits with a name"),
    ("ARN 74692164123456789012345", "acquirer reference"),
    ("account 50100123456789", "an account number that happens to pass Luhn"),
    ("call me on +91 98765 43210", "phone"),
    ("my pin code is 560001", "a postal code"),
    ("my password is not working", "no password in it"),
    ("password reset link expired", "no password in it"),
    ("one or two of the three payments", "number words in ordinary speech"),
    ("pin change kaise kare", "nothing to hide"),
    ("cvv is 3 digits, right?", "how many digits there are"),
    ("pin dala phir 2350 kat gaye", "what was debited after a PIN"),
    ("otp shared and 250000 gone", "a round sum"),
    ("did 2 payments of 4350 with otp", "a sum paid by means of a code"),
    ("pin not working on card 4321", "last four digits after a PIN's name"),
    ("my pin is blocked since 2024", "a year"),
    ("moved to 5 Demo Street Pune, pin 560034", "a postal code in an address"),
    ("branch code 004812", "another code"),
    ("my social security number is 060-25-2440", "part of a longer number"),
    ("licence U62928788557186", "a number that passes Luhn and begins with a letter"),
    ("my pass book page 4812", "no password in it"),
    ("password wahi hai", "an ordinary word after it"),
    ("", "empty"),
    ("😀😀😀", "emoji only"),
]


@pytest.mark.parametrize(("text", "expected", "why"), MASKED, ids=[row[2] for row in MASKED])
def test_a_secret_is_taken_out(text: str, expected: str, why: str) -> None:
    masked = mask(text)

    assert masked.text == expected, why
    assert masked.flags == ("secret",)


@pytest.mark.parametrize(("text", "why"), KEPT, ids=[row[1] + " / " + row[0][:18] for row in KEPT])
def test_what_the_bank_has_to_read_stays(text: str, why: str) -> None:
    masked = mask(text)

    assert masked.text == text, why
    assert masked.flags == ()


def test_an_otp_typed_in_the_chat_while_one_is_awaited_is_handed_over_in_memory_and_masked() -> None:
    masked = mask("here you go 482 913", open_purpose="otp")

    assert masked.value("otp") == "482913"
    assert "482" not in masked.text
    assert "482913" not in repr(masked)


def test_six_digits_mean_nothing_when_no_code_is_awaited() -> None:
    assert mask("482913").text == "482913"


def test_an_amount_while_an_otp_is_awaited_is_not_an_otp() -> None:
    assert mask("₹482913", open_purpose="otp").found == ()


def test_a_typed_answer_to_the_security_question_is_masked_but_a_question_is_not() -> None:
    assert mask("Blue Dog", open_purpose="security_answer").value("security_answer") == "Blue Dog"
    assert mask("why do you ask?", open_purpose="security_answer").found == ()
    assert mask("talk to a human", open_purpose="security_answer").found == ()


def test_a_card_number_split_across_messages_is_caught_and_the_earlier_pieces_are_returned_masked() -> None:
    masked = mask("1111 1111", recent=["hello", "4111 1111"])

    assert masked.text == "[card ending 1111]"
    assert masked.earlier == ("hello", "[card ending 1111]")


def test_four_messages_of_four_digits_are_one_card() -> None:
    assert mask("1111", recent=["4111", "1111", "1111"]).found


def test_digits_after_a_message_that_announced_a_code_are_that_code() -> None:
    assert mask("123", recent=["my cvv is"]).text == "[CVV]"
    assert mask("5000", recent=["I did not get the OTP"]).text == "5000"


def test_an_awaited_payment_reference_is_not_taken_for_an_aadhaar_number() -> None:
    assert mask("234123412346").found
    assert not mask("234123412346", open_purpose="reference").found


def _card(body: str) -> str:
    return next(body + check for check in "0123456789" if luhn(body + check))


def _aadhaar(body: str) -> str:
    return next(body + check for check in "0123456789" if verhoeff(body + check))


cards = st.one_of(
    st.from_regex(r"4[0-9]{14}", fullmatch=True),
    st.from_regex(r"5[1-5][0-9]{13}", fullmatch=True),
    st.from_regex(r"65[0-9]{13}", fullmatch=True),
).map(_card)
aadhaars = st.from_regex(r"[2-9][0-9]{10}", fullmatch=True).map(_aadhaar).filter(is_aadhaar)
gaps = st.sampled_from(["", " ", "-", ".", "  ", " - ", "\u00a0", "\u200b", "\n", "_", "·"])
scripts = st.sampled_from(["0123456789", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
around = st.sampled_from(["", "hi ", "my card is ", "मेरा कार्ड ", "😀", "pls check, "])


def _digits_left(text: str) -> str:
    import unicodedata

    return "".join(str(unicodedata.digit(char)) for char in text if unicodedata.digit(char, None) is not None)


@pytest.mark.process  # seconds; the long half has the time
@settings(max_examples=300, deadline=None)
@given(cards, gaps, scripts, around, around)
def test_no_card_leaks_whatever_the_separators_and_the_script(card: str, gap: str, script: str, before: str, after: str) -> None:
    written = gap.join(card[i : i + 4] for i in range(0, 16, 4)).translate(str.maketrans("0123456789", script))

    masked = mask(before + written + " " + after)

    assert _digits_left(masked.text) == card[-4:]


@settings(max_examples=200, deadline=None)
@given(aadhaars, gaps, scripts, around)
def test_no_aadhaar_leaks_whatever_the_separators_and_the_script(number: str, gap: str, script: str, before: str) -> None:
    written = gap.join(number[i : i + 4] for i in range(0, 12, 4)).translate(str.maketrans("0123456789", script))

    masked = mask(before + written)

    assert len(_digits_left(masked.text)) in {0, 4}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.sampled_from([None, "otp", "security_answer", "reference"]))
def test_masking_is_done_once_and_for_all(text: str, purpose: str | None) -> None:
    once = mask(text, open_purpose=purpose).text

    if purpose != "security_answer":
        assert mask(once, open_purpose=purpose).text == once


OTP_SAID = [
    "my otp is {}", "OTP: {}", "{} is the OTP", "otp hai {}", "the code I got, OTP {}", "mujhe OTP aaya {}", "ओटीपी {} है", "मेरा ओटीपी है {}", "one time password - {}",
    "please use otp {} to verify", "OTP {} aaya hai", "he asked for my otp and I told him {}", "{} mera otp hai", "one-time password is: {}", "use verification code {}",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(OTP_SAID), st.from_regex(r"[0-9]{6}", fullmatch=True), st.sampled_from(["", " ", "-"]), scripts)
def test_no_otp_that_is_called_one_leaks(carrier: str, code: str, gap: str, script: str) -> None:
    written = gap.join((code[:3], code[3:])).translate(str.maketrans("0123456789", script))

    masked = mask(carrier.format(written))

    assert _digits_left(masked.text) == ""
    assert masked.value("otp") == code


CODE_SAID = [
    ("my cvv is {}", 3),
    ("cvv {}", 3),
    ("CVV number {}", 3),
    ("{} is my cvv", 3),
    ("सीवीवी {} है", 3),
    ("my card pin is {}", 4),
    ("ATM PIN {}", 4),
    ("upi pin hai {}", 6),
    ("pin: {}", 4),
    ("{} mera pin hai", 4),
    ("पिन {} है", 4),
    ("mpin {}", 4),
]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CODE_SAID), st.integers(min_value=0, max_value=999_999), scripts)
def test_no_cvv_or_pin_that_is_called_one_leaks(said: tuple[str, int], number: int, script: str) -> None:
    carrier, size = said
    code = str(number).zfill(6)[:size].translate(str.maketrans("0123456789", script))

    assert _digits_left(mask(carrier.format(code)).text) == ""


def test_a_phone_number_while_an_otp_is_awaited_is_not_an_otp() -> None:
    assert mask("98765 43210", open_purpose="otp").found == ()
    assert mask("98765 43210", recent=["my pin is"]).found == ()


WORST = [
    "otp ",
    "1 ",
    "4111 ",
    "password is ",
    "otp 1234 ",
    "9",
    "pin ",
    "double four ",
    "4️⃣",
    "₹1,",
    "card number ",
    "\u200b",
    "aadhaar 1 ",
    "a:",
]


@pytest.mark.parametrize("piece", WORST)
def test_a_message_of_full_length_is_masked_in_bounded_time(piece: str) -> None:
    text = (piece * 4000)[:4000]

    started = time.perf_counter()
    mask(text, open_purpose="otp", recent=[text] * 4)

    assert time.perf_counter() - started < 1.0
