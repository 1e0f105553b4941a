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
