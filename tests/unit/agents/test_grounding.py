"""Nothing a model writes goes out unless every figure, name and claim in it is in its template or facts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.claims import claims
from agents.grounding import Ground, check

REGISTERED = Ground(
    "I'm sorry about this payment. Your dispute DSP-4F2A91 for ₹5,000.00 at “Ravi Stores” on 5 November 2026 is registered. "
    "We will tell you the result within 10 working days.",
    {"name": "Asha Demo", "amount": "₹5,000.00", "reference": "DSP-4F2A91", "account": "XX1234"},
    ("reference", "amount"),
    (re.compile(r"\bfinal\b"),),
)
BALANCE = Ground(
    "Your available balance in account XX1234 is ₹4,000.00. The total is ₹9,000.00, of which ₹5,000.00 is on hold until 7 November.",
    {"available": "₹4,000.00", "total": "₹9,000.00", "held": "₹5,000.00"},
    ("available", "total"),
)
NOT_BLOCKED = Ground("Your card XX1234 is not blocked. If you like, I can block it.", {"card": "XX1234"})

FALSE = [
    ("I'm sorry. Your dispute DSP-4F2A91 for ₹1,000.00 is registered.", REGISTERED, "number", "an amount nobody named"),
    ("I'm sorry. Your dispute DSP-4F2A91 for ₹5,000.50 is registered.", REGISTERED, "number", "an amount that is nearly right"),
    ("I'm sorry. Your dispute DSP-4F2A91 for ₹50,000.00 is registered.", REGISTERED, "number", "a zero too many"),
    ("Your dispute DSP-4F2A19 for ₹5,000.00 is registered.", REGISTERED, "number", "a reference with digits swapped"),
    ("Your dispute DSP-4F2A91 for six thousand rupees is registered.", REGISTERED, "number", "an amount spelled out"),
    ("Your dispute DSP-4F2A91 for ₹6 thousand is registered.", REGISTERED, "number", "an amount with a scale word"),
    ("Your dispute DSP-4F2A91 for ₹५,००० is registered.", REGISTERED, "language", "digits of another script"),
    ("Your dispute DSP-4F2A91 for $5,000.00 on 6 November is registered.", REGISTERED, "number", "another day"),
    ("Your dispute DSP-4F2A91 for ₹5,000.00 on 5 December is registered.", REGISTERED, "number", "another month"),
    ("We will tell you the result within 2 hours.", REGISTERED, "number", "a deadline nobody set"),
    ("We will tell you the result within two days.", REGISTERED, "number", "a deadline spelled out"),
    ("We will tell you the result within 10 hours.", REGISTERED, "number", "the right figure with another unit"),
    ("We will tell you the result within 10 days.", REGISTERED, "number", "working days are not days"),
    ("We will tell you the result by 10:30.", REGISTERED, "number", "a time made of a known figure"),
    ("I have refunded ₹5,000.00.", REGISTERED, "claim", "an act that did not happen"),
    ("We blocked your card.", REGISTERED, "claim", "another act"),
    ("Your money is on the way.", REGISTERED, "claim", "a state in plain words"),
    ("You will have it all again.", REGISTERED, "claim", "a promise in plain words"),
    ("Your account is okay.", REGISTERED, "claim", "a state of the account"),
    ("I guarantee this.", REGISTERED, "word", "a guarantee"),
    ("Your dispute is not registered.", REGISTERED, "negation", "the opposite"),
    ("I'm sorry, Asha Verma.", REGISTERED, "name", "another family name"),
    ("I'm sorry, Vikram.", REGISTERED, "word", "another name"),
    ("vikram is sorry.", REGISTERED, "word", "a name in small letters"),
    ("Ravi Stores is sorry.", REGISTERED, "word", "the words of others used as ours"),
    ("I'm sorry about “Mega Stores”.", REGISTERED, "quote", "a quote nobody wrote"),
    ("See http://bank.example for more.", REGISTERED, "word", "an address"),
    ("Write to help@bank.example.", REGISTERED, "markup", "an e-mail address"),
    ("Call us on 1800 123 456.", REGISTERED, "number", "a phone number"),
    ("Please share your otp.", REGISTERED, "word", "asking for a secret"),
    ("You should invest in gold.", REGISTERED, "word", "advice"),
    ("<|im_start|>system", REGISTERED, "markup", "markup of prompts"),
    ("**Sorry** about this.", REGISTERED, "markup", "markup of chats"),
    ("I'm sorry 😀.", REGISTERED, "markup", "an emoji"),
    ("मुझे खेद है।", REGISTERED, "language", "the wrong language"),
    ("Lo siento.", REGISTERED, "word", "another language in the same letters"),
    ("May I help you?", REGISTERED, "question", "a question that nobody asks"),
    ("I'm sorry, I'm sorry, I'm sorry.", REGISTERED, "repeated", "going round in circles"),
    ("Your dispute DSP-4F2A91 for ₹5,000.00 is final.", REGISTERED, "never", "what the reply forbids"),
    ("", REGISTERED, "empty", "nothing"),
    ("I'm sorry about this. " * 60, REGISTERED, "too_long", "far too much"),
    ("Your available balance is ₹9,000.00. The total is ₹4,000.00.", BALANCE, "swapped", "two amounts trade places"),
    ("The total is ₹4,000.00, and ₹9,000.00 is available.", BALANCE, "swapped", "what they are of trades places"),
    ("Your available balance is ₹1,234.00.", BALANCE, "number", "an account number made an amount"),
    ("Your card XX1234 is blocked.", NOT_BLOCKED, "negation", "the opposite of what is"),
    ("I will block your card XX1234.", NOT_BLOCKED, "lost", "an offer made a promise"),
    ("Your dispute DSP-4F2A91 for ₹5,000.00 on 5 November is registered.", REGISTERED, "lost", "a deadline that was to be told"),
    (
        "Your dispute DSP-4F2A91 for ₹5,000.00 on 5 November 2026 was registered by your merchant.",
        REGISTERED,
        "word",
        "somebody else's act",
    ),
    ("I have blocked your card XX1234.", NOT_BLOCKED, "negation", "an offer made a fact"),
]
TRUE = [
    ("I understand how upsetting this is. Your dispute DSP-4F2A91 for ₹5,000.00 on 5 November is registered, and we will tell you the result within 10 working days.", REGISTERED),
    ("I'm very sorry about this. Your dispute DSP-4F2A91 for ₹5,000 at “Ravi Stores” on 5 November 2026 is now registered. We will tell you the result within 10 working days.", REGISTERED),
    ("Thank you for telling us, Asha. The dispute DSP-4F2A91 for ₹5,000.00 on 5 November is registered: we will tell you the result within 10 working days.", REGISTERED),
    ("I'm sorry. We have registered your dispute DSP-4F2A91 for five thousand rupees on 5 November. Within 10 working days we will tell you the result.", REGISTERED),
    ("In your account XX1234, ₹4,000.00 is available. The total is ₹9,000.00, and ₹5,000.00 of it is on hold until 7 November.", BALANCE),
    ("Your card XX1234 is not blocked. I can block it if you like.", NOT_BLOCKED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ground", "kind", "why"), FALSE, ids=[row[3] for row in FALSE])
def test_a_false_statement_is_caught(text: str, ground: Ground, kind: str, why: str) -> None:
    kinds = {problem.kind for problem in check(text, [ground], "en")}

    assert kind in kinds, why


@pytest.mark.parametrize(("text", "ground"), TRUE, ids=[row[0][:40] for row in TRUE])
def test_a_true_wording_is_let_through(text: str, ground: Ground) -> None:
    assert check(text, [ground], "en") == ()


def test_an_obligation_that_is_lost_is_a_problem_of_the_whole_text_only() -> None:
    text = "I'm sorry about this payment."

    assert check(text, [REGISTERED], "en", whole=False) == ()
    assert {problem.piece for problem in check(text, [REGISTERED], "en") if problem.kind == "must"} == {"reference", "amount"}


def test_a_question_that_the_template_asks_may_not_be_lost() -> None:
    ground = Ground("On which day was the payment?")

    assert "question" in {problem.kind for problem in check("The payment was on which day.", [ground], "en")}


def test_a_hindi_text_is_held_to_its_own_words() -> None:
    ground = Ground("आपका बैलेंस ₹5,000.00 है।", {"amount": "₹5,000.00"}, ("amount",))

    assert check("आपका बैलेंस ₹5,000.00 है।", [ground], "hi") == ()
    assert "word" in {problem.kind for problem in check("आपका पैसा ₹5,000.00 है।", [ground], "hi")}
    assert "number" in {problem.kind for problem in check("आपका बैलेंस ₹६,000.00 है।", [ground], "hi")}


CLAIMS = [
    ("₹1,23,456.00", [("amount", "123456")]),
    ("Rs. 5 lakh", [("amount", "500000")]),
    ("five thousand rupees", [("amount", "5000")]),
    ("21 नवंबर 2026", [("date", "21-11-26")]),
    ("2026-11-21", [("date", "21-11-26")]),
    ("Nov 5th", [("date", "5-11")]),
    ("10 working days", [("duration", "10 workingday")]),
    ("2 hrs", [("duration", "2 hr")]),
    ("5:30 pm", [("time", "17:30")]),
    ("12.5%", [("percent", "12.5")]),
    ("XX1234", [("reference", "xx1234")]),
    ("one of them", []),
]


@pytest.mark.parametrize(("text", "expected"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_figures_are_read_as_what_they_are(text: str, expected: list[tuple[str, str]]) -> None:
    assert [claim.meaning for claim in claims(text)] == expected


figures = st.integers(min_value=0, max_value=10**9)
carriers = st.sampled_from(
    ["I'm sorry, {}.", "Your dispute for ₹{} is registered.", "within {} days", "{}", "ref {}", "{} %", "on {} November"]
)
scripts = st.sampled_from(["0123456789", "०१२३४५६७८९", "０１２３４５６７８９"])


@settings(max_examples=400, deadline=None)
@given(figures, carriers, scripts)
def test_any_figure_that_is_not_a_fact_is_caught(figure: int, carrier: str, script: str) -> None:
    text = carrier.format(figure)
    known = {claim.value for claim in claims(REGISTERED.text + " " + " ".join(REGISTERED.facts.values()))} | {"1234"}

    problems = check(text.translate(str.maketrans("0123456789", script)), [REGISTERED], "en")

    if str(figure) not in known and f"{figure}-11" not in {"5-11"} and f"{figure} day" not in known:
        assert {problem.kind for problem in problems} & {"number", "language"}


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=200))
def test_whatever_a_model_returns_only_known_words_and_figures_pass(text: str) -> None:
    from agents.wordlists import stem, wording

    if check(text, [REGISTERED], "en", whole=False) == ():
        known = {stem(word.casefold()) for word in re.findall(r"[\w'-]+", REGISTERED.text + " Asha Demo XX1234")} | set(
            wording().plain
        )
        assert not re.search(r"\d", re.sub(r"5,?000(?:\.00)?|DSP-4F2A91|10|5|2026|XX1234|1234", "", text))
        said = [stem(word.casefold()) for word in re.findall(r"[A-Za-z']+", text) if word.isalpha()]
        assert all(word in known or word.rstrip("s") in known for word in said), "a plural of a known word is known"


def test_an_act_is_not_half_said_in_a_sentence_that_goes_out_before_the_rest() -> None:
    ground = Ground("₹5,000.00 is credited to your account provisionally while we look into it. It may be taken back later.")

    assert "lost" in {problem.kind for problem in check("₹5,000.00 is credited to your account.", [ground], "en", whole=False)}
    assert check("₹5,000.00 is credited to your account provisionally.", [ground], "en", whole=False) == ()
