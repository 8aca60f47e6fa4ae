"""The folder of a run."""

from __future__ import annotations

import errno
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.training.checkpoint import (
    CHECKPOINTS_DIR,
    CONFIG_FILE,
    best_checkpoint,
    newest_checkpoint,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RunFolder", "explained_run", "open_run", "start_checkpoint"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFolder:
    """Where the parts of a run lie."""

    root: Path

    @property
    def checkpoints(self) -> Path:
        """`step-*` and best.json."""
        return self.root / CHECKPOINTS_DIR

    @property
    def samples(self) -> Path:
        """Contact sheets, one a step."""
        return self.root / "samples"

    @property
    def mark(self) -> Path:
        """Says that the folder is that of a run."""
        return self.root / ".stickgen-run"

    @property
    def docs(self) -> Path:
        """What the gates checked."""
        return self.root / "gates"

    @property
    def metrics(self) -> Path:
        """Every number of the run: step, name, value."""
        return self.root / "metrics.csv"

    @property
    def curves(self) -> Path:
        """Losses, drawn."""
        return self.root / "curves.png"

    @property
    def gallery(self) -> Path:
        """Prompts by checkpoints, on one page."""
        return self.root / "gallery.html"

    @property
    def prompts(self) -> Path:
        """Vectors of the sentences that samples are made of."""
        return self.root / "prompts.parquet"

    @property
    def job(self) -> Path:
        """The job and the settings it came to."""
        return self.root / "job.json"

    @property
    def report(self) -> Path:
        """How the run ended."""
        return self.root / "report.json"

    @property
    def tracked(self) -> Path:
        """Which MLflow run it is."""
        return self.root / "mlflow.json"

    def write_json(self, path: Path, values: dict[str, Any]) -> None:
        """Write a file that is whole or not there."""
        part = path.with_name(f".{path.name}.tmp")
        part.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        part.replace(path)


def open_run(out: str) -> RunFolder:
    """Make or reopen the folder of a run.

    Raises:
        ConfigError: If it cannot be made or written to, or holds other things.
    """
    root = Path(out).expanduser().absolute()
    run = RunFolder(root=root)
    try:
        if root.is_dir() and any(root.iterdir()) and not run.mark.is_file():
            msg = (
                f"{root}: expected an empty folder or a run, found other files; name one with --out"
            )
            raise ConfigError(msg)
        root.mkdir(parents=True, exist_ok=True)
        run.mark.touch()
    except OSError as error:
        msg = f"{root}: cannot make the folder of the run ({error.strerror}); name one with --out"
        raise ConfigError(msg) from error
    if not os.access(root, os.W_OK):
        msg = f"{root}: the folder of the run is not writable; name another one with --out"
        raise ConfigError(msg)
    return run


@contextmanager
def explained_run(run: RunFolder) -> Iterator[None]:
    """Turn a fault of the disk inside the block into an error that says what to do.

    Raises:
        StickgenError: For a fault of the disk; the checkpoints so far are kept.
    """
    try:
        yield
    except (OSError, SafetensorError, RuntimeError) as error:
        what = _disk_fault(error)
        if what is None:
            raise
        where = getattr(error, "filename", None) or run.root
        newest = newest_checkpoint(run.checkpoints)
        kept = "no checkpoint was written yet" if newest is None else f"the last one is {newest}"
        msg = (
            f"{where}: {what}; {kept}. Free space or fix the permissions, then run the same "
            "command again to go on from there"
        )
        raise StickgenError(msg) from error


def _disk_fault(error: Exception) -> str | None:
    """What is wrong with the disk, None where it is something else."""
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return "the disk is full" if full else f"{error.strerror or error}"
    text = str(error)
    if isinstance(error, SafetensorError):
        return f"a file could not be written ({text.splitlines()[0]})"
    # how torch.save tells that a write failed
    if "PytorchStreamWriter" in text or "inline_container" in text:
        return "a file could not be written (is the disk full?)"
    return None


def start_checkpoint(name: str) -> Path | None:
    """The checkpoint that `init_from` means, None for no name.

    Raises:
        ConfigError: If there is none.
    """
    if not name:
        return None
    place = Path(name).expanduser().absolute()
    if (place / CONFIG_FILE).is_file():
        return place
    found = best_checkpoint(place)
    if found is None:
        what = "holds none" if place.is_dir() else "does not exist"
        msg = f"--init-from: expected a checkpoint or the folder of a run, but {place} {what}"
        raise ConfigError(msg)
    return found
