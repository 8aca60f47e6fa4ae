"""The `stickgen` command."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from datasets_spec.errors import ConfigError, StickgenError
from flows.embed_command import add_embed
from flows.evaluate_cli import add_evaluate
from flows.export_model_cli import add_export_model
from flows.gallery_cli import add_gallery
from flows.generate_cli import add_generate
from flows.judges_cli import add_judges
from flows.publish_cli import add_publish
from flows.register_cli import add_register
from flows.registry_cli import add_registry
from flows.render_cli import add_render
from flows.retrain_cli import add_retrain
from flows.train_cli import add_train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.config import BuildConfig

__all__ = ["main"]

_SOURCES: Final = ("amass", "100style", "interhuman", "ntu", "bvh")
_SIDE_FLAGS: Final = {
    "babel": (("amass",), "folder with BABEL's json files"),
    "humanml3d": (("amass",), "folder with HumanML3D's index.csv and texts"),
    "body-model": (("amass", "interhuman"), "folder of SMPL model files; else the generic body"),
    "fps-overrides": (("amass",), "CSV clip_key,fps for files whose rate is wrong"),
    "captions": (("bvh",), "CSV motion_id,description"),
    "rig": (("bvh",), "file that maps a rig no preset knows"),
    "missing-list": (("ntu",), "further sample ids to leave out, one a line"),
}
"""Side files: the sources that take them, and what they are."""

_STORY_FLAGS: Final = {
    "model": "name of the language model",
    "host": "address of its server",
    "theme": "what stories should be about",
    "cache": "folder of replies; keep it to rebuild without calls",
}

_QUIET: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "GX_ANALYTICS_ENABLED": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "1",
}
"""Defaults of a run from the terminal; what the user has set stays."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        Exit status: 0 done, 1 failed with an explanation, 2 wrong usage, 130 interrupted.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    console = Console(stderr=True, highlight=False)
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        return int(arguments.run(arguments))
    except StickgenError as error:
        console.print(f"[bold red]error:[/] {_plain(error)}", markup=True, soft_wrap=True)
        status = 2 if isinstance(error, ConfigError) else 1
        _leave_calls(status)
        return status
    except KeyboardInterrupt:
        return 130


def _leave_calls(status: int) -> None:
    """Do not wait at the exit for a story that is still being told."""
    if any(thread.name.startswith("story") for thread in threading.enumerate()):
        from flows.interrupt import end_soon  # noqa: PLC0415

        end_soon(status)


def _plain(error: StickgenError) -> str:
    return str(error).replace("[", r"\[")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stickgen", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser(
        "build",
        help="build a dataset from raw motion",
        description="Raw motion capture to a curated, gated, tracked stick-figure dataset.",
    )
    build.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="NAME=DIR",
        help=f"a folder of {', '.join(_SOURCES)}; repeatable",
    )
    build.add_argument("--sample", action="store_true", help="add the built-in sample")
    build.add_argument(
        "--procedural", type=int, metavar="N", help="add N procedural scenes of all 64 actions"
    )
    build.add_argument(
        "--stories", type=int, metavar="M", help="add M stories, each of several scenes"
    )
    build.add_argument(
        "--synthetic",
        type=int,
        metavar="N",
        help="add N synthetic scenes: four fifths procedural, the rest from stories",
    )
    build.add_argument(
        "--story-backend",
        metavar="NAME",
        help="grammar (built in, the default), ollama or grok (key from XAI_API_KEY)",
    )
    for flag, meaning in _STORY_FLAGS.items():
        build.add_argument(f"--story-{flag}", metavar=flag.upper(), help=meaning)
    build.add_argument("--out", metavar="DIR", help="dataset folder (default: data)")
    build.add_argument("--work", metavar="DIR", help="working folder (default: beside --out)")
    build.add_argument("--config", metavar="FILE", help="YAML or JSON; flags override it")
    build.add_argument("--jobs", type=int, metavar="N", help="worker processes (default: cores)")
    build.add_argument(
        "--seed", type=int, metavar="S", help="seed of splits and sample (default: 0)"
    )
    build.add_argument("--views", type=int, metavar="N", help="views a window, 1..8 (default: 1)")
    for flag, (sources, meaning) in _SIDE_FLAGS.items():
        build.add_argument(f"--{flag}", metavar="PATH", help=f"{', '.join(sources)}: {meaning}")
    build.add_argument(
        "--read-pickles",
        action="store_true",
        help="interhuman: read motions/*.pkl where no npy exists",
    )
    build.set_defaults(run=_build)
    inspect = commands.add_parser("inspect", help="show what a dataset folder holds")
    inspect.add_argument("folder", metavar="DIR")
    inspect.set_defaults(run=_inspect)
    _add_params(commands)
    add_train(commands)
    add_embed(commands)
    add_generate(commands)
    add_render(commands)
    add_gallery(commands)
    add_export_model(commands)
    add_evaluate(commands)
    add_judges(commands)
    add_register(commands)
    add_registry(commands)
    add_publish(commands)
    add_retrain(commands)
    return parser


