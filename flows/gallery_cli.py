"""The command `stickgen gallery`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

    from tasks.gallery.build import GalleryRequest
    from tasks.gallery.generate import ModelColumn
    from tasks.gallery.sources import ColumnSource

__all__ = ["add_gallery", "request_from"]

_REGISTRY: Final = "models:/"


def add_gallery(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    gallery = commands.add_parser(
        "gallery",
        help="compare models on one page",
        description="One page of prompts by models or checkpoints, side by side, with metrics. "
        "Every model gets the same prompts and the same random numbers.",
    )
    gallery.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="PATH",
        help="a checkpoint, the folder of a run (its best), or models:/NAME@ALIAS; repeatable, one "
        "column each (default, if no run is named either: as of stickgen generate)",
    )
    gallery.add_argument(
        "--checkpoints",
        action="append",
        default=[],
        metavar="RUN",
        help="all checkpoints of a run as columns; repeatable",
    )
    gallery.add_argument("--prompt", action="append", default=[], help="a sentence; repeatable")
    gallery.add_argument(
        "--prompts",
        metavar="FILE",
        help="sentences, one a line; a tab and the word of an action may follow",
    )
    gallery.add_argument("--seconds", type=float, default=4.0, help="length of a clip (default: 4)")
    gallery.add_argument("--seed", type=int, default=0, help="of everything random (default: 0)")
    gallery.add_argument("--steps", type=int, default=10, help="of the sampler (default: 10)")
    gallery.add_argument("--data", metavar="DATASET", help="adds a column of real clips")
    gallery.add_argument(
        "--classifier", metavar="DIR", help="tells how often an action is recognised"
    )
    gallery.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, ... (default: cpu)")
    gallery.add_argument(
        "--timing",
        action="store_true",
        help="show the time a clip took in the page, which is then another one at every call",
    )
    gallery.add_argument(
        "--out", default="gallery.html", metavar="FILE", help="the page (default: gallery.html)"
    )
    gallery.set_defaults(run=_gallery)


def request_from(arguments: argparse.Namespace, stack: ExitStack) -> GalleryRequest:
    """What flags ask for.

    Args:
        arguments: Of the command.
        stack: Keeps what comes from a registry as long as it is open.

    Raises:
        ConfigError: If something is wrong.
        StickgenError: If data or classifier cannot be read.
    """
    from stickgen_model.evaluate.action_classifier import ActionClassifier  # noqa: PLC0415
    from tasks.gallery.build import GalleryRequest  # noqa: PLC0415
    from tasks.gallery.generate import generation_config  # noqa: PLC0415
    from tasks.gallery.prompts import (  # noqa: PLC0415
        DEFAULT_PROMPTS,
        known_prompts,
        read_prompts,
    )
    from tasks.gallery.real import open_real  # noqa: PLC0415

    texts = list(arguments.prompt)
    if arguments.prompts is not None:
        texts += read_prompts(Path(arguments.prompts).expanduser())
    own = bool(arguments.prompt) or arguments.prompts is not None
    return GalleryRequest(
        sources=_sources(arguments, stack),
        prompts=known_prompts(texts) if own else DEFAULT_PROMPTS,
        config=generation_config(
            seconds=arguments.seconds, seed=arguments.seed, steps=arguments.steps
        ),
        real=open_real(Path(arguments.data).expanduser()) if arguments.data else None,
        classifier=ActionClassifier.load(Path(arguments.classifier).expanduser())
        if arguments.classifier
        else None,
        device=arguments.device,
    )


def _sources(arguments: argparse.Namespace, stack: ExitStack) -> tuple[ColumnSource, ...]:
    """The columns; without any flag the model that generating would take."""
    from tasks.gallery.sources import column_sources  # noqa: PLC0415

    runs = [Path(name) for name in arguments.checkpoints]
    asked: list[str | None] = [*arguments.model] or ([] if runs else [None])
    models: list[Path] = []
    names: dict[Path, str] = {}
    for name in asked:
        if name is not None and not name.startswith(_REGISTRY):
            models.append(Path(name))
            continue
        from flows.model_place import found_model  # noqa: PLC0415

        place = stack.enter_context(found_model(name))
        models.append(place.path)
        if place.told.startswith(_REGISTRY):
            names[place.path] = place.told.removeprefix(_REGISTRY).partition(" ")[0]
    return column_sources(models, runs, names=names)


def _gallery(arguments: argparse.Namespace) -> int:
    import time  # noqa: PLC0415
    from functools import cache, partial  # noqa: PLC0415

    from stickgen_model.export.whole_file import whole_file  # noqa: PLC0415
    from stickgen_model.text.loading import load_encoder  # noqa: PLC0415
    from tasks.gallery.build import build_gallery  # noqa: PLC0415
    from tasks.gallery.page import render_gallery  # noqa: PLC0415

    out = Path(arguments.out).expanduser()
    with ExitStack() as stack:
        request = request_from(arguments, stack)
        part = stack.enter_context(whole_file(out))
        part.touch()  # what cannot be written is told before the work
        gallery = build_gallery(
            request,
            encoder_of=cache(partial(load_encoder, device=request.device)),
            clock=time.perf_counter,
            tell=_tell,
        )
        part.write_text(render_gallery(gallery, timing=arguments.timing), encoding="ascii")
    count, failed = len(request.sources), len(gallery.failed)
    told = f"{count} model{'s' * (count != 1)}" + f" ({failed} failed)" * bool(failed)
    prompts = len(request.prompts)
    sys.stdout.write(f"{prompts} prompt{'s' * (prompts != 1)}, {told}: {out}\n")
    return 0


def _tell(column: ModelColumn) -> None:
    told = f"failed: {column.fault}" if column.fault else f"{column.seconds_a_clip:.3f} s a clip"
    sys.stderr.write(f"{column.label}: {told}\n")
