"""What llama.cpp itself can do here, without prompts, grammars, sampling or sockets: the bound that the chat model is measured beside.

`python -m models.bench_raw <config JSON>` loads the weights once and answers each line on standard input with one sample as JSON, so
that the samples can be taken between those of the model server, in the same minutes of the same machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
from time import perf_counter, process_time
from typing import Any

from models.config import ModelConfig
from models.launch import environment
from models.supervisor import SOURCE_ROOT

#: Tokens that every sequence has before; rows of a batch that are timed; decodes of each in a sample.
BEFORE = 150
SIZES = (1, 8, 32)
DECODES = 6
TOKEN = 500


class RawDecode:
    """The process that takes the samples."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._samples: list[dict[str, float]] = []
        self._megabytes = 0.0

    @classmethod
    async def start(cls, config: ModelConfig) -> RawDecode:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "models.bench_raw",
            config.to_json(),
            cwd=SOURCE_ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        raw = cls(process)
        raw._megabytes = (await raw._line())["megabytes"]
        return raw

    async def sample(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._samples.append(await self._line())

    async def _line(self) -> dict[str, float]:
        assert self._process.stdout is not None
        found: dict[str, float] = json.loads(await self._process.stdout.readline())
        return found

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    def figures(self) -> dict[str, float]:
        """Medians: milliseconds of a decode of one row and of eight, their ratio in tokens a second, and what bounds each.

        A single row cannot be faster than the weights pass by (`weights_gb_s`); each further row of a large batch costs `row_cpu_ms` of
        arithmetic. `cpu_ratio` is the ratio in processor time, which neighbours disturb less, and which two cores do not double.
        """
        one, eight, one_cpu, eight_cpu, many_cpu = (
            statistics.median(sample[name] for sample in self._samples) for name in ("1", "8", "1 cpu", "8 cpu", "32 cpu")
        )
        return {
            "one_ms": round(one, 1),
            "eight_ms": round(eight, 1),
            "ratio": round(8 * one / eight, 2),
            "cpu_ratio": round(8 * one_cpu / eight_cpu, 2),
            "one_cpu_ms": round(one_cpu, 1),
            "eight_cpu_ms": round(eight_cpu, 1),
            "row_cpu_ms": round((many_cpu - eight_cpu) / (SIZES[2] - SIZES[1]), 2),
            "weights_gb_s": round(self._megabytes / one_cpu, 1),
        }


def main(arguments: list[str]) -> None:
    config = ModelConfig.from_json(arguments[1])
    for name, value in environment("llama", None).items():
        os.putenv(name, value)
    from models.llama_calls import BatchRow
    from models.llama_engine import LlamaEngine
    from models.llama_worker import prepare_weights
    from models.threads import thread_counts

    single, several = thread_counts(config.threads, config.threads_batch, len(os.sched_getaffinity(0)))
    path = prepare_weights(config, several).path
    engine = LlamaEngine(
        path,
        chat_format=config.chat_format,
        context_tokens=2048,
        sequences=max(SIZES) + 1,
        threads=single,
        threads_batch=several,
    )
    engine.decode([BatchRow(TOKEN + place, place, 0, False) for place in range(BEFORE)], None)

    def decode(size: int) -> tuple[float, float]:
        """Milliseconds for one more token of each of `size` sequences: by the wall, and of processor time."""
        for sequence in range(1, size + 1):
            engine.share(0, sequence, BEFORE)
        rows = [BatchRow(TOKEN + sequence, BEFORE, sequence, True) for sequence in range(1, size + 1)]
        began, used = perf_counter(), process_time()
        engine.decode(rows, None)
        took, used = perf_counter() - began, process_time() - used
        for sequence in range(1, size + 1):
            engine.drop(sequence)
        return took * 1000, used * 1000

    _tell({"megabytes": path.stat().st_size / 1e6})
    for _ in sys.stdin:
        sample: dict[str, float] = {}
        for size in SIZES:
            wall, cpu = zip(*(decode(size) for _ in range(DECODES)), strict=True)
            sample |= {str(size): statistics.median(wall), f"{size} cpu": statistics.median(cpu)}
        _tell(sample)


def _tell(found: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv)