def _add_params(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    params = commands.add_parser("params", help="count the parameters of the model and check them")
    params.add_argument(
        "--variant", metavar="NAME", help="one size (default: small, medium, large)"
    )
    params.add_argument("--num-actions", type=int, choices=(64, 60), default=64, help="default: 64")
    style = params.add_mutually_exclusive_group()
    for name in ("json", "markdown"):
        style.add_argument(f"--{name}", dest="style", action="store_const", const=name)
    params.set_defaults(run=_params, style="text")


def _build(arguments: argparse.Namespace) -> int:
    config = _config(arguments)
    # prefect reads its settings from the environment when it is first imported
    from flows.terminal import build_in_terminal  # noqa: PLC0415

    return build_in_terminal(config)


def _inspect(arguments: argparse.Namespace) -> int:
    from tasks.publish.inspect import inspect_dataset  # noqa: PLC0415

    sys.stdout.write(inspect_dataset(Path(arguments.folder)))
    return 0


def _params(arguments: argparse.Namespace) -> int:
    from stickgen_model.config import PUBLIC_VARIANTS  # noqa: PLC0415
    from stickgen_model.model.sizes import measure_sizes, render_sizes  # noqa: PLC0415

    variants = (arguments.variant,) if arguments.variant else PUBLIC_VARIANTS
    report = measure_sizes(variants, num_actions=arguments.num_actions)
    sys.stdout.write(render_sizes(report, style=arguments.style))
    return 0 if report.ok else 1


def _config(arguments: argparse.Namespace) -> BuildConfig:
    from flows.config_file import load_config_file, make_config  # noqa: PLC0415

    fields: dict[str, Any] = load_config_file(arguments.config) if arguments.config else {}
    for name in ("out", "work", "jobs", "seed"):
        value = getattr(arguments, name)
        if value is not None:
            fields[name] = value
    if arguments.sample:
        fields["sample"] = True
    if arguments.views is not None:
        nested = fields.get("retarget") or {}
        if isinstance(nested, dict):  # if not, the check of the whole says so
            fields["retarget"] = {**nested, "num_views": arguments.views}
    _add_synthesis(fields, arguments)
    if arguments.source:
        fields["sources"] = [*fields.get("sources", []), *map(_source, arguments.source)]
    _add_side_files(fields, arguments)
    return make_config(fields, where=arguments.config or "the command line")


def _add_synthesis(fields: dict[str, Any], arguments: argparse.Namespace) -> None:
    given = {
        name: getattr(arguments, name)
        for name in ("procedural", "stories", "synthetic")
        if getattr(arguments, name) is not None
    }
    story = {
        name: getattr(arguments, f"story_{name}")
        for name in ("backend", *_STORY_FLAGS)
        if getattr(arguments, f"story_{name}") is not None
    }
    nested = fields.get("synthesis") or {}
    if not (given or story) or not isinstance(nested, dict):
        return  # if it is no mapping, the check of the whole says so
    merged = {**nested, **given}
    if story:
        told = merged.get("story") or {}
        merged["story"] = {**told, **story} if isinstance(told, dict) else told
    fields["synthesis"] = merged


def _source(text: str) -> dict[str, Any]:
    name, separator, folder = text.partition("=")
    if not separator or not folder or name not in _SOURCES:
        msg = f"--source: expected NAME=DIR with NAME one of {', '.join(_SOURCES)}; got {text!r}"
        raise ConfigError(msg)
    return {"name": name, "path": folder}


def _add_side_files(fields: dict[str, Any], arguments: argparse.Namespace) -> None:
    given: dict[str, tuple[tuple[str, ...], Any]] = {}
    for flag, (names, _) in _SIDE_FLAGS.items():
        key = flag.replace("-", "_")
        if getattr(arguments, key) is not None:
            given[key] = (names, getattr(arguments, key))
    if arguments.read_pickles:
        given["read_pickles"] = (("interhuman",), True)
    for key, (names, value) in given.items():
        takers = [s for s in fields.get("sources", []) if s.get("name") in names]
        if not takers:
            msg = f"--{key.replace('_', '-')} is for {' or '.join(names)}: add such a --source"
            raise ConfigError(msg)
        for source in takers:
            source[key] = value


if __name__ == "__main__":
    sys.exit(main())  # for torchrun -m flows.cli
