"""What a motion is asked to be: text, camera, partner, action, image, viewpoint.

Letters of shape suffixes: B batch, T frames, E width of a sentence vector, P numbers of a pose,
R rows and columns of an image.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

__all__ = ["CONDITIONS", "Conditions"]

CONDITIONS: Final = ("text", "camera", "partner", "action", "image", "viewpoint")
"""Names of the conditions that can be present or absent, each on its own."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Conditions:
    """Conditions of a batch; what is None is absent for the whole batch.

    An absent condition adds nothing (for the text: its vector is zero), whatever its tensor
    holds there. So `without("text")` and `present={"text": zeros}` are the same, and a model
    trained with some conditions dropped can be guided by each.

    Attributes:
        text: Sentence vectors of unit length, (B, E).
        fused: What `StickFigureTransformer.fuse` made of text, image and viewpoint, (B, E); takes
            their place, so that it is computed once for many sampling steps.
        camera: Camera (x, y, zoom) of every frame, (B, T, 3).
        partner: Poses of the other person, (B, T, P), in the numbers of the motion, but with the
            place of the pelvis where the motion has its step: `stickgen_model.data.partner`.
        action: Action ids, (B, T), integer; UNLABELLED adds nothing.
        image: RGB pictures with values in 0..1, (B, 3, R, R), R = 256. Multimodal models only.
        viewpoint: Position (3), target (3) and field of view (1) of the picture's camera, (B, 7).
        present: By name, which samples have the condition, (B,) bool; a name that is missing
            means all.
    """

    text: Tensor | None = None
    fused: Tensor | None = None
    camera: Tensor | None = None
    partner: Tensor | None = None
    action: Tensor | None = None
    image: Tensor | None = None
    viewpoint: Tensor | None = None
    present: Mapping[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse names that are no condition."""
        _check_names(tuple(self.present))

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> Conditions:
        """Conditions in which an absent one is a row of zeros.

        That is how guidance leaves a condition out. No real one is zero all over: a camera has a
        zoom above 0, a sentence vector has unit length, a viewpoint has a field of view and a
        picture is not all black. A viewpoint belongs to its image and goes with it.

        Args:
            tensors: By name, batch first; other names (`mask`) are left aside.
        """
        given = {name: tensors[name] for name in CONDITIONS if name in tensors}
        present = {
            name: value.flatten(1).ne(0).any(dim=1)
            for name, value in given.items()
            if name != "action"
        }
        if "image" in present and "viewpoint" in given:
            present["viewpoint"] = present["image"] & present["viewpoint"]
        return cls(present=present, **given)

    def without(self, *names: str) -> Conditions:
        """The same, with the named conditions absent everywhere.

        Raises:
            ValueError: If a name is no condition, or what is to go is part of `fused` already.
        """
        _check_names(names)
        if self.fused is not None and {"text", "image", "viewpoint"} & set(names):
            msg = f"expected conditions that are not fused yet, to leave out {names}; fuse later"
            raise ValueError(msg)
        left = {name: flag for name, flag in self.present.items() if name not in names}
        gone: dict[str, Any] = dict.fromkeys(names)
        return replace(self, present=left, **gone)

    def to(
        self, device: torch.device | str | None = None, *, non_blocking: bool = False
    ) -> Conditions:
        """The same on another device."""
        moved: dict[str, Any] = {
            f.name: value.to(device, non_blocking=non_blocking)
            for f in fields(self)
            if f.name != "present" and (value := getattr(self, f.name)) is not None
        }
        present = {
            name: flag.to(device, non_blocking=non_blocking) for name, flag in self.present.items()
        }
        return replace(self, present=present, **moved)

    def check(self, *, batch: int, frames: int, pose_dim: int, text_dim: int) -> None:
        """Compare all shapes with those of the motion.

        Raises:
            ValueError: If a shape is another; the text names every one.
        """
        expected: dict[str, tuple[int, ...]] = {
            "text": (batch, text_dim),
            "fused": (batch, text_dim),
            "camera": (batch, frames, 3),
            "partner": (batch, frames, pose_dim),
            "action": (batch, frames),
            "image": (batch, 3, *self._image_size()),
            "viewpoint": (batch, 7),
        }
        given = [(name, getattr(self, name), shape) for name, shape in expected.items()]
        given += [(f"present[{n!r}]", flag, (batch,)) for n, flag in self.present.items()]
        faults = [
            f"{name}: expected shape {shape}, got {tuple(value.shape)}"
            for name, value, shape in given
            if value is not None and tuple(value.shape) != shape
        ]
        if faults:
            raise ValueError("; ".join(faults))

    def _image_size(self) -> tuple[int, ...]:
        return (256, 256) if self.image is None else tuple(self.image.shape[-2:])


def _check_names(names: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in CONDITIONS]
    if unknown:
        msg = f"expected conditions of {CONDITIONS}, got {unknown}"
        raise ValueError(msg)
