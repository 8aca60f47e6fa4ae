"""From conditions of scenes to their joints: person by person, window by window.

Letters of shapes: C scenes, N actors, T frames, P = 20 numbers of a state, S sentences, E width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from datasets_spec.schema import MAX_FRAMES
from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.data.partner import partner_states
from stickgen_model.diffusion.noise import frame_mask
from stickgen_model.diffusion.sampler import SampleRequest
from stickgen_model.diffusion.schedule import make_schedule
from stickgen_model.diffusion.windows import WindowConfig, sample_long
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.motion.smoothing import smooth_motion
from stickgen_model.training.objective import mix_seed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.diffusion.sampler import SamplerConfig
    from stickgen_model.diffusion.schedule import Denoiser
    from stickgen_model.given_motion import GivenMotion
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.scenes import GenerateConfig
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["SceneBatch", "SceneSampler"]

_SHORTEST_WINDOW: Final = 40


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SceneBatch:
    """Conditions of some scenes.

    Attributes:
        text: Vectors of sentences, (C, E), or (C, S, E) where a scene has several.
        actions: Ids, C of them, or C lists of T.
        lengths: Frames, C of them.
        seeds: C of them.
        pictures: Picture conditions by name.
        given: What stays as it is.
        sections: Frames of each sentence, S of them; empty = one.
    """

    text: Tensor
    actions: list[int] | list[list[int]]
    lengths: list[int]
    seeds: list[int]
    pictures: dict[str, Tensor]
    given: GivenMotion | None = None
    sections: tuple[int, ...] = ()


class SceneSampler:
    """The part of `StickGen` that samples; whoever inherits sets the attributes."""

    model: StickFigureTransformer
    codec: MotionCodec
    info: CheckpointInfo
    _device: str

    def _scenes(self, part: SceneBatch, config: GenerateConfig) -> NDArray[np.float32]:
        """Scenes of one batch, (C, N, T, 10, 2)."""
        mask_CT = frame_mask(part.lengths).to(self._device)
        found: list[Tensor] = []
        for actor in range(config.num_actors):
            start_x = config.spacing * (actor - (config.num_actors - 1) / 2)
            partner_CTP = None
            if found:
                own_frame = found[-1].clone()
                own_frame[..., ::2] -= start_x
                partner_CTP = partner_states(own_frame, self.codec, mask_BT=mask_CT)
            states_CTP = self._sample(part, config, actor=actor, partner_CTP=partner_CTP)
            if actor == 0 and part.given is not None:
                joints_CTP = part.given.decode(self.codec, states_CTP)
            else:
                joints_CTP = self.codec.decode(states_CTP, start_x=start_x)
            found.append(torch.where(mask_CT[..., None], joints_CTP, 0.0))
        stacked = torch.stack(found, dim=1).cpu().numpy()
        joints = stacked.reshape(*stacked.shape[:3], NUM_JOINTS, 2)
        smooth = smooth_motion(joints, part.lengths, frames=config.smoothing(self._method))
        if part.given is not None:
            mask_CTJ = np.asarray(part.given.mask, dtype=bool)
            smooth[:, 0][mask_CTJ] = joints[:, 0][mask_CTJ]
        return smooth

    def _sample(
        self, part: SceneBatch, config: GenerateConfig, *, actor: int, partner_CTP: Tensor | None
    ) -> Tensor:
        """z-scored states of one actor of each scene, (C, T, P)."""
        actions = torch.tensor(part.actions, device=self._device)
        if actions.ndim == 1:
            actions = actions[:, None].expand(-1, max(part.lengths))
        conditions = {
            "text": part.text.to(self._device),
            "action": actions,
            **{name: value.to(self._device) for name, value in part.pictures.items()},
        }
        if partner_CTP is not None:
            conditions["partner"] = partner_CTP
        request = SampleRequest(
            lengths=tuple(part.lengths),
            seeds=tuple(mix_seed(seed, actor) for seed in part.seeds),
            conditions=conditions,
            known=part.given.known(self.codec) if part.given and actor == 0 else None,
            device=self._device,
        )
        return sample_long(
            self._denoiser(),
            request,
            schedule=make_schedule(self.info.schedule),
            config=self._sampler(config),
            window=self.window,
            sections=part.sections,
        )

    @property
    def window(self) -> WindowConfig:
        """Windows as long as the clips of the training: it knows nothing of longer ones."""
        trained = self.info.max_frames or MAX_FRAMES
        frames = min(max(trained, _SHORTEST_WINDOW), MAX_FRAMES)
        return WindowConfig(frames=frames, overlap=frames // 4, join="shared")

    def _denoiser(self) -> Denoiser:
        return PoseDenoiser(self.model)

    def _sampler(self, config: GenerateConfig) -> SamplerConfig:
        return config.sampler(self._method)

    @property
    def _method(self) -> str:
        """Of the sampler, where none is named."""
        return "dpm" if self.info.diffusion else "one_step"
