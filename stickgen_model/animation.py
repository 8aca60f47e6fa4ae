"""One scene, ready to be shown or written: what generation, drawing and every export share.

Letters of shapes: N actors, T frames. Places are in H (body height): x to the right, y up, floor at
0, depth towards the viewer; all actors of a scene lie in one common frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import NUM_JOINTS
from datasets_spec.vocabulary import EXPRESSIONS, NUM_ACTIONS, SPEECH_KINDS, UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stickgen_model.render.config import RenderConfig
    from stickgen_model.scenes import Motions

__all__ = ["MAX_SCENE_ACTORS", "SILENT", "Animation", "AnimationError", "Caption"]

SILENT: Final = 255
"""Per-frame speech id of somebody who says nothing."""

MAX_SCENE_ACTORS: Final = 16

_FARTHEST: Final = 1000.0
"""H: a joint beyond it is a fault of the file, not a long walk."""


class AnimationError(StickgenError):
    """Arrays that are no scene."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caption:
    """A line of text under a stretch of the scene, seconds."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Animation:
    """A scene of one or several people.

    Attributes:
        joints: Shape (N, T, 10, 2), float32, H, order of `datasets_spec.skeleton.JOINTS`.
        depth: Shape (N, T, 10), float32, H, towards the viewer is larger; None = not known.
        actions: Shape (N, T), uint8, ids of the vocabulary, 255 = unlabelled.
        expressions: Shape (N, T), uint8, ids of `EXPRESSIONS`; None = the action decides.
        speech: Shape (N, T), uint8, ids of `SPEECH_KINDS`, 255 = silent; None = the action decides.
        camera: Shape (T, 3), float32: centre x, y and zoom, as in the dataset; None = free.
        captions: In order of time.
        title: What the scene is: its prompt or its first caption.
        fps: Frames a second.
        facts: Where it comes from (model, seed, clip_id, licence ...), plain values.
    """

    joints: NDArray[np.float32]
    depth: NDArray[np.float32] | None = None
    actions: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 0), np.uint8))
    expressions: NDArray[np.uint8] | None = None
    speech: NDArray[np.uint8] | None = None
    camera: NDArray[np.float32] | None = None
    captions: tuple[Caption, ...] = ()
    title: str = ""
    fps: float = float(CLIP_FPS)
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be shown.

        Raises:
            AnimationError: If a shape, a type, an id or a number is out of its range.
        """
        shape = self.joints.shape
        if len(shape) != 4 or shape[2:] != (NUM_JOINTS, 2) or not 0 < shape[0] <= MAX_SCENE_ACTORS:
            msg = (
                f"expected joints of shape (1..{MAX_SCENE_ACTORS} actors, frames, {NUM_JOINTS}, 2),"
                f" got {shape}"
            )
            raise AnimationError(msg)
        if not shape[1]:
            msg = "expected at least one frame, got none"
            raise AnimationError(msg)
        if not (np.isfinite(self.fps) and 1.0 <= self.fps <= 1000.0):
            msg = f"expected 1..1000 frames a second, got {self.fps}"
            raise AnimationError(msg)
        if self.actions.shape == (0, 0):
            unlabelled = np.full(shape[:2], UNLABELLED, dtype=np.uint8)
            object.__setattr__(self, "actions", unlabelled)
        people = shape[:2]
        _check_numbers("joints", self.joints, shape)
        if self.depth is not None:
            _check_numbers("depth", self.depth, (*people, NUM_JOINTS))
        if self.camera is not None:
            _check_numbers("camera", self.camera, (shape[1], 3))
        _check_ids("actions", self.actions, people, count=NUM_ACTIONS, none=UNLABELLED)
        if self.expressions is not None:
            _check_ids("expressions", self.expressions, people, count=len(EXPRESSIONS), none=None)
        if self.speech is not None:
            _check_ids("speech", self.speech, people, count=len(SPEECH_KINDS), none=SILENT)

    @classmethod
    def from_motions(cls, motions: Motions, number: int, **more: Any) -> Animation:
        """One scene of what a model has generated.

        Args:
            motions: Generated scenes.
            number: Which.
            more: Further attributes by name.
        """
        joints = motions.joints[number, :, : motions.lengths[number]]
        facts = {"prompt": motions.prompts[number], "seed": motions.seeds[number]}
        values: dict[str, Any] = {
            "title": motions.prompts[number],
            "fps": float(motions.fps),
            "facts": facts,
        }
        return cls(joints=joints, **(values | more))

    @property
    def num_actors(self) -> int:
        """People in the scene."""
        return int(self.joints.shape[0])

    @property
    def num_frames(self) -> int:
        """Frames, the same for all."""
        return int(self.joints.shape[1])

    @property
    def seconds(self) -> float:
        """Length: each frame stands for 1 / fps."""
        return self.num_frames / self.fps

    def save(self, path: str | Path, config: RenderConfig | None = None, **drawing: Any) -> None:
        """Write it as a file; the suffix chooses: .mp4, .gif, .svg, .html, .motion, .bvh, ...

        Args:
            path: The file; one that is there is replaced.
            config: How it is drawn; None = the defaults.
            drawing: Fields of `RenderConfig` by name (width, height, fps, look, camera, ...);
                they go before `config`.

        Raises:
            ConfigError: If the suffix or a setting is unknown or out of its range.
            OutputError: If it cannot be written; nothing is then left there.
        """
        # drawing and every format: only whoever saves pays for them
        from stickgen_model.export.save import save_animation  # noqa: PLC0415
        from stickgen_model.render.config import RenderConfig  # noqa: PLC0415

        chosen = RenderConfig() if config is None else config
        unknown = sorted(set(drawing) - {field.name for field in fields(RenderConfig)})
        if unknown:
            msg = f"expected settings of a picture such as look or camera, got {unknown}"
            raise ConfigError(msg)
        save_animation(self, Path(path), replace(chosen, **drawing))

    def changed(self, **values: Any) -> Animation:
        """The same with other attributes."""
        return replace(self, **values)


def _check_numbers(name: str, values: NDArray[np.float32], shape: tuple[int, ...]) -> None:
    if values.shape != shape or values.dtype != np.float32:
        msg = f"{name}: expected float32 of shape {shape}, got {values.dtype} {values.shape}"
        raise AnimationError(msg)
    if not np.isfinite(values).all() or float(np.abs(values).max()) > _FARTHEST:
        msg = f"{name}: expected finite numbers within {_FARTHEST:g} H"
        raise AnimationError(msg)


def _check_ids(
    name: str, values: NDArray[np.uint8], shape: tuple[int, ...], *, count: int, none: int | None
) -> None:
    if values.shape != shape or values.dtype != np.uint8:
        msg = f"{name}: expected uint8 of shape {shape}, got {values.dtype} {values.shape}"
        raise AnimationError(msg)
    wrong = values >= count
    if none is not None:
        wrong &= values != none
    if wrong.any():
        told = "" if none is None else f" or {none}"
        msg = f"{name}: expected ids below {count}{told}, got {int(values[wrong][0])}"
        raise AnimationError(msg)
