"""The number of threads that numpy's own OpenBLAS uses, changed while it runs. Numpy has no call for it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

MAPS = Path("/proc/self/maps")
_NAMES = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "openblas_set_num_threads",
)


def openblas_threads(maps: Path = MAPS) -> Callable[[int], None] | None:
    """The call that sets it, or None where numpy runs on another library; then the number at its loading stays."""
    try:
        lines = maps.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    libraries = {line.split(maxsplit=5)[5] for line in lines if "openblas" in line and line.count("/")}
    for library in sorted(libraries):
        loaded = ctypes.CDLL(library)
        for name in _NAMES:
            if hasattr(loaded, name):
                call = getattr(loaded, name)
                call.argtypes, call.restype = [ctypes.c_int], None
                return lambda threads: call(threads)
    return None


def compute_on_one_thread() -> None:
    """For a process whose arithmetic is small, as a message's classification is: 0.9 ms on one thread, 20 on two beside neighbours.

    The threads wait for each other many times within a millisecond. Call it when what is large (fitting) is done.
    """
    set_threads = openblas_threads()
    if set_threads is not None:
        set_threads(1)
