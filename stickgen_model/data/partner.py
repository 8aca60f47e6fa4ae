"""The track of the other person as the model sees it.

Letters of shapes: B batch (any leading axes), T frames, P = 20 pose numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stickgen_model.state_moments import DX

if TYPE_CHECKING:
    from torch import Tensor

    from stickgen_model.codec import MotionCodec

__all__ = ["partner_states"]


def partner_states(
    partner_BTP: Tensor, codec: MotionCodec, *, mask_BT: Tensor | None = None
) -> Tensor:
    """States of the partner, but with the pelvis' place in that of its step.

    Steps alone would not say where the partner stands, and a handshake needs that. The place is
    known before the own motion is, since it counts from where that begins.

    Args:
        partner_BTP: Joints, H, with x counted from the first pelvis of the own clip,
            shape (..., T, 20).
        codec: Of the states.
        mask_BT: True where a frame is real, shape (..., T).

    Returns:
        Shape (..., T, 20): z-scored, but column 2 (pelvis x) in H; zero where the mask is False.
    """
    states = codec.encode(partner_BTP, mask_BT)
    place = partner_BTP[..., DX]
    if mask_BT is not None:
        place = torch.where(mask_BT, place, 0.0)
    return torch.cat([states[..., :DX], place[..., None], states[..., DX + 1 :]], dim=-1)
