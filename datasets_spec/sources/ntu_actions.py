"""NTU RGB+D 60 and 120: the 120 classes and the action of each.

`unlabelled` is a decision: no word of the 64 says honestly what the body does. Classes of two
people name the action of both only where both do the same. Where one acts upon the other, the
files do not say which body is which, so such an action counts only for a label whose reader
names the actor (`DOER`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from datasets_spec.vocabulary import UNLABELLED_NAME

__all__ = ["NTU_CLASSES", "NtuClass", "ntu_action", "ntu_class", "ntu_code"]

TWO: Final = True
DOER: Final = True
"""Readable flags for the rows below."""


@dataclass(frozen=True, slots=True)
class NtuClass:
    """One class of the dataset."""

    code: str
    """A001..A120, as in file names."""
    text: str
    """Wording ours, meaning that of the published class list."""
    action: str
    """One of the 64 actions, or `unlabelled`."""
    two_person: bool = False
    doer_only: bool = False
    """True: one person does it to the other."""
    locomotion: bool | None = None
    """True: the class itself says that somebody travels; False: that he stays on the spot."""


_CLASSES: Final = (
    NtuClass("A001", "drink water", "drink"),
    NtuClass("A002", "eat a meal or snack", "eat"),
    NtuClass("A003", "brush teeth", "unlabelled"),
    NtuClass("A004", "brush hair", "unlabelled"),
    NtuClass("A005", "drop something", "unlabelled"),
    NtuClass("A006", "pick something up", "pick_up"),
    NtuClass("A007", "throw something", "throw"),
    NtuClass("A008", "sit down", "sit_down"),
    NtuClass("A009", "stand up from sitting", "stand_up"),
    NtuClass("A010", "clap", "clap"),
    NtuClass("A011", "read", "read"),
    NtuClass("A012", "write", "unlabelled"),
    NtuClass("A013", "tear up paper", "unlabelled"),
    NtuClass("A014", "put on a jacket", "unlabelled"),
    NtuClass("A015", "take off a jacket", "unlabelled"),
    NtuClass("A016", "put on a shoe", "unlabelled"),
    NtuClass("A017", "take off a shoe", "unlabelled"),
    NtuClass("A018", "put on glasses", "unlabelled"),
    NtuClass("A019", "take off glasses", "unlabelled"),
    NtuClass("A020", "put on a hat or cap", "unlabelled"),
    NtuClass("A021", "take off a hat or cap", "unlabelled"),
    NtuClass("A022", "cheer up", "celebrate"),
    NtuClass("A023", "wave a hand", "wave"),
    NtuClass("A024", "kick something", "kick"),
    NtuClass("A025", "reach into a pocket", "unlabelled"),
    NtuClass("A026", "hop on one foot", "hop"),
    NtuClass("A027", "jump up", "jump"),
    NtuClass("A028", "make or answer a phone call", "phone_call"),
    NtuClass("A029", "play with a phone or tablet", "unlabelled"),
    NtuClass("A030", "type on a keyboard", "type"),
    NtuClass("A031", "point to something with a finger", "point"),
    NtuClass("A032", "take a selfie", "unlabelled"),
    NtuClass("A033", "check the time on a watch", "unlabelled"),
    NtuClass("A034", "rub two hands together", "unlabelled"),
    NtuClass("A035", "nod or bow", "nod"),
    NtuClass("A036", "shake the head", "shake_head"),
    NtuClass("A037", "wipe the face", "unlabelled"),
    NtuClass("A038", "salute", "salute"),
    NtuClass("A039", "put the palms together", "unlabelled"),
    NtuClass("A040", "cross hands in front to say stop", "unlabelled"),
    NtuClass("A041", "sneeze or cough", "unlabelled"),
    NtuClass("A042", "stagger", "stagger"),
    NtuClass("A043", "fall down", "fall"),
    NtuClass("A044", "touch the head with a headache", "unlabelled"),
    NtuClass("A045", "touch the chest in pain", "unlabelled"),
    NtuClass("A046", "touch the back with a backache", "unlabelled"),
    NtuClass("A047", "touch the neck with a neckache", "unlabelled"),
    NtuClass("A048", "feel sick or vomit", "unlabelled"),
    NtuClass("A049", "fan oneself, feeling warm", "unlabelled"),
    NtuClass("A050", "punch or slap the other person", "punch", TWO, DOER),
    NtuClass("A051", "kick the other person", "kick", TWO, DOER),
    NtuClass("A052", "push the other person", "push", TWO, DOER),
    NtuClass("A053", "pat the other person on the back", "unlabelled", TWO),
    NtuClass("A054", "point a finger at the other person", "point", TWO, DOER),
    NtuClass("A055", "hug the other person", "hug", TWO),
    NtuClass("A056", "give something to the other person", "unlabelled", TWO),
    NtuClass("A057", "touch the other person's pocket", "unlabelled", TWO),
    NtuClass("A058", "shake hands", "handshake", TWO),
    NtuClass("A059", "walk towards each other", "walk", TWO, locomotion=True),
    NtuClass("A060", "walk apart from each other", "walk", TWO, locomotion=True),
    NtuClass("A061", "put on headphones", "unlabelled"),
    NtuClass("A062", "take off headphones", "unlabelled"),
    NtuClass("A063", "shoot at the basket", "unlabelled"),
    NtuClass("A064", "bounce a ball", "dribble"),
    NtuClass("A065", "swing a tennis racket", "swing_bat"),
    NtuClass("A066", "juggle table tennis balls", "unlabelled"),
    NtuClass("A067", "hush with a finger at the lips", "unlabelled"),
    NtuClass("A068", "flick the hair", "unlabelled"),
    NtuClass("A069", "give a thumbs up", "unlabelled"),
    NtuClass("A070", "give a thumbs down", "unlabelled"),
    NtuClass("A071", "make an OK sign", "unlabelled"),
    NtuClass("A072", "make a victory sign", "unlabelled"),
    NtuClass("A073", "staple a book", "unlabelled"),
    NtuClass("A074", "count money", "unlabelled"),
    NtuClass("A075", "cut nails", "unlabelled"),
    NtuClass("A076", "cut paper with scissors", "unlabelled"),
    NtuClass("A077", "snap fingers", "unlabelled"),
    NtuClass("A078", "open a bottle", "unlabelled"),
    NtuClass("A079", "sniff at something", "unlabelled"),
    NtuClass("A080", "squat down", "crouch"),
    NtuClass("A081", "toss a coin", "unlabelled"),
    NtuClass("A082", "fold paper", "unlabelled"),
    NtuClass("A083", "crumple paper into a ball", "unlabelled"),
    NtuClass("A084", "play with a magic cube", "unlabelled"),
    NtuClass("A085", "apply cream to the face", "unlabelled"),
    NtuClass("A086", "apply cream to the back of the hand", "unlabelled"),
    NtuClass("A087", "put on a bag", "unlabelled"),
    NtuClass("A088", "take off a bag", "unlabelled"),
    NtuClass("A089", "put something into a bag", "unlabelled"),
    NtuClass("A090", "take something out of a bag", "unlabelled"),
    NtuClass("A091", "open a box", "unlabelled"),
    NtuClass("A092", "move heavy objects", "unlabelled"),
    NtuClass("A093", "shake a fist", "unlabelled"),
    NtuClass("A094", "throw up a cap or hat", "throw"),
    NtuClass("A095", "raise both hands", "unlabelled"),
    NtuClass("A096", "cross the arms", "cross_arms"),
    NtuClass("A097", "circle the arms", "unlabelled"),
    NtuClass("A098", "swing the arms", "unlabelled"),
    NtuClass("A099", "run on the spot", "run", locomotion=False),
    NtuClass("A100", "kick the heels up to the buttocks", "unlabelled", locomotion=False),
    NtuClass("A101", "touch the toes crosswise", "unlabelled"),
    NtuClass("A102", "kick to the side", "kick"),
    NtuClass("A103", "yawn", "unlabelled"),
    NtuClass("A104", "stretch oneself", "stretch"),
    NtuClass("A105", "blow the nose", "unlabelled"),
    NtuClass("A106", "hit the other person with something", "unlabelled", TWO),
    NtuClass("A107", "wield a knife towards the other person", "unlabelled", TWO),
    NtuClass("A108", "knock over the other person", "unlabelled", TWO),
    NtuClass("A109", "grab the other person's things", "unlabelled", TWO),
    NtuClass("A110", "aim a gun at the other person", "unlabelled", TWO),
    NtuClass("A111", "step on the other person's foot", "unlabelled", TWO),
    NtuClass("A112", "give a high five", "high_five", TWO),
    NtuClass("A113", "cheer and drink together", "drink", TWO),
    NtuClass("A114", "carry something together", "carry", TWO),
    NtuClass("A115", "take a photo of the other person", "unlabelled", TWO),
    NtuClass("A116", "follow the other person", "walk", TWO, locomotion=True),
    NtuClass("A117", "whisper in the other person's ear", "whisper", TWO, DOER),
    NtuClass("A118", "exchange things with the other person", "unlabelled", TWO),
    NtuClass("A119", "support somebody with a hand", "unlabelled", TWO),
    NtuClass("A120", "play rock-paper-scissors", "unlabelled", TWO),
)
"""In class order. Source of codes and meanings: shahroudy/NTURGB-D, README."""

NTU_CLASSES: Final[dict[str, NtuClass]] = {entry.code: entry for entry in _CLASSES}
"""Classes by code, in class order."""


def ntu_class(number: int) -> NtuClass:
    """Class by its number in file names.

    Raises:
        ValueError: If the number is not 1..120.
    """
    if not 1 <= number <= len(_CLASSES):
        msg = f"expected an NTU class number 1..{len(_CLASSES)}, got {number}"
        raise ValueError(msg)
    return _CLASSES[number - 1]


def ntu_code(category: str) -> str | None:
    """Code of a class (`A043`) from `A043`, `a43` or `43`; None if it is no class."""
    digits = category.strip().upper().removeprefix("A")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        return None
    code = f"A{int(digits):03d}"
    return code if code in NTU_CLASSES else None


def ntu_action(category: str, *, actor_known: bool = False) -> str:
    """Action of a class, or `unlabelled`.

    Args:
        category: A class code in any spelling of `ntu_code`.
        actor_known: True if the label says which of two people does it.
    """
    code = ntu_code(category)
    if code is None:
        return UNLABELLED_NAME
    found = NTU_CLASSES[code]
    return UNLABELLED_NAME if found.doer_only and not actor_known else found.action
