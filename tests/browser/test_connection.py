"""Lost lines, other tabs, expired tokens, too much haste: the widget comes back, and nothing is doubled or lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.support.fake_chat import FakeChat
from tests.support.fake_script import RIGHT_CODE

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def test_a_reconnect_replays_what_was_missed_once(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("first").reads("You wrote 5 characters.")
    script = fake.latest()

    fake.drop()
    fake.do(lambda: script.say("Said while you were away."))
    asha.reads("Said while you were away.")
    fake.drop()
    asha.is_connected()
    asha.says("second one").reads("You wrote 10 characters.")

    assert asha.entries() == [
        "first",
        "You wrote 5 characters.",
        "Said while you were away.",
        "second one",
        "You wrote 10 characters.",
    ]
    assert "conversation=cv-1&after=3" in fake.addresses[-1]


def test_what_is_written_without_a_line_is_sent_once_it_is_back(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    asha.page.context.set_offline(True)
    asha.page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(asha.banner).to_contain_text("You are offline.")

    asha.says("written offline")
    expect(asha.log.get_by_text("Waiting for connection")).to_be_visible()
    asha.page.context.set_offline(False)

    asha.reads("You wrote 15 characters.")
    expect(asha.banner).to_be_hidden()
    assert [frame["text"] for frame in fake.sent("message")] == ["written offline"]


def test_a_reload_shows_the_conversation_again_as_the_service_keeps_it(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("my card is 4111 1111 1111 1111")
    asha.reads("You wrote 30 characters.")

    asha.page.reload()
    asha.is_connected()

    asha.reads("You wrote 30 characters.")
    (mine,) = [text for text in asha.entries() if text.startswith("my card")]
    assert "4111 1111" not in mine and mine.endswith("1111")
    assert len(fake.conversations) == 1


def test_an_anonymous_visitor_comes_back_with_the_resume_secret_and_claims_it_by_signing_in(visit: Visit, fake: FakeChat) -> None:
    visitor = visit().anonymous().says("hello").reads("You wrote 5 characters.")
    assert visitor.stored()["resume"] == "resume-1"

    visitor.page.reload()
    visitor.is_connected()
    visitor.reads("You wrote 5 characters.")
    visitor.signed_in()
    visitor.says("it is me").reads("You wrote 8 characters.")

    assert [frame.get("resume") for frame in fake.sent("auth")] == ["resume-1", "resume-1"]
    assert list(fake.conversations) == ["cv-1"]
    assert fake.conversations["cv-1"].customer == "C001"
    assert visitor.stored()["resume"] is None
    assert all("resume" not in address and "token" not in address for address in fake.addresses)


def test_another_customer_never_sees_the_conversation_before(visit: Visit, fake: FakeChat) -> None:
    visitor = visit().signed_in("Asha Demo").says("hello").reads("You wrote 5 characters.")

    visitor.signed_in("Ravi Demo")

    visitor.reads("You wrote 5 characters.", times=0)
    visitor.says("good day").reads("You wrote 8 characters.")
    assert [talk.customer for talk in fake.conversations.values()] == ["C001", "C002"]


def test_a_refused_token_is_replaced_by_a_fresh_one(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    fake.refuse_tokens = 1

    fake.drop()

    asha.says("still here").reads("You wrote 10 characters.")
    assert len(fake.conversations) == 1


def test_when_fresh_tokens_are_refused_too_the_customer_is_asked_to_sign_in(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    fake.refuse_tokens = 1

    fake.drop(4401)
    expect(asha.banner).to_contain_text("Your session has ended.")
    asha.button("Sign in again").click()

    asha.is_connected()


def test_a_token_is_renewed_before_it_ends_on_the_open_socket(visit: Visit, fake: FakeChat) -> None:
    fake.token_seconds = 3
    asha = visit().signed_in()

    with asha.page.expect_response("**/demo/token"):
        pass  # the page gives a second token when asked before the first one ends

    asha.says("still here").reads("You wrote 10 characters.")
    assert len(fake.sent("auth")) >= 2
    assert len(fake.addresses) == 1


def test_a_session_that_ran_out_is_renewed_and_the_refused_message_goes_again(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    fake.session_expired = True

    asha.says("still here").reads("You wrote 10 characters.")

    assert len(fake.sent("auth")) == 2
    assert len({frame["id"] for frame in fake.sent("message")}) == 1
    expect(asha.banner).to_be_hidden()


def test_too_fast_counts_down_and_the_message_goes_by_itself(visit: Visit, fake: FakeChat) -> None:
    fake.too_fast_times = 1
    asha = visit().signed_in().says("hurry")

    expect(asha.banner).to_contain_text("Sending goes on in 1 s.")

    asha.reads("You wrote 5 characters.")
    assert len({frame["id"] for frame in fake.sent("message")}) == 1
    assert len(fake.sent("message")) == 2


def test_a_burst_of_messages_stays_below_the_services_limit(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    for number in range(10):
        asha.says(f"message {number}")

    asha.reads("You wrote 9 characters.", times=10)
    assert [frame["text"] for frame in fake.sent("message")] == [f"message {number}" for number in range(10)]


def test_a_request_that_ran_out_says_so_and_takes_no_answer(visit: Visit) -> None:
    asha = visit().signed_in().says("expire")
    expect(asha.chat.get_by_role("timer")).to_contain_text("left")

    expect(asha.log.get_by_text("The time to answer this has run out.")).to_be_visible()

    expect(asha.code).to_have_count(0)
    assert "Your message" in asha.focused()


def test_countdowns_run_on_the_services_clock_not_the_devices(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("balance")

    expect(asha.chat.get_by_role("timer")).to_have_text(re.compile(r"^(5:00|4:5\d) left$"))
    assert fake.clock_ahead.days == 3


def test_a_yes_given_after_a_reconnect_counts_because_the_request_was_asked_for_again(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("dispute")
    asha.button("MegaMart").click()
    expect(asha.button("Yes, go ahead")).to_be_visible()

    fake.drop()
    asha.is_connected()
    asha.button("Yes, go ahead").click()

    asha.reads("It is registered")
    expect(asha.request("Please confirm")).to_have_count(1)


def test_a_code_lost_with_the_line_is_sent_again_under_the_same_id_and_used_once(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("balance")
    asha.code.fill(RIGHT_CODE)
    fake.lose_acks = 1
    asha.code.press("Enter")
    asha.reads("hotel holds the rest")

    fake.drop()
    asha.is_connected()

    expect(asha.log.get_by_text("Sent securely")).to_be_visible()
    assert fake.latest().codes == [RIGHT_CODE]


def test_a_service_that_stays_away_is_told_and_the_way_back_is_offered(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    asha.page.route_web_socket("**/ws/chat*", lambda socket: socket.close())

    fake.drop()

    expect(asha.banner).to_contain_text("The connection was lost. Trying again…")
    expect(asha.banner.get_by_role("button", name="Connect now")).to_be_visible()


def test_a_chat_that_was_paused_as_idle_comes_back_when_the_customer_writes(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in()
    fake.drop(4408)
    expect(asha.banner).to_contain_text("The chat was paused")
    assert len(fake.addresses) == 1

    asha.says("I am back").reads("You wrote 9 characters.")

    expect(asha.banner).to_be_hidden()


def test_messages_of_another_tab_appear_here_too(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("hello").reads("You wrote 5 characters.")
    script = fake.latest()

    fake.do(lambda: script.say("An answer to the other tab."))

    asha.reads("An answer to the other tab.")


def test_a_conversation_that_is_gone_is_replaced_by_a_new_one_and_says_so(visit: Visit, fake: FakeChat) -> None:
    asha = visit().signed_in().says("hello").reads("You wrote 5 characters.")
    fake.do(fake.conversations.clear)

    fake.drop()

    expect(asha.banner).to_contain_text("A new one has been started.")
    asha.says("hello").reads("You wrote 5 characters.")


def test_new_messages_below_are_counted_while_the_reader_is_further_up(visit: Visit, fake: FakeChat) -> None:
    asha = visit(height=640).signed_in()
    for number in range(8):
        asha.says(f"line {number}")
    asha.reads("You wrote 6 characters.", times=8)
    asha.log.evaluate("(log) => (log.scrollTop = 0)")
    expect(asha.button("Go to the latest message")).to_be_visible()

    script = fake.latest()
    fake.do(lambda: script.say("Far below."))

    asha.button("1 new messages, go to the latest").click()
    expect(asha.log.get_by_text("Far below.")).to_be_in_viewport()
