"""Bodies and manners of the people who perform."""

from __future__ import annotations

from typing import Final

import numpy as np

from tasks.synthesize.engine.body import Body, make_body
from tasks.synthesize.engine.manner import Manner

__all__ = ["random_body", "random_manner"]

_STATURE_M: Final = {
    "child": (1.30, 0.07),
    "adult": (1.71, 0.09),
    "old": (1.66, 0.08),
}
"""Mean and deviation of stature; adults: NCD-RisC, eLife 5:e13410 (2016), both sexes pooled."""


_PROPORTIONS: Final = {
    "thigh": (1.06, 0.035),
    "shin": (1.09, 0.035),
    "torso": (0.94, 0.035),
    "neck_head": (0.90, 0.09),
    "upper_arm": (0.97, 0.06),
    "forearm": (0.95, 0.08),
    "shoulder_width": (1.0, 0.12),
    "hip_width": (1.05, 0.09),
}
"""Mean and deviation of lengths against the generic body. Source: what rigs of 16 recorded people
(CMU subjects 1 to 16 in two rigs, ReActIdle, AnimatedDrawings) have for the same height H."""
_LONG_LEGS: Final = {"thigh": 0.050, "shin": 0.050, "torso": -0.045}
"""What goes together: people with long legs have short trunks for their height, and rigs even more
so (hips of standing people at 0.48 to 0.60 of H in the same recordings)."""

_SHORT_LEGGED: Final = 0.15
"""Share of bodies with short legs: hips of ReActIdle's rig stand at 0.48 to 0.52 of H."""


def random_body(rng: np.random.Generator, *, age: str = "adult") -> Body:
    """A body with its own stature and proportions."""
    mean, deviation = _STATURE_M[age]
    stature = mean + deviation * float(np.clip(rng.normal(), -2.5, 2.5))
    chance = np.clip(rng.normal(size=len(_PROPORTIONS) + 1), -2.0, 2.0)
    lot = float(rng.uniform())
    if lot < _SHORT_LEGGED:
        chance[0] = -1.0 - 1.5 * lot / _SHORT_LEGGED
    scale = {
        name: usual + spread * float(z)
        for (name, (usual, spread)), z in zip(_PROPORTIONS.items(), chance[1:], strict=True)
    }
    for name, change in _LONG_LEGS.items():
        scale[name] *= 1.0 + change * float(chance[0])
    return make_body(stature=stature, scale=scale)


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
