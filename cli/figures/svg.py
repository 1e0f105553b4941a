"""Just enough SVG for the project's plots: a page with a title, marks and text. No library, the same bytes for the same figures."""

from __future__ import annotations

from html import escape
from typing import Literal

INK, MUTED, LINE, PAPER = "#1c2733", "#5c6b7a", "#d5dce3", "#ffffff"
ACCENT, WARNING = "#1f6fb2", "#b4531f"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
Anchor = Literal["start", "middle", "end"]


class Picture:
    """Marks on white paper; lengths are pixels, y grows downwards."""

    def __init__(self, width: int, height: int, title: str, about: str) -> None:
        """`about` describes the picture to those who cannot see it."""
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{escape(about, quote=True)}" font-family="{FONT}">'
        )
        self._marks = [f'<rect width="{width}" height="{height}" fill="{PAPER}"/>']
        self.text(20, 30, title, size=16, weight=600)

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        size: int = 12,
        colour: str = INK,
        anchor: Anchor = "start",
        weight: int = 400,
        turned: int = 0,
    ) -> None:
        turn = f' transform="rotate({turned} {_n(x)} {_n(y)})"' if turned else ""
        self._marks.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"{turn}>'
            f"{escape(said, quote=False)}</text>"
        )

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, line: str = "none", opacity: float = 1.0
    ) -> None:
        self._marks.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(max(height, 0))}" fill="{fill}" stroke="{line}" '
            f'fill-opacity="{_n(opacity)}"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: str = LINE, width: float = 1, dashes: str = "") -> None:
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._marks.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{colour}" stroke-width="{_n(width)}"{dashed}/>'
        )

    def __str__(self) -> str:
        return "\n".join([self._head, *self._marks, "</svg>", ""])


def _n(number: float) -> str:
    """Up to two decimals, none where none are needed."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
