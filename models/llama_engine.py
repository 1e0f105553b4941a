"""The only file that touches llama.cpp: loading, tokens, batches, grammars. A fault in here is a signal, so it runs in its own process.

What is guarded against, each seen to kill or hang a process (llama-cpp-python 0.3.36):
- AMX kernels fault when weights are repacked for them: on such CPUs extra buffer types stay off (ggml-org/llama.cpp#20824);
- more tokens than `n_batch` is an abort, not an error: `decode` refuses first;
- a bad grammar is a NULL sampler, not an error;
- an abort callback that Python has collected is a jump into nothing: it is kept for the engine's life.
"""

from __future__ import annotations

import ctypes
import weakref
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as native
from numpy.typing import NDArray

from domain.errors import BadInput, Unavailable
from models.chat_format import CONTROL_TOKENS, Segment
from models.config import ChatFormat
from models.grammar_memory import GrammarMemory, HeldGrammar, Tokens
from models.llama_calls import BatchRow, NoRoom
from models.port import Vectors
from models.threads import ThreadChoice

CPU_FLAGS = Path("/proc/cpuinfo")
BATCH_TOKENS = 512
PIECE_BYTES = 64
DECODE_NO_ROOM = 1
DECODE_ABORTED = 2
FILE_TYPE_Q8_0 = 7

_candidate = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


@native.llama_log_callback  # type: ignore[untyped-decorator]
def _silent(_level: int, _text: bytes, _data: object) -> None:
    """llama.cpp would write to stderr by itself, the customer's words among it."""


def has_amx(cpuinfo: Path = CPU_FLAGS) -> bool:
    """Whether this CPU has the tiles whose kernels fault. False where the flags cannot be read."""
    try:
        return "amx_tile" in cpuinfo.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


def requantise(source: Path, target: Path, threads: int) -> bool:
    """Write `source` as Q8_0 to `target` (0.7 s and 145 MB for the default model). False when llama.cpp could not."""
    native.llama_log_set(_silent, None)
    params = native.llama_model_quantize_default_params()
    params.allow_requantize, params.ftype, params.nthread = True, FILE_TYPE_Q8_0, threads
    return bool(native.llama_model_quantize(str(source).encode(), str(target).encode(), params) == 0)


class NativeWalker:
    """A GBNF grammar of llama.cpp as it stands after the tokens accepted so far. One token costs 28 µs to try, all of them 4.6 ms."""

    def __init__(self, sampler: Any) -> None:
        self._sampler = sampler
        self.free = weakref.finalize(self, native.llama_sampler_free, sampler)

    @classmethod
    def compile(cls, vocab: Any, text: str) -> NativeWalker:
        """Raises BadInput `grammar_invalid`."""
        sampler = native.llama_sampler_init_grammar(vocab, text.encode("utf-8"), b"root")
        if not sampler:
            raise BadInput("grammar_invalid")
        return cls(sampler)

    def allowed(self, tokens: Tokens) -> NDArray[np.bool_]:
        """Which of `tokens` may come next."""
        rows = np.zeros(len(tokens), dtype=_candidate)
        rows["id"] = tokens
        array = native.llama_token_data_array(
            data=rows.ctypes.data_as(ctypes.POINTER(native.llama_token_data)), size=len(rows), selected=-1, sorted=False
        )
        native.llama_sampler_apply(self._sampler, ctypes.byref(array))
        kept: NDArray[np.bool_] = np.isfinite(rows["logit"])
        return kept

    def accept(self, token: int) -> None:
        native.llama_sampler_accept(self._sampler, token)

    def copy(self) -> NativeWalker:
        return NativeWalker(native.llama_sampler_clone(self._sampler))


