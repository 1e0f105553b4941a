"""The page on the bank is true: weights, templates and development aids are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from bank import openapi
from bank.fraud import CLAIM_WEIGHTS, PAYMENT_WEIGHTS
from bank.messages import TEMPLATES
from bank.movements import __doc__ as MOVEMENTS
from bank.setup import APP_KEY, ASSERTION_KEY, AUTHORITY_KEYS, CREDENTIAL, OTP_KEY, SUBJECT_KEYS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "bank.md").read_text(encoding="utf-8")


def _weights(section: str) -> dict[str, int]:
    return {name: int(weight) for name, weight in re.findall(r"^\| `(\w+)` \| (\d+) \|", section, re.MULTILINE)}


def test_the_weights_on_the_page_are_those_that_count() -> None:
    payment, claim = PAGE.split("## Two scores")[1].split("`risk_bp` among", 1)
    assert _weights(payment) == dict(PAYMENT_WEIGHTS)
    assert _weights(claim.split("## ")[0]) == dict(CLAIM_WEIGHTS)


def test_every_template_key_file_and_aid_is_on_the_page() -> None:
    for name in (*TEMPLATES, APP_KEY, ASSERTION_KEY, AUTHORITY_KEYS, CREDENTIAL, OTP_KEY, SUBJECT_KEYS):
        assert f"`{name}`" in PAGE, name
    for path, methods in openapi.document()["paths"].items():
        if path.startswith("/dev/"):
            for method in methods:
                assert f"`{method.upper()} {path.removeprefix('/dev')}`" in PAGE, (method, path)


def test_the_page_says_which_templates_may_be_asked_for() -> None:
    asked = PAGE.split("The service may ask for:")[1].split("By itself")[0]
    assert set(re.findall(r"`(\w+)`", asked)) == {name for name, template in TEMPLATES.items() if template.open}


def test_the_codes_of_the_books_are_documented_errors() -> None:
    errors = (DOCS / "errors.md").read_text(encoding="utf-8")
    for code in ("account_closed", "account_dormant", "account_frozen", "insufficient_funds"):
        assert f"`{code}`" in errors
        assert f"`{code}`" in str(MOVEMENTS)
