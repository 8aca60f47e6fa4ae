"""The command `stickgen export-model`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_export_model"]


def add_export_model(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    export = commands.add_parser(
        "export-model",
        help="write a trained model as ONNX, or in smaller weights",
        description="Write a trained model as ONNX, or as a checkpoint of smaller weights, and "
        "compare it with the original on random input. An export that answers too differently is "
        "refused. Both kinds are a --model like any other.",
    )
    export.add_argument(
        "--model",
        metavar="PATH",
        required=True,
        help="checkpoint, folder of a run, or models:/NAME@ALIAS",
    )
    export.add_argument("--out", metavar="DIR", required=True, help="folder of the export")
    export.add_argument(
        "--to", metavar="FORMAT", default="onnx", help="onnx or safetensors (default: onnx)"
    )
    export.add_argument(
        "--precision",
        metavar="NAME",
        default="fp32",
        help="of the weights: fp32, fp16 (half the file) or int8 (a quarter) (default: fp32)",
    )
    export.add_argument("--adapter", metavar="FILE", help="LoRA adapter to fold in")
    export.set_defaults(run=_export)


def _export(arguments: argparse.Namespace) -> int:
    from flows.model_place import found_model  # noqa: PLC0415
    from stickgen_model.export_model.export import ExportConfig, export_model  # noqa: PLC0415

    config = ExportConfig(
        to=arguments.to,
        precision=arguments.precision,
        adapter=Path(arguments.adapter).expanduser() if arguments.adapter else None,
    )
    with found_model(arguments.model) as place:
        report = export_model(place.path, Path(arguments.out).expanduser(), config)
    parity = report.parity
    sys.stdout.write(
        f"{report.file}: {report.num_bytes / 1e6:.1f} MB, {config.precision}; answers differ by "
        f"{parity.relative_rms:.2g} of their size, {parity.max_abs:.2g} at most "
        f"({parity.clips} random clips)\n"
    )
    return 0
