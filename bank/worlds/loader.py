"""Reads a world from a YAML file, a text or a mapping. What is wrong with it is said all at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from bank.worlds.contradictions import check_balances, check_contradictions
from bank.worlds.contradictions_service import check_service
from bank.worlds.models import World
from bank.worlds.problems import Finding, Problem, WorldInvalid, findings_of, write_path
from bank.worlds.references import check_references
from bank.worlds.references_service import check_service_references
from bank.worlds.routines import expand
from bank.worlds.values import Moment, parse_absolute
from bank.worlds.yaml_tree import read_tree

DEFAULT_ZONE = "Asia/Kolkata"


class _Wrong(Exception):
    """Carries findings from a stage that found any; stages after it would only repeat them."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings


def load_world(path: FilePath | str) -> World:
    """The world of a YAML file, its routines written out as transactions.

    Raises:
        WorldInvalid: code `world_invalid`; the file cannot be read or does not describe a possible world.
    """
    file = str(path)
    try:
        text = FilePath(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise WorldInvalid([Problem(file, 1, 1, "", "not UTF-8 text")]) from error
    except OSError as error:
        raise WorldInvalid(
            [Problem(file, 0, 0, "", f"cannot be read: {(error.strerror or 'unknown reason').lower()}")]
        ) from error
    return parse_world(text, file)


def parse_world(text: str, file: str = "world") -> World:
    """The world of YAML text; `file` is the name that errors carry. Raises WorldInvalid."""
    tree = read_tree(text)
    if tree.problems:
        raise WorldInvalid(
            [Problem(file, item.place.line, item.place.column, write_path(item.path), item.what) for item in tree.problems]
        )
    try:
        return _build(tree.value)
    except _Wrong as wrong:
        problems = []
        for finding in wrong.findings:
            place = tree.place(finding.path, key=finding.at_key)
            problems.append(Problem(file, place.line, place.column, write_path(finding.path), finding.what))
        raise WorldInvalid(problems) from None


def build_world(value: dict[str, Any], name: str = "world") -> World:
    """The world of a mapping, as an eval case carries it inline. Raises WorldInvalid, with paths but no lines."""
    try:
        return _build(value)
    except _Wrong as wrong:
        raise WorldInvalid([Problem(name, 0, 0, write_path(item.path), item.what) for item in wrong.findings]) from None


def _build(value: Any) -> World:
    if not isinstance(value, dict):
        raise _Wrong([Finding((), "a world is a mapping of keys to values")])
    moment = _moment(value)
    try:
        world = World.model_validate(value, context={"moment": moment})
    except ValidationError as error:
        raise _Wrong(findings_of(error)) from None
    _stop_at(chain(check_references(world), check_service_references(world)))
    _stop_at(chain(check_contradictions(world), check_service(world)))
    expanded = expand(world)
    _stop_at(check_balances(world, expanded))
    return expanded


def _moment(value: dict[str, Any]) -> Moment:
    """`now` and `zone` first: every relative time in the file is read against them."""
    findings, now, zone = [], None, None
    try:
        zone = ZoneInfo(value.get("zone", DEFAULT_ZONE))
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        findings.append(Finding(("zone",), "not a time zone such as Asia/Kolkata"))
    if "now" not in value:
        findings.append(Finding(("now",), "is missing"))
    else:
        try:
            now = parse_absolute(value["now"])
        except ValueError as error:
            findings.append(Finding(("now",), str(error)))
    if now is None or zone is None:
        raise _Wrong(findings)
    return Moment(now, zone)


def _stop_at(found: Iterator[Finding]) -> None:
    findings = list(found)
    if findings:
        raise _Wrong(findings)
