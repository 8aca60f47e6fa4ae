"""The sample's AMASS folder, with BABEL and HumanML3D labels for some of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.spatial.transform import Rotation

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.files import MAC_DECOY, write_bytes, write_npz, write_text
from tasks.sample.scripts import perform
from tasks.sample.truth import SampleTruth
from tasks.synthesize.engine.body import make_body

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.sample.motion import Motion

__all__ = ["AMASS_STATURE_M", "REST_PELVIS", "Z_UP", "clip_arrays", "write_amass"]

AMASS_STATURE_M: Final = 1.70
"""All AMASS subjects of the sample have shape zero, which is the generic body."""
REST_PELVIS: Final = (0.0, -0.22, 0.03)
"""Pelvis of the rest body in its own frame, metres, rounded: `trans` is measured from there."""
Z_UP: Final = axis_rotation("X", np.array(np.pi / 2))
"""y up to z up: (x, y, z) to (x, -z, y)."""
_ODD_FPS: Final = 120.00004577636719
"""A rate found in real files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clip:
    script: str
    path: str
    fps: float
    gender: Any = "neutral"
    label: str = ""
    """babel, humanml3d or nothing."""


_CLIPS: Final = (
    _Clip(
        script="walk",
        path="BioMotionLab_NTroje/BioMotionLab_NTroje/rub901/0001_normal_walk1_poses.npz",
        fps=_ODD_FPS,
        gender=b"female",
        label="babel",
    ),
    _Clip(
        script="sit",
        path="BioMotionLab_NTroje/BioMotionLab_NTroje/rub901/0020_sitting1_poses.npz",
        fps=120.0,
        gender=b"female",
        label="babel",
    ),
    _Clip(
        script="walk_wave",
        path="ACCAD/ACCAD/Female9General_c3d/A1 - Walk and wave_poses.npz",
        fps=_ODD_FPS,
        gender="female",
        label="babel",
    ),
    _Clip(
        script="cartwheel",
        path="ACCAD/ACCAD/Male9Gymnastics_c3d/G1 - Cartwheel_poses.npz",
        fps=120.0,
        gender="male",
        label="babel",
    ),
    _Clip(script="kick", path="KIT/KIT/903/kick_high01_poses.npz", fps=100.0, label="humanml3d"),
    _Clip(script="bow", path="KIT/KIT/903/bow_deep02_poses.npz", fps=100.0, label="humanml3d"),
    _Clip(script="turn", path="KIT/KIT/904/turn_right03_poses.npz", fps=100.0, label="humanml3d"),
    _Clip(script="jump", path="CMU/CMU/190/190_01_poses.npz", fps=60.0, label="babel"),
    _Clip(script="lie_down", path="CMU/CMU/190/190_02_poses.npz", fps=60.0, label="humanml3d"),
    _Clip(
        script="dance",
        path="DanceDB/DanceDB/20990101_Sample/Sample_Groove_stageii.npz",
        fps=60.0,
    ),
    _Clip(
        script="run", path="TotalCapture/TotalCapture/s9/run1_stageii.npz", fps=60.0, label="babel"
    ),
    _Clip(
        script="throw",
        path="SFU/SFU/0099/0099_Throw001_stageii.npz",
        fps=120.0,
        label="babel",
    ),
)


def write_amass(
    root: Path, *, amass: str, babel: str, humanml3d: str, seed: int
) -> tuple[SampleTruth, ...]:
    """Write the motion into `root/amass`, labels into `root/babel` and `root/humanml3d`."""
    truths = []
    labelled: dict[str, list[tuple[_Clip, Motion]]] = {"babel": [], "humanml3d": [], "": []}
    for number, clip in enumerate(_CLIPS):
        body = make_body(stature=AMASS_STATURE_M, tempo=0.95 + 0.03 * (number % 4))
        motion = perform(clip.script, body, seed=(seed, 1, number), fps=clip.fps)
        write_npz(root / amass / clip.path, clip_arrays(motion, path=clip.path, gender=clip.gender))
        labelled[clip.label].append((clip, motion))
        truths.append(
            SampleTruth(
                source="amass",
                path=clip.path,
                fps=clip.fps,
                points=(motion.points,),
                actions=tuple(span.action for span in motion.spans),
            )
        )
    _write_babel(root / babel, labelled["babel"])
    _write_humanml3d(root / humanml3d, labelled["humanml3d"])
    _write_decoys(root / amass)
    return tuple(truths)


