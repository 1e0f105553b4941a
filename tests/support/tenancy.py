"""Finds queries without their tenant: watches a database and collects each statement that could reach another tenant's rows.

A table with a `tenant` column must be held to one tenant in every SELECT, UPDATE and DELETE: by comparing its tenant with a value,
or with the tenant of a table that is held so. Textual SQL that names such a table is refused as well, since it cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause
from sqlalchemy.sql.selectable import FromClause

from persistence.database import Database


class TenantGuard:
    """`found` lists offending statements as SQL text."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self._tables = {table.name for table in metadata.tables.values() if "tenant" in table.c}
        self._named = re.compile(r"\b(" + "|".join(map(re.escape, sorted(self._tables))) + r")\b")
        self.found: list[str] = []

    @contextmanager
    def watching(self, database: Database) -> Iterator[TenantGuard]:
        """Watch all statements of a database inside the block; then fail on what was found."""
        engines = {id(engine): engine for engine in (database._writer_engine, database._reader_engine)}.values()
        for engine in engines:
            event.listen(engine, "before_execute", self._before)
        try:
            yield self
        finally:
            for engine in engines:
                event.remove(engine, "before_execute", self._before)
        assert not self.found, "queries without their tenant:\n" + "\n".join(sorted(set(self.found)))

    def _before(self, _connection: Any, statement: Any, _multi: Any, _params: Any, _options: Any) -> None:
        if not self.holds(statement):
            self.found.append(str(statement))

    def holds(self, statement: Any) -> bool:
        """Whether a statement keeps to one tenant."""
        if isinstance(statement, sa.TextClause):
            return not self._named.search(statement.text)
        parts = [part for part in visitors.iterate(statement) if isinstance(part, sa.Select | sa.Update | sa.Delete)]
        outer = _sources(parts[0]) if parts else []
        derived = {id(source.element) for part in parts for source in _sources(part) if isinstance(source, sa.Subquery)}
        # A subquery in a condition refers to the rows of the query around it; one that is read from does not.
        return all(self._part_holds(part, [] if part is parts[0] or id(part) in derived else outer) for part in parts)

    def _part_holds(self, part: sa.Select[Any] | sa.Update | sa.Delete, outer: list[FromClause]) -> bool:
        sources = [source for source in _sources(part) if source not in outer] or _sources(part)
        mine = [source for source in sources if "tenant" in source.c and _table_name(source) in self._tables]
        held: set[int] = set()
        links: list[tuple[int, int]] = []
        for left, right in _tenant_equalities(part):
            if isinstance(right, BindParameter) or right is None:
                held.add(left)
            else:
                links.append((left, right))
        inner = {id(source) for source in sources}
        held |= {each for link in links for each in link if each not in inner}  # the tenant of an enclosing query
        for _ in links:
            held |= {each for link in links if held & set(link) for each in link}
        return all(id(source) in held for source in mine)


def _sources(part: sa.Select[Any] | sa.Update | sa.Delete) -> list[FromClause]:
    tops = part.get_final_froms() if isinstance(part, sa.Select) else [part.table]
    found: list[FromClause] = []
    while tops:
        top = tops.pop()
        if isinstance(top, sa.Join):
            tops += [top.left, top.right]
        else:
            found.append(top)  # type: ignore[arg-type]
    return found


def _table_name(source: FromClause) -> str | None:
    inner = getattr(source, "element", source)
    return getattr(inner, "name", None)


def _tenant_equalities(part: sa.Select[Any] | sa.Update | sa.Delete) -> Iterator[tuple[int, Any]]:
    """(source, bound value or other source) of each equality on a tenant that all rows must meet."""
    clauses = [clause for clause in [part.whereclause] if clause is not None]
    if isinstance(part, sa.Select):
        tops = list(part.get_final_froms())
        while tops:
            top = tops.pop()
            if isinstance(top, sa.Join):
                clauses.append(top.onclause)
                tops += [top.left, top.right]
    while clauses:
        clause = clauses.pop()
        if isinstance(clause, sa.sql.elements.BooleanClauseList) and clause.operator is operators.and_:
            clauses += list(clause.clauses)
        elif isinstance(clause, sa.sql.elements.Grouping):
            clauses.append(clause.element)
        elif isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
            yield from _sides(clause.left, clause.right)
            yield from _sides(clause.right, clause.left)


def _sides(one: Any, other: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(one, ColumnClause) and one.name == "tenant" and one.table is not None:
        if isinstance(other, BindParameter):
            yield id(one.table), other
        elif isinstance(other, ColumnClause) and other.name == "tenant":
            yield id(one.table), id(other.table)
