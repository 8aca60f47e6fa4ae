"""A made-up person: rigid bones, feet planted while they stand, smooth everywhere."""

from __future__ import annotations

import numpy as np

from datasets_spec.motion import ActorMotion, MotionSequence, Origin
from datasets_spec.skeleton import body_index

THIGH, SHIN, TORSO, NECK, UPPER_ARM, FOREARM = 0.42, 0.41, 0.50, 0.22, 0.30, 0.26
HEIGHT = THIGH + SHIN + TORSO + NECK
ANKLE = 0.08


def _joint_between(top, end, first, second, forward):
    """Knee or elbow of a two-bone chain that bends towards `forward`."""
    span = end - top
    length = np.linalg.norm(span, axis=1, keepdims=True)
    along = span / length
    reach = (length**2 + first**2 - second**2) / (2 * length)
    away = forward - (forward * along).sum(1, keepdims=True) * along
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    return top + reach * along + np.sqrt(np.maximum(first**2 - reach**2, 0)) * away


def walker(*, seconds=4.0, fps=120.0, stride=0.8, pace=0.8, sway=0.03, swing=0.4, phase=0.0):
    """Walks (stride 0: stands, swaying and swinging the arms) towards +z. Shape (T, 15, 3)."""
    t = np.arange(round(seconds * fps) + 1) / fps
    zero = np.zeros_like(t)
    cycle = pace * t + phase
    points = np.zeros((t.size, 15, 3))
    root = np.stack(
        [
            sway * np.sin(2 * np.pi * cycle),
            0.82 + 0.02 * np.cos(4 * np.pi * cycle),
            stride * cycle + sway * np.sin(1.3 * t),
        ],
        axis=1,
    )
    neck = root + TORSO * _unit(np.stack([0.05 * np.sin(cycle), 1 + zero, 0.1 + zero], axis=1))
    points[:, body_index("head")] = neck + NECK * _unit(
        np.stack([0.1 * np.sin(0.9 * t), 1 + zero, 0.2 + zero], axis=1)
    )
    ahead = np.broadcast_to([0.0, 0.0, 1.0], root.shape)
    for side, sign in (("l_", 1.0), ("r_", -1.0)):
        hip, shoulder = root + np.array([0.09 * sign, 0, 0]), neck + np.array([0.18 * sign, 0, 0])
        step = cycle + 0.25 * (1 + sign)
        air = np.clip((step % 1.0 - 0.6) / 0.4, 0.0, 1.0)
        where = stride * (
            np.floor(step) + air**3 * (10 - 15 * air + 6 * air**2) - 0.25 * (1 + sign) + 0.3
        )
        lift = 0.12 * np.sin(np.pi * air) ** 2 if stride else zero
        foot = np.stack([0.09 * sign + zero, ANKLE + lift, where], axis=1)
        arm = swing * np.sin(2 * np.pi * step)
        elbow = shoulder + UPPER_ARM * _unit(
            np.stack([0.3 * sign + zero, -np.cos(arm), -np.sin(arm)], axis=1)
        )
        points[:, body_index(side + "hip")] = hip
        points[:, body_index(side + "shoulder")] = shoulder
        points[:, body_index(side + "foot")] = foot
        points[:, body_index(side + "toe")] = foot + np.array([0, -0.06, 0.14])
        points[:, body_index(side + "knee")] = _joint_between(hip, foot, THIGH, SHIN, ahead)
        points[:, body_index(side + "elbow")] = elbow
        points[:, body_index(side + "hand")] = elbow + FOREARM * _unit(
            np.stack([0.1 * sign + zero, -np.cos(arm + 0.3), 0.3 - np.sin(arm)], axis=1)
        )
    return points


def stander(**changes):
    return walker(stride=0.0, **changes)


def turned(points, angle, move=(0.0, 0.0, 0.0)):
    """Turned about y and moved."""
    c, s = np.cos(angle), np.sin(angle)
    return points @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]) + np.asarray(move)


def rolled(points, angles):
    """Turned about z through the mid-hips, frame by frame (a cartwheel, lying down)."""
    root = 0.5 * (points[:, body_index("l_hip")] + points[:, body_index("r_hip")])
    c, s, zero, one = np.cos(angles), np.sin(angles), 0 * angles, 0 * angles + 1
    turn = np.array([[c, -s, zero], [s, c, zero], [zero, zero, one]]).transpose(2, 0, 1)
    return np.einsum("tij,tpj->tpi", turn, points - root[:, None]) + root[:, None]


def sequence_of(*bodies, fps=120.0, tracked=None, **changes):
    actors = tuple(
        ActorMotion(
            points=np.ascontiguousarray(body, dtype=np.float32),
            subject_id=f"s{number}",
            tracked=tracked,
        )
        for number, body in enumerate(bodies)
    )
    fields = {
        "source": "bvh",
        "sequence_id": "made/up",
        "performance_id": "made",
        "fps": fps,
        "actors": actors,
        "origin": Origin(path="made/up.bvh", sha256="0" * 64, first_frame=3),
    }
    return MotionSequence(**(fields | changes))


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
