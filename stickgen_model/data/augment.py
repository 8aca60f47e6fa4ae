"""Variations of a clip that keep it true: mirror image, other speed, a part of it.

Shapes: T frames that go in, K frames that come out. Every variation acts on all tracks of a clip
and on the partner's, so that they go on agreeing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.environment import feature_index
from datasets_spec.schema import CAMERA_DIM, CLIP_FPS, MAX_FRAMES, PHYSICS_DIM
from datasets_spec.skeleton import MIRROR, POSE_DIM, joint_index
from stickgen_model.motion.resampling import resample
from stickgen_model.state_moments import DX, mirror_signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.data.clip_store import ClipArrays

__all__ = ["AugmentConfig", "Tracks", "cut_tracks", "mirror_tracks", "speed_tracks", "vary_clip"]

_MIRROR_COLUMNS: Final = (2 * MIRROR[:, None] + np.arange(2)).reshape(-1)
_PELVIS: Final = joint_index("pelvis")
_WIND_X: Final = feature_index("wind_x")
_PHYSICS_ORDER: Final = np.array([1.0, 1.0, 2.0, 2.0, 1.0, 1.0])
"""Power of the speed that velocity, acceleration and momentum (x, y) grow with."""
_PLANE_SIGNS: Final = np.array([-1.0, 1.0], dtype=np.float32)
_CAMERA_SIGNS: Final = np.array([-1.0, 1.0, 1.0], dtype=np.float32)


@dataclass(frozen=True, kw_only=True, slots=True)
class AugmentConfig:
    """How much clips are varied; all zero = not at all.

    Attributes:
        mirror: Chance of the mirror image, for clips whose captions allow it.
        speed_chance: Chance of another speed.
        speed: Greatest change of speed, as a share: 0.15 = 1 / 1.15 to 1.15 times as fast.
        crop_chance: Chance of a crop in place of the whole.
        crop_share: Least share that such a crop has.
        part_chance: Chance of one part with its own sentence, for clips that name their parts.
    """

    mirror: float = 0.5
    speed_chance: float = 0.5
    speed: float = 0.15
    crop_chance: float = 0.25
    crop_share: float = 0.7
    part_chance: float = 0.4

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        shares = ("mirror", "speed_chance", "crop_chance", "crop_share", "part_chance")
        wrong = {n: getattr(self, n) for n in shares if not 0.0 <= getattr(self, n) <= 1.0}
        if not 0.0 <= self.speed < 1.0:
            wrong["speed"] = self.speed
        if wrong:
            msg = f"augmentation: expected shares in 0..1 and a speed in [0, 1), got {wrong}"
            raise ValueError(msg)

    @classmethod
    def none(cls) -> AugmentConfig:
        """Clips as they are."""
        return cls(mirror=0.0, speed_chance=0.0, crop_chance=0.0, part_chance=0.0)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Tracks:
    """What changes when a clip is varied; x counts from the clip's first pelvis.

    Attributes:
        joints: Shape (K, 20), H.
        actions: Shape (K,), uint8.
        physics: Shape (K, 6).
        camera: Shape (K, 3).
        environment: Shape (32,).
        partner: Shape (K, 20), H, or None.
        depth: Shape (K, 10), H, counted from the clip's first pelvis, or None where not read.
    """

    joints: NDArray[np.float32]
    actions: NDArray[np.uint8]
    physics: NDArray[np.float32]
    camera: NDArray[np.float32]
    environment: NDArray[np.float32]
    partner: NDArray[np.float32] | None
    depth: NDArray[np.float32] | None = None


def cut_tracks(clip: ClipArrays | Tracks, first: int, last: int) -> Tracks:
    """Frames first .. last - 1, with x counted from the pelvis of frame `first`.

    A partner who is not there to the end leaves the clip without a partner.
    """
    span = slice(first, last)
    joints, camera = clip.joints[span].copy(), clip.camera[span].copy()
    partner = None
    if clip.partner is not None and len(clip.partner) >= last:
        partner = clip.partner[span].copy()
    start_x = joints[0, DX]
    joints[:, ::2] -= start_x
    camera[:, 0] -= start_x
    if partner is not None:
        partner[:, ::2] -= start_x
    depth = None if clip.depth is None else clip.depth[span] - clip.depth[first, _PELVIS]
    return Tracks(
        joints=joints,
        actions=clip.actions[span],
        physics=clip.physics[span],
        camera=camera,
        environment=clip.environment,
        partner=partner,
        depth=depth,
    )


def mirror_tracks(tracks: Tracks) -> Tracks:
    """The mirror image: x turned round, left and right limbs exchanged; its own inverse."""
    environment = tracks.environment.copy()
    environment[_WIND_X] = -environment[_WIND_X]
    return Tracks(
        joints=_mirror_joints(tracks.joints),
        actions=tracks.actions,
        physics=tracks.physics * np.tile(_PLANE_SIGNS, PHYSICS_DIM // 2),
        camera=tracks.camera * _CAMERA_SIGNS,
        environment=environment,
        partner=None if tracks.partner is None else _mirror_joints(tracks.partner),
        depth=None if tracks.depth is None else tracks.depth[:, MIRROR],
    )


def _mirror_joints(joints: NDArray[np.float32]) -> NDArray[np.float32]:
    mirrored: NDArray[np.float32] = joints[:, _MIRROR_COLUMNS] * mirror_signs().astype(np.float32)
    return mirrored


def speed_tracks(tracks: Tracks, factor: float) -> Tracks:
    """The same motion, `factor` times as fast, at the same frame rate; physics goes with it."""
    partner, depth = tracks.partner, tracks.depth
    physics = tracks.physics * np.power(factor, _PHYSICS_ORDER)
    others = [track for track in (partner, depth) if track is not None]
    stacked = np.concatenate([tracks.joints, physics, tracks.camera, *others], axis=1)
    found = resample(stacked, fps_in=CLIP_FPS, fps_out=CLIP_FPS / factor).astype(np.float32)
    nearest = np.minimum(np.rint(np.arange(len(found)) * factor), len(stacked) - 1).astype(np.intp)
    edges = np.cumsum([POSE_DIM, PHYSICS_DIM, CAMERA_DIM, 0 if partner is None else POSE_DIM])
    joints, moved, camera, other, deep = np.split(found, edges, axis=1)
    return Tracks(
        joints=joints,
        actions=tracks.actions[nearest],
        physics=moved,
        camera=camera,
        environment=tracks.environment,
        partner=None if partner is None else other,
        depth=None if depth is None else deep,
    )


def vary_clip(
    clip: ClipArrays,
    rng: np.random.Generator,
    *,
    config: AugmentConfig,
    max_frames: int = MAX_FRAMES,
    span: tuple[int, int] | None = None,
) -> Tracks:
    """A variation of a clip that has at most `max_frames` frames.

    With `span`, only frames span[0] .. span[1] - 1 are taken. The same numbers are drawn
    whatever the settings and the clip are, so that two settings differ in what they do and in
    nothing else.
    """
    draws = rng.random(6)
    wanted = math.exp((2.0 * draws[1] - 1.0) * math.log1p(config.speed))
    factor = wanted if draws[0] < config.speed_chance else 1.0
    begin, end = (0, len(clip.joints)) if span is None else span
    total = end - begin
    length = min(total, math.floor((max_frames - 1) * factor) + 1)
    if draws[2] < config.crop_chance:
        share = config.crop_share + (1.0 - config.crop_share) * draws[3]
        length = min(length, max(2, round(total * share)))
    first = begin
    if config.crop_chance > 0.0:
        first += int(draws[4] * (total - length + 1))
    tracks = cut_tracks(clip, first, first + length)
    if factor != 1.0 and length > 1:
        tracks = speed_tracks(tracks, factor)
    if clip.symmetric and draws[5] < config.mirror:
        tracks = mirror_tracks(tracks)
    return tracks
