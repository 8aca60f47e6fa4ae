"""Text to motion with a trained checkpoint.

Letters of shapes: C clips, N actors, T frames, P = 20 numbers of a state.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import NUM_JOINTS
from datasets_spec.vocabulary import UNLABELLED, action_id
from stickgen_model.animate import TextAnimator
from stickgen_model.diffusion.scene_sampler import SceneBatch, SceneSampler
from stickgen_model.evaluate.motion_labels import MotionLabels, label_motions, no_labels
from stickgen_model.export_model.place import onnx_file
from stickgen_model.given_motion import GivenMotion
from stickgen_model.lora import load_lora_file
from stickgen_model.model.multimodal import build_model
from stickgen_model.picture_input import picture_conditions
from stickgen_model.scenes import GenerateConfig, Motions, checked_prompts
from stickgen_model.script import parse_script
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

    from numpy.typing import ArrayLike, NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.script import ScriptPart
    from stickgen_model.text.encoder import TextEncoder
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["GenerateConfig", "Motions", "StickGen"]


class StickGen(SceneSampler, TextAnimator):
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
        path: Path | str,
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
        path = Path(path)
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
        prompts = checked_prompts(prompts)
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
            part = SceneBatch(
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

    def generate_script(
        self,
        script: str | Sequence[ScriptPart],
        config: GenerateConfig | None = None,
        *,
        actions: Sequence[str | None] | None = None,
        **settings: Any,
    ) -> Motions:
        """Make one scene in which each part follows a sentence of its own.

        The parts are made together and fade into each other over 1.4 s at most, without a cut.

        Args:
            script: `walks 3s; waves 2s` as of `stickgen_model.script`, or its parts.
            config: How; None = the defaults. Its seconds are not used: the parts have theirs.
            actions: Word of the vocabulary for each part, or None to leave it to the text.
            settings: As of `generate`.

        Returns:
            One scene; its `script` holds the parts.

        Raises:
            ConfigError: If the script cannot be read.
            ValueError: If an action is unknown, or numbers differ or are out of range.
        """
        config = (GenerateConfig() if config is None else config).changed(settings)
        parts = parse_script(script) if isinstance(script, str) else tuple(script)
        words = [None] * len(parts) if actions is None else list(actions)
        if not parts or len(words) != len(parts):
            msg = f"expected at least one part and an action for each, got {parts} and {words}"
            raise ValueError(msg)
        frames = [part.num_frames for part in parts]
        config.check_lengths([sum(frames)])
        ids = [UNLABELLED if word is None else action_id(word) for word in words]
        seed = mix_seed(config.seed, 0)
        batch = SceneBatch(
            text=self._text([part.text for part in parts])[None],
            actions=[[i for i, count in zip(ids, frames, strict=True) for _ in range(count)]],
            lengths=[sum(frames)],
            seeds=[seed],
            pictures={},
            sections=tuple(frames),
        )
        with autocast_to(config.precision, torch.device(self._device)):
            joints = self._scenes(batch, config)
        title = "; ".join(part.text for part in parts)
        return Motions(
            joints=joints, lengths=(sum(frames),), prompts=(title,), seeds=(seed,), script=parts
        )

    def label(self, motions: Motions) -> MotionLabels:
        """What is done in every frame, told by the model's own action head.

        Args:
            motions: Generated by this model; what was asked helps to tell.

        Returns:
            Ids and how sure they are; a model without that head (ONNX) tells nothing.
        """
        if not hasattr(self, "model"):
            return no_labels(motions)
        asked = [part.text for part in motions.script] or motions.prompts
        text = self._text(asked)
        return label_motions(
            self.model,
            motions,
            codec=self.codec,
            text=text[None] if motions.script else text,
            window=self.window,
        )

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
