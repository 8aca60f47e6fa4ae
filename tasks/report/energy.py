"""Time and energy of trainings, from what was measured and one named assumption."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.report.training_record import StageRecord

__all__ = ["PowerAssumptions", "energy_kwh", "told_time"]

_HOUR_S: Final = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PowerAssumptions:
    """Power that is assumed, since no meter was read.

    Attributes:
        core_w: Of a busy processor core with its share of memory, W.
        gpu_w: Of a busy GPU, W.
        overhead: Of cooling and supply, times.
    """

    core_w: float = 12.0
    gpu_w: float = 400.0
    overhead: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no power."""
        given = (self.core_w, self.gpu_w, self.overhead)
        if not all(math.isfinite(v) and v >= 0.0 for v in given) or self.overhead < 1.0:
            msg = f"expected watts of 0 or more and an overhead of 1 or more, got {given}"
            raise ValueError(msg)


def energy_kwh(stages: Sequence[StageRecord], power: PowerAssumptions) -> float:
    """Estimated energy of the stages whose processor time was measured, kWh."""
    joules = sum(
        (stage.core_seconds or 0.0) * power.core_w + (stage.gpu_seconds or 0.0) * power.gpu_w
        for stage in stages
    )
    return joules * power.overhead / _HOUR_S / 1000.0


def told_time(seconds: float) -> str:
    """A duration in the unit that fits."""
    for size, unit in ((_HOUR_S, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
