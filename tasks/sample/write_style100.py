"""The sample's 100STYLE folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.sample.bvh_text import bvh_text, rig_points
from tasks.sample.files import MAC_DECOY, write_bytes, write_text
from tasks.sample.rigs import xsens_rig
from tasks.sample.scripts import stroll
from tasks.sample.truth import SampleTruth
from tasks.synthesize.engine.body import HEAD_CENTRE_M, make_body

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.sample.motion import Motion

__all__ = ["write_style100"]

_FPS: Final = 60.0
_LEAD_IN: Final = 45
"""Frames of T-pose at the start, which the cuts remove."""
_SETTLE: Final = 40
"""Frames of motion after the T-pose that the cuts remove too: a performer walks into the style."""
_TAIL: Final = 30
_GAITS: Final = ("BR", "BW", "FR", "FW", "ID", "SR", "SW", "TR1", "TR2", "TR3")

_STYLES: Final = ("ArmsAboveHead", "Depressed", "Neutral")
_MANNERS: Final = {
    "ArmsAboveHead": "arms_above_head",
    "Depressed": "depressed",
    "Neutral": "",
}
"""Their names among our own styles."""
_CLIPS: Final = (
    ("Neutral", "FW"),
    ("Neutral", "FR"),
    ("Neutral", "BW"),
    ("Neutral", "ID"),
    ("ArmsAboveHead", "FW"),
    ("ArmsAboveHead", "SW"),
    ("Depressed", "FW"),
    ("Depressed", "ID"),
)
_SPEEDS: Final = {"FW": 1.25, "FR": 2.8, "BW": 0.85, "SW": 0.5, "ID": 0.0}
_ACTIONS: Final = {
    "FW": "walk",
    "FR": "run",
    "BW": "walk_backward",
    "SW": "sidestep",
    "ID": "idle",
}
_WISHES: Final = {
    "FW": {"style": "curve", "direction": "left"},
    "FR": {"style": "curve", "direction": "left"},
    "SW": {"direction": "left"},
    "ID": {"style": "at ease"},
}


def _play(style: str, gait: str, *, seed: int, number: int) -> Motion:
    slow = 0.75 if style == "Depressed" else 1.0
    return stroll(
        _ACTIONS[gait],
        # one performer, as in the real set
        make_body(stature=1.74, limbs=1.01),
        mps=_SPEEDS[gait] * slow,
        duration_s=9.0,
        seed=(seed, 3, number),
        fps=_FPS,
        like=_MANNERS[style],
        **_WISHES.get(gait, {}),
    )


def write_style100(folder: Path, *, seed: int) -> tuple[SampleTruth, ...]:
    """Write the folder with its two tables."""
    truths = []
    cuts = {style: dict.fromkeys(_GAITS, ("N/A", "N/A")) for style in _STYLES}
    for number, (style, gait) in enumerate(_CLIPS):
        motion = _play(style, gait, seed=seed, number=number)
        rig = xsens_rig(motion.body)
        text = bvh_text(
            rig, motion, order="YXZ", unit_m=0.01, lead_in=_LEAD_IN, frame_time="0.016667"
        )
        path = f"{style}/{style}_{gait}.bvh"
        write_text(folder / path, text)
        num_frames = len(motion.pelvis)
        stop = _LEAD_IN + num_frames - _TAIL
        points = motion.points.copy()
        points[:, :1] = rig_points(rig, motion, ("Head",), above_m=HEAD_CENTRE_M)
        cuts[style][gait] = (str(_LEAD_IN + _SETTLE), str(stop))
        truths.append(
            SampleTruth(
                source="100style",
                path=path,
                fps=_FPS,
                points=(points[_SETTLE : num_frames - _TAIL],),
                first_frame=_LEAD_IN + _SETTLE,
                actions=(_ACTIONS[gait],),
            )
        )
    write_bytes(folder / "Neutral/._Neutral_FW.bvh", MAC_DECOY)
    head = ",".join(f"{gait}_{edge}" for gait in _GAITS for edge in ("START", "STOP"))
    rows = [f"STYLE_NAME,{head}"]
    rows += [",".join([s, *(e for g in _GAITS for e in cuts[s][g])]) for s in sorted(cuts)]
    write_text(folder / "Frame_Cuts.csv", "\n".join(rows) + "\n")
    write_text(
        folder / "Dataset_List.csv",
        "Style Name,Description,Stochastic,Symmetric\n"
        "ArmsAboveHead,Arms raised straight above head,No,Yes\n"
        'Depressed,"Hanging head, slow steps \u2013 arms hardly swing",No,Yes\n'
        'Neutral,"Upright, at ease",No,Yes\n',
    )
    return tuple(truths)