class NativeVocabulary:
    """Tokens and their bytes, read once when they are first asked for (some 50 ms for 49,152 tokens)."""

    def __init__(self, vocab: Any) -> None:
        self._vocab = vocab
        self.size = int(native.llama_vocab_n_tokens(vocab))
        self.end = int(native.llama_vocab_eos(vocab))

    def piece(self, token: int) -> bytes:
        """The bytes of a token; a character may be spread over several. Control tokens have none."""
        return self._pieces[token] if "_pieces" in self.__dict__ else self._read(token)

    def _read(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        count = native.llama_token_to_piece(self._vocab, token, buffer, PIECE_BYTES, 0, False)
        return buffer.raw[: max(count, 0)]

    @cached_property
    def _pieces(self) -> list[bytes]:
        return [self._read(token) for token in range(self.size)]

    @cached_property
    def _by_byte(self) -> dict[int, Tokens]:
        starting: defaultdict[int, list[int]] = defaultdict(list)
        for token, piece in enumerate(self._pieces):
            if piece:
                starting[piece[0]].append(token)
        return {byte: np.array(tokens, dtype=np.int32) for byte, tokens in starting.items()}

    def starting_with(self, byte: int) -> Tokens:
        return self._by_byte.get(byte, np.empty(0, dtype=np.int32))

    @cached_property
    def singles(self) -> dict[int, int] | None:
        single = {piece[0]: token for token, piece in enumerate(self._pieces) if len(piece) == 1}
        return single if single.keys() == self._by_byte.keys() else None

    def tokens_of_text(self, text: str, *, special: bool = False) -> list[int]:
        """Tokens of a text; with `special`, markup in it becomes control tokens."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        buffer = (native.llama_token * room)()
        count = native.llama_tokenize(self._vocab, raw, len(raw), buffer, room, False, special)
        return list(buffer[: max(count, 0)])


class LlamaEngine:
    """One model, one context, several sequences that share its cells. Not thread-safe: one caller."""

    def __init__(
        self, path: Path, *, chat_format: ChatFormat, context_tokens: int, sequences: int, threads: int, threads_batch: int
    ) -> None:
        """Raises Unavailable `weights_unreadable` for a file that is no model or lacks the format's control tokens."""
        native.llama_log_set(_silent, None)
        native.llama_backend_init()
        params = native.llama_model_default_params()
        params.use_extra_bufts = not has_amx()
        self._model = native.llama_model_load_from_file(str(path).encode(), params)
        if not self._model:
            raise Unavailable("weights_unreadable", f"{path.name} is not a model that can be loaded")
        self._vocab = native.llama_model_get_vocab(self._model)
        self._vocabulary = NativeVocabulary(self._vocab)
        for token in CONTROL_TOKENS[chat_format]:
            if len(self._vocabulary.tokens_of_text(token, special=True)) != 1:
                raise Unavailable(
                    "weights_unreadable", f"{path.name} has no token {token}; the format {chat_format} is not its own"
                )
        self._context = self._new_context(context_tokens, sequences, threads, threads_batch)
        self._threads = ThreadChoice(threads, threads_batch)
        self._memory = native.llama_get_memory(self._context)
        self._grammars = GrammarMemory(self._vocabulary, lambda text: NativeWalker.compile(self._vocab, text))
        self._batch = native.llama_batch_init(BATCH_TOKENS, 0, 1)
        self._abort: Callable[[], bool] | None = None
        self._abort_callback = native.ggml_abort_callback(self._should_abort)
        self._no_callback = native.ggml_abort_callback()
        self.batch_tokens = BATCH_TOKENS
        self.context_tokens = int(native.llama_n_ctx(self._context))

    def _new_context(self, context_tokens: int, sequences: int, threads: int, threads_batch: int) -> Any:
        params = native.llama_context_default_params()
        params.n_ctx, params.n_seq_max = context_tokens, sequences
        # One physical batch for each logical one: a decode that is aborted has then changed nothing.
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        # Sequences that share the cells of a system prompt need one buffer.
        params.kv_unified = True
        params.n_threads, params.n_threads_batch = threads, threads_batch
        params.no_perf = True
        context = native.llama_init_from_model(self._model, params)
        if not context:
            raise Unavailable("weights_unreadable", "no context could be made for the model")
        return context

    def tokens_of(self, segments: tuple[Segment, ...]) -> list[int]:
        """Tokens of a rendered prompt; only markup may become control tokens."""
        tokens: list[int] = []
        for segment in segments:
            tokens += self._vocabulary.tokens_of_text(segment.text, special=segment.markup)
        return tokens

    def piece(self, token: int) -> bytes:
        return self._vocabulary.piece(token)

    def ends(self, token: int) -> bool:
        """Whether the answer is over with this token."""
        return bool(native.llama_vocab_is_eog(self._vocab, token) or native.llama_vocab_is_control(self._vocab, token))

    def grammar(self, text: str) -> HeldGrammar:
        """Raises BadInput `grammar_invalid`."""
        return self._grammars.open(text)

    def decode(self, rows: list[BatchRow], should_abort: Callable[[], bool] | None) -> bool:
        """Run one batch. False when `should_abort` stopped it, and then nothing has changed.

        Raises NoRoom when the cells are full, RuntimeError when llama.cpp fails otherwise (the process should end then).
        """
        if not 0 < len(rows) <= BATCH_TOKENS:
            raise RuntimeError(f"a batch holds 1 to {BATCH_TOKENS} tokens")
        batch = self._batch
        batch.n_tokens = len(rows)
        for index, row in enumerate(rows):
            batch.token[index], batch.pos[index] = row.token, row.position
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, row.sequence
            batch.logits[index] = row.wanted
        self._abort = should_abort
        callback = self._abort_callback if should_abort is not None else self._no_callback
        native.llama_set_abort_callback(self._context, callback, None)
        threads = self._threads.choose(len(rows))
        native.llama_set_n_threads(self._context, threads, threads)
        began = perf_counter()
        code = native.llama_decode(self._context, batch)
        self._abort = None
        if code == 0:
            self._threads.measured(len(rows), threads, perf_counter() - began)
        if code == DECODE_NO_ROOM:
            raise NoRoom
        if code not in (0, DECODE_ABORTED):
            raise RuntimeError(f"llama_decode returned {code}")
        return bool(code == 0)

    def _should_abort(self, _data: object) -> bool:
        return self._abort() if self._abort is not None else False

    def logits(self, index: int) -> Vectors:
        """Scores of the next token after batch row `index`, shape (vocabulary,); valid until the next `decode`."""
        pointer = native.llama_get_logits_ith(self._context, index)
        if not pointer:
            raise RuntimeError("no logits for that row")
        return np.ctypeslib.as_array(pointer, shape=(self._vocabulary.size,))

    def share(self, source: int, target: int, tokens: int) -> None:
        """Let sequence `target` begin with the first `tokens` of `source`, without computing them again."""
        native.llama_memory_seq_cp(self._memory, source, target, 0, tokens)

    def drop(self, sequence: int) -> None:
        """Forget a sequence; cells that others share stay."""
        native.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def length(self, sequence: int) -> int:
        """How many tokens of a sequence are kept."""
        return int(native.llama_memory_seq_pos_max(self._memory, sequence)) + 1
