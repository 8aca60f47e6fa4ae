"""What `benchmarks.model` measures, one row in a process: training, a forward, a generation.

Random weights and synthetic clips of 250 frames in memory: no data set is needed.

Letters of shapes: B batch, T frames, E numbers of a sentence vector.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file
from torch import nn

from benchmarks.single import peak_mb, timed
from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.skeleton import POSE_DIM
from stickgen_model.codec import MotionCodec
from stickgen_model.config import TEXT_DIM, ModelConfig, variant_config
from stickgen_model.data.batches import Batch
from stickgen_model.generate import StickGen
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.multimodal import build_model
from stickgen_model.model.sizes import count_parameters
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo
from stickgen_model.training.config import pretrain_preset
from stickgen_model.training.memory import freed_memory_kept
from stickgen_model.training.objective import Objective
from stickgen_model.training.optimiser import AveragedWeights, make_optimiser, trainable_parameters
from stickgen_model.training.precision import autocast_to

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WAYS", "Row", "forward_gflop", "measure", "measure_sizes_of", "synthetic_batch"]

FRAMES = 250
WAYS = ("train", "forward", "one_step", "ten_steps")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: what is measured, and of which size.

    Attributes:
        way: One of WAYS.
        variant: Size of the model.
        precision: fp32 or bf16.
        batch: Clips at a time.
        repeat: Timed runs, after one that is not.
        device: Where.
        frames: Frames of a clip.
        checkpointing: Gradient checkpointing, in training.
    """

    way: str
    variant: str
    precision: str = "fp32"
    batch: int = 16
    repeat: int = 5
    device: str = "cpu"
    frames: int = FRAMES
    checkpointing: bool = False


def measure(row: Row) -> dict[str, Any]:
    """Run a row in this process.

    Returns:
        `times` (seconds of CPU and wall of each run), `peak_mb`, `loss` of training.
    """
    torch.manual_seed(0)
    makers = {"train": _training, "forward": _forward}
    work, losses = makers.get(row.way, _generation)(row), []

    def once() -> None:
        losses.append(work())
        if row.device != "cpu":
            torch.cuda.synchronize()

    # as `train` does
    with freed_memory_kept() if row.way == "train" else nullcontext():
        once()
        times = [timed(once) for _ in range(row.repeat)]
        peak = peak_mb()
    if row.device != "cpu":
        peak = torch.cuda.max_memory_allocated() / 1e6
    return {"times": times, "peak_mb": peak, "loss": losses[0]}


def synthetic_batch(size: int, frames: int = FRAMES) -> Batch:
    """Clips of noise, all of one length, with every condition."""
    generator = torch.Generator().manual_seed(0)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    here = torch.ones(size, dtype=torch.bool)
    names = ("text", "camera", "partner", "action", "environment")
    return Batch(
        states_BTP=noise(size, frames, POSE_DIM),
        mask_BT=torch.ones(size, frames, dtype=torch.bool),
        actions_BT=torch.zeros(size, frames, dtype=torch.int64),
        physics_BT6=noise(size, frames, 6),
        environment_BE=noise(size, ENVIRONMENT_DIM),
        text_BE=nn.functional.normalize(noise(size, TEXT_DIM), dim=1),
        camera_BT3=torch.ones(size, frames, 3),
        partner_BTP=noise(size, frames, POSE_DIM),
        present=dict.fromkeys(names, here),
        rows_B=torch.arange(size),
    )


def forward_gflop(config: ModelConfig, frames: int = FRAMES) -> float:
    """10^9 operations of one clip's way through the motion model; training takes three times it.

    Two for each number of a matrix and token, and 4 S^2 D a layer for the attention of S tokens.
    """
    with torch.device("meta"):
        model = build_model(replace(config, multimodal=False))
    tokens = frames + 1
    once = {"text_projection", "position_decoder", "velocity_decoder", "environment_decoder"}
    total = 4.0 * tokens**2 * config.d_model * config.layers
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            part = name.split(".", maxsplit=1)[0]
            times = 1 if part in once else tokens if part == "transformer_encoder" else frames
            total += 2.0 * module.weight.numel() * times
    return total / 1e9


def measure_sizes_of(variant: str) -> dict[str, float]:
    """Parameters of a motion-only model, and megabytes of its file in two precisions."""
    model = build_model(variant_config(variant))
    sizes: dict[str, float] = {"parameters": count_parameters(model)}
    with TemporaryDirectory() as folder:
        for name, dtype in (("fp32", torch.float32), ("fp16", torch.float16)):
            place = Path(folder) / f"{name}.safetensors"
            save_file({k: v.to(dtype).contiguous() for k, v in model.state_dict().items()}, place)
            sizes[name] = place.stat().st_size / 1e6
    return sizes


def _codec() -> MotionCodec:
    return MotionCodec(torch.zeros(POSE_DIM), torch.ones(POSE_DIM))


def _training(row: Row) -> Callable[[], float]:
    """A whole step: noise, forward, losses, backward, clipping, optimiser, averages."""
    device = torch.device(row.device)
    config = pretrain_preset(row.variant)
    model = build_model(variant_config(row.variant)).to(device).train()
    model.gradient_checkpointing = row.checkpointing
    objective = Objective(config=config, codec=_codec().to(device))
    optimiser, averages = make_optimiser(model, config.optim), AveragedWeights(model, 0.999)
    trained = list(trainable_parameters(model).values())
    batch = synthetic_batch(row.batch, row.frames).to(device)

    def step() -> float:
        with autocast_to(row.precision, device):
            losses = objective.losses(model, batch, seed=0)
        losses["total"].backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, config.optim.clip_norm)
        optimiser.step()
        averages.update(model)
        optimiser.zero_grad(set_to_none=True)
        return float(losses["total"].detach())

    return step


def _forward(row: Row) -> Callable[[], float]:
    device = torch.device(row.device)
    model = build_model(variant_config(row.variant)).to(device).eval()
    batch = synthetic_batch(row.batch, row.frames).to(device)
    asked = Conditions(text=batch.text_BE, action=batch.actions_BT)
    levels = torch.ones(row.batch, device=device)

    @torch.no_grad()
    def run() -> float:
        with autocast_to(row.precision, device):
            model(batch.states_BTP, asked, mask_BT=batch.mask_BT, noise_level_B=levels)
        return 0.0

    return run


def _generation(row: Row) -> Callable[[], float]:
    """Sentences to joints, with a text encoder that costs nothing."""
    encoder = HashEncoder(TEXT_DIM)
    config = variant_config(row.variant)
    info = CheckpointInfo(
        model=config,
        encoder=identity_of(encoder),
        schedule="cosine",
        diffusion=row.way != "one_step",
        stage="pretrain",
        step=0,
    )
    model = StickGen(
        build_model(config), codec=_codec(), info=info, encoder=encoder, device=row.device
    )
    prompts = [f"person {number} walks" for number in range(row.batch)]
    guidance = 1.0 if row.way == "one_step" else 2.5

    def run() -> float:
        model.generate(
            prompts,
            lengths=[row.frames] * row.batch,
            guidance=guidance,
            steps=10,
            precision=row.precision,
        )
        return 0.0

    return run
