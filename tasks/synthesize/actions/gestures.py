"""Signs made with arms, head and trunk; throwing and catching."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.actions import gestures_catch, gestures_hands, gestures_head, gestures_throw

__all__ = ["SPECS"]

SPECS: Final = (
    *gestures_hands.SPECS,
    *gestures_head.SPECS,
    *gestures_throw.SPECS,
    *gestures_catch.SPECS,
)
