"""The names of the three readers, as they are given to leave one out. Apart, so that the command line starts without the models."""

from __future__ import annotations

from enum import StrEnum


class Reader(StrEnum):
    """What can be left out of a reading."""

    parsers = "parsers"
    classifier = "classifier"
    llama = "llama"
