"""The commands `stickgen promote`, `stickgen rollback` and `stickgen models`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tasks.registry.facts import Crowned, VersionFacts

__all__ = ["add_registry", "quiet_mlflow"]

_NAME: Final = "stickgen"
_STORE: Final = "The store is MLFLOW_TRACKING_URI, or mlflow.db in the working directory."
_SHOWN: Final = {
    "fid": "FID",
    "r_precision_3": "R-prec. 3",
    "action_accuracy": "accuracy",
    "robustness": "robust",
    "quality": "quality",
}
"""Metrics of the list, and their short titles."""
_WIDE: Final = 160
"""Columns where the output is a file: one line a version."""
_SCHEME: Final = "models:/"


def add_registry(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    promote = commands.add_parser(
        "promote",
        help="make a registered version the champion by hand",
        description=f"Make a version the champion, which commands take by default. {_STORE}",
    )
    promote.add_argument("version", metavar="NAME/VERSION", help="such as stickgen/3")
    promote.add_argument(
        "--force", action="store_true", help="also one that was refused, or never evaluated"
    )
    promote.set_defaults(run=_promote)
    rollback = commands.add_parser(
        "rollback",
        help="put the champion before back in its place",
        description=f"Put an earlier champion back in its place. {_STORE}",
    )
    rollback.add_argument("name", nargs="?", default=_NAME, metavar="NAME", help=_default("model"))
    rollback.add_argument(
        "--to", type=int, metavar="VERSION", help="which (default: the one before)"
    )
    rollback.set_defaults(run=_rollback)
    models = commands.add_parser(
        "models",
        help="list the versions of a registered model",
        description=f"Versions, aliases, metrics and why each was promoted or not. {_STORE}",
    )
    models.add_argument("name", nargs="?", default=_NAME, metavar="NAME", help=_default("model"))
    models.set_defaults(run=_models)


def quiet_mlflow() -> None:
    """Read by mlflow when it is first imported; its notes are for those who call it themselves."""
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")


def _default(what: str) -> str:
    return f"registered {what} (default: {_NAME})"


def _promote(arguments: argparse.Namespace) -> int:
    name, version = _name_and_version(arguments.version)
    quiet_mlflow()
    from tasks.champion.task import promote_version  # noqa: PLC0415

    return _told(promote_version(name, version, force=arguments.force))


def _rollback(arguments: argparse.Namespace) -> int:
    quiet_mlflow()
    from tasks.champion.task import rollback  # noqa: PLC0415

    return _told(rollback(arguments.name, arguments.to))


def _told(crowned: Crowned) -> int:
    if crowned.before == crowned.version:
        text = f"version {crowned.version} is the champion already"
    else:
        before = "there was none before" if crowned.before is None else f"before: {crowned.before}"
        text = f"version {crowned.version} is the champion ({before})"
    sys.stdout.write(f"{crowned.name}: {text}; {crowned.uri}\n")
    return 0


def _name_and_version(text: str) -> tuple[str, int]:
    name, _, version = text.removeprefix(_SCHEME).rpartition("/")
    if not name or not (version.isascii() and version.isdecimal()) or len(version) > 9:
        msg = f"promote: expected NAME/VERSION, such as {_NAME}/3; got {text!r}"
        raise ConfigError(msg)
    return name, int(version)


def _models(arguments: argparse.Namespace) -> int:
    quiet_mlflow()
    from tasks.registry.task import versions_of  # noqa: PLC0415

    found = versions_of(arguments.name)
    if not found:
        sys.stdout.write(f"{arguments.name!r} has no versions; see stickgen register\n")
        return 0
    _print_table(found)
    lines = [f"version {one.version} {note}\n" for one in found for note in _notes(one)]
    sys.stdout.write("".join(["\n", *lines] if lines else []))
    return 0


def _print_table(found: Sequence[VersionFacts]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("version", "alias", "model", *_SHOWN.values(), "decision"):
        table.add_column(title)
    for one in found:
        table.add_row(*(Text(cell) for cell in _cells(one)))  # text of others is no markup
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    console.print(table)


def _cells(one: VersionFacts) -> list[str]:
    model = " ".join(one.tags[name] for name in ("variant", "stage", "step") if name in one.tags)
    metrics = [one.tags.get(f"metric.{name}", "").partition(" ")[0] for name in _SHOWN]
    decision = one.tags.get("decision", "not evaluated")
    return [str(one.version), ", ".join(one.aliases), model, *metrics, decision]


def _notes(one: VersionFacts) -> list[str]:
    """Why it was promoted or not, and what hands did with it, one line each."""
    decision = one.tags.get("decision", "not evaluated")
    notes = [f"{decision}: {line}" for line in one.tags.get("reason", "").splitlines()]
    if "by_hand" in one.tags:
        notes.append(f"{one.tags['by_hand']} by hand")
    if "rolled_back" in one.tags:
        notes.append(f"rolled back {one.tags['rolled_back']}")
    return notes
