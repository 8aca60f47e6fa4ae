"""What needs a partner: labels only, the motion is made by the meetings of a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from tasks.synthesize.engine.take import ActionSpec

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import Beat, Take

__all__ = ["SPECS"]


def _alone(take: Take, beat: Beat) -> NoReturn:
    """Refuse: nobody shakes hands alone.

    Raises:
        ValueError: Always.
    """
    del take
    msg = (
        f"{beat.action!r} needs a partner: expected a scenes.plan.Meeting of that kind, "
        f"got a beat at {beat.start_s:.2f} s of one actor"
    )
    raise ValueError(msg)


SPECS: Final = (
    ActionSpec(
        name="handshake",
        kind="pair",
        seconds=(1.6, 3.2),
        play=_alone,
        counts=(1, 6),
        styles=("brief", "hearty", "two_handed"),
    ),
    ActionSpec(name="hug", kind="pair", seconds=(2.2, 5.0), play=_alone, styles=("pat",)),
    ActionSpec(
        name="high_five",
        kind="pair",
        seconds=(1.2, 1.9),
        play=_alone,
        styles=("high", "low", "double"),
    ),
    ActionSpec(
        name="fight",
        kind="pair",
        seconds=(4.2, 7.5),
        play=_alone,
        styles=("boxing", "kicks"),
    ),
)
