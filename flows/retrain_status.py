"""`stickgen retrain --status`: the ledger as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tasks.retrain.ledger import LEDGER_FILE, Ledger

if TYPE_CHECKING:
    from tasks.retrain.config import RetrainConfig

__all__ = ["show_status"]


def show_status(config: RetrainConfig) -> int:
    """Print what the ledger holds, the oldest first.

    Returns:
        Exit status 0.

    Raises:
        LedgerError: If it cannot be read.
    """
    path = Path(config.work).expanduser().absolute() / LEDGER_FILE
    table = Table(title=str(path))
    for name in ("stage", "inputs", "state", "times", "last", "result or reason"):
        table.add_column(name, justify="right" if name in ("times", "last") else "left")
    for entry in Ledger(path).entries:
        told = entry.why or entry.result.get("told") or entry.result.get("checkpoint") or ""
        state = "unfinished" if entry.state == "begun" else entry.state
        table.add_row(
            entry.stage,
            entry.key[:12],
            state,
            str(entry.attempts),
            f"{entry.seconds:.1f} s",
            str(told).replace("[", r"\["),
        )
    Console(highlight=False).print(table)
    return 0
