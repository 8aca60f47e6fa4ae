"""On two feet: standing, walking, running, and everything else along a path."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.actions import travel_gaits, travel_idle, travel_loads, travel_steps

__all__ = ["SPECS"]

SPECS: Final = (
    *travel_idle.SPECS,
    *travel_gaits.SPECS,
    *travel_steps.SPECS,
    *travel_loads.SPECS,
)
