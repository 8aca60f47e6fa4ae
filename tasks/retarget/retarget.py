"""A sequence of 3D motion to clips of the figure: windows x actors x views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasets_spec.rejection import RejectReason
from datasets_spec.schema import CLIP_FPS
from tasks.label.resolve import label_borders_s
from tasks.retarget.checks import Fault, check_window, limits_for
from tasks.retarget.clip import ClipReject, StickClip
from tasks.retarget.prepare import PreparedSequence, check_sequence, prepare_sequence
from tasks.retarget.scene import clip_name, cut_track, make_scene, scene_clips
from tasks.retarget.windows import Window, cut_windows

if TYPE_CHECKING:
    from datasets_spec.motion import MotionSequence
    from tasks.config import RetargetConfig

__all__ = ["RetargetResult", "retarget_sequence"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RetargetResult:
    """Every window x actor x view is in one of the two."""

    clips: tuple[StickClip, ...]
    """By window, view, actor."""
    rejects: tuple[ClipReject, ...]


def _rejects(
    sequence: MotionSequence, config: RetargetConfig, *, window: int, fault: Fault
) -> list[ClipReject]:
    return [
        ClipReject(
            clip_id=clip_name(sequence, window=window, actor=actor, view=view),
            reason=fault.reason.value,
            detail=fault.detail,
        )
        for view in range(config.num_views)
        for actor in range(len(sequence.actors))
    ]


def retarget_sequence(
    sequence: MotionSequence, config: RetargetConfig, *, licence: str
) -> RetargetResult:
    """All clips of a sequence.

    A window in which one actor is rejected is rejected for all of them: a pair stays whole.

    Args:
        sequence: What a reader delivered.
        config: Views, window lengths, filter.
        licence: Short name, written to every clip.

    Returns:
        Clips and rejects; together one for every window, actor and view. A sequence rejected as
        a whole counts as its window 0.
    """
    fault = check_sequence(sequence, min_frames=config.min_frames)
    if fault is not None:
        return RetargetResult(
            clips=(), rejects=tuple(_rejects(sequence, config, window=0, fault=fault))
        )
    prepared, scale_fault = prepare_sequence(sequence, config)
    windows = cut_windows(
        prepared.num_frames,
        borders=[round(second * CLIP_FPS) for second in label_borders_s(sequence.labels)],
        max_frames=config.max_frames,
        min_frames=config.min_frames,
    )
    clips: list[StickClip] = []
    rejects: list[ClipReject] = []
    for number, window in enumerate(windows):
        fault = scale_fault or _window_fault(sequence, prepared, window, config=config)
        if fault is not None:
            rejects += _rejects(sequence, config, window=number, fault=fault)
            continue
        scene = make_scene(sequence, prepared, window, number=number, licence=licence)
        clips += scene_clips(scene, num_views=config.num_views)
    return RetargetResult(clips=tuple(clips), rejects=tuple(rejects))


def _window_fault(
    sequence: MotionSequence,
    prepared: PreparedSequence,
    window: Window,
    *,
    config: RetargetConfig,
) -> Fault | None:
    if window.num_frames < config.min_frames:
        detail = (
            f"expected at least {config.min_frames} frames at {CLIP_FPS} fps, "
            f"got {window.num_frames}: the rest of a longer sequence"
        )
        return Fault(reason=RejectReason.TOO_SHORT, detail=detail)
    limits = limits_for(sequence.body_model)
    for number, track in enumerate(prepared.tracks):
        share = track.tracked_share[window.start : window.stop]
        fault = check_window(cut_track(track, window), share, fps=CLIP_FPS, limits=limits)
        if fault is not None:
            return Fault(reason=fault.reason, detail=f"actor {number}: {fault.detail}")
    return None
