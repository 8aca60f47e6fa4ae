"""Words for the manner of an actor and for the place, where they are true and sound right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.setting import EARTH_GRAVITY
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.words.inflect import word_set

if TYPE_CHECKING:
    import numpy as np

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

__all__ = ["MannerWords", "PlaceWords", "manner_words", "place_words"]

_FAST: Final = 1.2
_SLOW: Final = 0.8
"""Tempo from which on it shows, against the usual."""
_VIGOROUS: Final = 0.82
_TIRED: Final = 0.18
_LARGE: Final = 1.25
_SMALL: Final = 0.72

_STILL: Final = word_set(
    "idle sit cross_arms lie_down fall read phone_call whisper hug cry stagger unlabelled"
)
"""Neither fast nor vigorous in any sense one would write down."""
_NEVER_SLOW: Final = word_set(
    "sprint run run_backward dribble jump throw catch swing_bat cartwheel fight dodge punch "
    "kick high_five handshake celebrate fly shout laugh"
)
_NEVER_FAST: Final = word_set(
    "sprint limp kneel salute point stretch talk sing shout laugh jump fly cartwheel celebrate "
    "throw catch swing_bat high_five"
)
_NO_MOOD: Final = word_set(
    "fall stagger cry laugh celebrate hug fight unlabelled dodge sit kneel crouch lie_down fly"
)
_GAITS: Final = word_set(
    "idle walk walk_backward sidestep run run_backward sprint march skip hop limp turn"
)
"""Style words of the whole motion show in these."""
_BIG_ONES: Final = word_set("wave clap bow dance talk stretch march")
_MOODS: Final = {
    "happy": (("happily", "cheerfully", "merrily"), ("happy", "cheerful")),
    "sad": (("sadly", "unhappily", "gloomily"), ("sad", "unhappy")),
    "surprised": ((), ("surprised", "startled")),
    "angry": (("angrily", "furiously"), ("angry", "furious")),
    "excited": (("excitedly", "eagerly"), ("excited", "eager")),
}
_GLAD_ONLY: Final = frozenset({"laugh", "celebrate"})
_SAD_ONLY: Final = frozenset({"cry"})
_QUICK: Final = ("quickly", "fast", "swiftly", "rapidly")
_SLOWLY: Final = ("slowly", "unhurriedly")
_STROLLING: Final = ("slowly", "leisurely", "at a slow pace", "unhurriedly")
_STRONG: Final = ("vigorously", "energetically", "with a lot of energy")
_WEARY: Final = ("wearily", "tiredly", "sluggishly")
_AFTER_ONLY: Final = frozenset({"fast", "leisurely"})
_AGES: Final = {
    "old": ("an old person", "an elderly person"),
    "child": ("a child", "a kid"),
}
_UP_OR_DOWN: Final = ("up ", "down ")


@dataclass(frozen=True, kw_only=True, slots=True)
class MannerWords:
    """What a sentence may say of the manner; all empty for a plain one."""

    before: str = ""
    """Adverb that can stand before the verb."""
    after: str = ""
    """Adverbial that can stand behind the phrase."""
    adjective: str = ""
    """Of the subject."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceWords:
    """Where it happens."""

    text: str = ""
    opens: bool = False
    """It may open the sentence; "up the stairs" may not."""


def manner_words(
    manner: Manner, actions: tuple[str, ...], noun: str, rng: np.random.Generator
) -> tuple[MannerWords, str]:
    """Words for the manner of a sentence about some actions, and the noun, made older or younger.

    Args:
        manner: Of the actor.
        actions: All actions of the sentence; adverbs belong to the first one.
        noun: Of the actor.
        rng: Chooses.
    """
    picks = rng.random(5).tolist()
    adjective = _adjective(manner, actions, picks[3])
    adverbs = _adverbs(manner, actions[0], named=bool(adjective))
    after = adverbs[int(picks[0] * len(adverbs))] if adverbs else ""
    if manner.style in STYLES and actions[0] in _GAITS and picks[1] < 0.75:
        phrases = STYLES[manner.style].phrases
        after = phrases[int(picks[2] * len(phrases))]
    if noun == "a person" and manner.age in _AGES and picks[4] < 0.6:
        ways = _AGES[manner.age]
        noun = ways[int(picks[4] / 0.6 * len(ways))]
    before = after if after.endswith("ly") and after not in _AFTER_ONLY else ""
    return MannerWords(before=before, after=after, adjective=adjective), noun


def _adverbs(manner: Manner, action: str, *, named: bool) -> tuple[str, ...]:
    """Adverbs that are true; an adjective has named mood or weariness already."""
    found: list[str] = []
    lively = action not in _STILL
    if lively and manner.tempo >= _FAST and action not in _NEVER_FAST:
        found += _QUICK
    if lively and manner.tempo <= _SLOW and action not in _NEVER_SLOW:
        found += _STROLLING if action in _GAITS else _SLOWLY
    if lively and manner.energy >= _VIGOROUS:
        found += _STRONG
    if lively and manner.energy <= _TIRED and not named and action not in _NEVER_SLOW:
        found += _WEARY
    if action in _BIG_ONES and manner.amplitude >= _LARGE:
        found += ("with big movements", "with sweeping movements")
    if action in _BIG_ONES and manner.amplitude <= _SMALL:
        found += ("with small movements",)
    if action not in _NO_MOOD and action != "idle" and not named:
        found += _MOODS.get(manner.mood, ((), ()))[0]
    return tuple(found)


def _adjective(manner: Manner, actions: tuple[str, ...], pick: float) -> str:
    """At most one adjective, in two of five sentences of those that have one."""
    known = set(actions)
    clash = (manner.mood not in {"happy", "excited"} and known & _GLAD_ONLY) or (
        manner.mood != "sad" and known & _SAD_ONLY
    )
    found: tuple[str, ...] = () if clash else _MOODS.get(manner.mood, ((), ()))[1]
    if not found and manner.energy <= _TIRED / 2:
        found = ("tired",)
    return found[int(pick / 0.4 * len(found))] if found and pick < 0.4 else ""


def place_words(setting: Setting) -> PlaceWords:
    """The place in words: what the setting says, else what its physics is."""
    text = setting.place
    if not text:
        ground = {
            "ice": "on ice",
            "stairs_up": "up the stairs",
            "stairs_down": "down the stairs",
            "slope_up": "up a slope",
            "slope_down": "down a slope",
        }
        text = ground.get(setting.ground, "")
    if not text and setting.water_m > 0.2:
        text = "in the water"
    if not text and setting.gravity_mps2 < EARTH_GRAVITY / 3:
        text = "in low gravity"
    if not text and setting.wind_mps > 6.0:
        text = "in a strong wind"
    return PlaceWords(text=text, opens=bool(text) and not text.startswith(_UP_OR_DOWN))
