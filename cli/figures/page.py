"""A page with measured parts: what stands between `<!-- measured: name -->` and `<!-- end -->` is written by a command, the rest by hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from domain.errors import BadInput

_PART = re.compile(r"(<!-- measured: (?P<name>[a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def require_places(page: Path, parts: Collection[str]) -> str:
    """The page's text. Raises BadInput `page_without_part` when it cannot be read or has no place for one of `parts`."""
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput("page_without_part", f"{page}: cannot be read") from error
    missing = set(parts) - {found["name"] for found in _PART.finditer(text)}
    if missing:
        raise BadInput("page_without_part", f"{page.name} has no place for {', '.join(sorted(missing))}")
    return text


def rewrite(page: Path, parts: Mapping[str, str]) -> None:
    """Put each part in its place; those that were not measured stay. Raises as `require_places`."""
    text = require_places(page, parts)
    page.write_text(_PART.sub(lambda found: _filled(found, parts), text), encoding="utf-8")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _filled(found: re.Match[str], parts: Mapping[str, str]) -> str:
    name = found["name"]
    return f"{found[1]}\n{parts[name].strip()}\n\n{found[3]}" if name in parts else found[0]
