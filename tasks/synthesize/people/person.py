"""Bodies and manners of the people who perform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasks.synthesize.engine.body import Body, make_body
from tasks.synthesize.engine.manner import Manner

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["random_body", "random_manner"]

_STATURE_M: Mapping[str, tuple[float, float]] = {
    "child": (1.30, 0.07),
    "adult": (1.71, 0.09),
    "old": (1.66, 0.08),
}
"""Mean and deviation of stature; adults: NCD-RisC, eLife 5:e13410 (2016), both sexes pooled."""


def random_body(rng: np.random.Generator, *, age: str = "adult") -> Body:
    """A body with its own stature and proportions."""
    mean, deviation = _STATURE_M[age]
    stature = float(np.clip(rng.normal(mean, deviation), mean - 0.25, mean + 0.25))
    return make_body(stature=stature, limbs=float(np.clip(rng.normal(1.0, 0.03), 0.92, 1.08)))


def random_manner(rng: np.random.Generator, *, age: str = "adult") -> Manner:
    """A manner out of the usual range."""
    slow = {"child": 1.08, "adult": 1.0, "old": 0.85}[age]
    return Manner(
        tempo=float(np.clip(slow * rng.normal(1.0, 0.10), 0.7, 1.35)),
        amplitude=float(np.clip(rng.normal(1.0, 0.12), 0.7, 1.35)),
        energy=float(np.clip(rng.normal(0.5, 0.18), 0.0, 1.0)),
        age=age,
        handed=int(rng.uniform() < 0.9),
        asymmetry=float(np.clip(rng.normal(0.0, 0.25), -1.0, 1.0)),
        noise=float(rng.uniform(0.6, 1.4)),
    )
