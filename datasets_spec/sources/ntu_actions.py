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


def _class(name: str, action: str, two: bool = False, doer: bool = False) -> NtuClass:  # noqa: FBT001, FBT002 - table rows
    return NtuClass(name, action, two, doer)


NTU_CLASSES: Final[dict[str, NtuClass]] = {
    "A001": _class("drink water", "drink"),
    "A002": _class("eat meal/snack", "eat"),
    "A003": _class("brushing teeth", "unlabelled"),
    "A004": _class("brushing hair", "unlabelled"),
    "A005": _class("drop", "unlabelled"),
    "A006": _class("pick up", "pick_up"),
    "A007": _class("throw", "throw"),
    "A008": _class("sitting down", "sit_down"),
    "A009": _class("standing up (from sitting position)", "stand_up"),
    "A010": _class("clapping", "clap"),
    "A011": _class("reading", "read"),
    "A012": _class("writing", "unlabelled"),
    "A013": _class("tear up paper", "unlabelled"),
    "A014": _class("put on jacket", "unlabelled"),
    "A015": _class("take off jacket", "unlabelled"),
    "A016": _class("put on a shoe", "unlabelled"),
    "A017": _class("take off a shoe", "unlabelled"),
    "A018": _class("put on glasses", "unlabelled"),
    "A019": _class("take off glasses", "unlabelled"),
    "A020": _class("put on a hat/cap", "unlabelled"),
    "A021": _class("take off a hat/cap", "unlabelled"),
    "A022": _class("cheer up", "celebrate"),
    "A023": _class("hand waving", "wave"),
    "A024": _class("kicking something", "kick"),
    "A025": _class("reach into pocket", "unlabelled"),
    "A026": _class("hopping (one foot jumping)", "hop"),
    "A027": _class("jump up", "jump"),
    "A028": _class("make a phone call/answer phone", "phone_call"),
    "A029": _class("playing with phone/tablet", "unlabelled"),
    "A030": _class("typing on a keyboard", "type"),
    "A031": _class("pointing to something with finger", "point"),
    "A032": _class("taking a selfie", "unlabelled"),
    "A033": _class("check time (from watch)", "unlabelled"),
    "A034": _class("rub two hands together", "unlabelled"),
    "A035": _class("nod head/bow", "nod"),
    "A036": _class("shake head", "shake_head"),
    "A037": _class("wipe face", "unlabelled"),
    "A038": _class("salute", "salute"),
    "A039": _class("put the palms together", "unlabelled"),
    "A040": _class("cross hands in front (say stop)", "unlabelled"),
    "A041": _class("sneeze/cough", "unlabelled"),
    "A042": _class("staggering", "stagger"),
    "A043": _class("falling", "fall"),
    "A044": _class("touch head (headache)", "unlabelled"),
    "A045": _class("touch chest (stomachache/heart pain)", "unlabelled"),
    "A046": _class("touch back (backache)", "unlabelled"),
    "A047": _class("touch neck (neckache)", "unlabelled"),
    "A048": _class("nausea or vomiting condition", "unlabelled"),
    "A049": _class("use a fan (with hand or paper)/feeling warm", "unlabelled"),
    "A050": _class("punching/slapping other person", "punch", TWO, DOER),
    "A051": _class("kicking other person", "kick", TWO, DOER),
    "A052": _class("pushing other person", "push", TWO, DOER),
    "A053": _class("pat on back of other person", "unlabelled", TWO),
    "A054": _class("point finger at the other person", "point", TWO, DOER),
    "A055": _class("hugging other person", "hug", TWO),
    "A056": _class("giving something to other person", "unlabelled", TWO),
    "A057": _class("touch other person's pocket", "unlabelled", TWO),
    "A058": _class("handshaking", "handshake", TWO),
    "A059": _class("walking towards each other", "walk", TWO),
    "A060": _class("walking apart from each other", "walk", TWO),
    "A061": _class("put on headphone", "unlabelled"),
    "A062": _class("take off headphone", "unlabelled"),
    "A063": _class("shoot at the basket", "unlabelled"),
    "A064": _class("bounce ball", "dribble"),
    "A065": _class("tennis bat swing", "swing_bat"),
    "A066": _class("juggling table tennis balls", "unlabelled"),
    "A067": _class("hush (quiet)", "unlabelled"),
    "A068": _class("flick hair", "unlabelled"),
    "A069": _class("thumb up", "unlabelled"),
    "A070": _class("thumb down", "unlabelled"),
    "A071": _class("make ok sign", "unlabelled"),
    "A072": _class("make victory sign", "unlabelled"),
    "A073": _class("staple book", "unlabelled"),
    "A074": _class("counting money", "unlabelled"),
    "A075": _class("cutting nails", "unlabelled"),
    "A076": _class("cutting paper (using scissors)", "unlabelled"),
    "A077": _class("snapping fingers", "unlabelled"),
    "A078": _class("open bottle", "unlabelled"),
    "A079": _class("sniff (smell)", "unlabelled"),
    "A080": _class("squat down", "crouch"),
    "A081": _class("toss a coin", "unlabelled"),
    "A082": _class("fold paper", "unlabelled"),
    "A083": _class("ball up paper", "unlabelled"),
    "A084": _class("play magic cube", "unlabelled"),
    "A085": _class("apply cream on face", "unlabelled"),
    "A086": _class("apply cream on hand back", "unlabelled"),
    "A087": _class("put on bag", "unlabelled"),
    "A088": _class("take off bag", "unlabelled"),
    "A089": _class("put something into a bag", "unlabelled"),
    "A090": _class("take something out of a bag", "unlabelled"),
    "A091": _class("open a box", "unlabelled"),
    "A092": _class("move heavy objects", "unlabelled"),
    "A093": _class("shake fist", "unlabelled"),
    "A094": _class("throw up cap/hat", "throw"),
    "A095": _class("hands up (both hands)", "unlabelled"),
    "A096": _class("cross arms", "cross_arms"),
    "A097": _class("arm circles", "unlabelled"),
    "A098": _class("arm swings", "unlabelled"),
    "A099": _class("running on the spot", "run"),
    "A100": _class("butt kicks (kick backward)", "unlabelled"),
    "A101": _class("cross toe touch", "unlabelled"),
    "A102": _class("side kick", "kick"),
    "A103": _class("yawn", "unlabelled"),
    "A104": _class("stretch oneself", "stretch"),
    "A105": _class("blow nose", "unlabelled"),
    "A106": _class("hit other person with something", "unlabelled", TWO),
    "A107": _class("wield knife towards other person", "unlabelled", TWO),
    "A108": _class("knock over other person (hit with body)", "unlabelled", TWO),
    "A109": _class("grab other person's stuff", "unlabelled", TWO),
    "A110": _class("shoot at other person with a gun", "unlabelled", TWO),
    "A111": _class("step on foot", "unlabelled", TWO),
    "A112": _class("high-five", "high_five", TWO),
    "A113": _class("cheers and drink", "drink", TWO),
    "A114": _class("carry something with other person", "carry", TWO),
    "A115": _class("take a photo of other person", "unlabelled", TWO),
    "A116": _class("follow other person", "walk", TWO),
    "A117": _class("whisper in other person's ear", "whisper", TWO, DOER),
    "A118": _class("exchange things with other person", "unlabelled", TWO),
    "A119": _class("support somebody with hand", "unlabelled", TWO),
    "A120": _class("finger-guessing game (playing rock-paper-scissors)", "unlabelled", TWO),
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
