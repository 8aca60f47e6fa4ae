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

__all__ = ["NTU_CLASSES", "NtuClass", "ntu_action", "ntu_code"]

TWO: Final = True
DOER: Final = True
"""Readable flags for the rows below."""


@dataclass(frozen=True, slots=True)
class NtuClass:
    """One class of the dataset."""

    name: str
    """Words of the published class list; obvious misspellings set right."""
    action: str
    """One of the 64 actions, or `unlabelled`."""
    two_people: bool = False
    doer_only: bool = False
    """True: one person does it to the other."""


NTU_CLASSES: Final[dict[str, NtuClass]] = {
    "A001": NtuClass("drink water", "drink"),
    "A002": NtuClass("eat meal/snack", "eat"),
    "A003": NtuClass("brushing teeth", "unlabelled"),
    "A004": NtuClass("brushing hair", "unlabelled"),
    "A005": NtuClass("drop", "unlabelled"),
    "A006": NtuClass("pick up", "pick_up"),
    "A007": NtuClass("throw", "throw"),
    "A008": NtuClass("sitting down", "sit_down"),
    "A009": NtuClass("standing up (from sitting position)", "stand_up"),
    "A010": NtuClass("clapping", "clap"),
    "A011": NtuClass("reading", "read"),
    "A012": NtuClass("writing", "unlabelled"),
    "A013": NtuClass("tear up paper", "unlabelled"),
    "A014": NtuClass("put on jacket", "unlabelled"),
    "A015": NtuClass("take off jacket", "unlabelled"),
    "A016": NtuClass("put on a shoe", "unlabelled"),
    "A017": NtuClass("take off a shoe", "unlabelled"),
    "A018": NtuClass("put on glasses", "unlabelled"),
    "A019": NtuClass("take off glasses", "unlabelled"),
    "A020": NtuClass("put on a hat/cap", "unlabelled"),
    "A021": NtuClass("take off a hat/cap", "unlabelled"),
    "A022": NtuClass("cheer up", "celebrate"),
    "A023": NtuClass("hand waving", "wave"),
    "A024": NtuClass("kicking something", "kick"),
    "A025": NtuClass("reach into pocket", "unlabelled"),
    "A026": NtuClass("hopping (one foot jumping)", "hop"),
    "A027": NtuClass("jump up", "jump"),
    "A028": NtuClass("make a phone call/answer phone", "phone_call"),
    "A029": NtuClass("playing with phone/tablet", "unlabelled"),
    "A030": NtuClass("typing on a keyboard", "type"),
    "A031": NtuClass("pointing to something with finger", "point"),
    "A032": NtuClass("taking a selfie", "unlabelled"),
    "A033": NtuClass("check time (from watch)", "unlabelled"),
    "A034": NtuClass("rub two hands together", "unlabelled"),
    "A035": NtuClass("nod head/bow", "nod"),
    "A036": NtuClass("shake head", "shake_head"),
    "A037": NtuClass("wipe face", "unlabelled"),
    "A038": NtuClass("salute", "salute"),
    "A039": NtuClass("put the palms together", "unlabelled"),
    "A040": NtuClass("cross hands in front (say stop)", "unlabelled"),
    "A041": NtuClass("sneeze/cough", "unlabelled"),
    "A042": NtuClass("staggering", "stagger"),
    "A043": NtuClass("falling", "fall"),
    "A044": NtuClass("touch head (headache)", "unlabelled"),
    "A045": NtuClass("touch chest (stomachache/heart pain)", "unlabelled"),
    "A046": NtuClass("touch back (backache)", "unlabelled"),
    "A047": NtuClass("touch neck (neckache)", "unlabelled"),
    "A048": NtuClass("nausea or vomiting condition", "unlabelled"),
    "A049": NtuClass("use a fan (with hand or paper)/feeling warm", "unlabelled"),
    "A050": NtuClass("punching/slapping other person", "punch", TWO, DOER),
    "A051": NtuClass("kicking other person", "kick", TWO, DOER),
    "A052": NtuClass("pushing other person", "push", TWO, DOER),
    "A053": NtuClass("pat on back of other person", "unlabelled", TWO),
    "A054": NtuClass("point finger at the other person", "point", TWO, DOER),
    "A055": NtuClass("hugging other person", "hug", TWO),
    "A056": NtuClass("giving something to other person", "unlabelled", TWO),
    "A057": NtuClass("touch other person's pocket", "unlabelled", TWO),
    "A058": NtuClass("handshaking", "handshake", TWO),
    "A059": NtuClass("walking towards each other", "walk", TWO),
    "A060": NtuClass("walking apart from each other", "walk", TWO),
    "A061": NtuClass("put on headphone", "unlabelled"),
    "A062": NtuClass("take off headphone", "unlabelled"),
    "A063": NtuClass("shoot at the basket", "unlabelled"),
    "A064": NtuClass("bounce ball", "dribble"),
    "A065": NtuClass("tennis bat swing", "swing_bat"),
    "A066": NtuClass("juggling table tennis balls", "unlabelled"),
    "A067": NtuClass("hush (quiet)", "unlabelled"),
    "A068": NtuClass("flick hair", "unlabelled"),
    "A069": NtuClass("thumb up", "unlabelled"),
    "A070": NtuClass("thumb down", "unlabelled"),
    "A071": NtuClass("make ok sign", "unlabelled"),
    "A072": NtuClass("make victory sign", "unlabelled"),
    "A073": NtuClass("staple book", "unlabelled"),
    "A074": NtuClass("counting money", "unlabelled"),
    "A075": NtuClass("cutting nails", "unlabelled"),
    "A076": NtuClass("cutting paper (using scissors)", "unlabelled"),
    "A077": NtuClass("snapping fingers", "unlabelled"),
    "A078": NtuClass("open bottle", "unlabelled"),
    "A079": NtuClass("sniff (smell)", "unlabelled"),
    "A080": NtuClass("squat down", "crouch"),
    "A081": NtuClass("toss a coin", "unlabelled"),
    "A082": NtuClass("fold paper", "unlabelled"),
    "A083": NtuClass("ball up paper", "unlabelled"),
    "A084": NtuClass("play magic cube", "unlabelled"),
    "A085": NtuClass("apply cream on face", "unlabelled"),
    "A086": NtuClass("apply cream on hand back", "unlabelled"),
    "A087": NtuClass("put on bag", "unlabelled"),
    "A088": NtuClass("take off bag", "unlabelled"),
    "A089": NtuClass("put something into a bag", "unlabelled"),
    "A090": NtuClass("take something out of a bag", "unlabelled"),
    "A091": NtuClass("open a box", "unlabelled"),
    "A092": NtuClass("move heavy objects", "unlabelled"),
    "A093": NtuClass("shake fist", "unlabelled"),
    "A094": NtuClass("throw up cap/hat", "throw"),
    "A095": NtuClass("hands up (both hands)", "unlabelled"),
    "A096": NtuClass("cross arms", "cross_arms"),
    "A097": NtuClass("arm circles", "unlabelled"),
    "A098": NtuClass("arm swings", "unlabelled"),
    "A099": NtuClass("running on the spot", "run"),
    "A100": NtuClass("butt kicks (kick backward)", "unlabelled"),
    "A101": NtuClass("cross toe touch", "unlabelled"),
    "A102": NtuClass("side kick", "kick"),
    "A103": NtuClass("yawn", "unlabelled"),
    "A104": NtuClass("stretch oneself", "stretch"),
    "A105": NtuClass("blow nose", "unlabelled"),
    "A106": NtuClass("hit other person with something", "unlabelled", TWO),
    "A107": NtuClass("wield knife towards other person", "unlabelled", TWO),
    "A108": NtuClass("knock over other person (hit with body)", "unlabelled", TWO),
    "A109": NtuClass("grab other person's stuff", "unlabelled", TWO),
    "A110": NtuClass("shoot at other person with a gun", "unlabelled", TWO),
    "A111": NtuClass("step on foot", "unlabelled", TWO),
    "A112": NtuClass("high-five", "high_five", TWO),
    "A113": NtuClass("cheers and drink", "drink", TWO),
    "A114": NtuClass("carry something with other person", "carry", TWO),
    "A115": NtuClass("take a photo of other person", "unlabelled", TWO),
    "A116": NtuClass("follow other person", "walk", TWO),
    "A117": NtuClass("whisper in other person's ear", "whisper", TWO, DOER),
    "A118": NtuClass("exchange things with other person", "unlabelled", TWO),
    "A119": NtuClass("support somebody with hand", "unlabelled", TWO),
    "A120": NtuClass("finger-guessing game (playing rock-paper-scissors)", "unlabelled", TWO),
}
"""Class names: shahroudy/NTURGB-D, README."""


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
