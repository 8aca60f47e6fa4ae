"""A sequence on the 25 fps grid, in metres, with what all its windows share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from datasets_spec.rejection import RejectReason
from datasets_spec.schema import CLIP_FPS
from stickgen_model.motion.filtering import SENSOR_LOWPASS, low_pass, mocap_lowpass
from stickgen_model.motion.resampling import (
    resample,
    resample_tracked,
    resampled_length,
    snap_fps,
)
from tasks.retarget.body import body_height, floor_height
from tasks.retarget.checks import FPS_RANGE, Fault, check_height, limits_for
from tasks.retarget.physics import centre_derivatives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from datasets_spec.motion import ActorMotion, MotionSequence
    from tasks.config import RetargetConfig

_Array = TypeVar("_Array", "NDArray[np.float32]", "NDArray[np.bool_]")

__all__ = ["PreparedSequence", "Track", "check_sequence", "prepare_sequence"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Track:
    """One actor at 25 fps, world axes."""

    points: NDArray[np.float64]
    """(K, 15, 3), metres."""
    tracked_share: NDArray[np.float64]
    """(K,)."""
    velocity: NDArray[np.float64]
    """(K, 3): of the body centre, m/s."""
    acceleration: NDArray[np.float64]
    """(K, 3), m/s2."""
    source: NDArray[np.float32]
    """(N, 15, 3): as read, margins dropped."""
    height_m: float
    """H of this actor."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PreparedSequence:
    """All actors of a sequence."""

    tracks: tuple[Track, ...]
    fps: float
    """Of the source, snapped."""
    height_m: float
    """H: of the actor, or the mean of all actors, who then share it."""
    floor_m: float

    @property
    def num_frames(self) -> int:
        """Frames at 25 fps."""
        return int(self.tracks[0].points.shape[0])


def check_sequence(sequence: MotionSequence, *, min_frames: int) -> Fault | None:
    """Fault of a sequence as a whole, before any work on it."""
    low, high = FPS_RANGE
    if not low <= sequence.fps <= high:
        detail = f"expected {low:g}..{high:g} frames per second, got {sequence.fps:g}"
        return Fault(reason=RejectReason.BAD_FRAME_RATE, detail=detail)
    for number, actor in enumerate(sequence.actors):
        if not np.isfinite(actor.points).all():
            frame = int(np.argmin(np.isfinite(actor.points).all(axis=(1, 2))))
            detail = f"expected finite points, got NaN or infinity: actor {number}, frame {frame}"
            return Fault(reason=RejectReason.NON_FINITE, detail=detail)
    fps = snap_fps(sequence.fps)
    length = resampled_length(sequence.num_frames, fps_in=fps, fps_out=CLIP_FPS)
    if length < min_frames:
        detail = (
            f"expected at least {min_frames} frames at {CLIP_FPS} fps, got {length} "
            f"({sequence.num_frames} frames at {sequence.fps:g} fps)"
        )
        return Fault(reason=RejectReason.TOO_SHORT, detail=detail)
    return None


def _tracks(sequence: MotionSequence, *, fps: float, config: RetargetConfig) -> tuple[Track, ...]:
    """All actors, filtered and resampled in one go: every call has a price of its own."""
    actors = sequence.actors
    points = _side_by_side([actor.points for actor in actors])
    tracked = None
    if any(actor.tracked is not None for actor in actors):
        tracked = _side_by_side([_tracked(actor) for actor in actors])
    sensor = sequence.body_model == "sensor"
    setting = SENSOR_LOWPASS if sensor else mocap_lowpass(config.lowpass_hz)
    smooth = low_pass(points, fps=fps, setting=setting, tracked=tracked)
    first, last = sequence.margin_frames
    kept = slice(first, points.shape[0] - last)
    resampled = resample(smooth[kept], fps_in=fps, fps_out=CLIP_FPS)
    bodies = [np.ascontiguousarray(body) for body in np.split(resampled, len(actors), axis=1)]
    shares = np.ones((len(actors), resampled.shape[0]))
    if tracked is not None:
        seen = resample_tracked(tracked[kept], fps_in=fps, fps_out=CLIP_FPS)
        shares = np.stack([own.mean(axis=1) for own in np.split(seen, len(actors), axis=1)])
    return tuple(
        _track(body, share, actor.points[kept])
        for body, share, actor in zip(bodies, shares, actors, strict=True)
    )


def _side_by_side(arrays: list[_Array]) -> _Array:
    """Points or masks of all actors, (T, 15, ...) each, as (T, 15 A, ...)."""
    return arrays[0] if len(arrays) == 1 else cast("_Array", np.concatenate(arrays, axis=1))


def _tracked(actor: ActorMotion) -> NDArray[np.bool_]:
    if actor.tracked is None:
        return np.ones(actor.points.shape[:2], dtype=np.bool_)
    return actor.tracked


def _track(
    points: NDArray[np.float64], share: NDArray[np.float64], source: NDArray[np.float32]
) -> Track:
    velocity, acceleration = centre_derivatives(points, fps=CLIP_FPS)
    return Track(
        points=points,
        tracked_share=share,
        velocity=velocity,
        acceleration=acceleration,
        source=source,
        height_m=body_height(points),
    )


def prepare_sequence(
    sequence: MotionSequence, config: RetargetConfig
) -> tuple[PreparedSequence, Fault | None]:
    """Filter, resample and measure a sequence that `check_sequence` let pass.

    Height and floor are those of the whole sequence: every window of it then has the same scale
    and the same ground.

    Returns:
        The sequence, and the fault of an actor's scale, if any.
    """
    fps = snap_fps(sequence.fps)
    tracks = _tracks(sequence, fps=fps, config=config)
    height = float(np.mean([track.height_m for track in tracks]))
    everyone = np.concatenate([track.points for track in tracks])
    sensor = sequence.body_model == "sensor"
    floor = floor_height(everyone, height=height, sensor=sensor)
    limits = limits_for(sequence.body_model)
    faults = (check_height(track.height_m, limits) for track in tracks)
    fault = next((fault for fault in faults if fault is not None), None)
    prepared = PreparedSequence(tracks=tracks, fps=fps, height_m=height, floor_m=floor)
    return prepared, fault
