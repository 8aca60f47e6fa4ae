"""Prompts to files: load a model once, make scene after scene, tell what became of each."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import torch

from datasets_spec.errors import ConfigError, StickgenError
from flows.model_place import ENGINE, found_model
from flows.scene_files import write_scene
from stickgen_model.generate import StickGen
from stickgen_model.lora.several import load_adapters
from stickgen_model.render.camera_plan import camera_plan
from tasks.direct.animator import EngineAnimator, check_engine_settings

if TYPE_CHECKING:
    from flows.generate_settings import GenerateJob
    from stickgen_model.animation import Animation

__all__ = ["generate_files", "open_model"]


def generate_files(job: GenerateJob) -> int:
    """Make all scenes of a job.

    Returns:
        Exit status: 0, or 1 if an output failed; the others are made all the same.

    Raises:
        StickgenError: If there is no model, or it cannot be loaded.
    """
    for remark in job.remarks:
        sys.stderr.write(f"note: {remark}\n")
    # the engine takes the time that it needs: its scenes are checked when they are drawn
    if isinstance(job.picture.camera, str) and job.model != ENGINE:
        camera_plan(job.picture.camera, job.seconds)  # what it cannot do is told before loading
    began = time.monotonic()
    model = open_model(job)
    sys.stdout.write(f"loaded in {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()
    failed = 0
    for number, paths in enumerate(job.files):
        try:
            began = time.monotonic()
            scene = _scene(model, job, number)
            taken = time.monotonic() - began
        except (StickgenError, ValueError) as error:
            sys.stderr.write(f"error: {', '.join(map(str, paths))}: {error}\n")
            failed += len(paths)
            continue
        failed += write_scene(scene, paths, job.picture, form=job.form, made_s=taken)
    return 1 if failed else 0


def _scene(model: StickGen | EngineAnimator, job: GenerateJob, number: int) -> Animation:
    if job.script:
        return model.animate_script(job.script, **job.scene, **job.config)
    return model.animate(job.prompts[number], **job.scene, **job.config)


def open_model(job: GenerateJob) -> StickGen | EngineAnimator:
    """Find and load the model of a job, with its adapters; a line says which it is.

    The word `engine` stands for the procedural engine, which needs no training.

    Raises:
        ConfigError: If there is none, or the device cannot be used.
        StickgenError: If it cannot be loaded.
    """
    if job.model == ENGINE:
        if job.adapters:
            msg = "--adapter: expected a trained model, got the procedural engine"
            raise ConfigError(msg)
        check_engine_settings(job.config)
        sys.stdout.write("model: the procedural engine (--model)\n")
        return EngineAnimator()
    _check_device(job.device)
    with found_model(job.model) as place:
        sys.stdout.write(f"model: {place.told}\n")
        sys.stdout.flush()
        model = StickGen.from_pretrained(place.path, device=job.device)
    if job.adapters:
        if not hasattr(model, "model"):
            msg = "--adapter: expected a checkpoint, got an ONNX file; fold the adapter in with "
            msg += "stickgen export-model --adapter"
            raise ConfigError(msg)
        load_adapters(model.model, job.adapters)
    return model


def _check_device(name: str) -> None:
    try:
        torch.zeros(1, device=name).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        why = str(error).splitlines()[0][:120]
        msg = f"--device: expected one that can compute here, such as cpu; got {name!r} ({why})"
        raise ConfigError(msg) from error
