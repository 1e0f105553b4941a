"""A world file that cannot be used names the file, the line and what is wrong; it never shows what customers keep secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bank.worlds.loader import build_world, load_world, parse_world
from bank.worlds.problems import WorldInvalid
from tests.unit.worlds.small import SMALL, line_of

# (why, what is replaced, by what, path of the problem, words in it)
SHAPE = [
    ("a float is not exact", "INR 900.00", "900.00", "accounts[0].opening", "never a bare number"),
    ("a whole number has no currency", "INR 900.00", "900", "accounts[0].opening", "never a bare number"),
    ("a symbol is not the form", "INR 900.00", "₹900.00", "accounts[0].opening", "not an amount"),
    ("three decimals do not exist in rupees", "INR 900.00", "INR 900.005", "accounts[0].opening", "INR has 2 decimals"),
    ("nobody knows the currency", "INR 900.00", "XTS 900.00", "accounts[0].opening", "unknown currency XTS"),
    ("bad grouping is a slip", "INR 900.00", '"INR 9,00.00"', "accounts[0].opening", "not an amount"),
    ("a key is misspelt", "counterparty: Shop}", "counterpart: Shop}", "transactions[0].counterpart", "did you mean counterparty"),
    ("a key is unknown", "name: Main", "name: Main, colour: red", "branches[0].colour", "unknown key; known are id"),
    ("a key is missing", "city: Namunapur, ", "", "branches[0].city", "is missing"),
    ("digits without quotes are a number", 'last4: "0001"', "last4: 0001", "cards[0].last4", "put it in quotes"),
    ("five digits are not four", 'last4: "0001"', 'last4: "00012"', "cards[0].last4", "does not fit"),
    ("a word is not one of the list", "type: savings", "type: saving", "accounts[0].type", "not one of"),
    ("a time without offset is ambiguous", "at: -2d 14:30", "at: 2026-11-23T14:30:00", "transactions[0].at", "offset"),
    ("a time is not a time", "at: -2d 14:30", "at: yesterday", "transactions[0].at", "not a time"),
    ("a clock time does not go with hours", "at: -2d 14:30", "at: -2h 14:30", "transactions[0].at", "days or weeks"),
    ("an hour does not exist", "at: -2d 14:30", "at: -2d 24:30", "transactions[0].at", "hour must be in"),
    ("a day does not exist", '"2026-12-25"', '"2026-02-30"', "branches[0].holidays[0].day", ""),
    ("now must be absolute", '"2026-11-25T11:30:00+05:30"', "-3h", "now", "not a time"),
    ("now needs an offset", "11:30:00+05:30", "11:30:00", "now", "offset"),
    ("the zone is unknown", "branches:", "zone: Mars/Base\nbranches:", "zone", "not a time zone"),
    ("a list is expected", "contacts: [{kind: mobile, value: \"+910000000001\", changed_at: -9d}]", "contacts: none", "customers[0].contacts", "not a list"),
    ("a mapping is expected", "{name: Test Demo Bank}", "Test Demo Bank", "bank", "not a mapping"),
    ("the format is of the future", "world: 1", "world: 2", "world", "not one of 1"),
    ("true is not a number", "score_bp: 100", "score_bp: true", "fraud[0].score_bp", "not a whole number"),
    ("more than certain", "score_bp: 100", "score_bp: 10001", "fraud[0].score_bp", "less than or equal to 10000"),
    ("yes is not true", "fault: unknown, score_bp: 100", "fault: unknown, missing: yes", "fraud[0].missing", "neither true nor false"),
    ("nobody banks here", SMALL[SMALL.index("customers:"):SMALL.index("accounts:")], "customers: []\n", "customers", "at least 1 item"),
]  # fmt: skip

YAML = [
    ("a bracket stays open", "{name: Test Demo Bank}", "{name: Test Demo Bank", "not YAML"),
    ("a key stands twice", "world: 1", "world: 1\nworld: 1", "this key is here twice"),
    ("aliases may grow without bound", "{name: Test Demo Bank}", "&b {name: Test Demo Bank}", "anchors and aliases"),
    ("tags could make objects", "world: 1", "world: !!python/object:os.system 1", "the tag python/object:os.system"),
    ("two documents are two worlds", "events:", "---\nevents:", "not YAML"),
    ("a tab indents", "  - {id: BR", "\t- {id: BR", "not YAML"),
    ("a key is a list", "world: 1", "world: 1\n? [a]\n: 1", "a key is plain text"),
]

REFERENCES = [
    ("no such branch", "home_branch: BR\n", "home_branch: NO\n", "customers[0].home_branch", "no branch NO"),
    ("no such holder", "holders: [C1]", "holders: [C9]", "accounts[0].ownership.holders[0]", "no customer C9"),
    ("no such account", "{id: K1, account: A1", "{id: K1, account: A9", "cards[0].account", "no account A9"),
    ("a card of a stranger", "account: A1, holder: C1", "account: A1, holder: C2", "cards[0].holder", "neither a holder nor the guardian"),
    ("no such card", "{id: T1, account: A1, card: K1", "{id: T1, account: A1, card: K9", "transactions[0].card", "no card K9"),
    ("the card of another account", "{id: T1, account: A1, card: K1", "{id: T1, account: A1, card: K2", "transactions[0].card", "K2 is a card of A2"),
    ("a device nobody registered", "device: unknown:x", "device: D9", "transactions[1].device", "written unknown:D9"),
    ("the device of another customer", "device: unknown:x", "device: D2", "transactions[1].device", "D2 is a device of C2"),
    ("a login from somebody else's device", "device: D1}]}", "device: D2}]}", "customers[0].login.attempts[0].device", "D2 is a device of C2"),
    ("the same id twice", "{id: T2,", "{id: T1,", "transactions[1].id", "T1 is in transactions twice"),
    ("the same account number twice", "990000000002", "990000000001", "accounts[1].number", "twice"),
    ("the same device twice", "{id: D2,", "{id: D1,", "customers[1].devices[0].id", "D1 is a device of C1 already"),
    ("two mobiles", "changed_at: -9d}]", 'changed_at: -9d}, {kind: mobile, value: "+9100", changed_at: -1d}]', "customers[0].contacts[1].kind", "two contacts"),
    ("an assessment of nothing", "{transaction: T1, fault", "{transaction: T9, fault", "fraud[0].transaction", "no transaction T9"),
    ("a rail state of nothing", "{transaction: T2, state", "{transaction: T9, state", "rails[0].transaction", "no transaction T9"),
    ("a case about nothing", "customer: C1, transaction: T1", "customer: C1, transaction: T9", "cases[0].transaction", "no transaction T9"),
    ("a case of a stranger", "{reference: DSP-1, customer: C1", "{reference: DSP-1, customer: C2", "cases[0].customer", "does not use the account"),
    ("an event for nobody", "hold.expired, customer: C1", "hold.expired, customer: C9", "events[0].customer", "no customer C9"),
    ("a loan of nobody", "customer: C2, type: gold", "customer: C9, type: gold", "loans[0].customer", "no customer C9"),
    ("a hold on no account", "{id: H1, account: A1", "{id: H1, account: A9", "holds[0].account", "no account A9"),
]  # fmt: skip

CONTRADICTIONS = [
    ("a payment of tomorrow", "at: -2d 14:30", "at: +1d", "transactions[0].at", "after the world's now"),
    ("a payment before the account", "at: -2d 14:30", 'at: "2019-01-01T00:00:00Z"', "transactions[0].at", "before A1 was opened"),
    ("an alert before its payment", "counterparty: Shop}", "counterparty: Shop, alert_at: -3d}", "transactions[0].alert_at", "comes after"),
    ("a purchase that pays in", "INR -200.00, kind", "INR 200.00, kind", "transactions[0].amount", "wrong sign for purchase"),
    ("a payment of nothing", "INR -50.00, kind", "INR 0.00, kind", "transactions[1].amount", "not nothing"),
    ("another currency", "INR -50.00, kind", "USD -50.00, kind", "transactions[1].amount", "account's currency"),
    ("failed, but was it taken?", "device: unknown:x", "status: failed", "transactions[1].debited", "exactly for a failed payment"),
    ("reversed by nothing", "device: unknown:x", "status: reversed", "transactions[1].status", "reversal_of names this one"),
    ("undoes more than was done", "device: unknown:x", "reversal_of: T1", "transactions[1].reversal_of", "does not undo T1"),
    ("a card payment without a card", "{id: T1, account: A1, card: K1", "{id: T1, account: A1", "transactions[0].card", "with a card"),
    ("a hold of nothing", "INR 100.00, reason", "INR 0.00, reason", "holds[0].amount", "more than nothing"),
    ("a hold that ended but is pending", "expires_at: +2d", "expires_at: -1h", "holds[0].state", "pending does not go"),
    ("a hold that ends before it begins", "expires_at: +2d", "expires_at: -2d", "holds[0].expires_at", "ends before it begins"),
    ("held more than there is", "INR 100.00, reason", "INR 100000.00, reason", "accounts[0].opening", "holds and liens are more"),
    ("spent more than there is", "opening: INR 900.00", "opening: INR 9.00", "accounts[0].opening", "less than this account may have"),
    ("over the credit limit", "opening: INR -50.00", "opening: INR -481.00", "accounts[1].opening", "less than this account may have"),
    ("a credit card without a limit", ", credit_limit: INR 500.00", "", "accounts[1].credit_limit", "exactly for credit cards"),
    ("dormant since when?", 'opened: "2020-01-01"}', 'opened: "2020-01-01", status: dormant}', "accounts[0].dormant_since", "exactly when"),
    ("used while dormant", 'opened: "2020-01-01"}', 'opened: "2020-01-01", status: dormant, dormant_since: -100d}', "transactions[0].at", "dormant"),
    ("closed with money on it", 'opened: "2020-01-01"}', 'opened: "2020-01-01", status: closed}', "accounts[0].opening", "closed account"),
    ("a court without a name", 'opened: "2020-01-01"}', 'opened: "2020-01-01", freezes: [{kind: court, since: -1d}]}', "accounts[0].freezes[0]", "authority"),
    ("one holder jointly", "{holders: [C1]}", "{mode: jointly, holders: [C1]}", "accounts[0].ownership.holders", "1 holders do not go"),
    ("two holders alone", "{holders: [C1]}", "{holders: [C1, C2]}", "accounts[0].ownership.holders", "2 holders do not go"),
    ("a guardian of a grown-up account", "{holders: [C1]}", "{holders: [C1], guardian: C2}", "accounts[0].ownership.guardian", "minor_guardian"),
    ("a minor without a guardian", "{holders: [C1]}", "{mode: minor_guardian, holders: [C1]}", "accounts[0].ownership.guardian", "minor_guardian"),
    ("a minor of unknown age", "{holders: [C2]}", "{mode: minor_guardian, holders: [C2], guardian: C1}", "accounts[1].ownership.holders", "under eighteen"),
    ("blocked for no reason", 'last4: "0001"', 'last4: "0001", status: blocked_own', "cards[0].status", "block_reason"),
    ("active though it ran out", 'last4: "0001", expires: 2029-01', 'last4: "0001", expires: 2026-10', "cards[0].expires", "active"),
    ("a SIM without a number", "kind: mobile", "kind: sim", "customers[0].contacts", "without a mobile"),
    ("seen before registered", "last_seen: -1h", "last_seen: -91d", "customers[0].devices[0].last_seen", "before it was registered"),
    ("a lock that has ended", "login: {attempts", "login: {lock: {kind: fraud, since: -2d, until: -1d}, attempts", "customers[0].login.lock.until", "ended"),
    ("a case for more than was paid", "amount: INR 200.00, opened_at", "amount: INR 200.01, opened_at", "cases[0].amount", "at most"),
    ("a case before its payment", "opened_at: -1d}", "opened_at: -5d}", "cases[0].opened_at", "lies before T1"),
    ("a credit that is none", "opened_at: -1d}", "opened_at: -1d, provisional_credit: T2}", "cases[0].provisional_credit", "not a provisional credit"),
    ("no rhythm", ", monthly: 1}", "}", "routines[0]", "exactly one of"),
    ("two rhythms", ", monthly: 1}", ", monthly: 1, weekly: mon}", "routines[0]", "exactly one of"),
    ("a salary that is taken", "INR 20.00]", "INR -20.00]", "routines[0].amounts[1]", "wrong sign"),
    ("a routine that never was", ", monthly: 1}", ", monthly: 1, until_days: 90}", "routines[0].until_days", "leaves no days"),
    ("a score that is there and missing", "score_bp: 100", "score_bp: 100, missing: true", "fraud[0].score_bp", "missing"),
    ("paid off more than agreed", "paid_months: 6", "paid_months: 13", "loans[0].paid_months", "tenure"),
    ("a holiday twice", "name: Christmas}]", 'name: Christmas}, {day: "2026-12-25", name: Again}]', "branches[0].holidays", "twice"),
    ("an id that a routine gives out", "{id: T3,", "{id: R1-20261101,", "transactions", "a routine gives out"),
]  # fmt: skip


def broken(old: str, new: str) -> str:
    assert old in SMALL, f"the small world has no {old!r}"
    return SMALL.replace(old, new, 1)


def test_the_small_world_itself_is_sound() -> None:
    assert parse_world(SMALL).transactions


@pytest.mark.parametrize(
    ("old", "new", "path", "words"), [row[1:] for row in SHAPE + REFERENCES + CONTRADICTIONS], ids=[row[0] for row in SHAPE + REFERENCES + CONTRADICTIONS]
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, old: str, new: str, path: str, words: str) -> None:
    text = broken(old, new)
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    with pytest.raises(WorldInvalid) as caught:
        load_world(file)
    assert caught.value.code == "world_invalid"
    assert any(problem.path.startswith(path) and words in problem.what for problem in caught.value.problems), caught.value.detail
    assert all(problem.file == str(file) and problem.line > 0 and problem.column > 0 for problem in caught.value.problems)


@pytest.mark.parametrize(("old", "new", "words"), [row[1:] for row in YAML], ids=[row[0] for row in YAML])
def test_what_is_not_plain_yaml_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(WorldInvalid) as caught:
        parse_world(broken(old, new), "bad.yaml")
    assert words in caught.value.detail
    assert caught.value.detail.startswith("bad.yaml:")


def test_line_and_column_point_at_the_value_itself() -> None:
    text = broken("INR 900.00", "900.00")
    with pytest.raises(WorldInvalid) as caught:
        parse_world(text, "bad.yaml")
    (problem,) = caught.value.problems
    line = text.splitlines()[problem.line - 1]
    assert problem.line == line_of(text, "900.00")
    assert line[problem.column - 1 :].startswith("900.00")
    assert str(problem).startswith(f"bad.yaml:{problem.line}:{problem.column}: accounts[0].opening: ")


def test_an_unknown_key_is_pointed_at_by_its_key() -> None:
    text = broken("counterparty: Shop}", "counterpart: Shop}")
    with pytest.raises(WorldInvalid) as caught:
        parse_world(text)
    problem = next(item for item in caught.value.problems if "did you mean" in item.what)
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith("counterpart: Shop}")


def test_several_problems_are_all_said_in_the_order_of_the_file() -> None:
    text = broken("INR 900.00", "900.00").replace('last4: "0001"', "last4: 1").replace("type: gold", "type: golden")
    with pytest.raises(WorldInvalid) as caught:
        parse_world(text)
    assert [item.path for item in caught.value.problems] == ["accounts[0].opening", "cards[0].last4", "loans[0].type"]


def test_a_file_with_very_many_problems_says_how_many_more() -> None:
    with pytest.raises(WorldInvalid) as caught:
        parse_world(SMALL + "".join(f"key{number}: 1\n" for number in range(50)))
    assert caught.value.detail.endswith("… and 30 more")


@pytest.mark.parametrize(
    "bad",
    ["answer: top-secret-answer, hint: x}", "answer: [top-secret-answer]}", "answer: top-secret-answer, id2: top-secret-answer}"],
)
def test_an_answer_to_a_security_question_never_stands_in_an_error(bad: str) -> None:
    with pytest.raises(WorldInvalid) as caught:
        parse_world(broken("answer: top-secret-answer}", bad))
    assert "top-secret-answer" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"- a\n- b\n", "a world is a mapping"),
        (b"\xff\xfe\x00", "not UTF-8 text"),
        (b"[" * 2000, "nested too deeply"),
        (b"a: " + b"[" * 30 + b"]" * 30, "nested too deeply"),
        (b"# " + b"x" * (5 * 1024 * 1024), "larger than"),
    ],
    ids=["empty", "a list", "not text", "too deep to parse", "deeper than any world", "too large"],
)
def test_a_file_that_is_no_world_at_all_is_one_clear_line(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(WorldInvalid) as caught:
        load_world(file)
    assert words in caught.value.detail
    assert "\n" not in caught.value.detail


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorldInvalid) as caught:
        load_world(tmp_path / "none.yaml")
    assert "none.yaml: cannot be read: no such file or directory" in caught.value.detail


def test_a_world_given_inline_names_paths_instead_of_lines() -> None:
    with pytest.raises(WorldInvalid) as caught:
        build_world({"world": 1, "now": "2026-11-25T11:30:00Z"}, "case 7")
    assert "case 7: bank: is missing" in caught.value.detail
