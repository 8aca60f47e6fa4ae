"""Text to motion with a trained checkpoint.

Letters of shapes: C clips, N actors, T frames, P = 20 numbers of a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import NUM_JOINTS
from datasets_spec.vocabulary import UNLABELLED, action_id
from stickgen_model.data.partner import partner_states
from stickgen_model.diffusion.noise import frame_mask
from stickgen_model.diffusion.sampler import SampleRequest
from stickgen_model.diffusion.schedule import make_schedule
from stickgen_model.diffusion.windows import sample_long
from stickgen_model.export_model.place import onnx_file
from stickgen_model.given_motion import GivenMotion
from stickgen_model.lora import load_lora_file
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.picture_input import picture_conditions
from stickgen_model.scenes import GenerateConfig, Motions
from stickgen_model.text.encoder import (
    encode_sentences,
    identity_of,
    normalise_sentence,
    pad_vectors,
)
from stickgen_model.text.loading import load_encoder
from stickgen_model.training.checkpoint import (
    ADAPTER_FILE,
    CONFIG_FILE,
    MODEL_FILE,
    best_checkpoint,
    load_weights,
    read_info,
)
from stickgen_model.training.objective import mix_seed
from stickgen_model.training.precision import autocast_to
from stickgen_model.training.stored_weights import stored_precision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.diffusion.sampler import SamplerConfig
    from stickgen_model.diffusion.schedule import Denoiser
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.text.encoder import TextEncoder
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["GenerateConfig", "Motions", "StickGen"]


class StickGen:
    """A trained model, ready to generate.

    Args:
        model: In evaluation mode.
        codec: Of its states.
        info: What its checkpoint says.
        encoder: Of the texts; must be the one of the training.
        device: Where to compute.
    """

    def __init__(
        self,
        model: StickFigureTransformer,
        *,
        codec: MotionCodec,
        info: CheckpointInfo,
        encoder: TextEncoder,
        device: str = "cpu",
    ) -> None:
        info.encoder.check_same(identity_of(encoder), where="checkpoint")
        self.model = model.to(device).eval()
        self.codec, self.info = codec.to(device), info
        self._encoder, self._device = encoder, device

    @classmethod
    def from_pretrained(
        cls,
        path: Path,
        encoder: TextEncoder | None = None,
        *,
        device: str = "cpu",
        adapter: Path | None = None,
    ) -> StickGen:
        """Load a checkpoint.

        Args:
            path: Its folder, or the folder of a run: then its best, else its newest; an adapter in
                it is applied. An ONNX file or its folder is run by onnxruntime.
            encoder: Encoder of the texts, that of the training; None = load it by its name.
            device: Where to compute; on a GPU, weights stored as halves stay halves.
            adapter: File of a further adapter to apply.

        Raises:
            CheckpointError: If the folder is no checkpoint, or weights and model differ; the text
                names the keys.
            EncoderMismatchError: If the encoder is another.
            EncoderUnavailableError: If it cannot be loaded.
        """
        if onnx_file(path) is not None:
            from stickgen_model.export_model.onnx_generate import OnnxStickGen  # noqa: PLC0415

            return OnnxStickGen.from_pretrained(path, encoder, device=device, adapter=adapter)
        if not (path / CONFIG_FILE).is_file():
            path = best_checkpoint(path) or path
        info = read_info(path)
        encoder = load_encoder(info.encoder, device=device) if encoder is None else encoder
        info.encoder.check_same(identity_of(encoder), where=str(path))
        model = build_model(info.model)
        codec = load_weights(model, path)
        if info.adapter is not None:
            load_lora_file(model, path / ADAPTER_FILE)
        if adapter is not None:
            load_lora_file(model, adapter)
        if device.startswith("cuda") and stored_precision(path / MODEL_FILE) == "fp16":
            model.half()
        return cls(model, codec=codec, info=info, encoder=encoder, device=device)

    def generate(
        self,
        prompts: Sequence[str],
        config: GenerateConfig | None = None,
        *,
        actions: Sequence[str | None] | None = None,
        lengths: Sequence[int] | None = None,
        images: Sequence[NDArray[Any] | None] | NDArray[Any] | None = None,
        viewpoints: Sequence[ArrayLike | None] | NDArray[Any] | None = None,
        given: GivenMotion | None = None,
        **settings: Any,
    ) -> Motions:
        """Make a scene for each prompt.

        A scene follows from its prompt, its number, the seed and its length; neither the batch
        size nor the other prompts change it.

        Args:
            prompts: Sentences; an empty one leaves the model free.
            config: How; None = the defaults.
            actions: Word of the vocabulary for each scene, or None to leave it to the text.
            lengths: Frames of each scene, in place of `seconds`.
            images: RGB pictures of the scenes, (3, 256, 256) each, uint8 or float 0..1, or None for
                a scene without; multimodal models only.
            viewpoints: Camera of each picture, 7 numbers as of `stickgen_model.render.viewpoint`,
                or None where it is not known.
            given: Joints of the first actors that stay as they are; their places are of the scene.
            settings: Fields of `GenerateConfig` by name (seconds, seed, steps, guidance,
                num_actors, ...); they go before `config`.

        Raises:
            ConfigError: If pictures do not fit, or the model takes none.
            ValueError: If there are no prompts, an action is unknown, numbers differ or are out of
                range.
        """
        config = (GenerateConfig() if config is None else config).changed(settings)
        prompts = _checked_prompts(prompts)
        frames = [config.num_frames] * len(prompts) if lengths is None else list(lengths)
        words = [None] * len(prompts) if actions is None else list(actions)
        if not len(prompts) == len(frames) == len(words):
            msg = (
                f"expected an action and a length for each of {len(prompts)} prompts, got "
                f"{len(words)} and {len(frames)}"
            )
            raise ValueError(msg)
        config.check_lengths(frames)
        if given is not None:
            given.check_fits(frames)
        pictures = self._pictures(images, viewpoints, scenes=len(prompts))
        text = self._text(prompts)
        ids = [UNLABELLED if word is None else action_id(word) for word in words]
        seeds = [mix_seed(config.seed, number) for number in range(len(prompts))]
        joints = np.zeros(
            (len(prompts), config.num_actors, max(frames), NUM_JOINTS, 2), dtype=np.float32
        )
        for start in range(0, len(prompts), config.batch_size):
            rows = slice(start, start + config.batch_size)
            part = _Part(
                text=text[rows],
                actions=ids[rows],
                lengths=frames[rows],
                seeds=seeds[rows],
                pictures={name: value[rows] for name, value in pictures.items()},
                given=given and given.part(rows, frames=max(frames[rows])),
            )
            with autocast_to(config.precision, torch.device(self._device)):
                found = self._scenes(part, config)
            joints[rows, :, : found.shape[2]] = found
        return Motions(joints=joints, lengths=tuple(frames), prompts=prompts, seeds=tuple(seeds))

    def _text(self, prompts: Sequence[str]) -> Tensor:
        """Vectors of prompts, (C, width of the model)."""
        sentences = [normalise_sentence(prompt) for prompt in prompts]
        distinct = list(dict.fromkeys(sentences))
        vectors = encode_sentences(self._encoder, distinct)
        rows = [distinct.index(sentence) for sentence in sentences]
        return torch.from_numpy(pad_vectors(vectors, dim=self.info.model.text_dim)[rows])

    def _pictures(
        self,
        images: Sequence[NDArray[Any] | None] | NDArray[Any] | None,
        viewpoints: Sequence[ArrayLike | None] | NDArray[Any] | None,
        *,
        scenes: int,
    ) -> dict[str, Tensor]:
        """Pictures and viewpoints as conditions."""
        found = picture_conditions(images, viewpoints, scenes=scenes)
        if found and not self.info.model.multimodal:
            msg = (
                "images: expected a multimodal model, got one for motion only; leave images out, "
                "or load a checkpoint that was trained with multimodal"
            )
            raise ConfigError(msg)
        return found

    def _scenes(self, part: _Part, config: GenerateConfig) -> NDArray[np.float32]:
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
        return np.asarray(stacked.reshape(*stacked.shape[:3], NUM_JOINTS, 2), dtype=np.float32)

    def _sample(
        self, part: _Part, config: GenerateConfig, *, actor: int, partner_CTP: Tensor | None
    ) -> Tensor:
        """z-scored states of one actor of each scene, (C, T, P)."""
        actions_C = torch.tensor(part.actions, device=self._device)
        conditions = {
            "text": part.text.to(self._device),
            "action": actions_C[:, None].expand(-1, max(part.lengths)),
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
        )

    def _denoiser(self) -> Denoiser:
        return PoseDenoiser(self.model)

    def _sampler(self, config: GenerateConfig) -> SamplerConfig:
        return config.sampler("dpm" if self.info.diffusion else "one_step")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Part:
    """Scenes of one batch."""

    text: Tensor
    actions: list[int]
    lengths: list[int]
    seeds: list[int]
    pictures: dict[str, Tensor]
    given: GivenMotion | None


def _checked_prompts(prompts: Sequence[str]) -> tuple[str, ...]:
    if isinstance(prompts, str) or not prompts or not all(isinstance(p, str) for p in prompts):
        msg = f"expected a list of at least one sentence, got {prompts!r}"
        raise ValueError(msg)
    return tuple(prompts)
