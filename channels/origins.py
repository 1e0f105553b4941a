"""Which pages may open the chat socket: browsers tell the page's origin, other clients tell none."""

from __future__ import annotations

from urllib.parse import urlsplit


def origin_allowed(origin: str | None, host: str | None, allowed: tuple[str, ...]) -> bool:
    """True for no origin (not a browser), our own host, or a listed origin."""
    if origin is None or origin in allowed:
        return True
    try:
        return host is not None and urlsplit(origin).netloc == host
    except ValueError:  # no address at all
        return False
