"""Where commands look for the running service: what the settings say, unless `--address` says otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from runtime.settings import load_settings

#: An address to listen on that is none to call.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}


def address_in_force() -> str:
    """The service's own address by host and port of the settings. Raises BadInput for settings that cannot be read."""
    settings = load_settings(None)
    return f"http://{_EVERYWHERE.get(settings.host, settings.host)}:{settings.port}"


Address = Annotated[
    str | None, typer.Option("--address", help="Where the service runs.", show_default="host and port of the settings")
]
