"""Off the ground, and on other supports than the feet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.actions import (
    flight_air,
    flight_celebrate,
    flight_climb,
    flight_crawl,
    flight_dodge,
    flight_jumps,
    flight_stretch,
    flight_swim,
    flight_wheel,
)

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["SPECS"]

SPECS: Final[tuple[ActionSpec, ...]] = (
    *flight_jumps.SPECS,
    *flight_wheel.SPECS,
    *flight_crawl.SPECS,
    *flight_climb.SPECS,
    *flight_swim.SPECS,
    *flight_air.SPECS,
    *flight_stretch.SPECS,
    *flight_celebrate.SPECS,
    *flight_dodge.SPECS,
)
