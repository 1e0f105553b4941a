"""Reading and wording, wired: model server, encoder, intent classifier, replies, composer. Starts beside the service."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from agents.composer import Composer, Mode
from agents.prompt_files import compile_grammars, every_grammar
from agents.replies import ReplyBook
from agents.understanding import MessageReader
from domain.errors import BadInput, Broken, Unavailable
from domain.ports import ReplyComposer, Understander
from models.blas import compute_on_one_thread
from models.client import ModelClient
from models.config import ModelConfig
from models.intents import CLASSIFY_SECONDS, IntentClassifier, IntentReading
from models.keeper import ModelServerKeeper
from models.lexical import LexicalEncoder
from models.openai_client import OpenAIChatModel
from models.port import ChatModel, Encoder
from runtime.clocks import MonotonicClock
from runtime.settings import Settings

log = structlog.get_logger(__name__)
GRAPHS = Path(__file__).resolve().parents[1] / "graphs"
#: Seconds before a part that was not ready is asked again.
AGAIN_S = 0.5


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


class LateClassifier:
    """The intent classifier once it is trained; until then it says so, and plain wishes are read without it."""

    def __init__(self) -> None:
        self.trained: IntentClassifier | None = None

    async def classify(self, text: str, *, deadline_s: float = CLASSIFY_SECONDS) -> IntentReading:
        """Raises Unavailable `model_unavailable` before there is a classifier."""
        if self.trained is None:
            raise Unavailable("model_unavailable", "the classifier is not trained yet")
        return await self.trained.classify(text, deadline_s=deadline_s)


class Speech:
    """Everything a turn needs to read and word. It answers from the first moment, with less until its parts are ready."""

    def __init__(self, settings: Settings, data_dir: Path) -> None:
        """Raises Broken for a reply, a prompt or a grammar that is wrong, with its file and the reason."""
        config, clock = model_config(settings, data_dir), MonotonicClock()
        every_grammar()
        self._client = ModelClient(config.socket_path)
        self._keeper = ModelServerKeeper(config) if config.llama or config.encoder else None
        self._config, self._data_dir = config, data_dir
        self._encoder: Encoder = self._client if config.encoder else LexicalEncoder()
        self._chat = _chat_model(settings, self._client)
        self._classifier, self._book = LateClassifier(), ReplyBook.load(GRAPHS / "replies")
        self.phrases = settings.phrasing and self._chat is not None
        mode: Mode = "off" if not self.phrases else "opening" if settings.model == "packaged" else "reword"
        self.understander: Understander = MessageReader(clock, self._classifier, self._chat if model_reads(settings) else None)
        self.composer: ReplyComposer = Composer(self._book, clock, self._chat, mode)
        self._versions: dict[str, Any] = {"replies": self._book.digest}
        self._awake: asyncio.Task[None] | None = None
        self._llama_ready = self._chat is None

    async def start(self) -> None:
        """Begin to load; returns at once."""
        self._awake = asyncio.get_running_loop().create_task(self._wake_up())

    async def stop(self) -> None:
        if self._awake is not None:
            self._awake.cancel()
            with suppress(asyncio.CancelledError):
                await self._awake
        await self._client.close()
        if self._keeper is not None:
            await self._keeper.close()

    def readiness(self) -> dict[str, Any]:
        """`ready` once the classifier is trained and the model has said what it is."""
        trained = self._classifier.trained is not None
        return {"ready": trained and self._llama_ready, "classifier": trained, "model": self._llama_ready}

    def versions(self) -> dict[str, Any]:
        """Names and digests of what reads and words: a turn is recorded with them."""
        return self._versions

    async def _wake_up(self) -> None:
        if self._keeper is not None:
            await self._keeper.start()
        await asyncio.gather(self._train(), self._meet_model())

    async def _train(self) -> None:
        cache = self._data_dir / "models"
        while self._classifier.trained is None:
            encoder = self._encoder
            try:
                identity = await encoder.encoder_identity()
                self._classifier.trained = await IntentClassifier.load(GRAPHS / "utterances", encoder, cache)
                compute_on_one_thread()
                self._versions |= {"encoder": identity.name, "encoder_sha256": identity.sha256}
            except Unavailable as error:
                log.warning("encoder_not_ready", code=error.code)
                await asyncio.sleep(AGAIN_S)

    async def _meet_model(self) -> None:
        while self._chat is not None and not self._llama_ready:
            try:
                identity = await self._chat.chat_identity()
                await compile_grammars(self._chat)
                self._versions |= {"model": identity.name, "model_sha256": identity.sha256}
                self._llama_ready = True
            except Broken as error:
                log.error("model_refused", code=error.code, detail=error.detail)  # what is asked under it gets its template
                return
            except Unavailable as error:
                log.warning("model_not_ready", code=error.code)
                await asyncio.sleep(AGAIN_S)


def model_reads(settings: Settings) -> bool:
    """Whether the model may confirm what the classifier is not sure of.

    Not the packaged one: of the first readings that it confirmed 67 in 100 were right, of all that it was asked about 65; its word is
    chance (docs/models.md, "The third reader"). A larger model, set by the bank, is another matter.
    """
    return settings.model not in ("packaged", "none")


def _chat_model(settings: Settings, client: ModelClient) -> ChatModel | None:
    if settings.model == "none":
        return None
    if settings.model.startswith("openai:"):
        key = settings.model_api_key.get_secret_value()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        http = httpx.AsyncClient(base_url=settings.model.removeprefix("openai:"), headers=headers, timeout=30, trust_env=False)
        return OpenAIChatModel(http, settings.model_name)
    return client
