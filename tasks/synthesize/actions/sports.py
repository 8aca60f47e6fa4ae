"""Balls, bats, fists and feet, and dancing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.actions.dance import DANCE
from tasks.synthesize.actions.sports_bat import SWING_BAT
from tasks.synthesize.actions.sports_dribble import DRIBBLE
from tasks.synthesize.actions.sports_kick import KICK
from tasks.synthesize.actions.sports_punch import PUNCH

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["SPECS"]

SPECS: Final[tuple[ActionSpec, ...]] = (SWING_BAT, DRIBBLE, KICK, PUNCH, DANCE)
