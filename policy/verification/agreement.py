"""Whether the terms say what the gate says: both decide drawn cases, most of them on or beside the figures that the rules name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.calendars.days import FIRST_DAY, LAST_DAY
from domain.decisions import Fact, FactValue
from policy.facts import SCHEMA
from policy.gate import CLOCK_SKEW, weigh
from policy.ordinary import ORDINARY, draw, ordinary
from policy.packs import Pack
from policy.rules import FOREVER, Rule
from policy.tree import Add, Compare, Constant, In, Ref, Subtract, Tree, children
from policy.verification.evaluation import Evaluated, evaluated
from policy.verification.semantics import LEVELS, Situation, names_for
from policy.verification.terms import CODES, Variable, day_number

#: Stands in for the value of a fact that is not usable: no term may look at it.
NOTHING = 0
_DAY = timedelta(days=1)
#: The first and the last day that can be counted from, and those beside them.
_ENDS = [(end + _DAY * by).isoformat() for end in (FIRST_DAY, LAST_DAY) for by in (-1, 0, 1)]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A case on which the two differ: verdict, level and four eyes by the terms and by the gate."""

    action: str
    now: datetime
    facts: Mapping[str, Fact]
    terms: tuple[str, int | None, bool]
    gate: tuple[str, int | None, bool]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came of the comparison; `verdicts` counts what the gate said, so that one can see that the cases were worth something."""

    cases: int
    verdicts: Mapping[str, int]
    disagreements: tuple[Disagreement, ...]


def agree(pack: Pack, count: int, seed: int) -> Agreement:
    """Decide `count` drawn cases both ways."""
    random = Random(seed)
    sides = {action: _Side(pack, action) for action, rules in pack.by_action.items() if rules}
    # Actions with more rules have more to get wrong.
    weights = [len(side.rules) for side in sides.values()]
    said: Counter[str] = Counter()
    found: list[Disagreement] = []
    for action in random.choices(list(sides), weights, k=count):
        side = sides[action]
        facts, now = side.drawn(random)
        weighed = weigh(action, facts, pack, now, pack.calendar)
        gate = (weighed.verdict, weighed.level, weighed.four_eyes)
        terms = side.answer(facts, now)
        said[weighed.verdict] += 1
        if gate != terms and len(found) < 10:
            found.append(Disagreement(action, now, facts, terms, gate))
    return Agreement(count, said, tuple(found))


class _Side:
    """One action: its terms as a function, and the values worth drawing."""

    def __init__(self, pack: Pack, action: str) -> None:
        self.pack, self.action, self.rules = pack, action, pack.by_action[action]
        self.names = names_for(pack, action)
        situation = Situation(pack, action)
        said = situation.outcome
        terms = [said.deny, said.human, said.step_up, said.approve, said.four_eyes, *(said.levels[level] for level in LEVELS)]
        self.terms: Evaluated = evaluated(terms)
        self.variables = situation.facts.variables
        self.edges = {name: sorted(values) for name, values in _edges(self.rules).items()}
        self.sums = [each for rule in self.rules for each in _sums(rule.tree)]
        self.days = _days(self.rules)

    def answer(self, facts: Mapping[str, Fact], now: datetime) -> tuple[str, int | None, bool]:
        """What the terms say."""
        given: dict[str, bool | int] = {"today": self.pack.calendar.day_of(now).toordinal()}
        for name, variable in self.variables.items():
            fact = facts.get(name)
            usable = fact is not None and _usable(variable, fact, now)
            given[f"usable:{name}"] = usable
            given[name] = _number(variable, fact.value) if usable and fact is not None else NOTHING
        deny, human, step_up, approve, four_eyes, *levels = self.terms(given)
        verdict = "+".join(word for word, said in zip(_WORDS, (deny, human, step_up, approve), strict=True) if said)
        return verdict, next((level for level, said in zip(LEVELS, levels, strict=True) if said), None), four_eyes

    def drawn(self, random: Random) -> tuple[dict[str, Fact], datetime]:
        """A case: an ordinary one with some facts moved to edges, some not usable in one way or another."""
        values = ordinary(self.action, tuple(name for name in self.names if name in ORDINARY))
        for name in random.sample(sorted(values), min(len(values), random.choice((0, 1, 2, 3, 5, len(values))))):
            values[name] = self._value(name, random)
        if "auth_level" in values and random.random() < 0.3:
            values["auth_level"] = random.randrange(5)
        if self.sums and random.random() < 0.4:
            _onto_edge(*random.choice(self.sums), values, random)
        now = self._now(random)
        facts = {name: _fact(name, value, now) for name, value in values.items()}
        for name in random.sample(sorted(facts), random.choice((0, 0, 0, 1, 2))):
            _spoil(facts, name, now, random)
        return facts, now

    def _value(self, name: str, random: Random) -> FactValue:
        edges = self.edges.get(name)
        return random.choice(edges) if edges and random.random() < 0.8 else draw(name, random)

    def _now(self, random: Random) -> datetime:
        """Any instant, with the seconds around the branch's midnight drawn often, and the days around which rules change."""
        day = random.choice(self.days) if random.random() < 0.3 else date(2026, 7, 2) + _DAY * random.randrange(730)
        midnight = datetime.combine(day, time(), ZoneInfo(self.pack.calendar.zone)).astimezone(UTC)
        return midnight + timedelta(seconds=random.choice((-1, 0, 1, random.randrange(86_400))))