def clip_arrays(motion: Motion, *, path: str, gender: Any = "neutral") -> dict[str, NDArray[Any]]:
    """The arrays of one file: SMPL-X if its name ends as those do, else SMPL+H."""
    turned = motion.rotations.copy()
    turned[:, 0] = Z_UP @ turned[:, 0]
    num_frames = len(turned)
    vectors = Rotation.from_matrix(turned.reshape(-1, 3, 3)).as_rotvec()
    body = np.round(vectors.reshape(num_frames, 66), 6)
    trans = np.round(motion.pelvis @ Z_UP.T - np.array(REST_PELVIS), 6)
    betas = np.zeros(16)
    if not path.endswith("_stageii.npz"):
        return {
            "trans": trans,
            "gender": np.array(gender),
            "mocap_framerate": np.array(motion.fps),
            "betas": betas,
            "dmpls": np.zeros((num_frames, 8)),
            "poses": np.concatenate([body, np.zeros((num_frames, 90))], axis=1),
        }
    return {
        "gender": np.array(gender),
        "surface_model_type": np.array("smplx"),
        "mocap_frame_rate": np.array(motion.fps),
        "mocap_time_length": np.array(num_frames / motion.fps),
        "latent_labels": np.array(["C7", "LANK", None], dtype=object),
        "trans": trans,
        "poses": np.concatenate([body, np.zeros((num_frames, 99))], axis=1),
        "betas": betas,
        "num_betas": np.array(16),
        "root_orient": body[:, :3],
        "pose_body": body[:, 3:],
        "pose_hand": np.zeros((num_frames, 90)),
        "pose_jaw": np.zeros((num_frames, 3)),
        "pose_eye": np.zeros((num_frames, 6)),
    }


def _write_decoys(folder: Path) -> None:
    """What real copies also hold: shapes, stage-one fits, macOS side files."""
    shape = {"gender": np.array("female"), "betas": np.zeros(16)}
    rub = folder / "BioMotionLab_NTroje/BioMotionLab_NTroje/rub901"
    write_npz(rub / "shape.npz", shape)
    write_npz(folder / "TotalCapture/TotalCapture/s9/neutral_stagei.npz", shape)
    write_bytes(rub / "._0001_normal_walk1_poses.npz", MAC_DECOY)


def _label(text: str, category: str, number: int) -> dict[str, Any]:
    return {
        "raw_label": text,
        "proc_label": text,
        "act_cat": [category],
        "seg_id": f"sample-{number:04d}",
    }


_BABEL_WORDS: Final = {
    "idle": "stand",
    "walk": "walk",
    "run": "run",
    "sit_down": "sit",
    "sit": "sit",
    "stand_up": "stand up",
    "wave": "wave",
    "jump": "jump",
    "throw": "throw",
    "cartwheel": "cartwheel",
}
"""Our action to a category of BABEL's list."""


def _write_babel(folder: Path, clips: list[tuple[_Clip, Motion]]) -> None:
    """train.json and val.json (dense), extra_train.json (plural keys)."""
    names = ("train", "val", "extra_train")
    tables: dict[str, dict[str, Any]] = {name: {} for name in names}
    for number, (clip, motion) in enumerate(clips):
        split = names[2] if number == len(clips) - 1 else names[number % 5 == 4]
        spans = [
            {
                **_label(span.text, _BABEL_WORDS.get(span.action, span.action), 10 * number + k),
                "start_t": round(span.start_s, 3),
                "end_t": round(min(span.end_s, len(motion.pelvis) / clip.fps), 3),
            }
            for k, span in enumerate(motion.spans)
        ]
        first = motion.spans[0]
        whole = _label(motion.caption.rstrip("."), _BABEL_WORDS[first.action], 10 * number + 9)
        ids = {"babel_lid": f"lid-{number:04d}", "anntr_id": "sample", "mul_act": len(spans) > 1}
        sequence, frames = {**ids, "labels": [whole]}, {**ids, "labels": spans}
        entry: dict[str, Any] = {
            "babel_sid": 900 + number,
            "url": "",
            "feat_p": _feature_path(clip.path),
            "dur": round(len(motion.pelvis) / clip.fps, 3),
        }
        if split == "extra_train":
            entry |= {"seq_anns": [sequence], "frame_anns": None}
        else:
            entry |= {"seq_ann": sequence, "frame_ann": frames if len(spans) > 1 else None}
        tables[split][str(900 + number)] = entry
    for name in names:
        write_text(folder / f"{name}.json", json.dumps(tables[name], indent=1) + "\n")


def _feature_path(path: str) -> str:
    """BABEL's spelling: new subset name first, then the path inside the doubled folder."""
    subset, *rest = path.split("/")
    new = {"BioMotionLab_NTroje": "BMLrub"}.get(subset, subset)
    return "/".join([new, *rest]).replace("_stageii", "_poses")


def _write_humanml3d(folder: Path, clips: list[tuple[_Clip, Motion]]) -> None:
    """index.csv and texts/<id>.txt; times there are those of a 20 fps copy."""
    rows = ["source_path,start_frame,end_frame,new_name"]
    for number, (clip, motion) in enumerate(clips):
        name = f"{900000 + number:06d}"
        doubled = clip.path.split("/", 1)[1].removesuffix(".npz")
        end = int(len(motion.pelvis) / clip.fps * 20)
        rows.append(f"./pose_data/{doubled}.npy,0,{end},{name}.npy")
        words = motion.caption.rstrip(".").split()
        tagged = " ".join(f"{word}/NOUN" for word in words)
        first = motion.spans[0]
        lines = [
            f"{motion.caption}#{tagged}#0.0#0.0",
            f"someone {first.text}.#someone/PRON {first.text.split()[0]}/VERB"
            f"#{first.start_s:.1f}#{first.end_s:.1f}",
        ]
        write_text(folder / "texts" / f"{name}.txt", "\n".join(lines) + "\n")
    rows.append("./pose_data/humanact12/humanact12/P01G01R01F0001T0064A0101.npy,0,-1,900900.npy")
    write_text(folder / "index.csv", "\n".join(rows) + "\n")
