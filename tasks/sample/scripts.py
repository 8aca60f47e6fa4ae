"""The named performances of the sample: one actor each, from a seed to a solved motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.sample.motion import Motion, play
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.scenes.plan import ActorPlan, ScenePlan

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body

__all__ = ["SCRIPTS", "Script", "perform", "stroll"]

_OUTSIDE_S: Final = 2.5
"""A gait goes on before the first frame and after the last one for so long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A plan of one actor."""

    duration_s: float
    text: str
    """What a person does, true of every performance."""
    beats: tuple[Beat, ...]


def _script(duration_s: float, text: str, *beats: Beat) -> Script:
    return Script(duration_s=duration_s, text=text, beats=beats)


def _gait(action: str, duration_s: float, text: str, mps: float, **wishes: Any) -> Script:
    return _script(duration_s, text, _going(action, duration_s, mps, **wishes))


def _going(action: str, duration_s: float, mps: float, **wishes: Any) -> Beat:
    """On the way from before the first frame to after the last one."""
    end = duration_s + _OUTSIDE_S
    return Beat(action=action, start_s=-_OUTSIDE_S, end_s=end, amount=mps, **wishes)


def _one(action: str, duration_s: float, text: str, **wishes: Any) -> Script:
    """One action between two moments of standing."""
    return _script(duration_s, text, _beat(action, 0.5, duration_s - 0.4, **wishes))


def _beat(action: str, start_s: float, end_s: float, **wishes: Any) -> Beat:
    return Beat(action=action, start_s=start_s, end_s=end_s, **wishes)


_CHAIR: Final = "on a chair"
_BACK: Final = "on the back"

SCRIPTS: Final[dict[str, Script]] = {
    "walk": _gait("walk", 6.0, "walks forward", 1.30, style="straight"),
    "stroll": _gait("walk", 7.0, "strolls slowly", 0.85, style="straight"),
    "curve": _gait(
        "walk", 6.0, "walks in a circle to the left", 1.2, style="circle", direction="left"
    ),
    "run": _gait("run", 4.0, "runs forward", 3.0, style="straight"),
    "walk_backward": _gait("walk_backward", 5.0, "walks backward", 0.8),
    "sidestep": _gait("sidestep", 5.0, "sidesteps to the left", 0.5, direction="left"),
    "idle": _script(
        6.0,
        "stands at ease and looks around",
        _beat("look_around", 0.6, 3.4, direction="around"),
        _beat("idle", 3.4, 6.0, style="at ease"),
    ),
    "turn": _script(
        3.6,
        "turns around to the right on the spot",
        _beat("turn", 0.6, 3.0, amount=-np.pi),
    ),
    "walk_wave": _script(
        7.5,
        "walks forward, stops and waves with the right hand",
        _beat("walk", 0.2, 4.1, amount=1.3, style="straight"),
        _beat("wave", 4.0, 7.1, side=RIGHT, style="raised"),
    ),
    "wave": _one("wave", 4.5, "raises the right hand and waves", side=RIGHT, style="raised"),
    "clap": _one("clap", 4.0, "claps the hands", style="in_front"),
    "cross_arms": _one("cross_arms", 5.0, "crosses the arms over the chest"),
    "drink": _one("drink", 7.0, "drinks from a cup", thing="cup", side=RIGHT),
    "phone_call": _one("phone_call", 5.0, "holds a telephone to the ear", style="listening"),
    "salute": _one("salute", 3.5, "salutes", side=RIGHT),
    "point": _one("point", 3.5, "points ahead with the right arm", side=RIGHT, direction="forward"),
    "celebrate": _one("celebrate", 4.0, "cheers with both arms up", style="both_fists"),
    "punch": _one("punch", 5.0, "boxes with both fists", style="one_two"),
    "throw": _script(
        3.0,
        "throws a ball overarm",
        _beat("throw", 0.3, 2.7, style="overarm", thing="ball", side=RIGHT, count=1),
    ),
    "bow": _one("bow", 4.5, "bows deeply", style="deep", count=1),
    "nod": _one("nod", 3.5, "nods"),
    "jump": _script(
        6.0,
        "jumps up and then jumps forward",
        _beat("jump", 0.4, 2.7, direction="up", style="up", count=1),
        _beat("jump", 3.0, 5.5, direction="forward", style="long", count=1),
    ),
    "kick": _script(
        5.2,
        "kicks with the right foot, then with the left foot",
        _beat("kick", 0.3, 2.4, style="front", side=RIGHT, count=1),
        _beat("kick", 2.7, 4.8, style="front", side=LEFT, count=1),
    ),
    "cartwheel": _script(
        4.0,
        "turns a cartwheel to the left",
        _beat("cartwheel", 0.3, 3.7, direction="left", count=1),
    ),
    "dance": _script(
        8.0, "dances on the spot, stepping to the beat", _beat("dance", 0.0, 8.0, style="groove")
    ),
    "sit": _script(
        7.0,
        "sits down on a chair, rests and stands up",
        _beat("sit_down", 0.5, 2.4, style=_CHAIR),
        _beat("sit", 2.4, 4.6, style=_CHAIR),
        _beat("stand_up", 4.6, 6.6, style=_CHAIR),
    ),
    "crouch": _one("crouch", 4.5, "crouches down and rises again"),
    "pick_up": _one(
        "pick_up", 4.0, "bends down and picks a ball up from the floor", thing="ball", side=RIGHT
    ),
    "lie_down": _script(
        9.5,
        "lies down on the back and gets up",
        _beat("lie_down", 0.2, 4.0, style=_BACK),
        _beat("get_up", 5.6, 9.3, style=_BACK),
    ),
    "fall": _script(
        7.5,
        "falls over backwards and gets up again",
        _beat("fall", 0.4, 2.8, direction="backward"),
        _beat("get_up", 3.0, 7.2, style=_BACK),
    ),
}
"""The performances by name."""


def perform(name: str, body: Body, *, seed: tuple[int, ...], fps: float) -> Motion:
    """Play a script.

    Args:
        name: A key of `SCRIPTS`.
        body: Who.
        seed: Fixes all chance; the same at any frame rate.
        fps: Frames per second.
    """
    script = SCRIPTS[name]
    return _played(script, body, Manner(tempo=body.tempo), seed=seed, fps=fps)


def stroll(
    action: str,
    body: Body,
    *,
    mps: float,
    duration_s: float,
    seed: tuple[int, ...],
    fps: float,
    like: str = "",
    **wishes: Any,
) -> Motion:
    """One gait from the first frame to the last.

    Args:
        action: A travel of the vocabulary.
        body: Who.
        mps: Speed, metres a second; of no meaning to somebody who stands.
        duration_s: Length.
        seed: Fixes all chance.
        fps: Frames per second.
        like: In whose manner; a key of `people.styles.STYLES`, or empty.
        wishes: Fields of the beat, such as its direction.
    """
    text = f"does a {action.replace('_', ' ')}"
    script = _gait(action, duration_s, text, mps, **wishes)
    return _played(script, body, Manner(tempo=body.tempo, style=like), seed=seed, fps=fps)


def _played(
    script: Script, body: Body, manner: Manner, *, seed: tuple[int, ...], fps: float
) -> Motion:
    actor = ActorPlan(
        subject="sample",
        body=body,
        manner=manner,
        beats=tuple(_at_tempo(beat, body) for beat in script.beats),
        seed=seed,
    )
    plan = ScenePlan(actors=(actor,), duration_s=script.duration_s)
    (motion,) = play(plan, fps=fps, caption=f"a person {script.text}.")
    return motion


def _at_tempo(beat: Beat, body: Body) -> Beat:
    """Who is quick travels faster."""
    if action_spec(beat.action).kind != "travel":
        return beat
    return replace(beat, amount=beat.amount * body.tempo)
