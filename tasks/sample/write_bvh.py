"""The sample's BVH folder: two CMU-like rigs with captions, and a few files that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.sample.bvh_text import bvh_text, rig_points
from tasks.sample.files import MAC_DECOY, write_bytes, write_text
from tasks.sample.rigs import DAZ_HEAD_M, cmu_rig, daz_rig
from tasks.sample.scripts import perform
from tasks.sample.truth import SampleTruth
from tasks.synthesize.engine.body import HEAD_CENTRE_M, Body, make_body

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CMU_UNIT_M", "write_bvh"]

CMU_UNIT_M: Final = 0.0254 / 0.45
"""Metres in a unit of the CMU files."""
_CMU_CLIPS: Final = (
    ("80", "walk", "80_01"),
    ("80", "drink", "80_02"),
    ("81", "punch", "81_01"),
    ("81", "clap", "81_02"),
    ("82", "sidestep", "82_01"),
)
_DAZ_CLIPS: Final = (("80", "walk", "80_01"), ("83", "pick_up", "83_01"), ("83", "idle", "83_02"))
"""80_01 is the performance of the other rig again."""
_DAZ_FPS: Final = 30.0
_POINTS: Final = ("Shldr", "ForeArm", "Hand", "Thigh", "Shin", "Foot")


def write_bvh(folder: Path, *, seed: int) -> tuple[SampleTruth, ...]:
    """Write the folder with captions.csv."""
    truths = []
    captions = {}
    for subject, script, name in _CMU_CLIPS:
        motion = perform(script, _body(subject, seed), seed=(seed, 4, int(name[-1])), fps=120.0)
        rig = cmu_rig(motion.body)
        text = bvh_text(
            rig,
            motion,
            order="ZYX",
            unit_m=CMU_UNIT_M,
            lead_in=1,
            frame_time=".0083333",
        )
        path = f"cmu/{subject}/{name}.bvh"
        write_text(folder / path, text)
        captions[name] = motion.caption
        points = motion.points.copy()
        points[:, :1] = rig_points(rig, motion, ("Head",), above_m=HEAD_CENTRE_M)
        truths.append(
            SampleTruth(
                source="bvh",
                path=path,
                fps=120.0,
                points=(points,),
                first_frame=1,
                actions=tuple(span.action for span in motion.spans),
            )
        )
    for subject, script, name in _DAZ_CLIPS:
        motion = perform(script, _body(subject, seed), seed=(seed, 4, int(name[-1])), fps=_DAZ_FPS)
        rig = daz_rig(motion.body)
        text = bvh_text(rig, motion, order="ZXY", root_order="ZYX", unit_m=0.01)
        path = f"daz/{subject}/{name}.bvh"
        # written with the line ends of the tool's home system
        write_text(folder / path, text.replace("\n", "\r\n"))
        captions[name] = motion.caption
        points = motion.points.copy()
        points[:, :1] = rig_points(rig, motion, ("head",), above_m=DAZ_HEAD_M)
        for row, part in enumerate(_POINTS):
            places = rig_points(rig, motion, (f"l{part}", f"r{part}"))
            points[:, 1 + 2 * row : 3 + 2 * row] = places
        truths.append(
            SampleTruth(
                source="bvh",
                path=path,
                fps=_DAZ_FPS,
                points=(points,),
                actions=tuple(span.action for span in motion.spans),
            )
        )
    rows = ["motion_id,description", *(f'{k},"{v}"' for k, v in sorted(captions.items()))]
    write_text(folder / "captions.csv", "\n".join(rows) + "\n")
    _write_faults(folder)
    return tuple(truths)


def _body(subject: str, seed: int) -> Body:
    rng = np.random.default_rng((seed, 4, int(subject)))
    return make_body(
        stature=float(rng.uniform(1.60, 1.80)),
        limbs=float(rng.uniform(0.97, 1.03)),
        tempo=float(rng.uniform(0.94, 1.06)),
    )


def _write_faults(folder: Path) -> None:
    """An empty file, a rig that no preset knows, a macOS side file."""
    write_bytes(folder / "faulty/empty.bvh", b"")
    write_bytes(folder / "cmu/80/._80_01.bvh", MAC_DECOY)
    lines = ["HIERARCHY", "ROOT Crane", "{", "\tOFFSET 0 0 0"]
    lines += ["\tCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"]
    lines += ["\tJOINT Boom", "\t{", "\t\tOFFSET 0 5 0"]
    lines += ["\t\tCHANNELS 3 Zrotation Xrotation Yrotation"]
    lines += ["\t\tEnd Site", "\t\t{", "\t\t\tOFFSET 0 4 2", "\t\t}", "\t}", "}"]
    lines += ["MOTION", "Frames: 40", "Frame Time: 0.033333"]
    lines += [f"0 0 0 0 0 0 0 {k} 0" for k in range(40)]
    write_text(folder / "faulty/crane.bvh", "\n".join(lines) + "\n")
