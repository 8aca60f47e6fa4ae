"""100STYLE: the action of a clip from its gait and its style.

The gait decides; a style overrides it where the body plainly does something else. A style that
moves the arms or the trunk on the spot makes its standing clip `unlabelled`: it is not idle.
"""

from __future__ import annotations

from typing import Final

from datasets_spec.vocabulary import UNLABELLED_NAME

__all__ = ["GAIT_ACTIONS", "STYLE_ACTIONS", "style100_action"]

GAIT_ACTIONS: Final[dict[str, str]] = {
    "FW": "walk",
    "BW": "walk_backward",
    "SW": "sidestep",
    "FR": "run",
    "BR": "run_backward",
    "SR": "sidestep",
    "ID": "idle",
    # transitions pass through several gaits, nobody says when
    "TR": UNLABELLED_NAME,
    "TR1": UNLABELLED_NAME,
    "TR2": UNLABELLED_NAME,
    "TR3": UNLABELLED_NAME,
}
"""Action of a gait code; an unknown code is `unlabelled`."""

_MOVING: Final = ("FW", "BW", "SW", "FR", "BR", "SR")


def _moving(action: str, *, idle: str = UNLABELLED_NAME) -> dict[str, str]:
    return {**dict.fromkeys(_MOVING, action), "ID": idle}


_NOT_IDLE: Final[dict[str, str]] = {"ID": UNLABELLED_NAME}
_LIMP: Final[dict[str, str]] = {"FW": "limp", "FR": "limp"}
_CROUCH: Final[dict[str, str]] = {"ID": "crouch"}
_PHONE: Final[dict[str, str]] = {"ID": "phone_call"}

STYLE_ACTIONS: Final[dict[str, dict[str, str]]] = {
    # the feet do something else than walk or run
    "Drunk": {"FW": "stagger", "ID": UNLABELLED_NAME},  # stumbles around at random
    "DragLeftLeg": _LIMP,
    "DragRightLeg": _LIMP,
    "LeftHop": _moving("hop"),
    "LimpLeft": _LIMP,
    "LimpRight": _LIMP,
    "March": {"FW": "march", "ID": UNLABELLED_NAME},
    "RightHop": _moving("hop"),
    "Skip": _moving("skip"),
    "SpinAntiClock": _moving("turn"),  # direction of travel means nothing to a spinning body
    "SpinClock": _moving("turn"),
    "TwoFootJump": _moving("jump"),
    "Kick": _moving(UNLABELLED_NAME),  # a kick with every step: neither gait nor kick
    "WildLegs": _moving(UNLABELLED_NAME),
    # low postures when standing
    "BentKnees": _CROUCH,
    "Crouched": _CROUCH,
    "OnToesCrouched": _CROUCH,
    "ShieldedLeft": _CROUCH,
    "ShieldedRight": _CROUCH,
    # a phone at the ear
    "OnPhoneLeft": _PHONE,
    "OnPhoneRight": _PHONE,
    # busy on the spot
    "BeatChest": _NOT_IDLE,
    "BouncyLeft": _NOT_IDLE,
    "BouncyRight": _NOT_IDLE,
    "Chicken": _NOT_IDLE,
    "CrowdAvoidance": _NOT_IDLE,
    "Flapping": _NOT_IDLE,
    "FlickLegs": _NOT_IDLE,
    "Followed": _NOT_IDLE,
    "HighKnees": _NOT_IDLE,
    "InTheDark": _NOT_IDLE,
    "KarateChop": _NOT_IDLE,
    "LawnMower": _NOT_IDLE,
    "Lunge": _NOT_IDLE,
    "Morris": _NOT_IDLE,
    "Punch": _NOT_IDLE,
    "Robot": _NOT_IDLE,
    "Sweep": _NOT_IDLE,
    "Swimming": _NOT_IDLE,
    "SwingArmsRound": _NOT_IDLE,
    "SwingShoulders": _NOT_IDLE,
    "Waving": _NOT_IDLE,  # waves at random times
    "WhirlArms": _NOT_IDLE,
    "WiggleHips": _NOT_IDLE,
    "WildArms": _NOT_IDLE,
}
"""What a style changes, by gait code; all other styles and gaits follow `GAIT_ACTIONS`."""


def _fold(name: str) -> str:
    return name.replace(" ", "").replace("_", "").casefold()


_STYLES: Final = {_fold(style): table for style, table in STYLE_ACTIONS.items()}


def style100_action(style: str, gait: str) -> str:
    """Action of a clip of 100STYLE, or `unlabelled`.

    Args:
        style: Style name; blanks and case do not matter; an unknown style follows its gait.
        gait: Gait code such as `FW`.
    """
    code = gait.strip().upper()
    return _STYLES.get(_fold(style), {}).get(code, GAIT_ACTIONS.get(code, UNLABELLED_NAME))
