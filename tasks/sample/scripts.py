"""The named performances of the sample: one actor each, from a seed to a solved motion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.sample import gestures
from tasks.sample.acrobatics import cartwheel, jump, kick
from tasks.sample.motion import Motion, Span, solve
from tasks.sample.poses import crouch, fall, lie_down, pick_up, sit
from tasks.synthesize.engine.footsteps import GaitStyle, Path
from tasks.synthesize.engine.gait import RUN, SIDE, WALK, stand, travel
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.timing import clock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["SCRIPTS", "perform", "stroll"]

_Played = tuple[Posture, tuple[Span, ...], str]
_Script = Callable[["NDArray[np.float64]", "Body", np.random.Generator], _Played]


def stroll(
    t: NDArray[np.float64],
    body: Body,
    rng: np.random.Generator,
    *,
    action: str,
    path: Path,
    style: GaitStyle = WALK,
    text: str = "",
) -> _Played:
    """One gait along a path from the first frame to the last."""
    words = text or f"a person does a {action.replace('_', ' ')}"
    posture = travel(t, body, rng, path=path, style=style)
    span = Span(
        action=action, start_s=0.0, end_s=float(t[-1]), text=words.removeprefix("a person ")
    )
    return posture, (span,), f"{words}."


def _gait(
    action: str, text: str, speed: float, *, style: GaitStyle = WALK, way: float = 0.0
) -> _Script:
    def play(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
        pace = speed * body.tempo
        veer = float(rng.uniform(-0.35, 0.35)) if way == 0.0 else 0.0
        path = Path(
            speed=((0.0, float(t[-1])), (pace, pace * 1.08)),
            yaw=((0.3, float(t[-1])), (0.0, veer)),
            travel=way,
        )
        return stroll(t, body, rng, action=action, path=path, style=style, text=text)

    return play


def _gesture(name: str, text: str) -> _Script:
    def play(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
        posture = stand(t, body, rng)
        start, end = 0.5, float(t[-1]) - 0.4
        span: Span = getattr(gestures, name)(posture, start, end)
        idle = (
            Span(action="idle", start_s=0.0, end_s=start, text="stands"),
            Span(action="idle", start_s=end, end_s=float(t[-1]), text="stands"),
        )
        return posture, (idle[0], span, idle[1]), f"a person {text}."

    return play


def _curve(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    pace = 1.2 * body.tempo
    path = Path(speed=((0.0,), (pace,)), yaw=((0.5, float(t[-1]) - 0.5), (0.0, 3.0)))
    text = "a person walks in a half circle to the left"
    return stroll(t, body, rng, action="walk", path=path, text=text)


def _idle(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    posture = stand(t, body, rng)
    middle = float(t[-1]) / 2
    look = gestures.look_around(posture, 0.6, middle)
    spans = (
        look,
        Span(action="idle", start_s=middle, end_s=float(t[-1]), text="stands still"),
    )
    return posture, spans, "a person stands at ease and looks around."


def _turn(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    end = float(t[-1]) - 0.6
    posture = travel(t, body, rng, path=Path(yaw=((0.6, end), (0.0, -np.pi))))
    span = Span(action="turn", start_s=0.6, end_s=end, text="turns around to the right")
    return posture, (span,), "a person turns around to the right on the spot."


def _walk_and_wave(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    pace, stop = 1.3 * body.tempo, float(t[-1]) - 3.4
    path = Path(speed=((0.2, 0.9, stop - 0.8, stop), (0.0, pace, pace, 0.0)))
    posture = travel(t, body, rng, path=path)
    spans = (
        Span(action="walk", start_s=0.2, end_s=stop, text="walks forward"),
        gestures.wave(posture, stop - 0.1, float(t[-1]) - 0.4),
    )
    return posture, spans, "a person walks forward, stops and waves with the right hand."


def _run_to_stop(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    pace = 3.0 * body.tempo
    path = Path(speed=((0.0,), (pace,)), yaw=((0.0, float(t[-1])), (0.0, 0.5)))
    return stroll(t, body, rng, action="run", path=path, style=RUN, text="a person runs forward")


def _dance(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    beats = 2.0 * body.tempo
    times = tuple(float(x) for x in np.arange(0.0, float(t[-1]) + 1.5, 1.6 / beats))
    yaw = tuple(0.45 * (-1.0) ** k for k in range(len(times)))
    style = replace(WALK, steps_per_s=beats, lift=0.11, width=0.28)
    posture = travel(t, body, rng, path=Path(yaw=(times, yaw)), style=style)
    span = gestures.dance_arms(posture, 0.0, float(t[-1]) + 0.01, beats_per_s=beats)
    return posture, (span,), "a person dances on the spot, stepping to the beat."


def _jumps(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    posture = stand(t, body, rng)
    first = jump(posture, body, 0.4, height_m=0.30)
    second = jump(posture, body, first.end_s + 0.15, height_m=0.24, forward_m=0.8)
    return posture, (first, second), "a person jumps up and then jumps forward."


def _kicks(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    posture = stand(t, body, rng)
    one = kick(posture, body, 0.4, side=1)
    two = kick(posture, body, one.end_s + 0.3, side=0)
    return posture, (one, two), "a person kicks with the right foot, then with the left foot."


def _cartwheel(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
    posture = stand(t, body, rng)
    return posture, (cartwheel(posture, body, 0.35),), "a person turns a cartwheel to the left."


def _down_and_up(maker: Callable[..., tuple[Span, ...] | Span], text: str) -> _Script:
    def play(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> _Played:
        posture = stand(t, body, rng)
        spans = maker(posture, body, 0.5, float(t[-1]) - 0.4)
        return posture, spans if isinstance(spans, tuple) else (spans,), f"a person {text}."

    return play


SCRIPTS: Final[dict[str, tuple[float, _Script]]] = {
    "walk": (6.0, _gait("walk", "a person walks forward", 1.30)),
    "stroll": (7.0, _gait("walk", "a person strolls slowly", 0.85)),
    "curve": (6.0, _curve),
    "run": (4.0, _run_to_stop),
    "walk_backward": (5.0, _gait("walk_backward", "a person walks backward", 0.8, way=np.pi)),
    "sidestep": (
        5.0,
        _gait("sidestep", "a person sidesteps to the left", 0.5, style=SIDE, way=np.pi / 2),
    ),
    "idle": (6.0, _idle),
    "turn": (3.6, _turn),
    "walk_wave": (7.5, _walk_and_wave),
    "wave": (4.5, _gesture("wave", "raises the right hand and waves")),
    "clap": (4.0, _gesture("clap", "claps the hands")),
    "cross_arms": (5.0, _gesture("cross_arms", "crosses the arms over the chest")),
    "drink": (7.0, _gesture("drink", "drinks from a cup")),
    "phone_call": (5.0, _gesture("phone_call", "holds a telephone to the ear")),
    "salute": (3.5, _gesture("salute", "salutes")),
    "point": (3.5, _gesture("point", "points ahead with the right arm")),
    "celebrate": (4.0, _gesture("celebrate", "cheers with both arms up")),
    "punch": (5.0, _gesture("punch", "boxes with both fists")),
    "throw": (3.0, _gesture("throw", "throws a ball overarm")),
    "bow": (4.5, _gesture("bow", "bows deeply")),
    "nod": (3.5, _gesture("nod", "nods")),
    "jump": (6.0, _jumps),
    "kick": (5.2, _kicks),
    "cartwheel": (4.0, _cartwheel),
    "dance": (8.0, _dance),
    "sit": (7.0, _down_and_up(sit, "sits down on a chair, rests and stands up")),
    "crouch": (4.5, _down_and_up(crouch, "crouches down and rises again")),
    "pick_up": (4.0, _down_and_up(pick_up, "bends down and picks something up")),
    "lie_down": (9.5, _down_and_up(lie_down, "lies down on the back and gets up")),
    "fall": (7.5, _down_and_up(fall, "falls over backwards and gets up again")),
}
"""Usual length in seconds and script of each performance."""


def perform(name: str, body: Body, *, seed: tuple[int, ...], fps: float) -> Motion:
    """Play a script.

    Args:
        name: A key of `SCRIPTS`.
        body: Who.
        seed: Fixes all chance; the same at any frame rate.
        fps: Frames per second.
    """
    duration_s, script = SCRIPTS[name]
    rng = np.random.default_rng(seed)
    posture, spans, caption = script(clock(duration_s, fps), body, rng)
    return solve(body, posture, fps=fps, spans=spans, caption=caption)
