"""Checkpoint folders: what generates, and what is needed to go on.

- `config.json`: format, shape of the model, schedule, text encoder, adapter; read without torch
- `model.safetensors`: weights to generate with (the averaged ones) and the codec; as trained, or
  smaller as of `stored_weights`
- `adapter.safetensors`: of stage lora, the adapter alone
- `training.json`, `trained.safetensors`, `optimiser.pt`: to go on; may be deleted

A folder is written beside its place and renamed: it is whole or not there.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from datasets_spec.errors import StickgenError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import ModelConfig
from stickgen_model.text.encoder import EncoderIdentity
from stickgen_model.training.stored_weights import unpack_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from torch import Tensor, nn

__all__ = [
    "ADAPTER_FILE",
    "BEST_FILE",
    "CHECKPOINTS_DIR",
    "CONFIG_FILE",
    "MODEL_FILE",
    "CheckpointError",
    "CheckpointInfo",
    "best_checkpoint",
    "check_keys",
    "load_weights",
    "newest_checkpoint",
    "parse_info",
    "read_info",
    "read_json",
    "read_tensors",
    "write_folder",
    "write_inference_files",
]

FORMAT: Final = "stickgen-checkpoint-1"
BEST_FILE: Final = "best.json"
CHECKPOINTS_DIR: Final = "checkpoints"
CONFIG_FILE: Final = "config.json"
MODEL_FILE: Final = "model.safetensors"
ADAPTER_FILE: Final = "adapter.safetensors"
_TRAINING_FILE: Final = "training.json"
_CODEC_PREFIX: Final = "codec."


class CheckpointError(StickgenError):
    """A checkpoint cannot be used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointInfo:
    """What a checkpoint says about itself.

    Attributes:
        model: Shape of the model.
        encoder: Encoder of the texts it was trained with.
        schedule: Noise schedule.
        diffusion: False = trained for one step only.
        stage: pretrain, sft or lora.
        step: Steps done.
        adapter: Name of the adapter in the folder, or None.
        max_frames: Frames of the longest clips it was trained on; None = not known.
    """

    model: ModelConfig
    encoder: EncoderIdentity
    schedule: str
    diffusion: bool
    stage: str
    step: int
    adapter: str | None = None
    max_frames: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {"format": FORMAT, **asdict(self)}


def read_info(folder: Path) -> CheckpointInfo:
    """What a checkpoint folder says about itself.

    Raises:
        CheckpointError: If it is no checkpoint of this format.
    """
    info = parse_info(read_json(folder / CONFIG_FILE), where=f"{folder}/{CONFIG_FILE}")
    return info if info.max_frames else replace(info, max_frames=_trained_frames(folder))


