"""Which checkpoints stand in a gallery, and what their columns are called."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.training.checkpoint import CHECKPOINTS_DIR, CONFIG_FILE, best_checkpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["MAX_COLUMNS", "ColumnSource", "column_sources", "run_of"]

MAX_COLUMNS: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnSource:
    """A checkpoint to generate with.

    Attributes:
        label: Name of the column.
        path: Folder of the checkpoint.
    """

    label: str
    path: Path


def column_sources(
    models: Sequence[Path],
    runs: Sequence[Path] = (),
    *,
    names: Mapping[Path, str] | None = None,
) -> tuple[ColumnSource, ...]:
    """The columns that models and runs come to, each checkpoint once, each name once.

    Args:
        models: Checkpoints, or folders of runs: their best.
        runs: Folders of runs: all their checkpoints.
        names: Of models that are not called by their folder.

    Raises:
        ConfigError: If there are none or too many, or a folder is neither.
    """
    found = {path: _checkpoint(path.expanduser().absolute()) for path in models}
    paths = list(found.values())
    for run in runs:
        paths += _checkpoints(run.expanduser().absolute())
    distinct = list(dict.fromkeys(paths))
    if not distinct:
        msg = "gallery: expected at least one model, got none; name one with --model or a run with"
        msg += " --checkpoints"
        raise ConfigError(msg)
    if len(distinct) > MAX_COLUMNS:
        msg = f"gallery: expected at most {MAX_COLUMNS} models, got {len(distinct)}; name fewer"
        raise ConfigError(msg)
    given = {found[path]: name for path, name in (names or {}).items()}
    return _named(
        [ColumnSource(label=given.get(path) or _label(path), path=path) for path in distinct]
    )


def run_of(checkpoint: Path) -> Path:
    """Folder of the run that a checkpoint lies in."""
    parent = checkpoint.parent
    return parent.parent if parent.name == CHECKPOINTS_DIR else parent


def _checkpoint(path: Path) -> Path:
    found = path if (path / CONFIG_FILE).is_file() else best_checkpoint(path)
    if found is None:
        what = "holds none" if path.is_dir() else "does not exist"
        msg = f"--model: expected a checkpoint or the folder of a run, but {path} {what}"
        raise ConfigError(msg)
    return found


def _checkpoints(run: Path) -> list[Path]:
    folder = run / CHECKPOINTS_DIR if (run / CHECKPOINTS_DIR).is_dir() else run
    found = sorted(path for path in folder.glob("step-*") if path.is_dir())
    if not found:
        what = "holds none" if run.is_dir() else "does not exist"
        msg = f"--checkpoints: expected the folder of a run with checkpoints, but {run} {what}"
        raise ConfigError(msg)
    return found


def _label(checkpoint: Path) -> str:
    """Name of the run, and the step where the folder tells it."""
    kind, _, step = checkpoint.name.partition("-")
    if kind == "step" and step.isdecimal():
        return f"{run_of(checkpoint).name} {int(step)}"
    return checkpoint.name


def _named(sources: list[ColumnSource]) -> tuple[ColumnSource, ...]:
    """Names made different where they are the same: by folders above, at last by a number."""
    same = Counter(source.label for source in sources)
    longer = [
        replace(source, label=f"{run_of(source.path).parent.name}/{source.label}")
        if same[source.label] > 1
        else source
        for source in sources
    ]
    seen: Counter[str] = Counter()
    named = []
    for source in longer:
        seen[source.label] += 1
        turn = seen[source.label]
        named.append(replace(source, label=f"{source.label} ({turn})") if turn > 1 else source)
    return tuple(named)
