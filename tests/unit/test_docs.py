"""Documents that cannot rot: error codes, frames, schemas."""

from __future__ import annotations

import json
from pathlib import Path

from channels.asyncapi import document
from domain.staff import PERMISSIONS, ROLES
from policy.vocabulary import ROLES as DECIDING
from tests.support.codes import error_codes

DOCS = Path(__file__).parents[2] / "docs"


def test_every_error_code_in_the_source_is_documented() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")

    missing = {code: files for code, files in error_codes().items() if f"`{code}`" not in page}

    assert missing == {}


def test_the_committed_asyncapi_document_is_the_one_the_code_speaks() -> None:
    assert json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8")) == json.loads(json.dumps(document("0.1.0")))


def test_every_role_and_permission_of_staff_is_documented() -> None:
    page = (DOCS / "staff.md").read_text(encoding="utf-8")

    assert [name for name in [*ROLES, *PERMISSIONS] if f"`{name}`" not in page] == []


def test_every_role_that_a_rule_may_ask_is_a_role_of_people_that_may_sign() -> None:
    assert all("approvals.sign" in ROLES[role].permissions for role in DECIDING)
