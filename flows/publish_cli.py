"""The command `stickgen publish`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from tasks.release.package import Package
    from tasks.release.release import Released

__all__ = ["add_publish"]


def add_publish(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    publish = commands.add_parser(
        "publish",
        help="publish a dataset or a model to a folder, an S3 bucket or the Hugging Face hub",
        description="Publish a dataset, or with --model a model, under a version: files, then a "
        "check of every byte, then the pointer that readers follow. After a cut the same command "
        "goes on. Keys and tokens come from the environment or the files of boto3 and of hf.",
    )
    publish.add_argument(
        "--data", metavar="DIR", help="dataset folder; with --model: what it was trained on"
    )
    publish.add_argument(
        "--model", metavar="MODEL", help="checkpoint, run, export, or models:/NAME@ALIAS"
    )
    publish.add_argument(
        "--to", metavar="PLACE", required=True, help="DIR, s3://BUCKET/PREFIX or hf://ORG/NAME"
    )
    publish.add_argument(
        "--exclude-sources", metavar="A,B", help="sources to leave out of the dataset"
    )
    publish.add_argument(
        "--permitted",
        metavar="A,B",
        help="model: sources whose owners allow publishing what was learned from them",
    )
    publish.add_argument("--card", metavar="FILE", help="model: its card (default: its README.md)")
    publish.add_argument("--version", metavar="V", help="default: digits of the fingerprint")
    publish.add_argument("--name", metavar="NAME", help="word for it (default: of its folder)")
    publish.add_argument("--private", action="store_true", help="hub: a new repository is private")
    publish.add_argument("--work", metavar="DIR", help="folder for what is written anew")
    publish.add_argument(
        "--dry-run", action="store_true", help="check and show what would be sent; send nothing"
    )
    publish.set_defaults(run=_publish)


def _publish(arguments: argparse.Namespace) -> int:
    if arguments.model is not None:
        if arguments.exclude_sources is not None:
            msg = "--exclude-sources is for a dataset; a model is trained again without them"
            raise ConfigError(msg)
        return _publish_model(arguments)
    if arguments.data is None:
        msg = "publish: expected --data DIR or --model MODEL"
        raise ConfigError(msg)
    for name in ("card", "permitted"):
        if getattr(arguments, name) is not None:
            msg = f"--{name} is for a model: add --model"
            raise ConfigError(msg)
    return _publish_data(arguments)


def _publish_data(arguments: argparse.Namespace) -> int:
    from tasks.release.publish import check_soon, checked_target, dataset_to_publish  # noqa: PLC0415
    from tasks.release.settings import PublishConfig  # noqa: PLC0415

    target = checked_target(arguments.to, "dataset")
    try:
        config = PublishConfig(
            data=arguments.data,
            to=arguments.to,
            exclude_sources=_names(arguments.exclude_sources),
            version=arguments.version or "",
            name=arguments.name or "",
            private=arguments.private,
            work=arguments.work or "",
        )
    except ValueError as error:
        msg = f"publish: {error}"
        raise ConfigError(msg) from error
    if arguments.dry_run:
        with dataset_to_publish(config) as package:
            _show_plan(package, target.told)
        return 0
    check_soon(config)
    # prefect reads its settings from the environment when it is first imported
    from flows.publish_terminal import publish_in_terminal  # noqa: PLC0415

    _show_result(publish_in_terminal(config))
    return 0


def _publish_model(arguments: argparse.Namespace) -> int:
    from flows.model_place import found_model  # noqa: PLC0415
    from flows.rate_bar import rate_bars  # noqa: PLC0415
    from tasks.release.model import model_package  # noqa: PLC0415
    from tasks.release.publish import (  # noqa: PLC0415
        checked_target,
        publish_package,
        working_folder,
    )

    target = checked_target(arguments.to, "model")
    with found_model(arguments.model) as place, working_folder(arguments.work or "") as work:
        package = model_package(
            place.path,
            work,
            card=Path(arguments.card).expanduser() if arguments.card else None,
            data=Path(arguments.data).expanduser() if arguments.data else None,
            permitted=_names(arguments.permitted),
            name=arguments.name or "",
            version=arguments.version or "",
        )
        if arguments.dry_run:
            _show_plan(package, target.told)
            return 0
        with rate_bars():
            released = publish_package(package, target, private=arguments.private)
    _show_result(released)
    return 0


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _show_plan(package: Package, told: str) -> None:
    sources = ", ".join(f"{name} {clips:,}" for name, clips in package.sources.items())
    lines = [
        f"{package.content} {package.name}, version {package.version}, to {told}",
        f"fingerprint {package.fingerprint}",
        f"clips by source: {sources}",
        *(f"note: {note}" for note in package.notes),
        *(f"  {file.size:>13,}  {file.sha256[:12]}  {n}" for n, file in package.files.items()),
        f"{len(package.files)} files, {package.size:,} bytes; nothing was sent (--dry-run)",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _show_result(released: Released) -> None:
    sys.stdout.write(
        f"{released.content} {released.name}, version {released.version}: {released.place}\n"
        f"{released.files} files, {released.size:,} bytes: {released.sent} sent, "
        f"{released.checked} fetched again and as sent\n"
        f"fingerprint {released.fingerprint}\n"
    )
