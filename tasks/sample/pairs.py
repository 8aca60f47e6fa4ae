"""Two people: meeting, greeting, pushing, following. Both tracks share one world and one clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tasks.sample.motion import Span
from tasks.sample.poses import ahead
from tasks.synthesize.engine.arms import aim_arm, aim_hand
from tasks.synthesize.engine.footsteps import Path
from tasks.synthesize.engine.gait import WALK, travel
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.timing import keyed, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["Duo", "follow", "handshake", "high_five", "hug", "meet", "push"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Duo:
    """A performance of two."""

    postures: tuple[Posture, Posture]
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]
    captions: tuple[str, str, str]


def _approach(
    t: NDArray[np.float64],
    bodies: tuple[Body, Body],
    rng: np.random.Generator,
    *,
    gap_m: float,
    walk_s: float,
) -> tuple[Posture, Posture, float]:
    """Two people walk towards each other along x and stop with a gap between their hips.

    Returns:
        The tracks of the one who comes from -x, of the other, and when both stand.
    """
    postures = []
    stop = 0.0
    for number, sign in ((0, -1.0), (1, 1.0)):
        speed = 1.15 * bodies[number].tempo
        times = (0.3, 1.0, 1.0 + walk_s, 1.8 + walk_s)
        # a minimum-jerk ramp covers half of what full speed would
        way = speed * (0.5 * 0.7 + walk_s + 0.5 * 0.8)
        path = Path(
            speed=(times, (0.0, speed, speed, 0.0)),
            yaw=((0.0,), (-sign * np.pi / 2,)),
            start=(sign * (gap_m / 2 + way), 0.0),
        )
        postures.append(travel(t, bodies[number], rng, path=path))
        stop = times[-1]
    return postures[0], postures[1], stop


def _walks(stop: float, who: str = "walks up to the other person") -> Span:
    return Span(action="walk", start_s=0.3, end_s=stop, text=who)


def meet(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """Walk towards each other and stop."""
    one, two, stop = _approach(t, bodies, rng, gap_m=1.0, walk_s=t[-1] - 3.0)
    return Duo(
        postures=(one, two),
        spans=((_walks(stop),), (_walks(stop),)),
        captions=(
            "Two people walk towards each other and stop face to face.",
            "one person comes from the left, the other comes from the right, and they meet.",
            "The two walk up to each other.",
        ),
    )


def handshake(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """Walk up and shake right hands."""
    one, two, stop = _approach(t, bodies, rng, gap_m=0.85, walk_s=0.5)
    start, end = stop - 0.35, t[-1] - 0.3
    weight = pulse(t, start, end, 0.6)
    shake = 0.045 * np.sin(2 * np.pi * 2.2 * (t - start)) * pulse(t, start + 0.5, end - 0.4, 0.4)
    tall = (bodies[0].stature + bodies[1].stature) / 2
    _join_hands(one, two, weight, height=0.60 * tall + shake)
    span = Span(action="handshake", start_s=start, end_s=end, text="shakes hands")
    spans = (_walks(start), span)
    return Duo(
        postures=(one, two),
        spans=(spans, spans),
        captions=(
            "Two people approach each other and shake hands.",
            "one person walks up to the other and they greet with a handshake.",
            "They meet and shake right hands several times.",
        ),
    )


def high_five(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """Walk up and clap right hands above the shoulders."""
    one, two, stop = _approach(t, bodies, rng, gap_m=0.80, walk_s=0.5)
    hit = stop + 0.45
    weight = keyed(t, (hit - 0.55, hit, hit + 0.12, hit + 0.8), (0.0, 1.0, 1.0, 0.0))
    tall = (bodies[0].stature + bodies[1].stature) / 2
    _join_hands(one, two, weight, height=0.93 * tall + 0 * t, apart=0.10)
    span = Span(action="high_five", start_s=hit - 0.55, end_s=hit + 0.8, text="gives a high five")
    spans = (_walks(hit - 0.55), span)
    return Duo(
        postures=(one, two),
        spans=(spans, spans),
        captions=(
            "Two people give each other a high five.",
            "one person walks over, the other raises a hand, and they clap hands up high.",
            "The two meet and high-five.",
        ),
    )


def _join_hands(
    one: Posture,
    two: Posture,
    weight: NDArray[np.float64],
    *,
    height: NDArray[np.float64],
    apart: float = 0.07,
) -> None:
    """Right wrists to the middle between the two, a palm's length apart."""
    middle = (one.hips + two.hips) / 2
    middle[:, 1] = height
    for posture in (one, two):
        target = middle - apart * ahead(posture)
        aim_hand(posture, 1, target, weight, in_world=True)
        posture.trunk[:, 0] += 0.10 * weight
        posture.trunk[:, 1] += 0.20 * weight


