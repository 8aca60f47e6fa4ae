"""A plan for one action of one actor."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.scenes.plan import ActorPlan, ScenePlan

__all__ = ["solo_plan"]

_EDGE_S = 0.3


def solo_plan(
    action: str, seed: int, *, setting: Setting | None = None, **wishes: Any
) -> ScenePlan:
    """One person does one action, with a moment of standing before and after what is not a gait.

    Args:
        action: A word of the engine.
        seed: Fixes body, manner, length and all else.
        setting: Surroundings; None: plain.
        wishes: Fields of the beat, such as side or count.
    """
    rng = np.random.default_rng((seed, 1))
    spec = action_spec(action)
    body, manner = random_body(rng), random_manner(rng)
    seconds = float(rng.uniform(*spec.seconds)) / manner.tempo
    edge = 0.0 if spec.kind == "travel" else _EDGE_S
    beat = Beat(action=action, start_s=edge, end_s=edge + seconds, **wishes)
    # a gait has begun before the clip and goes on after it; a stance is there before it is changed
    if spec.kind == "travel":
        beat = Beat(action=action, start_s=-2.5, end_s=seconds + 2.5, **wishes)
    actor = ActorPlan(
        subject=f"p{seed:06d}", body=body, manner=manner, beats=(beat,), seed=(seed, 2)
    )
    return ScenePlan(
        actors=(actor,), duration_s=min(seconds + 2 * edge, 10.0), setting=setting or Setting()
    )
