"""The 120 action classes of NTU RGB+D: readable names, and how many persons act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["NTU_CLASSES", "NtuClass", "ntu_class"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NtuClass:
    """One class."""

    key: str
    """A001..A120, as in file names."""
    text: str
    two_person: bool
    locomotion: bool | None = None
    """True: the class itself says that somebody travels; False: that he stays on the spot."""


_NAMES: Final = (
    "drink water",
    "eat a meal or snack",
    "brush teeth",
    "brush hair",
    "drop something",
    "pick something up",
    "throw something",
    "sit down",
    "stand up from sitting",
    "clap",
    "read",
    "write",
    "tear up paper",
    "put on a jacket",
    "take off a jacket",
    "put on a shoe",
    "take off a shoe",
    "put on glasses",
    "take off glasses",
    "put on a hat or cap",
    "take off a hat or cap",
    "cheer up",
    "wave a hand",
    "kick something",
    "reach into a pocket",
    "hop on one foot",
    "jump up",
    "make or answer a phone call",
    "play with a phone or tablet",
    "type on a keyboard",
    "point to something with a finger",
    "take a selfie",
    "check the time on a watch",
    "rub two hands together",
    "nod or bow",
    "shake the head",
    "wipe the face",
    "salute",
    "put the palms together",
    "cross hands in front to say stop",
    "sneeze or cough",
    "stagger",
    "fall down",
    "touch the head with a headache",
    "touch the chest in pain",
    "touch the back with a backache",
    "touch the neck with a neckache",
    "feel sick or vomit",
    "fan oneself, feeling warm",
    "punch or slap the other person",
    "kick the other person",
    "push the other person",
    "pat the other person on the back",
    "point a finger at the other person",
    "hug the other person",
    "give something to the other person",
    "touch the other person's pocket",
    "shake hands",
    "walk towards each other",
    "walk apart from each other",
    "put on headphones",
    "take off headphones",
    "shoot at the basket",
    "bounce a ball",
    "swing a tennis racket",
    "juggle table tennis balls",
    "hush with a finger at the lips",
    "flick the hair",
    "give a thumbs up",
    "give a thumbs down",
    "make an OK sign",
    "make a victory sign",
    "staple a book",
    "count money",
    "cut nails",
    "cut paper with scissors",
    "snap fingers",
    "open a bottle",
    "sniff at something",
    "squat down",
    "toss a coin",
    "fold paper",
    "crumple paper into a ball",
    "play with a magic cube",
    "apply cream to the face",
    "apply cream to the back of the hand",
    "put on a bag",
    "take off a bag",
    "put something into a bag",
    "take something out of a bag",
    "open a box",
    "move heavy objects",
    "shake a fist",
    "throw up a cap or hat",
    "raise both hands",
    "cross the arms",
    "circle the arms",
    "swing the arms",
    "run on the spot",
    "kick the heels up to the buttocks",
    "touch the toes crosswise",
    "kick to the side",
    "yawn",
    "stretch oneself",
    "blow the nose",
    "hit the other person with something",
    "wield a knife towards the other person",
    "knock over the other person",
    "grab the other person's things",
    "aim a gun at the other person",
    "step on the other person's foot",
    "give a high five",
    "cheer and drink together",
    "carry something together",
    "take a photo of the other person",
    "follow the other person",
    "whisper in the other person's ear",
    "exchange things with the other person",
    "support somebody with a hand",
    "play rock-paper-scissors",
)
"""In class order; wordings ours, meanings those of the dataset's list."""

_TWO_PERSON: Final = frozenset([*range(50, 61), *range(106, 121)])
"""A050-A060 and A106-A120."""
_TRAVELS: Final = frozenset([59, 60, 116])
_STAYS: Final = frozenset([99, 100])


def _locomotion(number: int) -> bool | None:
    if number in _TRAVELS:
        return True
    return False if number in _STAYS else None


NTU_CLASSES: Final = tuple(
    NtuClass(
        key=f"A{number:03d}",
        text=text,
        two_person=number in _TWO_PERSON,
        locomotion=_locomotion(number),
    )
    for number, text in enumerate(_NAMES, start=1)
)


def ntu_class(number: int) -> NtuClass:
    """Class by its number in file names.

    Raises:
        ValueError: If the number is not 1..120.
    """
    if not 1 <= number <= len(NTU_CLASSES):
        msg = f"expected an NTU class number 1..{len(NTU_CLASSES)}, got {number}"
        raise ValueError(msg)
    return NTU_CLASSES[number - 1]
