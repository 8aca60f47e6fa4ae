"""A Kinect v2 as seen through its files: 25 joints, noise, tracking states, the text form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.body import HEAD_CENTRE_M, joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.sample.motion import Motion

__all__ = ["SensorBody", "kinect_joints", "sense", "skeleton_text"]

_ARMS: Final = (("l", 4), ("r", 8))
_LEGS: Final = (("l", 12), ("r", 16))
_NOISY: Final = (6, 7, 10, 11, 14, 15, 18, 19, 21, 22, 23, 24)
"""Hands and feet."""
_FOCAL: Final = 365.0
"""Focal length of the depth camera, pixels, rounded."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SensorBody:
    """One tracked body over the frames of a file."""

    ids: NDArray[np.int64]
    """(T,) body id a frame."""
    present: NDArray[np.bool_]
    """(T,) False where the sensor does not report the body."""
    joints: NDArray[np.float64]
    """(T, 25, 3) metres, camera axes."""
    states: NDArray[np.int64]
    """(T, 25) 1 inferred, 2 tracked."""


def kinect_joints(motion: Motion) -> NDArray[np.float64]:
    """The sensor's 25 joints without noise, (T, 25, 3), world, metres."""
    body = motion.joints
    hips = (body[:, 1] + body[:, 2]) / 2
    shoulders = (body[:, 16] + body[:, 17]) / 2
    along = body[:, joint("head")] - body[:, joint("neck")]
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    out = np.zeros((len(body), 25, 3))
    out[:, 0] = hips + 0.3 * (body[:, 0] - hips)
    out[:, 1] = body[:, joint("spine2")]
    out[:, 2] = body[:, joint("neck")]
    out[:, 3] = body[:, joint("head")] + HEAD_CENTRE_M * along
    out[:, 20] = shoulders
    for side, first in _ARMS:
        elbow, wrist = body[:, joint(f"{side}_elbow")], body[:, joint(f"{side}_wrist")]
        on = (wrist - elbow) / np.linalg.norm(wrist - elbow, axis=-1, keepdims=True)
        out[:, first] = body[:, joint(f"{side}_shoulder")]
        out[:, first + 1], out[:, first + 2] = elbow, wrist
        out[:, first + 3] = wrist + 0.07 * on
        tip = 21 if side == "l" else 23
        out[:, tip] = wrist + 0.15 * on
        out[:, tip + 1] = wrist + 0.08 * on + np.array([0.0, 0.03, 0.0])
    for side, first in _LEGS:
        for step, part in enumerate(("hip", "knee", "ankle", "foot")):
            out[:, first + step] = body[:, joint(f"{side}_{part}")]
    return out


def sense(
    joints: NDArray[np.float64], *, body_id: int, seed: tuple[int, ...], noise_m: float
) -> SensorBody:
    """Add noise, larger on hands and feet, and mark a few samples as inferred."""
    rng = np.random.default_rng(seed)
    num_frames = len(joints)
    noise = rng.normal(0.0, 1.0, joints.shape)
    # half of the error lasts a few frames, as the sensor's own smoothing makes it
    slow = noise.copy()
    for frame in range(1, num_frames):
        slow[frame] = 0.85 * slow[frame - 1] + 0.53 * noise[frame]
    size = np.full(25, noise_m)
    size[list(_NOISY)] *= 1.6
    mixed = (0.5 * noise + 0.85 * slow) * size[:, None]
    states = np.where(rng.uniform(size=(num_frames, 25)) < 0.02, 1, 2)
    return SensorBody(
        ids=np.full(num_frames, body_id, dtype=np.int64),
        present=np.ones(num_frames, dtype=bool),
        joints=joints + mixed,
        states=states.astype(np.int64),
    )


def skeleton_text(bodies: list[SensorBody], *, without: frozenset[int]) -> str:
    """The text of a `.skeleton` file; frames of `without` report nobody."""
    num_frames = len(bodies[0].ids)
    rows = [_rows(body) for body in bodies]
    row = " ".join(["%.7g"] * 11) + " %d"
    block = "\n".join([row] * 25)
    lines = [str(num_frames)]
    for frame in range(num_frames):
        seen = [k for k, b in enumerate(bodies) if b.present[frame] and frame not in without]
        lines.append(str(len(seen)))
        for k in seen:
            head = f"{bodies[k].ids[frame]} 0 1 1 1 1 0 0.02764709 0.05745083 2"
            lines += [head, "25", block % tuple(rows[k][frame])]
    return "\n".join(lines) + "\n"


def _rows(body: SensorBody) -> list[list[float]]:
    """12 numbers a joint, (T, 300): place, depth and colour pixels, orientation, state."""
    x, y, z = np.moveaxis(body.joints, -1, 0)
    depth_x, depth_y = 256 + _FOCAL * x / z, 212 - _FOCAL * y / z
    nothing = np.zeros_like(x)
    table = np.stack(
        [
            *(x, y, z, depth_x, depth_y, 2.9 * depth_x + 220, 2.9 * depth_y - 70),
            *(nothing, nothing, nothing, nothing),
            body.states.astype(np.float64),
        ],
        axis=-1,
    )
    rows: list[list[float]] = table.reshape(len(x), -1).tolist()
    return rows
