"""What a training run asks and tells whoever started it, beside its metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RunHooks"]


class RunHooks(Protocol):
    """Called by every process; what they do changes no weight of the run."""

    def on_start(self, *, step: int, num_steps: int) -> None:
        """`step` of `num_steps` steps are done, the next one begins."""

    def on_checkpoint(self, checkpoint: Path, *, step: int) -> None:
        """Process 0 has written a checkpoint."""

    def stop_wanted(self) -> bool:
        """Whether to save and stop after this step; asked once a step."""
