"""What heads and eyes do by themselves: blinks, glances, nods; the same again for a scene."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import ACTIONS
from stickgen_model.render.easing import eased_steps, smooth_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]

__all__ = ["actor_rng", "blinks", "glances", "head_turns"]

_BLINK_EVERY_S: Final = (2.2, 5.5)
"""15 to 20 a minute (Bentivoglio et al., Movement Disorders 12, 1997)."""
_BLINK_S: Final = 0.22
_SHUT_BY: Final = 0.35
_OPEN_FROM: Final = 0.5
"""Shares of a blink."""
_GLANCE_EVERY_S: Final = (0.9, 2.8)
_GLANCE_S: Final = 0.07
_ASIDE: Final = (0.55, 0.3)
"""Spread of glances, right and up."""
_TURNS: Final = {
    #             yaw   pitch  per second
    "shake_head": (0.45, 0.0, 1.5),
    "look_around": (0.80, 0.0, 0.33),
    "nod": (0.0, 0.30, 1.7),
}
"""The figure's head is a point, so that what it does on its neck is not in the joints. Radians."""
_SETTLE_S: Final = 0.3


def actor_rng(animation: Animation, actor: int, purpose: int) -> np.random.Generator:
    """Randomness of one actor of a scene, by the scene's seed."""
    seed = zlib.crc32(repr(animation.facts.get("seed", 0)).encode())
    return np.random.default_rng([seed, actor, purpose])


def blinks(animation: Animation, times: Floats) -> Floats:
    """How far eyelids are down, 0..1, shape (N, F)."""
    shut = np.zeros((animation.num_actors, len(times)))
    for actor, row in enumerate(shut):
        starts = _events(animation, times, _BLINK_EVERY_S, actor_rng(animation, actor, 0))
        last = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 1)
        share = (times - starts[last]) / _BLINK_S
        row[:] = smooth_step(share / _SHUT_BY) - smooth_step(
            (share - _OPEN_FROM) / (1.0 - _OPEN_FROM)
        )
    return shut


def glances(animation: Animation, times: Floats) -> Floats:
    """Where eyes look, right and up, about -1..1, shape (N, F, 2)."""
    found = np.zeros((animation.num_actors, len(times), 2))
    for actor, row in enumerate(found):
        rng = actor_rng(animation, actor, 3)
        starts = _events(animation, times, _GLANCE_EVERY_S, rng)
        places = np.clip(rng.standard_normal((len(starts), 2)) * _ASIDE, -1.0, 1.0)
        # every other look is straight ahead
        places[::2] = 0.0
        last = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 1)
        share = smooth_step((times - starts[last]) / _GLANCE_S)[:, None]
        row[:] = (1.0 - share) * places[np.maximum(last - 1, 0)] + share * places[last]
    return found


def _events(
    animation: Animation, times: Floats, every_s: tuple[float, float], rng: np.random.Generator
) -> Floats:
    """Seconds of what happens now and then, some before the scene's end, ascending."""
    # as many for every choice of times inside the scene, so that it is the same again
    end = max(animation.seconds, float(times.max(initial=0.0)))
    waits = np.empty(int(end / every_s[0]) + 2)
    for number in range(len(waits)):
        waits[number] = rng.uniform(*every_s)
    return np.asarray(np.cumsum(waits) - 0.5 * every_s[0])


def head_turns(animation: Animation, times: Floats) -> Floats:
    """Yaw (to the left ear's side) and pitch (down) of heads on their necks, radians, (N, F, 2)."""
    ids = np.array([ACTIONS.index(name) for name in _TURNS])
    doing = (animation.actions[..., None] == ids).astype(np.float64)
    if not doing.any():
        return np.zeros((animation.num_actors, len(times), 2))
    share = eased_steps(doing, times, fps=animation.fps, span_s=_SETTLE_S)
    turns = np.array(list(_TURNS.values()))
    phases = np.array([actor_rng(animation, n, 4).uniform() for n in range(len(share))])
    beat = np.sin(2.0 * np.pi * (turns[:, 2] * times[:, None] + phases[:, None, None]))
    return np.asarray(np.einsum("nfk,kc->nfc", share * beat, turns[:, :2]))
