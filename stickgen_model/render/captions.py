"""Captions of a film: what is said when, as text that can be set."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.animation import Caption

__all__ = ["LONGEST_CAPTION", "NO_CAPTION", "caption_numbers", "plain_text"]

LONGEST_CAPTION: Final = 400
"""Characters; what is longer ends with dots."""

NO_CAPTION: Final = -1

_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Classes of characters that are no text: controls, marks of direction, halves of pairs."""


def plain_text(text: str) -> str:
    """A text in one line without what cannot be seen: controls, marks of direction, odd spaces.

    Args:
        text: Anything; markup is text like any other.
    """
    # a little more than is kept, as normal forms may be shorter
    start = unicodedata.normalize("NFC", text[: 4 * LONGEST_CAPTION])
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in start)
    words = " ".join(seen.split())
    if len(words) <= LONGEST_CAPTION:
        return words if len(text) <= 4 * LONGEST_CAPTION or not words else f"{words} ..."
    return words[: LONGEST_CAPTION - 4].rstrip() + " ..."


def caption_numbers(captions: Sequence[Caption], times: NDArray[np.floating]) -> NDArray[np.int32]:
    """Which caption is shown when: of several at a time the one that began last.

    Args:
        captions: In order of time.
        times: Seconds, shape (F,).

    Returns:
        Numbers of captions, NO_CAPTION where there is none, shape (F,).
    """
    shown = np.full(len(times), NO_CAPTION, dtype=np.int32)
    for number, caption in enumerate(captions):
        if plain_text(caption.text):
            shown[(times >= caption.start_s) & (times < caption.end_s)] = number
    return shown
