"""What a reader hands over: the motion of one or more actors, with labels and provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.environment import environment_vector
from datasets_spec.shot import Shot
from datasets_spec.skeleton import NUM_BODY_POINTS
from datasets_spec.vocabulary import CAPTION_SOURCES, EXPRESSIONS, SPEECH_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_ACTORS", "SILENT", "ActorMotion", "Label", "MotionSequence", "Origin", "Shot"]

MAX_ACTORS: Final = 8
SILENT: Final = 255
"""Per-frame speech id of a closed mouth."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """Words about a span of a sequence.

    Times are seconds after the first frame of the sequence (margins excluded).
    """

    text: str
    """The words as the source has them, stripped; may be empty if `categories` say it."""
    start_s: float = 0.0
    end_s: float | None = None
    """None: to the end of the sequence."""
    categories: tuple[str, ...] = ()
    """Class names of the source's own vocabulary, to be mapped by that source's action table."""
    vocabulary: str = "text"
    """Name of the action table for `categories`: babel, 100style, ntu, ...; `text` has none."""
    actor: int | None = None
    """Who does it; None: all actors (a caption of a pair)."""
    caption_source: str = "human"
    """A word of `vocabulary.CAPTION_SOURCES`."""
    is_caption: bool = True
    """False: only a class name for the per-frame actions, not to be shown as a caption."""
    part: bool = False
    """True: the words describe their span only: they go to the column `parts` and are no caption
    of the whole clip."""

    def __post_init__(self) -> None:
        if self.caption_source not in CAPTION_SOURCES:
            msg = f"expected a caption source of {CAPTION_SOURCES}, got {self.caption_source!r}"
            raise ValueError(msg)
        if self.end_s is not None and self.end_s < self.start_s:
            msg = f"label {self.text!r}: expected end >= start, got {self.start_s}..{self.end_s} s"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a sequence came from."""

    path: str
    """Path inside the source folder, with forward slashes."""
    sha256: str
    """Of the bytes of that file (pairs: of both files, joined in order)."""
    first_frame: int = 0
    """Index in the source file of the first frame of the sequence (margins excluded)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ActorMotion:
    """One person."""

    points: NDArray[np.float32]
    """Shape (T, 15, 3), metres, right-handed, y up; rows as `skeleton.BODY_POINTS`; finite."""
    subject_id: str
    """Who performed, unique inside the source."""
    tracked: NDArray[np.bool_] | None = None
    """Shape (T, 15); False where a point was inferred or filled in. None: all tracked."""
    expression: NDArray[np.uint8] | None = None
    """Shape (T,), ids of EXPRESSIONS. None: unknown, written as neutral."""
    speech: NDArray[np.uint8] | None = None
    """Shape (T,), ids of SPEECH_KINDS, 255 = silent. None: unknown, written as silent."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MotionSequence:
    """A continuous recording; all actors share its clock and its world."""

    source: str
    sequence_id: str
    """Unique in the source, readable, stable: path-like words of [A-Za-z0-9_.+-] joined by '/'."""
    performance_id: str
    """Equal for recordings of one performance (cameras, rigs, copies); never straddles splits."""
    fps: float
    actors: tuple[ActorMotion, ...]
    origin: Origin
    labels: tuple[Label, ...] = ()
    style: str = ""
    body_model: str = "rig"
    """How 3D points came about: rig, generic, sensor, joints, or a model such as smplh_neutral."""
    approximate_vertical: bool = False
    """True if gravity is only roughly along -y (a tilted sensor)."""
    symmetric: bool = True
    """False: a left/right swap would make the labels untrue."""
    locomotion: bool | None = None
    """True: travels; False: stays; None: unknown. A hint for the view, not a label."""
    margin_frames: tuple[int, int] = (0, 0)
    """Frames at the start and end that only feed the low-pass filter and are dropped after it."""
    warnings: tuple[str, ...] = field(default=())
    shots: tuple[Shot, ...] = ()
    """Camera moves, in time order; none: one still camera a clip."""
    environment: dict[str, float] | None = None
    """Known numbers of the scene by the names of `environment.ENVIRONMENT_FEATURES`."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.actors) <= MAX_ACTORS:
            msg = f"{self.sequence_id}: expected 1..{MAX_ACTORS} actors, got {len(self.actors)}"
            raise ValueError(msg)
        if not (np.isfinite(self.fps) and self.fps > 0):
            msg = f"{self.sequence_id}: expected frames per second > 0, got {self.fps}"
            raise ValueError(msg)
        num_frames = self.actors[0].points.shape[0]
        for number, actor in enumerate(self.actors):
            want = (num_frames, NUM_BODY_POINTS, 3)
            if actor.points.shape != want or actor.points.dtype != np.float32:
                msg = (
                    f"{self.sequence_id}: actor {number}: expected float32 points {want}, "
                    f"got {actor.points.dtype} {actor.points.shape}"
                )
                raise ValueError(msg)
            if actor.tracked is not None and actor.tracked.shape != want[:2]:
                msg = (
                    f"{self.sequence_id}: actor {number}: expected tracked {want[:2]}, "
                    f"got {actor.tracked.shape}"
                )
                raise ValueError(msg)
            for name, ids, num_ids in _face_tracks(actor):
                _check_ids(ids, num_frames, num_ids, where=f"{self.sequence_id}: {name} {number}")
        if self.environment is not None:
            environment_vector(self.environment)
        if sum(self.margin_frames) >= num_frames or min(self.margin_frames) < 0:
            msg = (
                f"{self.sequence_id}: expected margins >= 0 that leave a frame of {num_frames}, "
                f"got {self.margin_frames}"
            )
            raise ValueError(msg)

    @property
    def num_frames(self) -> int:
        """Frames of the sequence without its margins."""
        return int(self.actors[0].points.shape[0]) - sum(self.margin_frames)


def _face_tracks(actor: ActorMotion) -> list[tuple[str, NDArray[np.uint8], int]]:
    tracks = (
        ("expression of actor", actor.expression, len(EXPRESSIONS)),
        ("speech of actor", actor.speech, len(SPEECH_KINDS)),
    )
    return [(name, ids, count) for name, ids, count in tracks if ids is not None]


def _check_ids(ids: NDArray[np.uint8], num_frames: int, num_ids: int, *, where: str) -> None:
    silent = (ids == SILENT) & (num_ids == len(SPEECH_KINDS))
    if ids.dtype != np.uint8 or ids.shape != (num_frames,) or not (silent | (ids < num_ids)).all():
        msg = (
            f"{where}: expected uint8 ids below {num_ids}, shape ({num_frames},), "
            f"got {ids.dtype} {ids.shape}, largest {ids.max(initial=0)}"
        )
        raise ValueError(msg)
