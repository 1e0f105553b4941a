"""Usable by keyboard and screen reader, on a small screen, in the dark: checked in the accessibility tree and by measuring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.support.fake_chat import FakeChat
from tests.support.fake_script import RIGHT_CODE

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8").split("\n", 2)[2].rstrip().rstrip(";")
WORDS_OF_EVERY_KIND = ("hello", "balance", "many", "dispute", "question", "file", "html", "slow")
CONTROLS = {"button", "textbox", "radio", "link", "combobox", "DisclosureTriangle", "checkbox"}


def test_balance_and_dispute_need_nothing_but_the_keyboard(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    keyboard = asha.page.keyboard
    assert asha.focused() == "Your message"

    keyboard.type("balance")
    keyboard.press("Enter")
    expect(asha.code).to_be_focused()
    keyboard.type(RIGHT_CODE)
    keyboard.press("Enter")
    asha.reads("hotel holds the rest")
    expect(asha.composer).to_be_focused()

    keyboard.type("dispute")
    keyboard.press("Enter")
    expect(asha.request("Please choose")).to_be_focused()
    keyboard.press("Tab")
    expect(asha.button("MegaMart")).to_be_focused()
    keyboard.press("Enter")
    expect(asha.request("Please confirm")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(asha.button("Yes, go ahead")).to_be_focused()
    keyboard.press("Space")

    asha.reads("It is registered")
    expect(asha.composer).to_be_focused()
    assert [frame["value"] for frame in fake.sent("confirm")] == [True]


def test_a_stray_enter_agrees_to_nothing(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("dispute")
    expect(asha.request("Please choose")).to_be_focused()

    asha.page.keyboard.press("Enter")
    asha.page.keyboard.press("Space")

    asha.says("hello").reads("You wrote 5 characters.")
    assert fake.sent("choice") == []


def test_a_request_does_not_take_the_keyboard_out_of_a_sentence(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    asha.composer.fill("I was about to")
    script = fake.latest()

    fake.do(script.ask_payment)

    expect(asha.request("Please choose")).to_be_visible()
    expect(asha.composer).to_be_focused()


def test_escape_leaves_a_request_for_the_composer(visit: Visit) -> None:
    asha = visit().signed_in().says("balance")
    expect(asha.code).to_be_focused()

    asha.page.keyboard.press("Escape")

    expect(asha.composer).to_be_focused()


def test_an_open_request_out_of_view_is_pointed_to(visit: Visit) -> None:
    asha = visit(height=640).signed_in().says("question")
    for number in range(8):
        asha.says(f"line {number}")

    asha.button("Go to it").click()

    expect(asha.chat.get_by_label("Your answer")).to_be_focused()
    expect(asha.chat.get_by_label("Your answer")).to_be_in_viewport()


def test_the_floating_chat_opens_and_closes_by_keyboard_and_counts_what_is_unread(visit: Visit, fake: FakeChat) -> None:
    visitor = visit(path="/static/demo/embedded.html")
    visitor.is_connected()
    visitor.page.get_by_role("button", name="Open chat").press("Enter")
    expect(visitor.composer).to_be_focused()

    visitor.page.keyboard.press("Escape")
    launcher = visitor.page.get_by_role("button", name="Open chat")
    expect(launcher).to_be_focused()
    script = fake.latest()
    fake.do(lambda: script.say("Are you still there?"))
    expect(visitor.page.get_by_role("button", name="Open chat, 1 unread")).to_be_visible()
    visitor.page.keyboard.press("Enter")

    visitor.reads("Are you still there?")
    assert visitor.page.evaluate("document.querySelector('tellergate-chat').unread") == 0


def test_the_conversation_is_a_polite_log_and_a_replay_is_not_read_out(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("hello").reads("You wrote 5 characters.")
    expect(asha.log).to_have_attribute("aria-live", "polite")
    expect(asha.log).to_have_accessible_name("Conversation")
    asha.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
             window.live = [];
             const log = document.querySelector("tellergate-chat").shadowRoot.querySelector("[role=log]");
             new MutationObserver(() => window.live.push(log.getAttribute("aria-live"))).observe(log, { attributeFilter: ["aria-live"] });
           });"""
    )

    asha.page.reload()
    asha.reads("You wrote 5 characters.")

    expect(asha.log).to_have_attribute("aria-live", "polite")
    heard = asha.page.evaluate("window.live")
    assert (heard[0], heard[-1]) == ("off", "polite")


