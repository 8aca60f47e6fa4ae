"""Windows of a dataset's clips in 3D, facing ahead, with what realism is judged by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import joint_index
from datasets_spec.vocabulary import NUM_ACTIONS, action_id, action_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "CLEANER",
    "FEATURES",
    "WINDOW",
    "Windows",
    "directions",
    "facing_ahead",
    "heading",
    "leg_length",
    "load_windows",
    "measure",
]

WINDOW: Final = 40
"""Frames a window, 1.6 s; a shorter clip is one window if it has at least `_LEAST`."""
_STEP: Final = 20
_LEAST: Final = 25
_PURE: Final = 0.8
"""Share of a window's frames that one action must have."""

_HEAD, _PELVIS = joint_index("head"), joint_index("pelvis")
_HANDS = [joint_index("l_hand"), joint_index("r_hand")]
_ELBOWS = [joint_index("l_elbow"), joint_index("r_elbow")]
_KNEES = [joint_index("l_knee"), joint_index("r_knee")]
_FEET = [joint_index("l_foot"), joint_index("r_foot")]
_NECK: Final = 0.70


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Windows:
    """Windows of one dataset."""

    joints: list[NDArray[np.float64]]
    """Each (T, 10, 3): x to the subject's left, y up, z ahead of the clip's heading; H."""
    actions: list[str]
    groups: list[str]
    """Who performed."""
    clips: list[str]


def load_windows(folder: Path, relabel: Mapping[str, str]) -> Windows:
    """All windows of a dataset in which one action fills nearly every frame.

    Args:
        folder: A dataset folder.
        relabel: Pattern of clip ids -> action, for recordings whose action the dataset itself does
            not know.
    """
    columns = ["clip_id", "subject_id", "joints", "depth", "actions", "view_azimuth_deg"]
    table = pl.read_parquet(folder / "clips" / "*.parquet", columns=columns).sort("clip_id")
    found = Windows(joints=[], actions=[], groups=[], clips=[])
    for row in table.iter_rows(named=True):
        joints = _in_space(row)
        actions = np.array(row["actions"], dtype=np.int64)
        for pattern, action in relabel.items():
            if re.search(pattern, row["clip_id"]):
                actions[:] = action_id(action)
        for first in range(0, max(1, len(joints) - WINDOW + 1), _STEP):
            part = slice(first, first + WINDOW)
            counts = np.bincount(actions[part], minlength=256)
            best = int(counts.argmax())
            length = len(joints[part])
            if best < NUM_ACTIONS and length >= _LEAST and counts[best] >= _PURE * length:
                found.joints.append(joints[part])
                found.actions.append(action_name(best))
                found.groups.append(row["subject_id"])
                found.clips.append(row["clip_id"])
    return found


def _in_space(row: Mapping[str, object]) -> NDArray[np.float64]:
    plane = np.array(row["joints"], dtype=np.float64).reshape(-1, 10, 2)
    depth = np.array(row["depth"], dtype=np.float64)
    phi = np.radians(float(row["view_azimuth_deg"]))  # type: ignore[arg-type]
    x, near = plane[..., 0], depth
    left = np.cos(phi) * x - np.sin(phi) * near
    ahead = np.sin(phi) * x + np.cos(phi) * near
    return np.stack([left, plane[..., 1], ahead], axis=-1)


_BONES: Final = tuple(
    (joint_index(a), joint_index(b))
    for a, b in (
        ("pelvis", "l_knee"),
        ("l_knee", "l_foot"),
        ("pelvis", "r_knee"),
        ("r_knee", "r_foot"),
        ("l_elbow", "l_hand"),
        ("r_elbow", "r_hand"),
    )
)


def heading(joints: NDArray[np.float64]) -> float:
    """Where a body faces over its frames, radians, 0 = ahead (+z), positive to the left (+x).

    The knees, feet and elbows tell left from right; hands cross too often.
    """
    across = sum(joints[:, left] - joints[:, right] for left, right in (_ELBOWS, _KNEES, _FEET))
    x, _, z = np.asarray(across).mean(axis=0)
    return float(np.arctan2(-z, x))


