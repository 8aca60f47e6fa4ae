"""Means over halves of the items, and how far they may be off.

A repeat takes half of the items, drawn without putting back. The mean over half of n items has the
variance s^2 (1 - 1/2) / (n / 2) = s^2 / n around that over all of them, which is just the variance
of the mean of n items. So the spread of the repeats is the standard error of the value, and does
not shrink with their number, as that of the mean of repeats would. It covers all that differs from
item to item: which prompts were drawn, and the random numbers of the generator, for each clip has
a stream of its own. Generating everything again for each repeat would cover no more.

Both real sets of a distance are halved alike, so that it has the same bias in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.stats import t as student

from stickgen_model.evaluate.evaluation import Measured
from stickgen_model.evaluate.repeats import repeat_seeds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

__all__ = ["Draw", "bounds_of", "draws", "measured_halves", "over_halves"]

_LEVEL: Final = 0.95
_SHARES: Final = (
    "accuracy",
    "precision",
    "retrieval",
    "skating",
    "share",
    "quality",
    "consistency",
)
"""In the names of values that cannot be above 1."""
_SIGNED: Final = ("kid",)
"""Values that may be below 0."""


def bounds_of(name: str) -> tuple[float, float]:
    """What a metric cannot go beyond; no interval does."""
    low = -np.inf if name in _SIGNED else 0.0
    return low, 1.0 if any(part in name for part in _SHARES) else np.inf


class Draw:
    """The halves of one repeat.

    Args:
        seed: Of the draw.
        whole: Take everything: there is but one repeat.
    """

    def __init__(self, seed: int, *, whole: bool = False) -> None:
        self.seed, self._whole = seed, whole

    def rows(self, count: int, *, least: int = 2, name: str = "items") -> Rows:
        """Half of the rows, in order; the same ones for the same name.

        Args:
            count: Rows that there are.
            least: Fewest that are taken, as far as there are so many.
            name: Of the set: halves of different ones are independent.
        """
        if self._whole:
            return np.arange(count)
        rng = np.random.default_rng([self.seed, *name.encode()])
        wanted = min(count, max(count // 2, least))
        return np.sort(rng.permutation(count)[:wanted])


def draws(settings_seed: int, repeats: int) -> tuple[Draw, ...]:
    """The draws of all repeats; the same ones for every row."""
    seeds = repeat_seeds(settings_seed, repeats)
    return tuple(Draw(seed, whole=repeats == 1) for seed in seeds)


def over_halves(
    drawn: Sequence[Draw],
    measure: Callable[[Draw], Mapping[str, float]],
    *,
    bounds: Callable[[str], tuple[float, float]] = bounds_of,
) -> dict[str, Measured]:
    """Measure on every draw.

    Args:
        drawn: Of the repeats.
        measure: Values by name; NaN where there is none.
        bounds: What the values of a name cannot go beyond.

    Returns:
        Means with 95 % intervals; what has a value in no draw is left out.
    """
    rows = [measure(draw) for draw in drawn]
    names = dict.fromkeys(name for row in rows for name in row)
    found = {name: [row.get(name, np.nan) for row in rows] for name in names}
    kept = {name: np.array(values)[np.isfinite(values)] for name, values in found.items()}
    return {
        name: measured_halves(values, bounds(name)) for name, values in kept.items() if len(values)
    }


def measured_halves(
    values: NDArray[np.floating[Any]], bounds: tuple[float, float] = (-np.inf, np.inf)
) -> Measured:
    """Mean of values of halves, with its 95 % interval.

    Args:
        values: One a repeat, finite, at least one, inside the bounds.
        bounds: What the interval does not go beyond.
    """
    mean, half = float(np.mean(values)), 0.0
    if len(values) > 1:
        quantile = float(student.ppf(0.5 + _LEVEL / 2.0, len(values) - 1))
        half = quantile * float(np.std(values, ddof=1))
    # rounding of the mean must not carry it past an end
    low, high = max(mean - half, min(bounds[0], mean)), min(mean + half, max(bounds[1], mean))
    return Measured(mean=mean, low=low, high=high, repeats=len(values))
