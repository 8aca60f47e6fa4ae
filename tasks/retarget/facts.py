"""The row of a sequence and the row of a clip in the tables on which the gates work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from datasets_spec.motion import SILENT
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import joint_index
from datasets_spec.vocabulary import EXPRESSIONS, SPEECH_KINDS, UNLABELLED
from tasks.retarget.body import HEAD, body_height, root_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from datasets_spec.motion import MotionSequence
    from tasks.retarget.clip import StickClip

__all__ = ["clip_facts", "sequence_facts"]


def sequence_facts(sequence: MotionSequence) -> dict[str, Any]:
    """Columns of `stage_index.INGEST_COLUMNS`, in order.

    Non-finite points do not raise: they come out as NaN, for a gate to find.
    """
    bodies = [np.asarray(actor.points, dtype=np.float64) for actor in sequence.actors]
    upright = [body[:, HEAD, 1] > root_of(body)[:, 1] for body in bodies]
    extent = [_extent(body) for body in bodies]
    tracked = [1.0 if a.tracked is None else float(a.tracked.mean()) for a in sequence.actors]
    return {
        "source": sequence.source,
        "sequence_id": sequence.sequence_id,
        "performance_id": sequence.performance_id,
        "num_actors": len(bodies),
        "num_frames": sequence.num_frames,
        "fps": float(sequence.fps),
        "duration_s": sequence.num_frames / float(sequence.fps),
        "height_m": float(np.mean([body_height(body) for body in bodies])),
        "upright_share": float(np.mean(upright)),
        "max_extent_m": float(np.max(extent)),
        "tracked_share": float(np.mean(tracked)),
        "num_labels": len(sequence.labels),
        "body_model": sequence.body_model,
    }


def _extent(body: NDArray[np.float64]) -> float:
    away = body - root_of(body[:1])[:, None]
    return float(np.sqrt(np.einsum("tpi,tpi->tp", away, away).max()))


def clip_facts(clip: StickClip) -> dict[str, Any]:
    """Columns of `stage_index.RETARGET_COLUMNS`, in order."""
    joints = clip.joints.astype(np.float64)
    head = joints[:, joint_index("head"), 1]
    pelvis = joints[:, joint_index("pelvis")]
    feet = joints[:, [joint_index("l_foot"), joint_index("r_foot")], 1].min(axis=1)
    steps = np.diff(clip.points.astype(np.float64), axis=0)
    speed = np.sqrt(np.einsum("tpi,tpi->tp", steps, steps)) * CLIP_FPS
    arrays = (clip.joints, clip.depth, clip.points, clip.physics, clip.camera)
    return {
        "clip_id": clip.clip_id,
        "source": clip.source,
        "sequence_id": clip.sequence_id,
        "num_frames": int(joints.shape[0]),
        "view_azimuth_deg": float(clip.view_azimuth_deg),
        "body_height_m": float(clip.body_height_m),
        "finite": all(bool(np.isfinite(array).all()) for array in arrays),
        "faces_valid": _faces_valid(clip),
        "height_extent_h": float(np.percentile(head - feet, 95)),
        "pelvis_min_h": float(pelvis[:, 1].min()),
        "pelvis_max_h": float(pelvis[:, 1].max()),
        "head_above_feet_share": float(np.mean(head > feet)),
        "peak_speed_hps": float(speed.max(initial=0.0)),
        "first_root_x_h": float(pelvis[0, 0]),
        "labelled_share": float(np.mean(clip.actions != UNLABELLED)),
        "num_captions": len(clip.captions),
    }


def _faces_valid(clip: StickClip) -> bool:
    spoken = (clip.speech < len(SPEECH_KINDS)) | (clip.speech == SILENT)
    return bool((clip.expression < len(EXPRESSIONS)).all() and spoken.all())
