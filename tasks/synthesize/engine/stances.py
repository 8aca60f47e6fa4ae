"""Stances between actions: sitting, crouching, kneeling, lying, and the ways between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import Take

__all__ = ["lay_stances"]


def lay_stances(take: Take) -> None:
    """Lay the stances of `take.stances` over its base, once, before any action plays.

    Args:
        take: Its posture is edited: hips, turn, trunk, ankles, feet, knees and resting arms.
    """
    if take.stances:
        raise NotImplementedError
