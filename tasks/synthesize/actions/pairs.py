"""To be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["SPECS"]

SPECS: Final[tuple[ActionSpec, ...]] = ()
