"""Many measurements of one thing: their mean and how far it may be off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.stats import t as student

from stickgen_model.evaluate.accuracy import bootstrap_interval
from stickgen_model.evaluate.evaluation import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["measured", "measured_over_clips", "repeat", "repeat_seeds"]

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


def measured_over_clips(
    values: NDArray[np.floating[Any]],
    groups: Sequence[str] | NDArray[np.str_] | None = None,
    *,
    seed: int = 0,
) -> Measured:
    """Mean over clips of one pass and its 95 % interval, from a bootstrap over groups of clips.

    Args:
        values: One a clip, shape (N,), N >= 1.
        groups: Recording of each clip: clips of one are no independent samples; None = all are.
        seed: Of the draws.

    Raises:
        ValueError: If there are none, or one is not finite.
    """
    mean = measured([float(v) for v in values]).mean
    low, high = bootstrap_interval(values, groups, level=_LEVEL, seed=seed)
    return Measured(mean=mean, low=min(low, mean), high=max(high, mean), repeats=1)


def repeat_seeds(seed: int, repeats: int) -> tuple[int, ...]:
    """Seeds of the repeats; the first ones do not depend on how many there are."""
    children = np.random.SeedSequence(seed).spawn(repeats)
    return tuple(int(child.generate_state(1)[0]) for child in children)


def repeat(
    measure: Callable[[int], Mapping[str, float]], *, repeats: int, seed: int = 0
) -> dict[str, Measured]:
    """Measure again and again, each time with another seed.

    Args:
        measure: Values by name, from a seed; always of the same names.
        repeats: Times.
        seed: That the seeds come from.

    Raises:
        ValueError: If repeats < 1, the names change, or a value is not finite.
    """
    if repeats < 1:
        msg = f"expected at least one repeat, got {repeats}"
        raise ValueError(msg)
    rows = [measure(one) for one in repeat_seeds(seed, repeats)]
    if any(row.keys() != rows[0].keys() for row in rows):
        msg = f"expected the same metrics in every repeat, got {[sorted(row) for row in rows]}"
        raise ValueError(msg)
    return {name: measured([row[name] for row in rows]) for name in rows[0]}