def _trained_frames(folder: Path) -> int | None:
    """Of a checkpoint that does not say it in its facts, but still has those of the training."""
    try:
        found = json.loads((folder / _TRAINING_FILE).read_text(encoding="utf-8"))
        frames = found["config"]["max_frames"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return frames if isinstance(frames, int) and frames > 1 else None


def parse_info(values: Mapping[str, Any], *, where: str) -> CheckpointInfo:
    """The inverse of `CheckpointInfo.to_dict`.

    Args:
        values: Plain values.
        where: Their file, for the text of errors.

    Raises:
        CheckpointError: If they are no facts of a checkpoint of this format.
    """
    given = dict(values)
    found = given.pop("format", None)
    if found != FORMAT:
        msg = f"{where}: expected a checkpoint of format {FORMAT}, got {found!r}"
        raise CheckpointError(msg)
    try:
        given["model"] = ModelConfig(**given["model"])
        encoder = given.pop("encoder")
        identity = EncoderIdentity.from_dict(encoder, where=where)
        return CheckpointInfo(encoder=identity, **given)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"{where}: expected the facts of a checkpoint; {error!r}"
        raise CheckpointError(msg) from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a checkpoint.

    Raises:
        CheckpointError: If the file is missing or something else.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: expected a checkpoint folder with this JSON file; {error}"
        raise CheckpointError(msg) from error
    if not isinstance(values, dict):
        msg = f"{path}: expected a JSON object, got {type(values).__name__}"
        raise CheckpointError(msg)
    return values


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file.

    Raises:
        CheckpointError: If the file is missing or damaged.
    """
    try:
        return dict(load_file(path))
    except (OSError, SafetensorError) as error:
        msg = f"{path}: expected a safetensors file; {error}"
        raise CheckpointError(msg) from error


def check_keys(own: Mapping[str, Tensor], found: Mapping[str, Tensor], *, where: str) -> None:
    """Refuse tensors that are not exactly those of a model.

    Raises:
        CheckpointError: If a key is missing, unexpected or of another shape; all are named.
    """
    shapes = [
        f"{key} {tuple(found[key].shape)} for {tuple(own[key].shape)}"
        for key in own
        if key in found and found[key].shape != own[key].shape
    ]
    faults = {
        "missing": [key for key in own if key not in found],
        "unexpected": [key for key in found if key not in own],
        "of another shape": shapes,
    }
    told = [f"{what}: {', '.join(keys)}" for what, keys in faults.items() if keys]
    if told:
        msg = f"{where}: the weights do not fit the model; " + "; ".join(told)
        raise CheckpointError(msg)


def load_weights(model: nn.Module, folder: Path, *, fresh: Collection[str] = ()) -> MotionCodec:
    """Fill a model with the weights of a checkpoint; every key must fit.

    Args:
        model: Changed in place, or not at all.
        folder: Checkpoint.
        fresh: Parts of the model that keep their numbers and must not be in the checkpoint.

    Returns:
        The codec that belongs to the weights.

    Raises:
        CheckpointError: If the weights are of another model; the text names the keys.
    """
    path = folder / MODEL_FILE
    tensors = unpack_weights(read_tensors(path))
    weights = {key: value for key, value in tensors.items() if not key.startswith(_CODEC_PREFIX)}
    asked = {k: v for k, v in model.state_dict().items() if k.partition(".")[0] not in fresh}
    check_keys(asked, weights, where=str(path))
    try:
        codec = MotionCodec.from_state_dict(tensors)
    except ValueError as error:
        msg = f"{path}: {error}"
        raise CheckpointError(msg) from error
    model.load_state_dict(model.state_dict() | weights)
    return codec


def write_inference_files(
    folder: Path, info: CheckpointInfo, *, weights: Mapping[str, Tensor], codec: MotionCodec
) -> None:
    """Write what generating needs into an existing folder."""
    tensors = {key: value.detach().cpu().contiguous() for key, value in weights.items()}
    tensors |= codec.to("cpu").state_dict()
    save_file(tensors, folder / MODEL_FILE, metadata={"format": "pt"})
    write_json(folder / CONFIG_FILE, info.to_dict())


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a JSON object."""
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder that is whole or not there; one that is there is replaced.

    Args:
        folder: Its place.
        fill: Writes the files into the folder that it is given.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        fill(part)
        for path in part.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        if folder.exists():
            old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
            folder.rename(old)
            part.rename(folder)
            shutil.rmtree(old)
        else:
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def newest_checkpoint(folder: Path) -> Path | None:
    """The `step-*` folder of the most steps, None where there is none."""
    found = sorted(folder.glob("step-*"))
    return found[-1] if found else None


def best_checkpoint(run: Path) -> Path | None:
    """The best checkpoint of a run, else its newest, else None.

    Args:
        run: Folder of a run, or of its checkpoints.
    """
    for folder in (run / CHECKPOINTS_DIR, run):
        try:
            best = json.loads((folder / BEST_FILE).read_text(encoding="utf-8"))["checkpoint"]
        except (OSError, ValueError, KeyError, TypeError):
            best = None  # there is none: a run that never validated
        # a plain name: the file may come from elsewhere
        named = [found for found in folder.glob("step-*") if found.name == best]
        found = named[0] if named else newest_checkpoint(folder)
        if found is not None:
            return found
    return None
