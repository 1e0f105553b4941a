"""Starts a worker process: `python -m models.launch <llama|encoder> <descriptor> <config JSON>`.

Native libraries read their variables at the moment they are loaded, so these are set here, before anything but the standard
library is imported. Nothing is read from the environment.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

MODULES = {"llama": "models.llama_worker", "encoder": "models.encoder_worker"}

#: More threads than this gain nothing on one message.
MOST_ENCODER_THREADS = 2


def environment(worker: str, encoder_threads: int | None) -> dict[str, str]:
    """What each worker's libraries should find.

    GOMP_SPINCOUNT: a short spin leaves the cores to the neighbours; with the default, a busy neighbour cuts decoding to a twentieth.
    GGML_NO_BACKTRACE: an abort would start a debugger. OPENBLAS_THREAD_TIMEOUT: the same as the spin, as a power of two cycles.
    """
    blas_threads = 1 if worker == "llama" else encoder_threads or MOST_ENCODER_THREADS
    blas = {"OPENBLAS_NUM_THREADS": str(blas_threads), "OPENBLAS_THREAD_TIMEOUT": "14"}
    if worker == "llama":
        return blas | {"GOMP_SPINCOUNT": "1000", "GGML_NO_BACKTRACE": "1"}
    return blas | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}


def main(arguments: list[str]) -> None:
    worker, descriptor, config = arguments[1:]
    for name, value in environment(worker, json.loads(config)["encoder_threads"]).items():
        os.putenv(name, value)
    importlib.import_module(MODULES[worker]).main(int(descriptor), config)


if __name__ == "__main__":
    main(sys.argv)