def test_every_control_has_a_name_in_the_accessibility_tree(visit: Visit) -> None:
    asha = with_everything(visit)

    nodes = asha.page.context.new_cdp_session(asha.page).send("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in nodes if not node.get("ignored") and role(node) in CONTROLS]

    assert len(controls) > 30
    assert [role(node) for node in controls if not node.get("name", {}).get("value", "").strip()] == []


def role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))


def with_everything(visit: Visit, **options: Any) -> Visitor:
    """A conversation with each kind of message, card and request on screen."""
    asha = visit(**options).signed_in()
    for words in WORDS_OF_EVERY_KIND:
        asha.says(words)
    asha.reads("We decide within 90 days.")
    return asha


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(visit: Visit, scheme: str) -> None:
    asha = with_everything(visit, color_scheme=scheme, reduced_motion="reduce")
    assert asha.page.evaluate(CONTRAST) == []

    asha.page.context.set_offline(True)
    asha.page.evaluate("window.dispatchEvent(new Event('offline'))")
    asha.says("pending")
    expect(asha.banner).to_be_visible()

    assert asha.page.evaluate(CONTRAST) == []


def test_the_contrast_check_can_fail(visit: Visit) -> None:
    asha = visit().signed_in()

    asha.page.evaluate("document.querySelector('tellergate-chat').style.setProperty('--tellergate-muted', '#b0b8bd')")

    assert asha.page.evaluate(CONTRAST) != []


def test_the_theme_attribute_overrules_the_system(visit: Visit) -> None:
    asha = visit(color_scheme="light")
    background = "getComputedStyle(document.querySelector('tellergate-chat').shadowRoot.querySelector('.panel')).backgroundColor"
    light = asha.page.evaluate(background)

    asha.page.evaluate("document.querySelector('tellergate-chat').setAttribute('theme', 'dark')")

    assert asha.page.evaluate(background) != light


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_scrolls_sideways(visit: Visit, width: int) -> None:
    asha = with_everything(visit, width=width, height=720)
    asha.says("w" * 300)
    asha.reads("You wrote 300 characters.")

    overflow = asha.page.evaluate(
        """() => {
          const log = document.querySelector("tellergate-chat").shadowRoot.querySelector("[role=log]");
          const page = document.documentElement;
          const wide = [...log.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > log.getBoundingClientRect().right + 1);
          return [page.scrollWidth - page.clientWidth, log.scrollWidth - log.clientWidth, ...wide.map((node) => node.className)];
        }"""
    )
    assert overflow == [0, 0]


def test_controls_are_large_enough_to_hit(visit: Visit) -> None:
    asha = with_everything(visit, width=320)

    small = asha.page.evaluate(
        """() => [...document.querySelector("tellergate-chat").shadowRoot.querySelectorAll("button, textarea, summary, input:not(.unseen)")]
              .filter((node) => node.checkVisibility() && node.type !== "radio")
              .map((node) => [node.className, node.getBoundingClientRect()])
              .filter(([, box]) => box.height < 24 || box.width < 24).map(([name]) => name)"""
    )
    assert small == []


def test_motion_stops_for_those_who_ask_for_it(visit: Visit) -> None:
    asha = visit(reduced_motion="reduce").signed_in().says("think")
    expect(asha.chat.locator(".thinking")).to_be_visible()

    moving = asha.page.evaluate("document.querySelector('tellergate-chat').shadowRoot.getAnimations().length")

    assert moving == 0


def test_the_page_itself_has_landmarks_headings_and_a_way_past_the_picker(visit: Visit) -> None:
    visitor = visit()

    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to the chat")).to_be_focused()
    expect(visitor.page.get_by_role("main")).to_have_count(1)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Who are you today?")