_WORDS = ("deny", "human", "step_up", "approve")


def _fact(name: str, value: FactValue, at: datetime) -> Fact:
    return Fact(name=name, value=value, source="drawn", at=at, declared=SCHEMA[name].declared)


def _spoil(facts: dict[str, Fact], name: str, now: datetime, random: Random) -> None:
    """Make a fact unusable, or nearly so: left out, too old, from the future, of another type, out of range, or only declared."""
    spec, fact = SCHEMA[name], facts.pop(name)
    age = timedelta(seconds=spec.max_age_s or 0)
    change = random.choice(("gone", "old", "as old as may be", "future", "as early as may be", "type", "range", "declared"))
    at = {"old": now - age - timedelta(seconds=1), "as old as may be": now - age, "future": now + CLOCK_SKEW + timedelta(seconds=1),
          "as early as may be": now + CLOCK_SKEW}.get(change, now)  # fmt: skip
    value: FactValue = fact.value
    if change == "type":
        value = int(value) if isinstance(value, bool) else str(value) if isinstance(value, int) else True
    elif change == "range":
        value = spec.high + 1 if spec.type == "int" else "no such word" if spec.values or spec.is_date else fact.value
    if change != "gone":
        facts[name] = Fact(name=name, value=value, source="drawn", at=at, declared=spec.declared or change == "declared")


def _usable(variable: Variable, fact: Fact, now: datetime) -> bool:
    """As `docs/policy.md` says it: of its type and range, not too old, not from the future, stated by whom it has to be."""
    spec = variable.spec
    young = spec.max_age_s is None or now - fact.at <= timedelta(seconds=spec.max_age_s)
    return spec.accepts(fact.value) and young and fact.at - now <= CLOCK_SKEW and (spec.declared or not fact.declared)


def _number(variable: Variable, value: FactValue) -> int | bool:
    if variable.value is None:
        return NOTHING
    if isinstance(value, str):
        return day_number(value) if variable.spec.is_date else CODES[value]
    return value


def _edges(rules: tuple[Rule, ...]) -> dict[str, set[FactValue]]:
    """For every fact the values on and beside each figure that a rule names for it."""
    edges: dict[str, set[FactValue]] = {}
    for rule in rules:
        for ref, value in _figures(rule.tree):
            spec = SCHEMA[ref.name]
            near = [value + by for by in (-1, 0, 1)] if spec.type == "int" and isinstance(value, int) else [value]
            edges.setdefault(ref.name, set()).update(each for each in near if spec.accepts(each))
        for name in (name for name in rule.names if SCHEMA[name].is_date):
            edges.setdefault(name, set()).update(_ENDS)
        if rule.clock is not None:
            edges.setdefault(rule.clock, set()).update(day.isoformat() for day in _around(rule))
    return edges


def _figures(tree: Tree) -> Iterator[tuple[Ref, FactValue]]:
    if isinstance(tree, Compare) and isinstance(tree.left, Ref) and isinstance(tree.right, Constant):
        yield tree.left, tree.right.value
    if isinstance(tree, In):
        for value in tree.values:
            yield tree.item, value
    for child in children(tree):
        yield from _figures(child)


def _sums(tree: Tree) -> Iterator[tuple[list[tuple[str, int]], int]]:
    """Comparisons of a sum of facts with a figure: the facts with their signs, and the figure."""
    if isinstance(tree, Compare) and isinstance(tree.left, Add | Subtract):
        right = (tree.right.value, []) if isinstance(tree.right, Constant) else (0, list(_signed(tree.right, -1)))
        terms = [*_signed(tree.left, 1), *right[1]]
        if all(name for name, _ in terms):
            yield terms, int(right[0])
    for child in children(tree):
        yield from _sums(child)


def _signed(tree: Tree, sign: int) -> Iterator[tuple[str, int]]:
    match tree:
        case Ref(name, _):
            yield name, sign
        case Add(left, right):
            yield from (*_signed(left, sign), *_signed(right, sign))
        case Subtract(left, right):
            yield from (*_signed(left, sign), *_signed(right, -sign))
        case _:
            yield "", 0  # scaled or constant parts: drawn at random only


def _onto_edge(terms: list[tuple[str, int]], figure: int, values: dict[str, FactValue], random: Random) -> None:
    """Move one fact so that the sum stands on the figure or one beside it."""
    name, sign = random.choice(terms)
    if any(other not in values for other, _ in terms):
        return
    others = sum(by * int(values[other]) for other, by in terms if other != name)
    wanted = sign * (figure + random.choice((-1, 0, 1)) - others)
    if SCHEMA[name].accepts(wanted):
        values[name] = wanted


def _days(rules: tuple[Rule, ...]) -> list[date]:
    return sorted({day for rule in rules if rule.clock is None for day in _around(rule)})


def _around(rule: Rule) -> list[date]:
    ends = [date.fromisoformat(rule.valid_from)]
    if rule.valid_to != FOREVER:
        ends.append(date.fromisoformat(rule.valid_to))
    return [end + _DAY * by for end in ends for by in (-1, 0, 1)]
