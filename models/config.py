"""What the model server is told. Plain values that travel to its processes as JSON; `runtime.settings` fills them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

ChatFormat = Literal["chatml", "llama3"]

SOCKET_NAME = "model.sock"
LOCK_NAME = "model.lock"


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Where the model server lives and how much it may use.

    Attributes:
        data_dir: absolute folder of the socket, the lock and requantised weights.
        llama, encoder: whether each worker is started at all.
        llama_path, llama_sha256: another GGUF file and the digest the bank has listed for it; default is the packaged model.
        chat_format: how turns are marked for the configured file; a template inside a GGUF is never run.
        requantise: keep a Q8_0 copy of the packaged weights in the data folder, which computes faster and reads the same.
        threads, threads_batch: cores for one sequence and for several; None = cores - 1 and all cores.
        context_tokens: cells shared by all sequences; sequences: how many conversations decode together.
        max_prompt_tokens, max_new_tokens: limits of one call. queue: calls that may wait for a sequence.
        encoder_path, encoder_sha256: another BERT-like folder and its weights' listed digest.
        adapter: the packaged encoder with its packaged adapter; off, its vectors are the published ones.
        encoder_threads: None = one or two, whichever is faster right now. encoder_queue: texts that may wait.
        start_timeout_s: a worker that is not ready by then is started anew. hung_after_s: how long past a deadline before a
        silent worker is killed. log_level: of the server's own lines on stderr, when it was started as a child.
    """

    data_dir: Path
    llama: bool = True
    llama_path: Path | None = None
    llama_sha256: str | None = None
    chat_format: ChatFormat = "chatml"
    requantise: bool = True
    threads: int | None = None
    threads_batch: int | None = None
    context_tokens: int = 6144
    sequences: int = 8
    max_prompt_tokens: int = 1536
    max_new_tokens: int = 512
    queue: int = 32
    encoder: bool = True
    encoder_path: Path | None = None
    encoder_sha256: str | None = None
    adapter: bool = True
    encoder_threads: int | None = None
    encoder_queue: int = 1024
    start_timeout_s: float = 60.0
    hung_after_s: float = 5.0
    log_level: str = "info"

    @property
    def socket_path(self) -> Path:
        return self.data_dir / SOCKET_NAME

    @property
    def lock_path(self) -> Path:
        return self.data_dir / LOCK_NAME

    @property
    def weights_dir(self) -> Path:
        return self.data_dir / "models"

    def to_json(self) -> str:
        return json.dumps({key: str(value) if isinstance(value, Path) else value for key, value in asdict(self).items()})

    @classmethod
    def from_json(cls, text: str) -> ModelConfig:
        """The config that `to_json` wrote. Raises TypeError for an unknown key."""
        values = json.loads(text)
        for key in ("data_dir", "llama_path", "encoder_path"):
            if values.get(key) is not None:
                values[key] = Path(values[key])
        return cls(**values)
