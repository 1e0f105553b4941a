"""The reference pages of the policy are what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.facts import SCHEMA
from policy.packs import SHIPPED, load_pack
from policy.pages import PAGES
from policy.vocabulary import CONCERNS, CUSTOMER_REASONS, OBLIGATION_KINDS, RECEIVERS, ROLES

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_committed_page_is_the_one_the_code_gives(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "write it again: policy.pages.write_pages"


def test_the_documentation_names_every_fact_reason_obligation_role_receiver_and_concern() -> None:
    text = (DOCS / "policy-facts.md").read_text()
    words = [*SCHEMA, *CUSTOMER_REASONS, *OBLIGATION_KINDS, *ROLES, *RECEIVERS, *CONCERNS]
    assert [word for word in words if f"`{word}`" not in text] == []


def test_every_rule_and_every_limit_of_the_indian_pack_has_its_line() -> None:
    text = (DOCS / "policy" / "in-rbi-rules.md").read_text()
    pack = load_pack(SHIPPED / "in-rbi")
    assert [rule.id for rule in pack.rules if f"| {rule.id} |" not in text] == []
    assert [name for name in pack.limits if f"`{name}`" not in text] == []
