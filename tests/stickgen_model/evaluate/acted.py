"""Made-up figures that do things a small classifier can tell apart within seconds."""

from __future__ import annotations

import numpy as np

from datasets_spec.vocabulary import action_id

STAND = np.array(
    [
        [0.0, 0.95],
        [0.0, 0.53],
        [-0.12, 0.70],
        [-0.13, 0.55],
        [0.12, 0.70],
        [0.13, 0.55],
        [-0.05, 0.27],
        [-0.06, 0.02],
        [0.05, 0.27],
        [0.06, 0.02],
    ]
)


def act(word, num_frames, *, seed=0, start_x=0.0):
    """Joints (T, 10, 2) of a figure that stands, walks, hops or waves."""
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * (rng.uniform(1.0, 1.5) * np.arange(num_frames) / 25.0 + rng.random())
    joints = np.repeat(STAND[None], num_frames, axis=0)
    joints = joints * rng.uniform(0.95, 1.05)
    if word == "walk":
        joints[..., 0] += 0.6 * np.arange(num_frames)[:, None] / 25.0
        for side, sign in ((6, 1), (7, 1), (8, -1), (9, -1)):
            joints[:, side, 0] += 0.15 * sign * np.sin(phase)
    if word == "hop":
        joints[..., 1] += 0.15 * np.abs(np.sin(phase))[:, None]
    if word == "wave":
        joints[:, 4] = [0.15, 0.85]
        joints[:, 5, 0] = 0.15 + 0.12 * np.sin(2 * phase)
        joints[:, 5, 1] = 1.0
    joints[..., 0] += start_x - joints[0, 1, 0]
    return joints.astype(np.float32)


def make_acted_row(number, word, num_frames=40, **changed):
    """A row of the clips table in which one action is done."""
    return {
        "clip_id": f"{word}-{number}",
        "source": "procedural",
        "sequence_id": f"s{number}",
        "num_frames": num_frames,
        "joints": act(word, num_frames, seed=number).reshape(num_frames, 20).tolist(),
        "actions": [action_id(word)] * num_frames,
        "captions": [f"somebody does a {word}"],
        "parts": [],
        "action": word,
        "body_height_m": 1.5,
        "quality_score": 1.0,
        "split": "train",
        **changed,
    }
