"""The AsyncAPI 3.0 document of the chat socket, made from the very models that the socket reads and writes."""

from __future__ import annotations

from typing import Any

from domain.frames import client_frames, server_frames

_REF = "#/components/schemas/{model}"


def _frames(adapter: Any) -> tuple[dict[str, Any], list[str]]:
    schema = adapter.json_schema(ref_template=_REF, mode="serialization")
    definitions: dict[str, Any] = schema.get("$defs", {})
    return definitions, [ref["$ref"].rsplit("/", 1)[1] for ref in schema["oneOf"]]


def document(version: str) -> dict[str, Any]:
    """AsyncAPI document: one channel, what the client sends and what the server sends."""
    client, sent = _frames(client_frames)
    server, received = _frames(server_frames)
    messages = {name: {"payload": {"$ref": f"#/components/schemas/{name}"}} for name in [*sent, *received]}

    def refs(names: list[str]) -> list[dict[str, str]]:
        return [{"$ref": f"#/channels/chat/messages/{name}"} for name in names]

    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Tellergate web chat", "version": version, "license": {"name": "Apache-2.0"}},
        "channels": {
            "chat": {
                "address": "/ws/chat",
                "description": (
                    "JSON text frames. Query: `conversation` (to resume) and `after` (last seq seen). "
                    "Close codes: 4401 bad token, 4408 idle, 4413 frame too large, 4429 too fast."
                ),
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "clientSends": {"action": "receive", "channel": {"$ref": "#/channels/chat"}, "messages": refs(sent)},
            "serverSends": {"action": "send", "channel": {"$ref": "#/channels/chat"}, "messages": refs(received)},
        },
        "components": {"messages": messages, "schemas": client | server},
    }