def hug(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """Walk up and hold each other."""
    one, two, stop = _approach(t, bodies, rng, gap_m=0.34, walk_s=0.7)
    start, end = stop - 0.7, t[-1] - 0.2
    weight = pulse(t, start, end, 0.8)
    for posture, other, high in ((one, two, 0), (two, one, 0)):
        facing = ahead(posture)
        left = np.cross(np.array([0.0, 1.0, 0.0]), facing)
        back = other.hips + 0.13 * facing
        for side, sign in ((0, 1.0), (1, -1.0)):
            # right arms go over the other's shoulder, left arms round the waist
            rise = 0.42 if side != high else 0.24
            target = back + 0.07 * sign * left + np.array([0.0, rise, 0.0])
            aim_hand(posture, side, target, weight, in_world=True)
        posture.head[:, 1] += 0.25 * weight
        posture.trunk[:, 0] += 0.12 * weight
    span = Span(action="hug", start_s=start, end_s=end, text="hugs the other person")
    spans = (_walks(start), span)
    return Duo(
        postures=(one, two),
        spans=(spans, spans),
        captions=(
            "Two people walk up to each other and hug.",
            "one person embraces the other, who hugs back.",
            "They meet and hold each other in a long hug.",
        ),
    )


def push(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """One pushes the other, who staggers back."""
    hit = 1.3
    one = travel(t, bodies[0], rng, path=Path(yaw=((0.0,), (np.pi / 2,)), start=(-0.34, 0.0)))
    two = travel(
        t,
        bodies[1],
        rng,
        path=Path(
            speed=((hit, hit + 0.30, hit + 0.9, hit + 1.6), (0.0, 1.1, 0.7, 0.0)),
            yaw=((0.0,), (-np.pi / 2,)),
            travel=np.pi,
            start=(0.34, 0.0),
        ),
        style=WALK,
    )
    shove = keyed(t, (hit - 0.75, hit - 0.3, hit + 0.15, hit + 1.1), (0.0, 0.5, 1.0, 0.0))
    for side, sign in ((0, 1.0), (1, -1.0)):
        reach = 0.28 + 0.27 * keyed(t, (hit - 0.3, hit + 0.15), (0.0, 1.0))
        target = np.stack([sign * 0.11 + 0 * t, -0.08 + 0 * t, reach], axis=-1)
        aim_hand(one, side, target, np.minimum(1.0, 2 * shove))
        flail = keyed(t, (hit - 0.05, hit + 0.35, hit + 1.5), (0.0, 1.0, 0.0))
        aim_arm(two, side, np.array([0.55, 0.75, 0.0, 0.8]), 0.85 * flail)
    one.trunk[:, 0] += 0.16 * shove
    bent = keyed(t, (hit, hit + 0.25, hit + 1.3), (0.0, 1.0, 0.0))
    two.trunk[:, 0] -= 0.16 * bent
    two.head[:, 0] += 0.15 * bent
    return Duo(
        postures=(one, two),
        spans=(
            (Span(action="push", start_s=hit - 0.75, end_s=hit + 0.6, text="pushes the other"),),
            (Span(action="stagger", start_s=hit, end_s=hit + 1.6, text="staggers back"),),
        ),
        captions=(
            "One person pushes the other with both hands.",
            "one person shoves the other, who staggers backwards.",
            "The first pushes, the second stumbles back a few steps.",
        ),
    )


def follow(t: NDArray[np.float64], bodies: tuple[Body, Body], rng: np.random.Generator) -> Duo:
    """One walks a curve, the other follows at a distance."""
    speed = 1.15
    postures = []
    for number, start in ((0, 0.0), (1, -1.25)):
        late = -start / speed
        bend = ((0.8 + late, 2.8 + late), (np.pi / 2, np.pi / 2 - 0.7))
        postures.append(
            travel(
                t,
                bodies[number],
                rng,
                path=Path(speed=((0.0,), (speed,)), yaw=bend, start=(start, 0.0)),
            )
        )
    span = Span(action="walk", start_s=0.0, end_s=float(t[-1]), text="walks")
    return Duo(
        postures=(postures[0], postures[1]),
        spans=((span,), (span,)),
        captions=(
            "One person follows the other.",
            "one person walks ahead in a curve and the other walks behind.",
            "The second person trails the first.",
        ),
    )
