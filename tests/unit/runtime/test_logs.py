"""Logs name kinds, codes and places; what a customer wrote is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from pydantic import BaseModel, ConfigDict

from domain.errors import Broken
from runtime.logs import configure

SAID = "my secret plan 918273"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What is logged, as the service is set up to."""
    written = StringIO()
    configure("info", "json")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    yield written
    structlog.reset_defaults()


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def test_an_exception_is_logged_by_kind_code_and_place_and_not_by_its_text(log: StringIO) -> None:
    try:
        try:
            Strict.model_validate({"text": SAID})
        except ValueError as error:
            raise Broken("checkpoint_not_plain", SAID) from error
    except Broken:
        structlog.get_logger().exception("turn_broken", conversation="cnv_1")

    logged = log.getvalue()
    assert SAID not in logged and "918273" not in logged
    assert all(
        part in logged for part in ("turn_broken", "cnv_1", "Broken checkpoint_not_plain", "ValidationError", "test_logs.py")
    )


def test_a_field_that_may_hold_customer_text_is_not_logged_whoever_passes_it(log: StringIO) -> None:
    structlog.get_logger().info("said", text=SAID, value=SAID, token=SAID)

    assert SAID not in log.getvalue()


def test_personal_data_that_gets_into_an_event_by_mistake_is_named_instead(log: StringIO) -> None:
    structlog.get_logger().info("sent", to="asha@demo.example", detail="card 4111 1111 1111 1111", conversation="cnv_0123456789")

    logged = log.getvalue()
    assert "[e-mail]" in logged and "[card ending 1111]" in logged and "cnv_0123456789" in logged
    assert "asha" not in logged and "4111 1111" not in logged
