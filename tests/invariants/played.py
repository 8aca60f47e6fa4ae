"""Generated performances as sequences, and what may be done to them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from datasets_spec.motion import ActorMotion, MotionSequence, Origin
from datasets_spec.skeleton import BODY_MIRROR
from tasks.config import RetargetConfig
from tasks.retarget.clip import StickClip
from tasks.retarget.retarget import retarget_sequence
from tasks.sample.duets import duet
from tasks.sample.scripts import perform
from tasks.score.score import score_clip
from tasks.synthesize.engine.body import make_body

DUOS = ("meet", "handshake", "high_five", "hug", "push", "follow")


@cache
def points_of(name: str, fps: float = 60.0, seed: int = 3) -> np.ndarray:
    """A script of `tasks.sample.scripts`, shape (T, 15, 3), metres, y up."""
    body = make_body(stature=1.66, limbs=1.02, tempo=1.03)
    points = perform(name, body, seed=(seed,), fps=fps).points.astype(np.float64)
    points.setflags(write=False)
    return points


@cache
def points_of_two(name: str, fps: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    bodies = (make_body(stature=1.78), make_body(stature=1.62, limbs=0.98))
    both = duet(name, bodies, seed=(3,), fps=fps, duration_s=5.0)
    return both[0].points.astype(np.float64), both[1].points.astype(np.float64)


def sequence_of(*bodies: np.ndarray, fps: float, **changes: Any) -> MotionSequence:
    fields: dict[str, Any] = {
        "source": "bvh",
        "sequence_id": "played",
        "performance_id": "played",
        "fps": fps,
        "actors": tuple(
            ActorMotion(points=np.ascontiguousarray(body, dtype=np.float32), subject_id=f"s{k}")
            for k, body in enumerate(bodies)
        ),
        "origin": Origin(path="played.bvh", sha256="0" * 64),
    }
    return MotionSequence(**(fields | changes))


def clips_of(*bodies: np.ndarray, fps: float, num_views: int = 1) -> tuple[StickClip, ...]:
    result = retarget_sequence(
        sequence_of(*bodies, fps=fps), RetargetConfig(num_views=num_views), licence="CC0"
    )
    assert not result.rejects, result.rejects
    return result.clips


def scores_of(*bodies: np.ndarray, fps: float) -> list[float]:
    """Score of every clip; 0 for what does not even become a clip."""
    result = retarget_sequence(sequence_of(*bodies, fps=fps), RetargetConfig(), licence="CC0")
    scores = [score_clip(clip)["quality_score"] for clip in result.clips]
    return scores + [0.0] * len(result.rejects)


def turned(points: np.ndarray, yaw: float, move: tuple[float, float, float]) -> np.ndarray:
    """Turned about the vertical and moved."""
    c, s = np.cos(yaw), np.sin(yaw)
    return points @ np.array([[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]]) + np.array(move)


def mirrored(points: np.ndarray) -> np.ndarray:
    """The mirror image, with the sides' names exchanged."""
    return points[:, BODY_MIRROR] * np.array([-1.0, 1.0, 1.0])
