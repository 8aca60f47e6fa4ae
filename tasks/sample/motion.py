"""A solved performance of the sample, as its writers need it: rotations, labels, caption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.kinematics import forward_kinematics
from tasks.synthesize.engine.body import PARENTS, Body, body_points
from tasks.synthesize.engine.soften import soften
from tasks.synthesize.engine.solve import solve_rotations
from tasks.synthesize.scenes.perform_scene import play_scene
from tasks.synthesize.scenes.rests import rests_of
from tasks.synthesize.scenes.sequence import visible_deeds
from tasks.synthesize.words.captions import describe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Deed, Take
    from tasks.synthesize.scenes.plan import ScenePlan

__all__ = ["Motion", "Span", "play"]

_NOUN: Final = "a person"
_FRAME_S: Final = 0.04
"""A rest begins at the first whole frame of 25 fps or more after a deed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What is done when."""

    action: str
    """A word of `vocabulary.ACTIONS`."""
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Motion:
    """A solved clip of one actor."""

    body: Body
    fps: float
    rotations: NDArray[np.float64]
    """(T, 22, 3, 3) local joint rotations."""
    pelvis: NDArray[np.float64]
    """(T, 3) pelvis joint in the world, metres, y up."""
    spans: tuple[Span, ...]
    caption: str

    @property
    def points(self) -> NDArray[np.float32]:
        """(T, 15, 3) points of `skeleton.BODY_POINTS`, metres, y up."""
        return body_points(self.body, self.rotations, self.pelvis)

    @property
    def joints(self) -> NDArray[np.float64]:
        """(T, 22, 3) joint positions, metres, y up."""
        positions, _ = forward_kinematics(self.rotations, self.body.offsets, PARENTS)
        return positions + self.pelvis[:, None]


def play(plan: ScenePlan, *, fps: float, caption: str) -> tuple[Motion, ...]:
    """Perform a plan.

    Args:
        plan: Who does what; everybody is called a person.
        fps: Frames per second; another rate shows the same performance.
        caption: Of the whole.

    Returns:
        One motion an actor, in the order of the plan.
    """
    motions = []
    for take, actor in zip(play_scene(plan, fps=fps), plan.actors, strict=True):
        spans = _spans(take, plan, seed=actor.seed)
        soften(take.body, take.posture)
        rotations, pelvis = solve_rotations(take.body, take.posture)
        motions.append(
            Motion(
                body=take.body,
                fps=fps,
                rotations=rotations,
                pelvis=pelvis,
                spans=spans,
                caption=caption,
            )
        )
    return tuple(motions)


def _spans(take: Take, plan: ScenePlan, *, seed: tuple[int, ...]) -> tuple[Span, ...]:
    """The deeds as far as the clip shows them, told without their subject."""
    done = sorted(take.deeds, key=lambda deed: (deed.start_s, deed.end_s))
    deeds = visible_deeds(_with_rests(take, done), plan.duration_s)
    told = describe(
        deeds,
        take.manner,
        plan.setting,
        noun=_NOUN,
        rng=np.random.default_rng((*seed, 1)),
        partners=(_NOUN,) * len(plan.actors),
    )
    return tuple(
        Span(
            action=deed.action,
            start_s=deed.start_s,
            end_s=deed.end_s,
            text=text[len(_NOUN) + 1 :].rstrip("."),
        )
        for deed, text in zip(deeds, told.parts, strict=True)
    )


def _with_rests(take: Take, deeds: list[Deed]) -> tuple[Deed, ...]:
    """Who has lain down lies until something else is done, and so for every stance."""
    rests = rests_of(take, deeds)
    out = []
    for deed in deeds:
        ends = (
            rest.end_s
            for rest in rests
            if rest.action == deed.action and 0.0 <= rest.start_s - deed.end_s < _FRAME_S
        )
        out.append(replace(deed, end_s=next(ends, deed.end_s)))
    return tuple(out)
