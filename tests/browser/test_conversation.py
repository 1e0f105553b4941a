"""The widget holds a conversation: balance with a code, a dispute with a choice and a yes, and nothing shown or sent twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from domain.frames import MessageOut
from tests.browser.visitor import Visitor
from tests.support.fake_chat import FakeChat
from tests.support.fake_script import ASSISTANT, DIGEST, HTML_TEXT, QUOTED_TEXT, RIGHT_CODE

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_a_balance_is_shown_after_the_code_with_its_card_and_quick_replies(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("What is my balance?")

    asha.code.fill(RIGHT_CODE)
    asha.button("Send securely").click()

    card = asha.log.get_by_role("region", name="Savings account XX1234")
    expect(card.get_by_role("term")).to_have_text(["Available", "Held: Hotel Lotus Demo", "Total"])
    expect(card.get_by_role("definition")).to_have_text(["₹38,200.00", "₹6,800.00", "₹45,000.00"])
    asha.button("Why a hold?").click()
    asha.reads("Why is there a hold?")
    expect(asha.button("Recent payments")).to_have_count(0)
    assert [frame["text"] for frame in fake.sent("message")] == ["What is my balance?", "Why is there a hold?"]


def test_a_wrong_code_is_asked_for_again_in_an_empty_field(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("balance")
    asha.code.fill("000000")
    asha.code.press("Enter")
    asha.reads("That code was not right")

    expect(asha.code).to_have_value("")
    asha.code.fill(RIGHT_CODE)
    asha.code.press("Enter")

    asha.reads("hotel holds the rest")
    assert fake.latest().codes == ["000000", RIGHT_CODE]


def test_a_secret_stays_nowhere_once_it_was_sent(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("balance")
    field = asha.code
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_attribute("inputmode", "numeric")
    expect(field).to_have_attribute("autocomplete", "one-time-code")

    field.fill(RIGHT_CODE)
    field.press("Enter")
    asha.reads("hotel holds the rest")

    assert fake.latest().codes == [RIGHT_CODE]
    asha.page.evaluate("document.querySelector('#messages').remove()")  # the sandbox phone shows codes, and is not the widget
    assert RIGHT_CODE not in asha.everything_kept()
    expect(asha.chat.locator("input[type=password]")).to_have_count(0)


def test_a_code_typed_but_not_sent_is_in_no_attribute_and_no_storage(visit: Visit) -> None:
    asha = visit().signed_in().says("balance")

    asha.code.fill("999111")

    markup = asha.page.evaluate("document.querySelector('tellergate-chat').shadowRoot.innerHTML")
    assert "999111" not in markup
    assert "999111" not in str(asha.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


def test_a_double_click_on_yes_sends_one_frame_with_exactly_the_digest(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("I want to dispute a payment")
    asha.button("MegaMart").click()

    asha.button("Yes, go ahead").dblclick()
    asha.reads("It is registered")

    (sent,) = fake.sent("confirm")
    request = next(frame for frame in fake.latest().talk.record if frame.type == "request" and frame.kind == "confirm")  # type: ignore[attr-defined]
    assert sent == {"type": "confirm", "id": sent["id"], "request": request.id, "digest": DIGEST, "value": True}  # type: ignore[attr-defined]
    asha.reads("You said yes")
    expect(asha.button("No, do not")).to_have_count(0)


def test_a_confirmation_shows_what_is_agreed_to_and_the_short_fingerprint(visit: Visit) -> None:
    asha = visit().signed_in().says("dispute")
    asha.button("MegaMart").click()

    request = asha.request("Please confirm")
    expect(request.get_by_role("definition").first).to_have_text("₹5,000.00 to “MegaMart”")
    request.get_by_text("Security details").click()
    expect(request.get_by_text("9f2c 41d0 7be3")).to_be_visible()
    assert DIGEST not in request.inner_text()


def test_a_question_put_again_after_a_digression_is_shown_once(visit: Visit) -> None:
    asha = visit().signed_in().says("again")
    expect(asha.request("Secure entry")).to_have_count(1)

    asha.says("once again").reads("I still need the code.", times=2)

    expect(asha.request("Secure entry")).to_have_count(1)
    expect(asha.code).to_be_editable()


def test_many_options_are_radios_and_continuing_without_one_is_refused_kindly(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("many")
    asha.button("Continue").click()
    expect(asha.chat.get_by_text("Choose one of the options first.")).to_be_visible()

    asha.chat.get_by_role("radio", name="Branch 3").check()
    asha.button("Continue").click()

    asha.reads("You chose: Branch 3")
    assert [frame["value"] for frame in fake.sent("choice")] == ["b3"]


def test_markup_in_a_message_or_card_is_shown_as_text(visit: Visit) -> None:
    asha = visit().signed_in().says("html")

    asha.reads(HTML_TEXT)
    asha.reads("<b>b</b>")
    assert asha.page.evaluate("window.hacked") is None
    assert asha.chat.locator(".entries").locator("b, i, u, img, script").count() == 0


def test_words_of_others_stay_in_their_quotes(visit: Visit) -> None:
    visit().signed_in().says("quote").reads(QUOTED_TEXT)


def test_own_messages_are_pending_until_the_service_has_them(visit: Visit, fake: FakeChat) -> None:
    fake.lose_acks = 1
    asha = visit().signed_in().says("silence please")
    expect(asha.log.get_by_text("Sending…")).to_be_visible()

    fake.drop()

    expect(asha.log.get_by_text("Sent", exact=True)).to_be_visible()
    first, again = fake.sent("message")
    assert first == again
    assert asha.entries() == ["silence please"]


def test_deltas_are_provisional_and_the_message_replaces_them(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("slow")
    asha.reads("Your dispute is registered. We decide within 90 days.")
    expect(asha.log.locator(".provisional")).to_have_attribute("aria-hidden", "true")

    script = fake.latest()
    fake.do(
        lambda: script.talk.add(
            lambda seq: MessageOut(seq=seq, turn="turn-slow", author=ASSISTANT, text="It is registered as DSP-1.", at=fake.now())
        )
    )

    asha.reads("It is registered as DSP-1.")
    asha.reads("We decide within 90 days.", times=0)


def test_every_message_of_the_assistant_is_labelled_as_ai(visit: Visit) -> None:
    asha = visit().signed_in().says("hello").reads("You wrote 5 characters.")

    expect(asha.log.get_by_role("article").filter(has_text="You wrote")).to_contain_text("AI assistant")


def test_a_person_who_takes_over_is_named(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("person")
    expect(asha.chat.get_by_text("number 2 in the queue")).to_be_visible()
    expect(asha.button("Talk to a person")).to_be_hidden()

    fake.do(fake.latest().agent_joins)

    expect(asha.chat.get_by_text("You are talking to Priya Demo, bank staff")).to_be_visible()
    expect(asha.log.get_by_role("article").filter(has_text="I am Priya")).to_contain_text("Priya Demo · bank staff")


def test_a_closed_conversation_is_rated_and_a_new_one_can_start(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("close")
    expect(asha.composer).to_be_disabled()

    asha.button("Send rating").click()
    expect(asha.chat.get_by_text("Choose a number of stars first.")).to_be_visible()
    asha.chat.get_by_role("radio", name="4 of 5").check(force=True)
    asha.button("Send rating").click()
    expect(asha.chat.get_by_text("Thank you.")).to_be_visible()
    asha.button("Start a new conversation").click()

    expect(asha.composer).to_be_enabled()
    asha.says("hello").reads("You wrote 5 characters.")
    assert fake.sent("rate") == [{"type": "rate", "stars": 4, "text": ""}]
    assert len(fake.conversations) == 2


def test_the_counter_appears_near_the_limit_and_too_long_a_text_cannot_be_sent(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    asha.composer.fill("x" * 3500)
    expect(asha.chat.get_by_text("characters left")).to_have_count(0)

    asha.composer.fill("₹" * 3990)
    expect(asha.chat.get_by_text("10 characters left")).to_be_visible()
    asha.composer.fill("🙂" * 4003)
    expect(asha.chat.get_by_text("3 characters too many")).to_be_visible()
    expect(asha.button("Send message")).to_be_disabled()
    asha.composer.press("Enter")

    assert fake.sent("message") == []


def test_a_file_is_declined_politely(visit: Visit) -> None:
    asha = visit().signed_in().says("file")

    expect(asha.button("Choose a file")).to_be_disabled()
    expect(asha.chat.get_by_text("Files cannot be sent in this chat yet.")).to_be_visible()


def test_the_interface_speaks_hindi_to_a_hindi_customer_and_switches(visit: Visit) -> None:
    meera = visit().signed_in("मीरा Demo")
    expect(meera.chat.get_by_role("textbox", name="आपका संदेश")).to_be_visible()

    meera.chat.get_by_role("button", name="चैट English में दिखाएँ").click()

    expect(meera.composer).to_be_visible()
    expect(meera.button("Talk to a person")).to_be_visible()
