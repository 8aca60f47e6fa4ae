"""Columns of the index tables on which the gates work: one row a sequence, one row a clip."""

from __future__ import annotations

from typing import Final

__all__ = ["FILE_COUNT_COLUMNS", "INGEST_COLUMNS", "RETARGET_COLUMNS"]

FILE_COUNT_COLUMNS: Final = {
    "source": str,
    "found": int,  # candidate files or pairs
    "accepted": int,
    "decoys": int,  # rejected as no motion at all: not a fault of the data
    "rejected": int,  # for any other reason
}
"""One row a source: the ingest gate also checks that enough of a source could be read."""

INGEST_COLUMNS: Final = {
    "source": str,
    "sequence_id": str,
    "performance_id": str,
    "num_actors": int,
    "num_frames": int,  # source frames
    "fps": float,
    "duration_s": float,
    "height_m": float,  # thigh + shin + torso + neck chain, median over frames, mean of actors
    "upright_share": float,  # share of frames with the head above the hips
    "max_extent_m": float,  # largest distance of a point from the first frame's hips
    "tracked_share": float,
    "num_labels": int,
    "body_model": str,
}
"""After ingest, one row a sequence."""

RETARGET_COLUMNS: Final = {
    "clip_id": str,
    "source": str,
    "sequence_id": str,
    "num_frames": int,
    "view_azimuth_deg": float,
    "body_height_m": float,
    "finite": bool,
    "faces_valid": bool,  # every expression and speech id is one of its vocabulary
    "height_extent_h": float,  # 95th percentile of head y minus lowest foot y, a frame
    "pelvis_min_h": float,
    "pelvis_max_h": float,
    "head_above_feet_share": float,
    "peak_speed_hps": float,
    "first_root_x_h": float,  # x of the clip's origin: 0 for one actor, 0 in the mean for a pair
    "labelled_share": float,
    "num_captions": int,
}
"""After retargeting, one row a clip."""
