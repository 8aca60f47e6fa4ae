"""Write a trained model in another format or precision.

A folder of an export holds `model.onnx`, or `config.json` and `model.safetensors` (a checkpoint
like any other, but smaller), and `export.json`: what it is, sums of the files, and how far it is
from the model it was made from. The same model gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.export.whole_file import OutputError
from stickgen_model.export_model.facts import OnnxFacts, add_facts
from stickgen_model.export_model.graph import INPUTS, OUTPUT, denoiser_graph
from stickgen_model.export_model.onnx_denoiser import OnnxDenoiser
from stickgen_model.export_model.parity import check_parity, measure_parity
from stickgen_model.export_model.place import MANIFEST_FILE, ONNX_FILE, onnx_file
from stickgen_model.export_model.smaller_graph import halve_graph, quantise_graph
from stickgen_model.lora import load_lora_file, lora_layers, merge_lora_weights
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.checkpoint import (
    ADAPTER_FILE,
    CONFIG_FILE,
    MODEL_FILE,
    best_checkpoint,
    load_weights,
    read_info,
    write_folder,
    write_inference_files,
)
from stickgen_model.training.stored_weights import WEIGHT_PRECISIONS, pack_weights

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.codec import MotionCodec
    from stickgen_model.export_model.parity import Parity
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["EXPORT_FORMATS", "ExportConfig", "ExportReport", "export_model"]

EXPORT_FORMATS: Final = ("onnx", "safetensors")

_MANIFEST: Final = "stickgen-export-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportConfig:
    """What to write.

    Attributes:
        to: One of EXPORT_FORMATS.
        precision: fp32, fp16 or int8, of the matrices.
        adapter: File of a further adapter to fold in.
    """

    to: str = "onnx"
    precision: str = "fp32"
    adapter: Path | None = None

    def __post_init__(self) -> None:
        """Collect all faults and raise once.

        Raises:
            ConfigError: If a value is unknown.
        """
        checks = (("to", self.to, EXPORT_FORMATS), ("precision", self.precision, WEIGHT_PRECISIONS))
        faults = [
            f"{name}: expected one of {', '.join(known)}; got {value!r}"
            for name, value, known in checks
            if value not in known
        ]
        if faults:
            raise ConfigError("export-model: " + "; ".join(faults))


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportReport:
    """What was written."""

    folder: Path
    file: Path
    """The weights."""
    num_bytes: int
    """Of them."""
    parity: Parity


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Trained:
    """A model without adapters, and what belongs to it."""

    model: StickFigureTransformer
    codec: MotionCodec
    info: CheckpointInfo


def export_model(
    source: Path, out: Path, config: ExportConfig | None = None, **settings: Any
) -> ExportReport:
    """Export a model and compare the export with it; adapters are folded in.

    Args:
        source: Checkpoint, or the folder of a run: then its best.
        out: Folder of the export; one that is an export already is replaced.
        config: What to write.
        settings: Fields of `ExportConfig` by name, in place of `config`.

    Raises:
        CheckpointError: If the source is no checkpoint.
        ConfigError: If a setting is unknown, or the folder holds other things.
        OutputError: If it cannot be written.
        ParityError: If the export answers too differently; then nothing is written.
    """
    config = replace(ExportConfig() if config is None else config, **settings)
    _check_place(out)
    trained = _load(source, adapter=config.adapter)
    reports: list[ExportReport] = []

    def fill(part: Path) -> None:
        reports.append(_fill(part, trained, config, out=out))

    try:
        write_folder(out, fill)
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror or error}"
        raise OutputError(msg) from error
    return reports[0]


def _check_place(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST_FILE).is_file():
        msg = f"{out}: expected a new folder or an export, found other files; name another one"
        raise ConfigError(msg)
    if out.is_file():
        msg = f"{out}: expected a folder, got a file; name another one"
        raise ConfigError(msg)


def _load(source: Path, *, adapter: Path | None) -> _Trained:
    if onnx_file(source) is not None:
        msg = f"{source}: expected a checkpoint, got an ONNX export; name what it was made from"
        raise ConfigError(msg)
    if not (source / CONFIG_FILE).is_file():
        source = best_checkpoint(source) or source
    info = read_info(source)
    model = build_model(info.model)
    codec = load_weights(model, source)
    if info.adapter is not None:
        load_lora_file(model, source / ADAPTER_FILE)
    if adapter is not None:
        try:
            load_lora_file(model, adapter)
        except ValueError as error:
            raise ConfigError(str(error)) from error
    if lora_layers(model):
        merge_lora_weights(model)
    return _Trained(model=model.eval(), codec=codec, info=replace(info, adapter=None))


def _fill(part: Path, trained: _Trained, config: ExportConfig, *, out: Path) -> ExportReport:
    write = _write_onnx if config.to == "onnx" else _write_safetensors
    file, exported = write(part, trained, config.precision)
    parity = measure_parity(
        exported,
        PoseDenoiser(trained.model),
        trained.info.model,
        text_width=trained.info.encoder.dim,
    )
    check_parity(parity, config.precision, where=str(out))
    manifest = {
        "format": _MANIFEST,
        "to": config.to,
        "precision": config.precision,
        "files": {path.name: _sum(path) for path in sorted(part.iterdir())},
        "parity": parity.to_dict(),
        "checkpoint": trained.info.to_dict(),
    }
    if config.to == "onnx":
        manifest |= {"inputs": list(INPUTS), "outputs": [OUTPUT]}
    (part / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return ExportReport(
        folder=out, file=out / file.name, num_bytes=file.stat().st_size, parity=parity
    )


def _sum(path: Path) -> dict[str, str | int]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _write_onnx(part: Path, trained: _Trained, precision: str) -> tuple[Path, OnnxDenoiser]:
    graph = denoiser_graph(trained.model)
    if precision == "fp16":
        graph = halve_graph(graph)
    elif precision == "int8":
        graph = quantise_graph(graph, part / "scratch.onnx")
    add_facts(graph, OnnxFacts(info=trained.info, codec=trained.codec, precision=precision))
    file = part / ONNX_FILE
    file.write_bytes(graph.SerializeToString(deterministic=True))
    return file, OnnxDenoiser(file)


def _write_safetensors(part: Path, trained: _Trained, precision: str) -> tuple[Path, PoseDenoiser]:
    weights = pack_weights(trained.model.state_dict(), precision)
    write_inference_files(part, trained.info, weights=weights, codec=trained.codec)
    again = build_model(trained.info.model)
    load_weights(again, part)
    return part / MODEL_FILE, PoseDenoiser(again.eval())
