"""What a retraining keeps on disk: the newest results of each stage."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from tasks.retrain.ledger import Entry, Ledger

__all__ = ["EVALUATIONS_DIR", "JUDGES_DIR", "RUNS_DIR", "is_cleared", "prune_results"]

RUNS_DIR: Final = "runs"
JUDGES_DIR: Final = "judges"
EVALUATIONS_DIR: Final = "evaluations"
_FOLDERS: Final = {"judges": JUDGES_DIR, "evaluate": EVALUATIONS_DIR}
_SMALL: Final = (".json", ".csv")
"""Facts of a run and of its checkpoints: what it was asked, on what, how long it took."""
_CLEARED: Final = ".cleared"
_OURS: Final = re.compile(r"((pretrain|sft)-)?[0-9a-f]{12}(-\d+)?")

logger = logging.getLogger(__name__)


def prune_results(
    ledger: Ledger, work: Path, *, keep: int, used: Collection[tuple[str, str]]
) -> tuple[str, ...]:
    """Remove folders, and forget entries, that are older than the newest few of their stage.

    Kept are the newest `keep` of each stage, its newest finished one, those in use, and what they
    start from.

    Args:
        ledger: Of the working folder.
        work: The working folder.
        keep: Entries of each stage, >= 1.
        used: Stage and key of entries in use.

    Of a run only the weights go, and what can be drawn again: cards of models that started from it
    tell of its facts.

    Returns:
        Names of the folders that were cleared; what cannot be removed is logged.
    """
    kept: dict[tuple[str, str], Entry] = {}
    for stage in {entry.stage for entry in ledger.entries}:
        mine = [entry for entry in ledger.entries if entry.stage == stage]
        done = [entry for entry in mine if entry.state == "done"]
        chosen = [*mine[-keep:], *done[-1:], *(e for e in mine if (e.stage, e.key) in used)]
        kept |= {(entry.stage, entry.key): entry for entry in chosen}
    folders = {place for entry in kept.values() for place in _places(entry, work)}
    for entry in ledger.entries:
        if (entry.stage, entry.key) not in kept:
            ledger.forget(entry.stage, entry.key)
    removed = []
    for name in (RUNS_DIR, JUDGES_DIR, EVALUATIONS_DIR):
        for path in sorted((work / name).glob("*")):
            if not path.is_dir() or not _OURS.fullmatch(path.name) or path in folders:
                continue
            if name != RUNS_DIR:
                shutil.rmtree(path, onerror=_tell)
            elif is_cleared(path):
                continue
            else:
                _clear_run(path)
            removed.append(f"{name}/{path.name}")
    return tuple(removed)


def is_cleared(run: Path) -> bool:
    """Whether the weights of a run were removed: it cannot be gone on with."""
    return (run / _CLEARED).is_file()


def _clear_run(run: Path) -> None:
    """Remove all but the small files of a run; its mark comes first."""
    (run / _CLEARED).touch()
    for path in sorted(run.rglob("*")):
        if path.is_file() and path.suffix not in _SMALL and not path.name.startswith("."):
            try:
                path.unlink()
            except OSError as error:
                _tell(path.unlink, str(path), error)


def _places(entry: Entry, work: Path) -> list[Path]:
    """Folders that an entry needs."""
    if entry.stage in _FOLDERS:
        return [work / _FOLDERS[entry.stage] / entry.key[:12]]
    found = [work / RUNS_DIR / str(entry.plan["run"])] if "run" in entry.plan else []
    start = Path(str(entry.plan.get("init_from", "")))
    return [*found, *start.parents] if entry.state != "done" else found


def _tell(function: object, path: str, fault: object) -> None:
    del function
    logger.warning("left behind %s: %s", path, fault)
