"""Our readers of values against the libraries, over `tests/vectors/said.yaml`. Decision 0015 tells what came of it.

python -m tests.compare_parsers [--wrong]     (dateparser, parsedatetime, price-parser, text2num: `pip install` them where this runs)

Prints for each reader how many texts of its kind it reads as expected: those that say something, and those that say nothing, where
a reader has to keep silent. A library that is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import yaml

#: Ending of the kinds that were written when the readers were done.
AGAIN = "_again"
CASES = Path(__file__).parent / "vectors" / "said.yaml"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
Read = Callable[[str], Any]


def cases() -> dict[str, list[tuple[str, Any]]]:
    """The texts by kind, with what they say."""
    loaded = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return {kind: [(str(text), said) for text, said in rows] for kind, rows in loaded.items()}


def _minor(amount: Any, currency: str | None) -> Any:
    names = {"$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP"}
    minor = round(float(amount) * 100)
    code = names.get(currency or "", "INR")
    return None if minor == 0 else minor if code == "INR" else f"{code} {minor}"


def our_readers() -> dict[str, dict[str, Read]]:
    """What the service uses."""
    from models.parsers.clock_times import clock_times
    from models.parsers.dates import times
    from models.parsers.values import read_values

    def money(text: str) -> Any:
        found = [
            each.money.minor if each.money.currency == "INR" else f"{each.money.currency} {each.money.minor}"
            for each in read_values(text, now=NOW, zone="Asia/Kolkata").amounts
        ]
        return found[0] if len(found) == 1 else found or None

    def days(text: str) -> Any:
        from models.parsers.text import fold

        found = [f"{each.first}" + ("" if each.is_day else f"..{each.last}") for each in times(fold(text), NOW.date()).periods]
        return found[0] if len(found) == 1 else found or None

    def clock(text: str) -> Any:
        from models.parsers.text import fold

        found = [f"{each.time:%H:%M}" for each in clock_times(fold(text)) if each.time is not None]
        return found[0] if len(found) == 1 else found or None

    return {"money": {"ours": money}, "days": {"ours": days}, "clock": {"ours": clock}}


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def library_readers() -> dict[str, dict[str, Read]]:
    """Whatever is installed here."""
    found: dict[str, dict[str, Read]] = {"money": {}, "days": {}, "clock": {}}
    prices, words = _installed("price_parser"), _installed("text_to_num")
    if prices:
        found["money"]["price-parser"] = lambda text: _price(prices, text)
    if prices and words:
        found["money"]["text2num (en) + price-parser"] = lambda text: _price(prices, words.alpha2digit(text.lower(), "en"))
    if numbers := _installed("babel.numbers"):
        found["money"]["babel parse_decimal, strict"] = lambda text: _babel_number(numbers, text)
    if dates := _installed("babel.dates"):
        found["days"]["babel parse_date, en_GB"] = lambda text: _quietly(lambda: str(dates.parse_date(text, locale="en_GB")))
        found["clock"]["babel parse_time, en_GB"] = lambda text: _quietly(
            lambda: f"{dates.parse_time(text, locale='en_GB'):%H:%M}"
        )
    if free := _installed("dateparser"):
        search = importlib.import_module("dateparser.search").search_dates
        settings = {"RELATIVE_BASE": NOW.replace(tzinfo=None), "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"}
        for kind, form in (("days", "%Y-%m-%d"), ("clock", "%H:%M")):
            found[kind]["dateparser parse (en, hi)"] = lambda text, form=form: _form(
                free.parse(text, languages=["en", "hi"], settings=settings), form
            )
            found[kind]["dateparser search (en, hi)"] = lambda text, form=form: _first(
                search(text, languages=["en", "hi"], settings=settings), form
            )
    if old := _installed("parsedatetime"):
        calendar = old.Calendar()
        for kind, flag, form in (("days", 1, "%Y-%m-%d"), ("clock", 2, "%H:%M")):
            found[kind]["parsedatetime"] = lambda text, flag=flag, form=form: _parsed(calendar, text, flag, form)
    return found


def _quietly(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Exception:  # noqa: BLE001 - a library's refusal, whatever its class, is a text it cannot read
        return None


def _price(prices: Any, text: str) -> Any:
    price = _quietly(lambda: prices.Price.fromstring(text))
    return None if price is None or price.amount is None else _minor(price.amount, price.currency)


def _babel_number(numbers: Any, text: str) -> Any:
    bare = text.replace("₹", "").replace("/-", "").lower().removeprefix("inr").removeprefix("rs.").removeprefix("rs").strip()
    value = _quietly(lambda: numbers.parse_decimal(bare, locale="en_IN", strict=True))
    return None if value is None else _minor(value, None)


def _form(moment: datetime | None, form: str) -> str | None:
    return None if moment is None else moment.strftime(form)


def _first(found: list[tuple[str, datetime]] | None, form: str) -> Any:
    return None if not found else _form(found[0][1], form) if len(found) == 1 else [_form(each, form) for _, each in found]


def _parsed(calendar: Any, text: str, flag: int, form: str) -> str | None:
    moment, status = calendar.parseDT(text, sourceTime=NOW.replace(tzinfo=None))
    return moment.strftime(form) if status & flag else None


def main() -> None:
    """Print the table; with --wrong every text that our readers miss."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--wrong", action="store_true")
    arguments = asked.parse_args()
    ours, libraries = our_readers(), library_readers()
    for kind, rows in cases().items():
        saying, silent = [row for row in rows if row[1] is not None], [row for row in rows if row[1] is None]
        print(f"{kind}: {len(saying)} texts that say something, {len(silent)} that say nothing")
        for name, read in (ours[kind.removesuffix(AGAIN)] | libraries[kind.removesuffix(AGAIN)]).items():
            read(rows[0][0])  # what is loaded at the first use is not counted
            began = perf_counter()
            wrong = [(text, said, got) for text, said in rows if (got := read(text)) != said]
            took = (perf_counter() - began) / len(rows) * 1e6
            missed = sum(said is not None for _, said, _ in wrong)
            print(f"  {name:32} {len(saying) - missed:3} {len(silent) - len(wrong) + missed:3}   {took:7.0f} µs a text")
            if arguments.wrong and name == "ours":
                print(*(f"    {text!r}: {got} for {said}" for text, said, got in wrong), sep="\n")


if __name__ == "__main__":
    main()
