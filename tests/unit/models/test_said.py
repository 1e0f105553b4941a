"""Every short text of the comparison with libraries, and amounts, days and times written in every form and read back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from models.parsers.clock_times import clock_times
from models.parsers.dates import times
from models.parsers.number_words import ENGLISH, HALVES, UNITS
from models.parsers.numbers import numbers
from models.parsers.text import fold
from models.parsers.values import read_values
from tests.compare_parsers import AGAIN, cases, our_readers
from tests.support.examples import drawn

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Kolkata"))


@pytest.mark.parametrize("kind", cases())
def test_every_text_of_the_comparison_is_read_as_it_was_meant(kind: str) -> None:
    read = our_readers()[kind.removesuffix(AGAIN)]["ours"]

    assert {text: read(text) for text, _ in cases()[kind]} == dict(cases()[kind])


def _in_words(number: int) -> str:
    """An amount below a crore in English words, as on a cheque in India."""
    words = {value: word for word, value in ENGLISH.items()}
    said: list[str] = []
    for size, name in ((100_000, "lakh"), (1000, "thousand"), (100, "hundred"), (1, "")):
        count, number = divmod(number, size)
        if count:
            tens, one = divmod(count, 10)
            plain = words.get(count) or f"{words[tens * 10]}-{words[one]}"
            said.append(f"{plain} {name}".strip())
    return " ".join(said)


def _forms(paise: int) -> list[str]:
    rupees, rest = divmod(paise, 100)
    exact = f"{rupees}.{rest:02}"
    forms = [
        format_currency(exact, "INR", locale="en_IN"),
        format_currency(exact, "INR", locale="hi_IN"),
        format_currency(exact, "INR", locale="en_GB"),
        f"Rs.{exact}",
        f"rs {exact}",
        f"INR {exact}",
        f"{exact} rupees",
        f"{exact} रुपये",
        f"₹{exact}".translate(str.maketrans("0123456789", "०१२३४५६७८९")),
    ]
    if not rest:
        forms += [f"{rupees}/-", f"Rs {rupees:,}/- only", f"{_in_words(rupees)} rupees", f"rupees {_in_words(rupees)} only"]
        forms += [f"{rupees / 1000:g}k", f"{rupees // 1000} thousand"] if rupees % 1000 == 0 else []
        forms += (
            [f"{rupees // 100_000} lakh", f"{rupees // 100_000}lakhs", f"{rupees // 100_000} लाख"]
            if rupees % 100_000 == 0
            else []
        )
    return forms


@drawn(60)
@given(
    st.one_of(
        st.integers(min_value=1, max_value=9_999_999_99),
        st.integers(min_value=1, max_value=9_999_999).map(lambda rupees: rupees * 100),
        st.integers(min_value=1, max_value=99).map(lambda lakhs: lakhs * 100_000_00),
        st.integers(min_value=1, max_value=99).map(lambda thousands: thousands * 1000_00),
    )
)
def test_an_amount_is_read_back_from_every_form_it_is_written_in(paise: int) -> None:
    read = {form: [each.money for each in read_values(form, now=NOW, zone="Asia/Kolkata").amounts] for form in _forms(paise)}

    assert read == dict.fromkeys(read, [Money(paise)])


@drawn(60)
@given(st.dates(min_value=date(2022, 3, 1), max_value=TODAY))
def test_a_day_is_read_back_from_every_form_it_is_written_in(day: date) -> None:
    forms = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%y}", f"{day:%d.%m.%Y}", f"{day:%d %b %Y}", f"{day:%B %d, %Y}"]
    forms += [format_date(day, "d MMMM y", locale="hi_IN"), format_date(day, "d MMMM y", locale="en_IN")]
    if TODAY - day < timedelta(days=365):
        forms += [f"{day:%d %b}", f"{day:%d/%m}", format_date(day, "d MMMM", locale="hi_IN"), f"{(TODAY - day).days} days ago"]
        forms = [form for form in forms if form != "0 days ago"]
    if TODAY - day < timedelta(days=7):
        forms += [f"on {day:%A}", format_date(day, "EEEE", locale="hi_IN")]

    read = {form: [(each.first, each.last) for each in times(fold(form), TODAY).periods] for form in forms}

    assert read == dict.fromkeys(read, [(day, day)])


@drawn(60)
@given(st.times())
def test_a_time_of_day_is_read_back_from_every_form_it_is_written_in(moment: time) -> None:
    moment = moment.replace(second=0, microsecond=0)
    half = f"{moment.hour % 12 or 12}:{moment:%M} {'pm' if moment.hour >= 12 else 'am'}"

    for form in (f"{moment:%H:%M}", half, half.upper().replace(" ", ""), half.replace(":", ".")):
        assert [each.time for each in clock_times(fold(form))] == [moment], form


def test_every_hindi_number_up_to_a_hundred_has_a_word_in_both_scripts() -> None:
    devanagari = {value for word, value in UNITS.items() if not word.isascii()}
    latin = {value for word, value in UNITS.items() if word.isascii() and word not in ENGLISH}

    assert devanagari == latin == set(range(100))
    assert set(HALVES) & set(UNITS) == set()


@pytest.mark.parametrize("word", sorted(UNITS))
def test_a_number_word_beside_rupees_is_that_many_rupees(word: str) -> None:
    found = numbers(f"{word} rupaye")

    assert [(each.value, each.words) for each in found] == [(UNITS[word], True)]
