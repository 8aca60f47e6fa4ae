"""On two feet along a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.gait import WALK
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Leg, Take

if TYPE_CHECKING:
    import numpy as np

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

__all__ = ["SPECS"]


def _walk(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting, rng
    speed = beat.amount or 1.3 * manner.tempo * body.leg / 0.83
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=WALK)


def _walked(take: Take, beat: Beat) -> Deed:
    del take
    return Deed(action=beat.action, start_s=beat.start_s, end_s=beat.end_s, direction="forward")


SPECS: Final = (ActionSpec(name="walk", kind="travel", seconds=(2.0, 8.0), play=_walked, go=_walk),)
