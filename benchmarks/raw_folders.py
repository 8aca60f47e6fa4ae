"""Raw folders of usual file sizes for the benchmarks, from the project's own motion.

Three performances are made a source and written again and again under other names: what a
benchmark measures is the reading, not how motions differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.sample.bvh_text import bvh_text
from tasks.sample.duets import duet
from tasks.sample.files import write_bytes, write_npz, write_text
from tasks.sample.ntu_sensor import kinect_joints, sense, skeleton_text
from tasks.sample.rigs import cmu_rig, xsens_rig
from tasks.sample.scripts import stroll
from tasks.sample.write_amass import AMASS_STATURE_M, clip_arrays
from tasks.sample.write_bvh import CMU_UNIT_M
from tasks.sample.write_interhuman import person_features
from tasks.synthesize.engine.body import Body, make_body

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.sample.motion import Motion

__all__ = ["write_raw_folder"]

_NUM_MOTIONS: Final = 3
_GAITS: Final = ("BR", "BW", "FR", "FW", "ID", "SR", "SW", "TR1", "TR2", "TR3")


def write_raw_folder(source: str, root: Path, *, num_files: int, short: bool) -> int:
    """Write the files of one source.

    Args:
        source: As `SourceConfig.name`.
        root: Folder to write into, made if absent.
        num_files: Files; pairs of files for InterHuman.
        short: Two seconds a file instead of the usual length.

    Returns:
        Source frames in all files together, lead-in included; a frame of two people counts once.
    """
    write, usual_s = _WRITERS[source]
    return write(root, num_files, 2.0 if short else usual_s)


def _walk(number: int, *, fps: float, duration_s: float, stature: float) -> Motion:
    """A walk in a wide curve."""
    body = make_body(stature=stature, tempo=0.95 + 0.04 * number)
    return stroll(
        "walk", body, mps=1.2, duration_s=duration_s, seed=(8, number), fps=fps, style="circle"
    )


def _pair(number: int, *, duration_s: float) -> tuple[Motion, Motion]:
    bodies: tuple[Body, Body] = (make_body(stature=1.68), make_body(stature=1.76))
    return duet("follow", bodies, seed=(9, number), fps=30.0, duration_s=duration_s)


def _write_bvh(root: Path, num_files: int, duration_s: float) -> int:
    """Motion with the 31 joints of the CMU rig at 120 fps, after a frame of T-pose."""
    made = []
    for number in range(_NUM_MOTIONS):
        motion = _walk(number, fps=120.0, duration_s=duration_s, stature=1.74)
        text = bvh_text(
            cmu_rig(motion.body),
            motion,
            order="ZYX",
            unit_m=CMU_UNIT_M,
            lead_in=1,
            frame_time=".0083333",
        )
        made.append((text, len(motion.pelvis) + 1))
    frames = 0
    for file in range(num_files):
        text, num_frames = made[file % _NUM_MOTIONS]
        write_text(root / f"{file:03d}" / f"{file:03d}_01.bvh", text)
        frames += num_frames
    return frames


def _write_style100(root: Path, num_files: int, duration_s: float) -> int:
    """The Xsens rig at 60 fps, with the two tables; nothing is cut away."""
    made = []
    for number in range(_NUM_MOTIONS):
        motion = _walk(number, fps=60.0, duration_s=duration_s, stature=1.74)
        text = bvh_text(
            xsens_rig(motion.body), motion, order="YXZ", unit_m=0.01, frame_time="0.016667"
        )
        made.append((text, len(motion.pelvis)))
    styles = [f"Style{file:03d}" for file in range(num_files)]
    cuts = [f"STYLE_NAME,{','.join(f'{g}_{e}' for g in _GAITS for e in ('START', 'STOP'))}"]
    names = ["Style Name,Description,Stochastic,Symmetric"]
    frames = 0
    for file, style in enumerate(styles):
        text, num_frames = made[file % _NUM_MOTIONS]
        write_text(root / style / f"{style}_FW.bvh", text)
        edges = [("0", str(num_frames)) if g == "FW" else ("N/A", "N/A") for g in _GAITS]
        cuts.append(",".join([style, *(edge for pair in edges for edge in pair)]))
        names.append(f"{style},At ease,No,Yes")
        frames += num_frames
    write_text(root / "Frame_Cuts.csv", "\n".join(cuts) + "\n")
    write_text(root / "Dataset_List.csv", "\n".join(names) + "\n")
    return frames


def _write_amass(root: Path, num_files: int, duration_s: float) -> int:
    """SMPL+H at 120 fps, compressed, (T, 156) poses in float64."""
    made = [
        _walk(number, fps=120.0, duration_s=duration_s, stature=AMASS_STATURE_M)
        for number in range(_NUM_MOTIONS)
    ]
    for file in range(num_files):
        path = f"KIT/KIT/{file:03d}/walk{file:03d}_poses.npz"
        write_npz(root / path, clip_arrays(made[file % _NUM_MOTIONS], path=path))
    return sum(len(made[file % _NUM_MOTIONS].pelvis) for file in range(num_files))


def _write_interhuman(root: Path, num_files: int, duration_s: float) -> int:
    made = [
        [person_features(motion) for motion in _pair(number, duration_s=duration_s)]
        for number in range(_NUM_MOTIONS)
    ]
    for file in range(num_files):
        for person, features in enumerate(made[file % _NUM_MOTIONS], start=1):
            place = root / f"motions_processed/person{person}" / f"{file}.npy"
            place.parent.mkdir(parents=True, exist_ok=True)
            np.save(place, features, allow_pickle=False)
        write_text(root / "annots" / f"{file}.txt", "Two people walk one after the other.\n" * 3)
    return sum(len(made[file % _NUM_MOTIONS][0]) for file in range(num_files))


def _write_ntu(root: Path, num_files: int, duration_s: float) -> int:
    """Two bodies, every number as long as a sensor writes it, CRLF: about 6 kB a frame."""
    made = []
    for number in range(_NUM_MOTIONS):
        motions = _pair(number, duration_s=duration_s)
        centre = np.mean([motion.pelvis.mean(axis=0) for motion in motions], axis=0)
        bodies = [
            sense(
                (kinect_joints(motion) - centre) * [-1.0, 1.0, -1.0] + [0.0, 0.0, 3.5],
                body_id=72057594037931101 + person,
                seed=(10, number, person),
                noise_m=0.005,
            )
            for person, motion in enumerate(motions)
        ]
        text = skeleton_text(bodies, without=frozenset())
        turn = " 0.2059419 0.05349901 0.9692109 -0.1239193 "
        raw = text.replace(" 0 0 0 0 ", turn).replace("\n", "\r\n").encode("ascii")
        made.append((raw, len(motions[0].pelvis)))
    frames = 0
    for file in range(num_files):
        raw, num_frames = made[file % _NUM_MOTIONS]
        name = f"S{1 + file // 80:03d}C001P{1 + file % 80:03d}R001A116.skeleton"
        write_bytes(root / "nturgb+d_skeletons120" / name, raw)
        frames += num_frames
    return frames


_WRITERS: Final[dict[str, tuple[Callable[[Path, int, float], int], float]]] = {
    "bvh": (_write_bvh, 20.0),
    "100style": (_write_style100, 60.0),
    "amass": (_write_amass, 15.0),
    "interhuman": (_write_interhuman, 10.0),
    "ntu": (_write_ntu, 3.3),
}
"""Writer of each source and a usual length of its files, seconds."""
