"""Balance and dispute in Chromium against the real service, model-free: the code is read from the sandbox phone on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.acceptance.process import Server
from tests.acceptance.state import accounts_of, credits_for, disputes_of
from tests.browser.conftest import PATIENCE_MS, watch
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
#: Words of a security question → the answer that the demonstration world holds.
ANSWERS = {"school": "demo school", "town": "namunapur"}
STEPS = 12
#: A request comes in one commit with the reply before it.
WITH_ITS_REPLY_MS = 1500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("browsed") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def customer(browser: Browser, server: Server) -> Iterator[Visitor]:
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch(page, server.base, troubles)
    page.goto(server.base)
    yield Visitor(page)
    context.close()
    assert troubles == []


def test_a_balance_is_shown_with_its_hold_after_the_code_from_the_phone(customer: Visitor, server: Server) -> None:
    customer.signed_in("Meera Demo").says("What is my balance?")

    go_through(customer)

    (account,) = accounts_of(server.export(), "C003")
    assert account["held_minor"] > 0
    for amount in (account["available_minor"], account["held_minor"]):
        expect(customer.log).to_contain_text(f"{amount // 100 % 1000:03d}.{amount % 100:02d}")


def test_a_disputed_payment_ends_with_its_reference_and_one_credit(customer: Visitor, server: Server) -> None:
    customer.signed_in("Asha Demo").says("I didn't make this ₹5000 payment at MegaMart yesterday")

    go_through(customer)

    state = server.export()
    (reference,) = disputes_of(state, "C001")
    expect(customer.log).to_contain_text(reference)
    assert [receipt["amount_minor"] for receipt in credits_for(state, "T-0101")] == [500_000]


def test_a_reload_shows_the_same_conversation_without_the_code(customer: Visitor, server: Server) -> None:
    # A customer of its own in each test: the phone of another test's customer would still show that test's code.
    customer.signed_in("Farah Demo").says("What is my balance?")
    used = go_through(customer)
    before = customer.log.get_by_role("article").count()

    customer.page.reload()
    customer.is_connected()

    expect(customer.log.get_by_role("article")).to_have_count(
        before + len(used)
    )  # entries replayed masked, in place of their cards
    customer.page.evaluate("document.querySelector('#messages').remove()")
    kept = customer.everything_kept()
    assert [code for code in used if code in kept] == []


def test_an_anonymous_visitor_keeps_the_conversation_when_signing_in(customer: Visitor) -> None:
    customer.anonymous().says("hi there")
    expect(customer.log.get_by_role("article").filter(has_text="AI assistant").first).to_be_visible()

    customer.signed_in("Vikram Demo").says("What is my balance?")

    expect(customer.code).to_be_visible()
    customer.reads("hi there", times=1)


def go_through(customer: Visitor) -> list[str]:
    """Answer whatever is asked as this customer would, until nothing is; returns the one-time codes used."""
    codes: list[str] = []
    replies = customer.chat.locator(".message.assistant:not(.provisional)")
    heard = 0
    for _ in range(STEPS):
        expect(replies.nth(heard)).to_be_attached()
        heard = replies.count()
        request = customer.chat.locator(".request:not(.done)")
        try:
            expect(request).to_be_visible(timeout=WITH_ITS_REPLY_MS)
        except AssertionError:
            return codes
        codes += answer(customer, request)
    raise AssertionError(f"still asking after {STEPS} steps")


def answer(customer: Visitor, request: Locator) -> list[str]:
    title = request.get_by_role("heading").first.inner_text()
    if title == "Please confirm":
        request.get_by_role("button", name="Yes, go ahead").click()
    elif title == "Please choose":
        options = request.locator(".option")
        wanted = options.filter(has_text=re.compile("did not|not make|unauthorised", re.I))
        (wanted if wanted.count() else options).first.click()
    elif request.get_by_label("One-time code").count():
        shown = customer.page.locator("#messages output").last
        expect(shown).to_be_visible()
        code = shown.inner_text()
        request.get_by_label("One-time code").fill(code)
        request.get_by_role("button", name="Send securely").click()
        return [code]
    else:
        prompt = request.locator(".prompt").inner_text().lower()
        request.get_by_label("Your answer").fill(next(value for words, value in ANSWERS.items() if words in prompt))
        request.get_by_role("button", name="Send securely").click()
    return []
