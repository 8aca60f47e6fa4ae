"""Whether labels speak of left and right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datasets_spec.motion import Label

__all__ = ["labels_are_symmetric"]

_SIDED: Final = re.compile(
    r"(?<![a-z])(left|right|leftwards?|rightwards?|(anti|counter)?-?\s?clockwise)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_NOT_A_SIDE: Final = re.compile(r"right (away|after|before|now|angle)|upright", re.IGNORECASE)


def labels_are_symmetric(labels: Iterable[Label]) -> bool:
    """True if the labels stay true when left and right are swapped."""
    return not any(
        _SIDED.search(_NOT_A_SIDE.sub(" ", text.replace("_", " ")))
        for label in labels
        for text in (label.text, *label.categories)
    )
