"""Conditions: what the closed subset lets through, what it refuses and where, and that the closure says what CEL says."""

from __future__ import annotations

from random import Random

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisions import FactValue
from policy.bench import draw
from policy.cel import MAX_CONDITION_CHARS, ConditionError, environment, parse_condition
from policy.facts import SCHEMA
from policy.tree import (
    Add,
    And,
    Compare,
    Constant,
    In,
    Not,
    Or,
    Ref,
    Scale,
    Subtract,
    Tree,
    closure,
    joint_closure,
    names,
    printed,
)

ENV = environment()
FACTS = [name for name, spec in SCHEMA.items() if spec.type != "str" or spec.values]


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("true", Constant(True)),
        ("kill_switch", Ref("kill_switch", "bool")),
        ("!kill_switch", Not(Ref("kill_switch", "bool"))),
        ("kill_switch == false", Compare("==", Ref("kill_switch", "bool"), Constant(False))),
        ("auth_level >= 3", Compare(">=", Ref("auth_level", "int"), Constant(3))),
        ("3 <= auth_level", Compare(">=", Ref("auth_level", "int"), Constant(3))),  # the fact is turned to the left
        ("txn_amount_minor == -500", Compare("==", Ref("txn_amount_minor", "int"), Constant(-500))),
        ("fault in ['bank', 'unknown']", In(Ref("fault", "str"), ("bank", "unknown"))),
        ("auth_level in [1, 2]", In(Ref("auth_level", "int"), (1, 2))),
        ("currency != txn_currency", Compare("!=", Ref("currency", "str"), Ref("txn_currency", "str"))),
        (
            "kill_switch && account_owned || card_owned",
            Or(And(Ref("kill_switch", "bool"), Ref("account_owned", "bool")), Ref("card_owned", "bool")),
        ),
        (
            "amount_minor + 2 * credits_12m_minor - 5 > 0",
            Compare(
                ">",
                Subtract(Add(Ref("amount_minor", "int"), Scale(2, Ref("credits_12m_minor", "int"))), Constant(5)),
                Constant(0),
            ),
        ),
    ],
)
def test_a_condition_in_the_subset_becomes_its_tree(source: str, tree: Tree) -> None:
    assert parse_condition(source, env=ENV) == tree


