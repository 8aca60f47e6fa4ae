"""Daily life: voices, feelings, food and drink, books, keyboards, telephones."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.actions import daily_desk, daily_feelings, daily_food, daily_voice

__all__ = ["SPECS"]

SPECS: Final = (
    *daily_voice.SPECS,
    *daily_feelings.SPECS,
    *daily_food.SPECS,
    *daily_desk.SPECS,
)
