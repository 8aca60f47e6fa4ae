"""Surroundings by chance: mostly plain, sometimes such that they change how people move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

__all__ = ["TRAVEL_ONLY", "place_for", "random_setting"]

TRAVEL_ONLY: Final = ("stairs_up", "stairs_down", "slope_up", "slope_down")
"""Grounds on which people walk or run and do nothing else."""
_SMALL: Final = ("in the kitchen", "in an office", "on a stage")
_ROOMY: Final = (
    "in the park",
    "in the street",
    "in a gym",
    "in a garden",
    "at the beach",
    "in the hall",
    "on the playground",
    "in a courtyard",
)
_NOWHERE_SHARE: Final = 0.22
"""Chance that nothing is said of the place."""
_PLACES_OF: Final = {
    "swim": ("in the pool", "in the sea", "in a lake"),
    "fly": ("in the sky", "above the roofs", "above the clouds"),
    "climb": ("in a gym", "in a courtyard", "in the garden"),
}
"""Actions that belong to places of their own."""
_WIDE: Final = frozenset(
    {
        "run",
        "run_backward",
        "sprint",
        "skip",
        "cartwheel",
        "throw",
        "catch",
        "swing_bat",
        "dribble",
        "kick",
        "fall",
        "jump",
        "throw_and_catch",
        "dodge_throw",
        "chase",
        "race",
        "follow",
        "fight",
    }
)
"""Actions for which a kitchen is too small."""
_DRY: Final = frozenset(
    {
        "sprint",
        "run_backward",
        "skip",
        "hop",
        "crawl",
        "cartwheel",
        "fall",
        "crouch",
        "kneel",
        "sit_down",
        "sit",
        "stand_up",
        "lie_down",
        "get_up",
        "bow",
        "pick_up",
        "dribble",
        "kick",
        "dance",
        "swing_bat",
        "push",
        "carry",
        "read",
        "type",
        "eat",
        "phone_call",
        "stretch",
        "dance_together",
        "fight",
        "race",
        "carry_together",
    }
)
"""Actions that nobody does in the water."""
_GROUND_WORDS: Final = {
    "stairs_up": "up the stairs",
    "stairs_down": "down the stairs",
    "slope_up": "up a slope",
    "slope_down": "down a slope",
}


def random_setting(
    rng: np.random.Generator, *, special_share: float = 0.22, travels: bool = False
) -> Setting:
    """Surroundings, yet without the name of a plain place (`place_for`).

    Args:
        rng: Of the clip.
        special_share: Chance of surroundings that change the motion.
        travels: True: all that happens is walking or running, so stairs and slopes are possible.
    """
    chance = rng.uniform(size=4)
    if chance[0] >= special_share:
        return Setting()
    kinds = ["moon", "ice", "wind", "water", *(TRAVEL_ONLY if travels else ())]
    kind = kinds[int(chance[1] * len(kinds))]
    if kind == "moon":
        return Setting(place="on the moon", gravity_mps2=MOON_GRAVITY)
    if kind == "ice":
        return Setting(place="on ice", ground="ice")
    if kind == "wind":
        strength = 8.0 + 10.0 * chance[2]
        yaw = 3.1416 if chance[3] < 0.7 else 6.2832 * chance[3]
        return Setting(place="in a strong wind", wind_mps=float(strength), wind_yaw=float(yaw))
    if kind == "water":
        deep = 0.4 + 0.5 * chance[2]
        words = "in knee-deep water" if deep < 0.6 else "in waist-deep water"
        return Setting(place=words, water_m=float(deep))
    return Setting(place=_GROUND_WORDS[kind], ground=kind)


def place_for(setting: Setting, actions: Iterable[str], rng: np.random.Generator) -> Setting:
    """The setting with a place in which all of the actions may well be done.

    Args:
        setting: As drawn; one that changes the motion stays, unless an action cannot be done in it.
        actions: Everything that happens, meetings included.
        rng: Of the clip.
    """
    said, which = rng.uniform(size=2)
    done = frozenset(actions)
    own = next((_PLACES_OF[name] for name in sorted(done & _PLACES_OF.keys())), None)
    wet = setting.water_m > 0.0 and bool(done & _DRY)
    if setting.place and not wet and own is None:
        return setting
    places = own or (_ROOMY if done & _WIDE else _ROOMY + _SMALL)
    place = "" if said < _NOWHERE_SHARE else places[int(which * len(places))]
    return Setting(place=place)
