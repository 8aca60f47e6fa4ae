"""A clip of the figure, as retargeting makes it and scoring reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tasks.label.parts import ClipPart

__all__ = ["ClipReject", "StickClip"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipReject:
    """A window that could not become a clip."""

    clip_id: str
    reason: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StickClip:
    """One actor in one window and one view, 25 fps, H units. Arrays are float32 unless said."""

    clip_id: str
    source: str
    sequence_id: str
    performance_id: str
    subject_id: str
    scene_id: str
    actor: int
    partner_clip_id: str | None
    view_index: int
    view_azimuth_deg: float
    body_height_m: float
    body_model: str
    joints: NDArray[np.float32]
    """(T, 10, 2): x right, y up, floor 0, x = 0 at the clip's first root (pair: midpoint)."""
    depth: NDArray[np.float32]
    """(T, 10): larger is nearer to the viewer."""
    points: NDArray[np.float32]
    """(T, 15, 3): the body in the view's axes (x right, y up, z to the viewer), for scoring."""
    tracked_share: NDArray[np.float32]
    """(T,): share of the 15 points that the source really measured."""
    actions: NDArray[np.uint8]
    """(T,): action ids, 255 = unlabelled."""
    physics: NDArray[np.float32]
    """(T, 6)."""
    camera: NDArray[np.float32]
    """(T, 3)."""
    camera_move: str
    """The move of most frames."""
    expression: NDArray[np.uint8]
    """(T,): ids of EXPRESSIONS."""
    speech: NDArray[np.uint8]
    """(T,): ids of SPEECH_KINDS, 255 = silent."""
    environment: NDArray[np.float32] | None
    """(32,): numbers of the scene, NaN = unknown; None: the source has none."""
    parts: tuple[ClipPart, ...]
    captions: tuple[str, ...]
    caption_source: str
    style: str
    symmetric: bool
    licence: str
    origin_path: str
    origin_sha256: str
    origin_first_frame: int
    origin_last_frame: int
    source_measures: dict[str, float]
    """Measures that only the source-rate motion can give (before the filter hides them)."""
