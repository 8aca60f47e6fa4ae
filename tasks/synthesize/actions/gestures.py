"""Signs made with arms, head and trunk."""

from __future__ import annotations

from typing import Final

import numpy as np

from tasks.synthesize.engine.arms import aim_arm
from tasks.synthesize.engine.take import LEFT, ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

__all__ = ["SPECS"]


def _wave(take: Take, beat: Beat) -> Deed:
    side = take.manner.handed if beat.side is None else beat.side
    t = take.t
    weight = pulse(t, beat.start_s, beat.end_s, 0.65)
    swing = np.sin(2 * np.pi * 1.55 * take.manner.tempo * (t - beat.start_s))
    angles = np.stack(
        [np.full_like(t, 0.25), 1.45 + 0.06 * swing, -1.35 + 0.05 * swing, 1.35 + 0.38 * swing],
        axis=-1,
    )
    aim_arm(take.posture, side, angles, weight)
    name = "left" if side == LEFT else "right"
    return Deed(action="wave", start_s=beat.start_s, end_s=beat.end_s, side=name)


SPECS: Final = (
    ActionSpec(
        name="wave",
        kind="upper",
        seconds=(1.6, 4.0),
        play=_wave,
        over=("stand", "walk", "sit", "kneel"),
        sided=True,
    ),
)
