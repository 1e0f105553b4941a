"""The replies of the flows: each that is said exists, says the same in both languages, and keeps silent where it has to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agents.replies import ReplyBook
from domain.conversation import Say
from graphs.flows import FLOWS

ROOT = Path(__file__).parents[3] / "graphs"
BOOK = ReplyBook.load(ROOT / "replies")
STEMS = ("authentication", "balance", "block_card", "conversation", "dispute")
_NAMED = re.compile(rf'"((?:{"|".join(STEMS)})\.[a-z_]+)"')
CODE = "\n".join(path.read_text() for path in sorted(ROOT.rglob("*.py")))
#: Replies whose names are put together in code.
MADE = {
    *(f"{flow}.{ending}" for flow in FLOWS for ending in ("cancelled", "expired", "trouble")),
    *(f"balance.freeze_{kind}" for kind in ("kyc", "own", "dormant", "loan", "deposit")),
    *(f"dispute.ask_{fact}" for fact in ("amount", "merchant", "date")),
}


def test_every_reply_that_code_names_is_written() -> None:
    named = set(_NAMED.findall(CODE)) | MADE

    assert sorted(named - set(BOOK.ids())) == []


def test_every_reply_of_a_flow_is_said_somewhere() -> None:
    named = set(_NAMED.findall(CODE)) | MADE
    written = {name for name in BOOK.ids() if not name.startswith("conversation.")}

    assert sorted(written - named) == []


@pytest.mark.parametrize("name", BOOK.ids())
def test_both_languages_need_the_same_facts(name: str) -> None:
    reply = BOOK.get(name)

    assert reply.facts["en"] == reply.facts["hi"]


REVIEWS = ["balance.freeze_review", "balance.refused_review", "balance.refused", "dispute.not_opened", "dispute.credit_refused"]


@pytest.mark.parametrize("name", REVIEWS)
def test_no_reply_about_a_review_tells_its_cause(name: str) -> None:
    text = BOOK.render(Say(template=name, facts={"account": "savings account XX1234"}), "en").lower()

    assert not re.search(r"fraud|launder|suspicio|police|court", text)


def test_what_an_authority_ordered_is_told_only_as_far_as_it_is_known() -> None:
    known = {"account": "savings account XX1", "amount": "₹10.00", "date": "", "authority": "", "reference": "CC-7"}

    text = BOOK.render(Say(template="balance.freeze_legal", facts=known), "en")

    assert "₹10.00" in text and "CC-7" in text and "since" not in text and "()" not in text
