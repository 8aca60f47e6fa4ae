"""What a reader should find in the sample: the points as they were generated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SampleTruth"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SampleTruth:
    """One good sequence of the sample."""

    source: str
    """As `SourceConfig.name`."""
    path: str
    """Main file inside the source folder, forward slashes."""
    fps: float
    points: tuple[NDArray[np.float32], ...]
    """One (T, 15, 3) an actor, metres, y up, rows as `skeleton.BODY_POINTS`, at `fps`."""
    first_frame: int = 0
    """Frame of the file that shows `points[...][0]`."""
    noise_m: float = 0.0
    """Standard deviation of the sensor noise that the file adds."""
    actions: tuple[str, ...] = ()
    """What is done, in order, by the first actor."""