@pytest.mark.parametrize(
    ("source", "line", "column", "reason"),
    [
        ("fualt == 'bank'", 1, 1, "fualt is not a fact; did you mean fault?"),
        ("kill_switch &&\n  nonsense", 2, 3, "nonsense is not a fact"),
        ("fault == 'bnak'", 1, 7, "'bnak' is not a value of fault"),
        ("fault in ['bank', 'custmer']", 1, 7, "'custmer' is not a value of fault"),
        ("auth_level >= 5", 1, 12, "5 is not a value of auth_level (0 to 4)"),
        ("auth_level == 'three'", 1, 12, "no matching overload"),
        ("auth_level > 1.5", 1, 12, "no matching overload"),
        ("kill_switch == 1", 1, 13, "no matching overload"),
        ("kill_switch == null", 1, 13, "no matching overload"),
        ("auth_level", 1, 1, "true or false"),
        ("'x'", 1, 1, "true or false"),
        ("1 < 2", 1, 3, "compares two constants"),
        ("fault < 'x'", 1, 7, "orders integers only"),
        ("kill_switch < account_owned", 1, 13, "orders integers only"),
        ("home_branch == 'pune'", 1, 13, "free text or a date"),
        ("txn_date == '2026-01-01'", 1, 10, "free text or a date"),
        ("fault == channel", 1, 7, "do not share an enumeration"),
        ("fault in []", 1, 7, "a list of literals"),
        ("fault in ['bank', channel]", 1, 7, "a list of literals"),
        ("1 in [1, 2]", 1, 3, "a fact on the left"),
        ("auth_level in [1, 'x']", 1, 12, "'x' is not a value"),
        ("auth_level in [1, 1]", 1, 12, "twice"),
        ("kill_switch in [true]", 1, 13, "enumerations and integers"),
        ("kill_switch ? true : false", 1, 13, "ternary"),
        ("-amount_minor < 0", 1, 1, "negation of a fact"),
        ("amount_minor / 2 > 1", 1, 14, "division"),
        ("amount_minor % 2 == 1", 1, 14, "remainder"),
        ("amount_minor * amount_minor > 1", 1, 14, "one constant"),
        ("2 * 3 > auth_level", 1, 3, "one constant"),
        ("amount_minor * 9223372036 > 1", 1, 14, "64 bits"),
        ("channel + channel == 'x'", 1, 9, "for integers"),
        ("channel.startsWith('w')", 1, 19, "startsWith is not allowed"),
        ("size(channel) > 1", 1, 5, "size is not allowed"),
        ("dyn(fault) == 1", 1, 4, "dyn is not allowed"),
        ("[1, 2].exists(x, x == amount_minor)", 1, 14, "macro is not allowed"),
        ("[1, 2] == [1, 2]", 1, 1, "list outside `in` is not allowed"),
        ("{'a': 1} == {'a': 1}", 1, 1, "map or message is not allowed"),
        ("b'x' == b'x'", 1, 1, "constants"),
        ("1u == 1u", 1, 1, "constants"),
        ("kill_switch and account_owned", 1, 13, "Syntax error"),
        ("kill_switch &&", 1, 15, "Syntax error"),
        ("", 1, 1, "Syntax error"),
        ("__import__('os')", 1, 11, "__import__ is not a fact"),
        ("facts", 1, 1, "facts is not a fact"),
        ("9223372036854775808 > amount_minor", 1, 1, "invalid int literal"),
        ("a" * (MAX_CONDITION_CHARS + 1), 1, 1, "longer than"),
        ("(" * 900 + "kill_switch" + ")" * 900, 1, 1, "nested too deeply"),
        ("amount_minor" + " + 1" * 70 + " > 0", 1, 1, "nested too deeply"),
    ],
)
def test_a_condition_outside_the_subset_is_refused_with_its_place_and_the_reason(
    source: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(source, env=ENV)
    assert reason in caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_absent_fact_is_an_error_that_names_it_and_nothing_absorbs_it() -> None:
    tree = parse_condition("risk_bp > 1 || true", env=ENV)
    with pytest.raises(KeyError, match="risk_bp"):
        closure(tree)({})


def test_every_fact_a_condition_names_is_found() -> None:
    tree = parse_condition("!kill_switch && (fault in ['bank'] || amount_minor + credits_12m_minor > 3 * risk_bp)", env=ENV)
    assert list(names(tree)) == ["kill_switch", "fault", "amount_minor", "credits_12m_minor", "risk_bp"]


# --- conditions made at random ----------------------------------------------------------------------------------------

INTS = st.sampled_from([name for name in FACTS if SCHEMA[name].type == "int"]).map(lambda name: Ref(name, "int"))
ENUMS = st.sampled_from([name for name in FACTS if SCHEMA[name].type == "str"])
SUMS = st.recursive(
    INTS,
    lambda inner: st.one_of(
        st.builds(Add, inner, inner),
        st.builds(Subtract, inner, inner),
        st.builds(Scale, st.integers(-9, 9), inner),
        st.builds(Add, inner, st.integers(-99, 99).map(Constant)),
    ),
    max_leaves=4,
)


@st.composite
def _enum_test(draw: st.DrawFn) -> Tree:
    name = draw(ENUMS)
    values = SCHEMA[name].values
    if draw(st.booleans()):
        return In(Ref(name, "str"), tuple(draw(st.lists(st.sampled_from(values), min_size=1, unique=True))))
    return Compare(draw(st.sampled_from(["==", "!="])), Ref(name, "str"), Constant(draw(st.sampled_from(values))))


OPS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
ATOMS = st.one_of(
    st.booleans().map(Constant),
    st.sampled_from([name for name in FACTS if SCHEMA[name].type == "bool"]).map(lambda name: Ref(name, "bool")),
    _enum_test(),
    st.builds(Compare, OPS, SUMS, SUMS),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(st.builds(Not, inner), st.builds(And, inner, inner), st.builds(Or, inner, inner)),
    max_leaves=8,
)


@pytest.mark.process  # the many; the long half has the time
@given(CONDITIONS, st.integers(0, 2**32))
@settings(max_examples=600, deadline=None)
def test_the_closure_of_any_condition_says_what_the_cel_evaluator_says(tree: Tree, seed: int) -> None:
    source = printed(tree)
    random = Random(seed)
    expression = ENV.compile(source)
    parsed = closure(parse_condition(source, env=ENV))
    together = joint_closure([tree, Not(tree)])
    for _ in range(4):
        facts: dict[str, FactValue] = {name: draw(name, random) for name in FACTS}
        told = expression.eval(data=facts)
        assert told.type() == cel.Type.BOOL, source
        assert parsed(facts) is closure(tree)(facts) is told.value(), (source, facts)
        assert together(facts) == (told.value(), not told.value())


@given(CONDITIONS)
@settings(max_examples=200, deadline=None)
def test_a_printed_condition_reads_back_as_one_that_prints_the_same(tree: Tree) -> None:
    once = parse_condition(printed(tree), env=ENV)
    assert parse_condition(printed(once), env=ENV) == once


@pytest.mark.process  # seconds; the long half has the time
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*"()!&|<>=[]'+-*.", *FACTS[:9], "&&", "||", "in", "1", "true"])).map(" ".join)
)
@settings(max_examples=600, deadline=None)
def test_any_text_is_a_condition_or_is_refused_with_a_reason(source: str) -> None:
    try:
        tree = parse_condition(source, env=ENV)
    except ConditionError as error:
        assert error.reason
        assert error.line >= 1
        assert error.column >= 1
    else:
        assert set(names(tree)) <= SCHEMA.keys()
