"""Many measurements of one thing: their mean and how far it may be off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import t as student

from stickgen_model.evaluate.evaluation import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["measured", "repeat_seeds"]

_LEVEL: Final = 0.95


def measured(values: Sequence[float]) -> Measured:
    """Mean of repeats and its 95 % interval, by Student's distribution.

    Args:
        values: One a repeat, at least one; with one the interval is the value.

    Raises:
        ValueError: If there are none, or one is not finite.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not len(array) or not np.isfinite(array).all():
        msg = f"expected finite values of one repeat or more, got {array.tolist()}"
        raise ValueError(msg)
    mean, half = float(array.mean()), 0.0
    if len(array) > 1:
        error = float(array.std(ddof=1)) / np.sqrt(len(array))
        half = float(student.ppf(0.5 + _LEVEL / 2.0, len(array) - 1)) * float(error)
    return Measured(mean=mean, low=mean - half, high=mean + half, repeats=len(array))


def repeat_seeds(seed: int, repeats: int) -> tuple[int, ...]:
    """Seeds of the repeats; the first ones do not depend on how many there are."""
    children = np.random.SeedSequence(seed).spawn(repeats)
    return tuple(int(child.generate_state(1)[0]) for child in children)