def facing_ahead(joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """The window turned about the vertical so that the body faces +z on the whole."""
    angle = heading(joints)
    sine, cosine = np.sin(angle), np.cos(angle)
    x, y, z = np.moveaxis(joints, -1, 0)
    return np.stack([cosine * x - sine * z, y, sine * x + cosine * z], axis=-1)


def leg_length(joints: NDArray[np.float64]) -> float:
    """Hips to feet along the bones, the usual one over the frames, H."""
    parts = [np.linalg.norm(joints[:, b] - joints[:, a], axis=-1) for a, b in _BONES[:4]]
    return float(np.median(np.sum(parts, axis=0)) / 2)


def directions(joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors along trunk, thighs, shins, upper arms (from the neck) and forearms.

    Returns:
        Shape (T, 9, 3).
    """
    trunk = joints[:, _HEAD] - joints[:, _PELVIS]
    neck = joints[:, _PELVIS] + _NECK * trunk
    parts = [trunk, *(joints[:, b] - joints[:, a] for a, b in _BONES)]
    parts += [joints[:, side] - neck for side in _ELBOWS]
    bones = np.stack(parts, axis=1)
    return np.asarray(bones / np.maximum(np.linalg.norm(bones, axis=-1, keepdims=True), 1e-6))


CLEANER: Final = ("foot_skate_hps",)
"""Measures of which less than is recorded is no fault."""
FEATURES: Final = (
    "pelvis_speed_hps",
    "joint_speed_hps",
    "log_jerk",
    "step_rate_hz",
    "foot_skate_hps",
    "pelvis_height_h",
    "pelvis_bob_h",
    "knee_range_deg",
    "elbow_range_deg",
    "hand_reach_h",
    "foot_lift_h",
)
"""Names of what `measure` gives, with their units."""


def measure(joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """The FEATURES of one window, joints (T, 10, 3) in H."""
    pelvis = joints[:, _PELVIS]
    body = joints - pelvis[:, None] * np.array([1.0, 0.0, 1.0])
    speed = np.diff(body, axis=0) * CLIP_FPS
    jerk = np.diff(joints, n=3, axis=0) * CLIP_FPS**3
    flat = np.diff(pelvis[:, [0, 2]], axis=0) * CLIP_FPS
    knees, elbows = _bends(joints, _KNEES, _FEET, _PELVIS), _bends(joints, _ELBOWS, _HANDS, None)
    return np.array(
        [
            float(np.hypot(*flat.mean(axis=0))),
            float(np.linalg.norm(speed, axis=-1).mean()),
            float(np.log10(np.sqrt(np.mean(np.sum(jerk**2, axis=-1))) + 1e-3)),
            _step_rate(joints),
            _skate(joints),
            float(np.median(pelvis[:, 1])),
            float(pelvis[:, 1].std()),
            float(np.ptp(knees, axis=0).mean()),
            float(np.ptp(elbows, axis=0).mean()),
            float((joints[:, _HANDS, 1].max(axis=1) - pelvis[:, 1]).max()),
            float(joints[:, _FEET, 1].max()),
        ]
    )


def _bends(
    joints: NDArray[np.float64], middle: list[int], end: list[int], start: int | None
) -> NDArray[np.float64]:
    """Angle at the middle joints, degrees, (T, 2); with no start joint the limb is an arm."""
    pelvis = joints[:, _PELVIS]
    origin = pelvis + _NECK * (joints[:, _HEAD] - pelvis) if start is None else joints[:, start]
    one, other = origin[:, None] - joints[:, middle], joints[:, end] - joints[:, middle]
    size = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    cosine = np.clip((one * other).sum(axis=-1) / np.maximum(size, 1e-9), -1.0, 1.0)
    return np.asarray(180.0 - np.degrees(np.arccos(cosine)))


def _step_rate(joints: NDArray[np.float64]) -> float:
    """Steps a second: twice the strongest rhythm of one foot against the other."""
    gap = joints[:, _FEET[0]] - joints[:, _FEET[1]]
    gap = gap - gap.mean(axis=0)
    signal = gap[:, int(gap.std(axis=0).argmax())]
    padded = 512
    power = np.abs(np.fft.rfft(signal * np.hanning(len(signal)), padded)) ** 2
    hertz = np.fft.rfftfreq(padded, 1.0 / CLIP_FPS)
    inside = (hertz > 0.4) & (hertz < 3.0)
    return float(2.0 * hertz[inside][power[inside].argmax()])


def _skate(joints: NDArray[np.float64]) -> float:
    """Mean horizontal speed of an ankle that is low and does not rise or fall."""
    feet = joints[:, _FEET]
    step = np.diff(feet, axis=0) * CLIP_FPS
    low = np.maximum(feet[1:, :, 1], feet[:-1, :, 1]) < 0.06
    bearing = low & (np.abs(step[..., 1]) < 0.25)
    slide = np.hypot(step[..., 0], step[..., 2])
    return float(slide[bearing].mean()) if bearing.any() else 0.0
