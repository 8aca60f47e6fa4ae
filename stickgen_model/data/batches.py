"""Clips side by side, padded to the longest.

Letters of shapes: B batch, T frames of the longest clip, P = 20 numbers of a state, E numbers of a
scene or of a sentence vector, R rows and columns of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.data.partner import partner_states
from stickgen_model.diffusion.noise import frame_mask
from stickgen_model.losses import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.data.augment import Tracks
    from stickgen_model.data.clip_pictures import ViewedPicture

__all__ = ["Batch", "Sample", "collate_samples"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Sample:
    """A clip ready to be batched.

    Attributes:
        tracks: As `vary_clip` made them.
        text: Sentence vector, or None without caption, shape (E,).
        row: Row of the clip in its store.
        picture: Of one of its frames, or None.
    """

    tracks: Tracks
    text: NDArray[np.float32] | None
    row: int
    picture: ViewedPicture | None = None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Batch:
    """Tensors of some clips; padded frames are zero, action ids there UNLABELLED.

    Attributes:
        states_BTP: Clean z-scored states.
        mask_BT: True where a frame is real.
        actions_BT: int64, UNLABELLED where not known.
        physics_BT6: As stored in clips.
        environment_BE: As stored, NaN where not known, (B, 32).
        text_BE: Sentence vectors, zero without caption.
        camera_BT3: Camera, x counted from the clip's first pelvis.
        partner_BTP: As `partner_states` makes them, zero without partner.
        present: Which clips have text, camera, partner, action, environment (and image where there
            are pictures), (B,) bool each.
        rows_B: Rows of the clips in their store, int64.
        image_B3RR: Pictures, uint8 RGB, zero where a clip has none; None without any.
        viewpoint_B7: Cameras of the pictures, zero where a clip has none; None without any.
    """

    states_BTP: Tensor
    mask_BT: Tensor
    actions_BT: Tensor
    physics_BT6: Tensor
    environment_BE: Tensor
    text_BE: Tensor
    camera_BT3: Tensor
    partner_BTP: Tensor
    present: Mapping[str, Tensor]
    rows_B: Tensor
    image_B3RR: Tensor | None = None
    viewpoint_B7: Tensor | None = None

    def __len__(self) -> int:
        return self.states_BTP.shape[0]

    def conditions(self) -> dict[str, Tensor]:
        """As denoisers and `drop_conditions` take them, `mask` among them."""
        found = {
            "text": self.text_BE,
            "camera": self.camera_BT3,
            "partner": self.partner_BTP,
            "action": self.actions_BT,
            "mask": self.mask_BT,
        }
        if self.image_B3RR is not None and self.viewpoint_B7 is not None:
            found |= {"image": self.image_B3RR / 255.0, "viewpoint": self.viewpoint_B7}
        return found

    def targets(self) -> Targets:
        """As the losses take them."""
        return Targets(
            states_BTP=self.states_BTP,
            mask_BT=self.mask_BT,
            actions_BT=self.actions_BT,
            physics_BT6=self.physics_BT6,
            environment_BE=self.environment_BE,
        )

    def _map(self, change: Callable[[Tensor], Tensor]) -> Batch:
        changed: dict[str, Any] = {
            f.name: change(value)
            for f in fields(self)
            if f.name != "present" and (value := getattr(self, f.name)) is not None
        }
        return Batch(present={k: change(v) for k, v in self.present.items()}, **changed)

    def to(self, device: torch.device | str) -> Batch:
        """The same on another device."""
        return self._map(lambda tensor: tensor.to(device, non_blocking=True))

    def pin_memory(self) -> Batch:
        """The same in memory that copies to an accelerator fast."""
        return self._map(lambda tensor: tensor.pin_memory())


def collate_samples(
    samples: Sequence[Sample], *, codec: MotionCodec, text_dim: int, pad_multiple: int = 1
) -> Batch:
    """Make a batch.

    Args:
        samples: At least one.
        codec: Of the states.
        text_dim: Width of the model's text; narrower vectors are widened with zeros.
        pad_multiple: T becomes a multiple of it: fewer different shapes for a compiler.
    """
    lengths = [len(sample.tracks.joints) for sample in samples]
    frames = -(-max(lengths) // pad_multiple) * pad_multiple
    mask = frame_mask(lengths, frames)
    tracks = [sample.tracks for sample in samples]
    partner = _padded(
        [t.partner for t in tracks], (len(samples), frames, tracks[0].joints.shape[1])
    )
    has_partner = torch.tensor([t.partner is not None for t in tracks])
    actions = _padded([t.actions for t in tracks], (len(samples), frames), fill=UNLABELLED)
    environment = torch.from_numpy(np.stack([t.environment for t in tracks]))
    partner = partner_states(partner, codec, mask_BT=mask & has_partner[:, None])
    joints = _padded([t.joints for t in tracks], (len(samples), frames, tracks[0].joints.shape[1]))
    pictures = _pictures([sample.picture for sample in samples])
    seen = {} if pictures is None else {"image": pictures[0].flatten(1).any(dim=1)}
    return Batch(
        states_BTP=codec.encode(joints, mask),
        mask_BT=mask,
        actions_BT=actions.long(),
        physics_BT6=_padded([t.physics for t in tracks], (len(samples), frames, 6)),
        environment_BE=environment,
        text_BE=_padded([sample.text for sample in samples], (len(samples), text_dim)),
        camera_BT3=_padded([t.camera for t in tracks], (len(samples), frames, 3)),
        partner_BTP=partner,
        present={
            "text": torch.tensor([sample.text is not None for sample in samples]),
            "camera": torch.ones(len(samples), dtype=torch.bool),
            "partner": has_partner,
            "action": (actions != UNLABELLED).any(dim=1),
            "environment": torch.isfinite(environment).any(dim=1),
            **seen,
        },
        rows_B=torch.tensor([sample.row for sample in samples]),
        image_B3RR=None if pictures is None else pictures[0],
        viewpoint_B7=None if pictures is None else pictures[1],
    )


def _padded(
    arrays: Sequence[NDArray[Any] | None], shape: tuple[int, ...], *, fill: float = 0
) -> Tensor:
    """Arrays below one another, (B, ...); what is missing or too short is `fill`."""
    some = next((array for array in arrays if array is not None), None)
    whole = np.full(shape, fill, dtype=np.float32 if some is None else some.dtype)
    for row, array in enumerate(arrays):
        if array is not None:
            whole[row, : len(array)] = array
    return torch.from_numpy(whole)


def _pictures(found: Sequence[ViewedPicture | None]) -> tuple[Tensor, Tensor] | None:
    """Pictures (B, 3, R, R) uint8 and viewpoints (B, 7); None where no clip has one."""
    some = next((picture for picture in found if picture is not None), None)
    if some is None:
        return None
    images = np.zeros((len(found), *some.image.shape), dtype=np.uint8)
    viewpoints = np.zeros((len(found), len(some.viewpoint)), dtype=np.float32)
    for row, picture in enumerate(found):
        if picture is not None:
            images[row], viewpoints[row] = picture.image, picture.viewpoint
    channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return torch.from_numpy(channels_first), torch.from_numpy(viewpoints)
