"""From a plan to motion: base, stances, actions, manner, inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.base import lay_base, place
from tasks.synthesize.engine.soften import soften
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.stances import lay_stances
from tasks.synthesize.engine.take import StanceKey, Take
from tasks.synthesize.engine.timing import clock
from tasks.synthesize.people.dress import dress_base, dress_leg, dress_manner
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.scenes.rests import rests_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting
    from tasks.synthesize.engine.take import ActionSpec, Beat, Deed
    from tasks.synthesize.scenes.plan import ActorPlan

__all__ = ["ENGINE_FPS", "Performance", "finish", "perform_actor", "play_beats", "start_take"]

ENGINE_FPS: Final = float(CLIP_FPS)
"""Motion is made at the rate of the clips: nothing is resampled, no bone changes its length."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Performance:
    """What one actor did."""

    points: NDArray[np.float32]
    """(T, 15, 3) metres, y up, rows as `skeleton.BODY_POINTS`, 25 fps."""
    deeds: tuple[Deed, ...]
    """In order of start."""
    rests: tuple[Deed, ...] = ()
    """Where none of the deeds is and the body rests."""


def start_take(
    actor: ActorPlan, *, duration_s: float, setting: Setting, fps: float = ENGINE_FPS
) -> Take:
    """Base and stances of an actor, in the world; no action has played yet."""
    t = clock(duration_s, fps)
    rng = np.random.default_rng(actor.seed)
    specs = [(beat, action_spec(beat.action)) for beat in actor.beats]
    body, manner = actor.body, dress_manner(actor.manner)
    legs = [
        dress_leg(spec.go(beat, body, manner, setting, rng), manner)
        for beat, spec in specs
        if spec.go is not None
    ]
    posture = lay_base(t, body, manner, _seen_from(actor, setting), rng, legs=legs)
    place(posture, actor.placement)
    take = Take(t=t, body=body, manner=manner, setting=setting, rng=rng, posture=posture)
    dress_base(take)
    take.stances = _entering(specs) + tuple(
        key for beat, spec in specs if spec.keys for key in spec.keys(beat, take.body, take.manner)
    )
    lay_stances(take)
    return take


def _seen_from(actor: ActorPlan, setting: Setting) -> Setting:
    """The setting for a base that is laid towards +z, before it is turned to where it belongs."""
    if not setting.wind_mps:
        return setting
    return replace(setting, wind_yaw=setting.wind_yaw - actor.placement.yaw)


def _styled(beat: Beat, manner: Manner) -> Beat:
    """Who stands about in a style that holds the arms does nothing else with them."""
    style = STYLES.get(manner.style)
    held = style is not None and (style.arms or style.left or style.right or style.flail[0])
    if beat.action == "idle" and held and not beat.style:
        return replace(beat, style="at ease")
    return beat


def _entering(specs: Sequence[tuple[Beat, ActionSpec]]) -> tuple[StanceKey, ...]:
    """A body whose first action needs another stance than standing was in it before the clip."""
    beat, spec = next(((b, s) for b, s in specs if s.kind != "upper"), (None, None))
    if beat is None or spec is None or spec.enter == "stand":
        return ()
    start = min(0.0, beat.start_s)
    return (
        StanceKey(start_s=start - 2.0, end_s=start - 1.0, stance=spec.enter, variant=beat.style),
    )


def play_beats(take: Take, actor: ActorPlan) -> None:
    """Play every beat: those of the whole body first, arms and head over them."""
    specs = [(beat, action_spec(beat.action)) for beat in actor.beats]
    for late in (False, True):
        for beat, spec in specs:
            if (spec.kind == "upper") is late and spec.kind != "pair":
                take.deeds.append(spec.play(take, _styled(beat, take.manner)))


def finish(take: Take) -> Performance:
    """Solve the tracks; the take is used up."""
    soften(take.body, take.posture)
    deeds = tuple(sorted(take.deeds, key=lambda deed: (deed.start_s, deed.end_s)))
    points, rests = solve_points(take.body, take.posture), rests_of(take, deeds)
    return Performance(points=points, deeds=deeds, rests=rests)


def perform_actor(actor: ActorPlan, *, duration_s: float, setting: Setting) -> Performance:
    """Perform an actor who does everything alone.

    Args:
        actor: Who, what, when, where.
        duration_s: Length of the motion, seconds.
        setting: Surroundings.
    """
    take = start_take(actor, duration_s=duration_s, setting=setting)
    play_beats(take, actor)
    return finish(take)
