"""The customer's widget and the demonstration page, as static files. `STATIC` is mounted by the server at `/static`.

`PAGE_HEADERS` go with every page that shows the widget here: nothing is loaded from elsewhere, no inline script or style runs,
and text can never become markup (`require-trusted-types-for`).
"""

from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"

PAGE_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
