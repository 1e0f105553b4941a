"""Reading and wording, wired: model server, encoder, intent classifier, replies, composer. Starts beside the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from domain.errors import BadInput, Unavailable
from domain.ports import ReplyComposer, Understander
from models.config import ModelConfig
from runtime.settings import Settings


def model_config(settings: Settings, data_dir: Path) -> ModelConfig:
    """What the model server of this data directory runs. Raises Unavailable `model_file_missing`, BadInput `setting_invalid`."""
    local = settings.model not in ("none",) and not settings.model.startswith("openai:")
    path = None if settings.model == "packaged" or not local else Path(settings.model).resolve()
    if path is not None and not path.is_file():
        raise Unavailable("model_file_missing", f"{path}: no such file")
    if settings.model.startswith("openai:") and not urlsplit(settings.model.removeprefix("openai:")).netloc:
        raise BadInput(
            "setting_invalid", "model: openai: needs the address of an endpoint, such as openai:http://127.0.0.1:9000/v1"
        )
    return ModelConfig(
        data_dir=data_dir,
        llama=local,
        llama_path=path,
        llama_sha256=settings.model_sha256 or None,
        encoder=settings.encoder == "minilm",
    )


class Speech:
    """Everything a turn needs to read and word; `readiness` says part by part what answers."""

    understander: Understander
    composer: ReplyComposer
    phrases: bool

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def readiness(self) -> dict[str, Any]: ...
    def versions(self) -> dict[str, Any]: ...
