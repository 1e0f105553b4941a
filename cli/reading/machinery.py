"""The models a command needs, for as long as it needs them: a server that answers already, or one of our own in a folder of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from agents.prompt_files import compile_grammars
from domain.errors import Unavailable
from models.client import ModelClient
from models.config import ModelConfig
from models.keeper import ModelServerProcess, answers, ensure_model_server
from models.lexical import LexicalEncoder
from models.port import ChatModel, Encoder
from models.text_encoder import LocalEncoder
from runtime.logs import configure
from runtime.settings import Settings
from runtime.speech import model_config

#: How often a model server that does not come up in its time is started.
STARTS = 3


@dataclass(frozen=True, slots=True)
class Machinery:
    """What reads: the encoder, the model if there is one, and where the embeddings of the example utterances are kept.

    `bulk` is the same encoder in this process: many texts at once keep nobody waiting there, and have no deadline.
    """

    encoder: Encoder
    bulk: Encoder
    chat: ChatModel | None
    cache: Path


@asynccontextmanager
async def machinery(settings: Settings, *, llama: bool, encoder: bool = True) -> AsyncIterator[Machinery]:
    """Start what is asked for and stop it at the end. `encoder=False` takes the lexical twin, which needs no process.

    Raises Unavailable with the codes of the model server when the encoder cannot be had; without the model it goes on and says so.
    """
    configure(settings.log_level, settings.log_format)  # stdout belongs to the results
    needs_encoder = encoder and settings.encoder == "minilm"
    with tempfile.TemporaryDirectory(prefix="tellergate-reading-") as name:
        folder, kept = Path(name), settings.data_dir.resolve()
        config = replace(model_config(settings, kept), encoder=needs_encoder, log_level="error")
        config = replace(config, llama=config.llama and llama)
        if not config.encoder and not config.llama:
            yield Machinery(LexicalEncoder(), LexicalEncoder(), None, folder)
            return
        if not await answers(config):
            # The model's copy of its weights is worth keeping; an encoder alone leaves nothing behind.
            kept.mkdir(parents=True, exist_ok=True) if config.llama else None
            config = replace(config, data_dir=kept if config.llama else folder)
        server = await _started(config)
        client = ModelClient(config.socket_path)
        try:
            chat = await _met(client) if config.llama else None
            if not needs_encoder:
                yield Machinery(LexicalEncoder(), LexicalEncoder(), chat, folder)
                return
            await client.encoder_identity()
            # A service has embedded them here already; without one nothing is left behind.
            cache = kept / "models" if (kept / "models").is_dir() else folder
            yield Machinery(client, LocalEncoder(config), chat, cache)
        finally:
            await client.close()
            if server is not None:
                await server.close()


async def _started(config: ModelConfig) -> ModelServerProcess | None:
    """A model server that answers. On a machine that is busy with other things the first start may be too slow."""
    for _ in range(STARTS - 1):
        try:
            return await ensure_model_server(config)
        except Unavailable as error:
            progress(f"tellergate: {error.code}: starting the models once more")
    return await ensure_model_server(config)


async def _met(client: ModelClient) -> ChatModel | None:
    """The model once it answers with its grammars compiled; None, and a line on stderr, when it does not."""
    try:
        await client.chat_identity()
        await compile_grammars(client)
    except Unavailable as error:
        sys.stderr.write(f"tellergate: {error.code}: reading goes on without the model\n")
        return None
    return client


def progress(text: str) -> None:
    """One line for whoever waits; results alone go to stdout."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
