"""The customer's own part of a pasted e-mail thread: what others wrote before is no wish of theirs.

Only the marks that mail programs put are known: lines that begin with ">", "On … wrote:", "Original Message", a block of From/Sent/Subject,
and the dashes before a signature. Where nothing stands before them, the whole text is read: somebody forwards a mail without a word.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\s{0,3}>")
_THREAD = re.compile(
    r"\s{0,3}(?:on\b.{5,120}\bwrote:|-{2,10} ?(?:original|forwarded) message ?-{0,10}|begin forwarded message:|le\b.{5,120}a écrit ?:)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\s{0,3}\*?(?:from|sent|date|to|subject)\*?:\s", re.IGNORECASE)
_SIGNATURE = re.compile(r"--\s*$|(?:sent from|get outlook for) my? ?\w", re.IGNORECASE)
#: Header lines together that make a quoted mail's head.
_HEADS = 2


def own_part(text: str) -> str:
    """The text without quoted mail below it; the text itself where there is none, or nothing else."""
    if "\n" not in text:
        return text
    lines, own = text.splitlines(), []
    for place, line in enumerate(lines):
        heads = sum(bool(_HEADER.match(each)) for each in lines[place : place + _HEADS])
        if _THREAD.match(line) or heads == _HEADS or _SIGNATURE.match(line):
            break
        if not _QUOTED.match(line):
            own.append(line)
    kept = "\n".join(own).strip()
    return kept if any(char.isalnum() for char in kept) else text
