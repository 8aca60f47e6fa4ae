"""Walking, running, sprinting, forward, backward and sideways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.gaits import RUN, SIDE, WALK
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Leg, Take
from tasks.synthesize.engine.travelled import mean_speed, turned_deg

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.footsteps import GaitStyle
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

__all__ = ["SPECS", "at_pace", "travelled"]

_USUAL_LEG_M: Final = 0.83
_AGES: Final = {"child": 1.08, "adult": 1.0, "old": 0.80}
_MOODS: Final = {"sad": 0.80, "happy": 1.05, "excited": 1.12, "angry": 1.12}
"""Share of the usual speed; Roether et al., J. Vis. 9(6), 2009, and by eye."""
_OWN: Final = (
    ("width", 0.7, 1.3),
    ("swing", 0.45, 1.40),
    ("elbow", 0.7, 1.6),
    ("lift", 0.8, 1.2),
    ("toe_off", 0.85, 1.1),
    ("cadence", 0.93, 1.06),
    ("abduction", 0.6, 1.5),
)
"""What differs from person to person in a gait, as factors."""
_CIRCLE_RADPS: Final = (0.55, 1.05)
_ROUTES: Final = ("straight", "curve", "circle", "zigzag")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Gait:
    """A gait that is chosen by its speed."""

    mps: tuple[float, float]
    """Slowest and fastest at tempo 1, adult."""
    style: GaitStyle
    travel: float = 0.0
    routes: bool = False
    """True: may follow a curve."""


_GAITS: Final = {
    "walk": _Gait(mps=(0.80, 1.90), style=WALK, routes=True),
    "walk_backward": _Gait(mps=(0.55, 1.05), style=replace(WALK, cadence=1.12), travel=np.pi),
    "run": _Gait(mps=(2.9, 4.3), style=RUN, routes=True),
    "run_backward": _Gait(
        mps=(1.5, 2.4),
        style=replace(RUN, lift=0.22, swing=0.40, settle=2.0, duty=0.36, over=0.5),
        travel=np.pi,
    ),
    "sprint": _Gait(
        mps=(5.6, 7.6), style=replace(RUN, toe_up=-0.15, swing=0.50, flexion=-0.20, lean=0.11)
    ),
}


def at_pace(mps: float, body: Body, manner: Manner) -> float:
    """A speed scaled to a body and its manner: by tempo, age, mood and the root of leg length."""
    share = manner.tempo * _AGES[manner.age] * _MOODS.get(manner.mood, 1.0)
    return float(mps * share * np.sqrt(body.leg / _USUAL_LEG_M))


def _go(beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator) -> Leg:
    del setting
    gait = _GAITS[beat.action]
    chance = rng.uniform(size=12)
    mps = gait.mps[0] + (gait.mps[1] - gait.mps[0]) * 0.5 * (chance[0] + chance[1])
    speed = beat.amount or at_pace(mps, body, manner)
    leg = Leg(
        start_s=beat.start_s,
        end_s=beat.end_s,
        speed_mps=speed,
        travel=gait.travel,
        style=_own(gait.style, chance[4:]),
    )
    return _routed(leg, beat, chance) if gait.routes else leg


def _own(style: GaitStyle, chance: np.ndarray) -> GaitStyle:
    """A gait as one person has it.

    People differ most in their arms: in recorded walks (CMU subjects 2 to 12) the upper arms swing
    through 13 to 79 degrees and the elbows through 10 to 60.
    """
    # runners differ less
    spread = 1.0 if style.duty > 0.5 else 0.55
    factor = {
        name: 1.0 + spread * (low - 1.0 + (high - low) * float(u))
        for (name, low, high), u in zip(_OWN, chance, strict=False)
    }
    changes = {name: getattr(style, name) * by for name, by in factor.items()}
    changes["flexion"] = style.flexion + 0.30 * (float(chance[len(_OWN)]) - 0.5)
    return replace(style, **changes)


def _routed(leg: Leg, beat: Beat, chance: np.ndarray) -> Leg:
    """Bend the way: as wished, else mostly straight."""
    sign = {"left": 1.0, "right": -1.0}.get(beat.direction, 1.0 if chance[2] < 0.5 else -1.0)
    seconds = beat.end_s - beat.start_s
    route = beat.style or ("curve" if beat.direction in ("left", "right") else "")
    if not route:
        route = "curve" if chance[3] < 0.2 else "zigzag" if chance[3] > 0.95 else "straight"
    if route == "circle":
        low, high = _CIRCLE_RADPS
        return replace(leg, turn_rad=sign * seconds * (low + (high - low) * float(chance[4])))
    if route == "curve":
        return replace(leg, turn_rad=sign * (0.8 + 1.2 * float(chance[4])))
    if route == "zigzag":
        return replace(leg, weave_rad=0.55 + 0.3 * float(chance[4]))
    # nobody keeps quite straight unless it is asked for
    return leg if beat.style else replace(leg, turn_rad=0.25 * (2.0 * float(chance[2]) - 1.0))


def _side(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    left = beat.direction == "left" or (beat.direction != "right" and chance[0] < 0.5)
    return Leg(
        start_s=beat.start_s,
        end_s=beat.end_s,
        speed_mps=beat.amount or at_pace(0.35 + 0.4 * float(chance[1]), body, manner),
        travel=np.pi / 2 if left else -np.pi / 2,
        style=replace(SIDE, sink=0.01 + 0.04 * float(chance[2])),
    )


def travelled(take: Take, beat: Beat, *, direction: str, count: int = 0) -> Deed:
    """The deed of a travel, with the speed and turn it really had."""
    return Deed(
        action=beat.action,
        start_s=beat.start_s,
        end_s=beat.end_s,
        direction=direction,
        count=count,
        speed_mps=mean_speed(take, beat.start_s, beat.end_s),
        angle_deg=turned_deg(take, beat.start_s, beat.end_s),
    )


def _went(take: Take, beat: Beat) -> Deed:
    back = abs(_GAITS[beat.action].travel) > 1.0
    deed = travelled(take, beat, direction="backward" if back else "forward")
    return replace(deed, style=beat.style)


def _sidestepped(take: Take, beat: Beat) -> Deed:
    first, last = np.searchsorted(take.t, (beat.start_s, beat.end_s - 1e-6))
    last = min(int(last), len(take.t) - 1)
    way = take.posture.hips[last] - take.posture.hips[int(first)]
    left = float(way @ take.posture.feet[last, :, :, 0].sum(axis=0)) > 0.0
    return travelled(take, beat, direction="left" if left else "right")


def _spec(name: str, seconds: tuple[float, float]) -> ActionSpec:
    routes = _GAITS[name].routes
    return ActionSpec(
        name=name,
        kind="travel",
        seconds=seconds,
        play=_went,
        go=_go,
        directions=("left", "right") if routes else (),
        styles=_ROUTES if routes else (),
    )


SPECS: Final = (
    _spec("walk", (2.0, 8.0)),
    _spec("walk_backward", (2.0, 6.0)),
    ActionSpec(
        name="sidestep",
        kind="travel",
        seconds=(2.0, 5.0),
        play=_sidestepped,
        go=_side,
        directions=("left", "right"),
    ),
    _spec("run", (2.0, 7.0)),
    _spec("run_backward", (2.0, 5.0)),
    _spec("sprint", (2.0, 5.0)),
)
