"""Manners of moving by word, and how the captions of the training say them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.near_words import unknown_word

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STYLE_WORDING", "style_word", "styled_sentence"]

STYLE_WORDING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "aeroplane": "with both arms spread like wings",
        "akimbo": "with hands on the hips",
        "arms_above_head": "with both arms above the head",
        "arms_behind_back": "with hands clasped behind the back",
        "beast": "like a gorilla",
        "bent_forward": "bent forward",
        "big_steps": "with big steps",
        "cat": "on soft paws like a cat",
        "chicken": "like a chicken",
        "crouched": "crouched low",
        "depressed": "with a drooping head",
        "dinosaur": "like a dinosaur",
        "drunk": "drunkenly",
        "duck_footed": "with toes turned out",
        "elated": "elatedly",
        "heavyset": "like a muscle man",
        "lean_back": "leaning back",
        "lean_left": "leaning to the left",
        "lean_right": "leaning to the right",
        "look_up": "looking up",
        "monk": "with folded hands and a bowed head",
        "old": "like an old person",
        "penguin": "like a penguin",
        "pigeon_toed": "with toes turned in",
        "proud": "proudly",
        "raised_left_arm": "with the left arm raised",
        "raised_right_arm": "with the right arm raised",
        "robot": "like a robot",
        "rushed": "in a hurry",
        "sneaky": "sneakily",
        "star": "with arms and legs spread wide",
        "stiff": "stiffly",
        "strutting": "with a swagger",
        "superman": "like a superhero in flight",
        "tiptoe": "on tiptoe",
        "wide_legs": "with legs wide apart",
        "wild_arms": "with wildly swinging arms",
        "zombie": "like a zombie",
    }
)
"""What stands after a verb, as in "a man walks like a zombie"."""


def style_word(name: str) -> str | None:
    """The word of a style as it may be typed (`Big steps`, `big-steps`), None if there is none."""
    word = "_".join(name.lower().replace("-", " ").replace("_", " ").split())
    return word if word in STYLE_WORDING else None


def styled_sentence(sentence: str, style: str) -> str:
    """A sentence with a manner at its end; one that says it already stays as it is.

    Args:
        sentence: As typed; an empty one becomes "a person moves".
        style: Word of `STYLE_WORDING`.

    Raises:
        ConfigError: If there is no such style.
    """
    word = style_word(style)
    if word is None:
        msg = unknown_word("style", style, STYLE_WORDING)
        raise ConfigError(msg)
    manner = STYLE_WORDING[word]
    plain = sentence.strip().rstrip(".!? ") or "a person moves"
    return plain if manner in plain.lower() else f"{plain} {manner}"
