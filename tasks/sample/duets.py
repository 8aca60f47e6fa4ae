"""The named performances of two: they meet, touch, push, follow. Both share one world and clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.sample.motion import Motion, play
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.plan import ActorPlan, Meeting, ScenePlan
from tasks.synthesize.scenes.together import meeting_placements

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body

__all__ = ["DUETS", "Duet", "duet"]

_Bodies = tuple["Body", "Body"]

_PACE_MPS: Final = 1.15
_COME_S: Final = 0.3
_HEADING: Final = np.pi / 2
"""They stand along x, the first one at -x."""
_GAP_M: Final = 1.0
"""Between two who meet and do nothing else."""
_TO_SPARE_S: Final = 0.3
"""A meeting is over so long before the end."""
_OUTSIDE_S: Final = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Duet:
    """What two do together, and how three people tell it."""

    captions: tuple[str, str, str]
    kind: str = ""
    """A word of `scenes.meetings.MEETINGS`; empty: they only walk up to each other."""
    style: str = ""
    meet_s: float = 2.2
    """When they stand before each other."""
    longest_s: float = 4.0
    walks: bool = True
    """They come walking; or are there from the first frame."""


DUETS: Final = {
    "meet": Duet(
        captions=(
            "Two people walk towards each other and stop face to face.",
            "one person comes from the left, the other comes from the right, and they meet.",
            "The two walk up to each other.",
        ),
    ),
    "handshake": Duet(
        kind="handshake",
        captions=(
            "Two people approach each other and shake hands.",
            "one person walks up to the other and they greet with a handshake.",
            "They meet and shake right hands several times.",
        ),
    ),
    "high_five": Duet(
        kind="high_five",
        style="high",
        longest_s=1.9,
        captions=(
            "Two people give each other a high five.",
            "one person walks over, the other raises a hand, and they clap hands up high.",
            "The two meet and high-five.",
        ),
    ),
    "hug": Duet(
        kind="hug",
        captions=(
            "Two people walk up to each other and hug.",
            "one person embraces the other, who hugs back.",
            "They meet and hold each other in a long hug.",
        ),
    ),
    "push": Duet(
        kind="push",
        walks=False,
        meet_s=0.4,
        longest_s=3.5,
        captions=(
            "One person pushes the other with both hands.",
            "one person shoves the other, who staggers backwards.",
            "The first pushes, the second stumbles back a few steps.",
        ),
    ),
    "follow": Duet(
        kind="follow",
        captions=(
            "One person follows the other.",
            "one person walks ahead and the other walks behind.",
            "The second person trails the first.",
        ),
    ),
}
"""The performances of two by name."""


def duet(
    name: str, bodies: _Bodies, *, seed: tuple[int, ...], fps: float, duration_s: float
) -> tuple[Motion, Motion]:
    """Play a scene of two.

    Args:
        name: A key of `DUETS`.
        bodies: Who; the first one leads.
        seed: Fixes all chance; the same at any frame rate.
        fps: Frames per second.
        duration_s: Length, 4 s or more.
    """
    scene = DUETS[name]
    actors = tuple(
        ActorPlan(
            subject="sample",
            body=body,
            manner=Manner(tempo=body.tempo),
            beats=(),
            seed=(*seed, number),
        )
        for number, body in enumerate(bodies)
    )
    if not scene.kind:
        plan = _walk_up(actors, duration_s)
    elif scene.kind == "follow":
        plan = _on_the_way(scene, actors, duration_s)
    else:
        plan = _together(scene, actors, duration_s)
    one, two = play(plan, fps=fps, caption=scene.captions[0])
    return one, two


def _comes(actor: ActorPlan, placement: Placement, stop_s: float) -> ActorPlan:
    """Somebody who walks to a place and is there in time."""
    speed = _PACE_MPS * actor.body.tempo
    walk = Beat(action="walk", start_s=_COME_S, end_s=stop_s, amount=speed, style="straight")
    return replace(actor, beats=(walk,), placement=placement)


def _walk_up(actors: tuple[ActorPlan, ...], duration_s: float) -> ScenePlan:
    stop_s = duration_s - 1.2
    coming = (
        _comes(actor, Placement(x=sign * _GAP_M / 2, yaw=-sign * _HEADING, at_s=stop_s), stop_s)
        for actor, sign in zip(actors, (-1.0, 1.0), strict=True)
    )
    return ScenePlan(actors=tuple(coming), duration_s=duration_s)


def _together(scene: Duet, actors: tuple[ActorPlan, ...], duration_s: float) -> ScenePlan:
    meeting = Meeting(
        kind=scene.kind,
        actors=(0, 1),
        start_s=scene.meet_s,
        end_s=min(scene.meet_s + scene.longest_s, duration_s - _TO_SPARE_S),
        style=scene.style,
    )
    places = meeting_placements(
        scene.kind, actors, at_s=scene.meet_s + 0.2 * scene.walks, heading=_HEADING
    )
    there = tuple(
        _comes(actor, place, scene.meet_s + 0.15)
        if scene.walks
        else replace(actor, placement=place)
        for actor, place in zip(actors, places, strict=True)
    )
    return ScenePlan(actors=there, duration_s=duration_s, meetings=(meeting,))


def _on_the_way(scene: Duet, actors: tuple[ActorPlan, ...], duration_s: float) -> ScenePlan:
    meeting = Meeting(
        kind=scene.kind, actors=(0, 1), start_s=-_OUTSIDE_S, end_s=duration_s + _OUTSIDE_S
    )
    places = meeting_placements(
        scene.kind, actors, at_s=0.5 * duration_s, heading=_HEADING, share=0.3
    )
    going = tuple(
        replace(actor, placement=place) for actor, place in zip(actors, places, strict=True)
    )
    return ScenePlan(actors=going, duration_s=duration_s, meetings=(meeting,))
