"""The JSON Schema of a world file, made from the models; `docs/schemas/world.json` is its committed copy."""

from __future__ import annotations

import json
from typing import Any

from bank.worlds.models import World

TITLE = "Tellergate world, format 1"


def world_schema() -> dict[str, Any]:
    """What an editor or another tool needs to check a world file's shape; references and balances are the loader's matter."""
    schema = World.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": TITLE}


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(world_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
