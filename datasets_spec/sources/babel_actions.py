"""BABEL: the action of a label from its categories.

Every category of the release is named here, so that `unlabelled` is a decision and a category
nobody has seen can be told apart. Two spellings of one category (two releases) both stand.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BABEL_ACTIONS", "BABEL_UNLABELLED", "babel_candidates", "is_known_category"]

BABEL_ACTIONS: Final[dict[str, str]] = {
    "bow": "bow",
    "cartwheel": "cartwheel",
    "catch": "catch",
    "celebrate": "celebrate",
    "chicken dance": "dance",
    "clap": "clap",
    "crawl": "crawl",
    "crouch": "crouch",
    "cry": "cry",
    "curtsy": "bow",
    "dance": "dance",
    "dribble": "dribble",
    "drink": "drink",
    "duck": "dodge",
    "eat": "eat",
    "evade": "dodge",
    "fall": "fall",
    "fight": "fight",
    "fly": "fly",
    "hop": "hop",
    "hug": "hug",
    "jog": "run",
    "jump": "jump",
    "jump rope": "jump",
    "jumping jacks": "jump",
    "kick": "kick",
    "kneel": "kneel",
    "laugh": "laugh",
    "leap": "jump",
    "lie": "lie_down",
    "limp": "limp",
    "march": "march",
    "moonwalk": "dance",
    "point": "point",
    "punch": "punch",
    "read": "read",
    "run": "run",
    "salute": "salute",
    "shout": "shout",
    "sit": "sit",
    "skip": "skip",
    "sneak": "walk",
    "spin": "turn",
    "squat": "crouch",
    "stagger": "stagger",
    "stand": "idle",
    "stand up": "stand_up",
    "strafe": "sidestep",
    "stretch": "stretch",
    "stumble": "stagger",
    "swim": "swim",
    "take/pick something up": "pick_up",
    "telephone call": "phone_call",
    "throw": "throw",
    "tiptoe": "walk",
    "trip": "stagger",
    "turn": "turn",
    "waddle": "walk",
    "wait": "idle",
    "walk": "walk",
    "wave": "wave",
}
"""Categories that say what the body does."""

_UNLABELLED_NAMES: Final = """
    a pose, action with ball, actions with ball, adjust, admire, agressive actions series, aim,
    animal behavior, arm movements, backwards, backwards movement, balance,
    bartender behavior series, bend, blow, bump, charge, check, chop, circular movement,
    clasp hands, clean something, close something, come, communicate (vocalise),
    communicate (vocalize), conduct, confusion, cough, count, cower, cradle, cross limbs,
    crossing limbs, cut, despair, dip, disagree, dive, doing ocean motion, draw, drive,
    drunken behavior, endure, engage, excite, exercise / training, exercise/training,
    face direction, feet movements, fidget, fill, find, fire gun, fish, fist bump, flail arms,
    flap, flip, follow, foot movement, foot movements, forward movement, forwards movement, gain,
    gesture, get injured, give something, glide, golf, grab body part, grab person,
    grab person / body part, grasp object, greet, grind, groom, hand movements, handstand, hang,
    head movements, headstand, hiccup, hit, hope, hurry, interact with / use object,
    interact with rope, interact with/use object, inward motion, join, juggle, knee movement,
    knock, lead, lean, learn, leave, leg movements, legs movement, lick, lift something,
    list body parts, listen, look, lose, lowering body part, lunge, maintain, make, martial art,
    martial arts, mime, misc. abstract action, misc. action, misc. activities, mix,
    move back to original position, move misc. body part, move something, move up/down incline,
    navigate, noisy labels, open something, operate interface, pat, perform, place something,
    plant feet, play, play catch, play instrument, play sport, plead, pose, poses, pour, pray,
    prepare, press something, protect, puppeteer, raising body part, rake, relax, release, remove,
    repeat, reveal, ride, rocking movement, rolling motion, rolling movement, rolls on ground, rub,
    scratch, search, shake, shave, shivering, shock, shoulder movements, shrug, shuffle,
    side to side movement, sideways movement, sign, skate, slash gesture series, sleep, sleepwalk,
    slide, smell, sneeze, sports move, sports moves, spread, stances, start, steady, step, stick,
    stomp, stop, stroke, style hair, sudden movement, support, sway, swing body part, swipe,
    t pose, tap, taunt, tentative movements, think, tie, to loosen, to lower a body part,
    touch ground, touch object, touching body part, touching body parts, touching face, transition,
    try, twist, uncross, unknown, upper body movement, upper body movements, vomit,
    waist movements, wash, weave, whistle, wiggle, wobble, worry, wring, wrist movements, write,
    yawn, yoga, zip/unzip, zombie
"""

BABEL_UNLABELLED: Final = frozenset(" ".join(name.split()) for name in _UNLABELLED_NAMES.split(","))
"""Categories that name no action of the 64; the words of the label may still do."""

_BACKWARD: Final = frozenset({"backwards", "backwards movement"})
_SIDEWAYS: Final = frozenset({"sideways movement", "side to side movement"})
_IN_DIRECTION: Final[dict[tuple[str, bool], str]] = {
    ("walk", True): "walk_backward",
    ("run", True): "run_backward",
    ("walk", False): "sidestep",
    ("run", False): "sidestep",
}

# What steps back when the label also names something more telling.
_BACKGROUND: Final[dict[str, frozenset[str]]] = {
    "turn": frozenset({"walk", "walk_backward", "run", "run_backward", "jump", "hop", "dance"}),
    "walk": frozenset({"limp", "march", "skip", "stagger", "dance", "sidestep", "dribble"}),
    "jump": frozenset({"dance", "hop", "skip"}),
    "hop": frozenset({"dance", "skip"}),
    "kick": frozenset({"dance"}),
    "crouch": frozenset({"pick_up", "jump"}),
}
_POSTURES: Final = frozenset({"idle", "sit"})


def babel_candidates(categories: tuple[str, ...]) -> tuple[str, ...]:
    """Actions that a label's categories may mean; exactly one: it is that.

    Standing counts as idle only if no other category says that something moves; a posture steps
    back behind an action; walking and running take their direction from a second category.

    Args:
        categories: `act_cat` of a label.

    Returns:
        Distinct actions in the order of the categories; empty if none is named.
    """
    names = [name.strip().casefold() for name in categories]
    found = list(dict.fromkeys(BABEL_ACTIONS[name] for name in names if name in BABEL_ACTIONS))
    busy = any(BABEL_ACTIONS.get(name) not in _POSTURES for name in names)
    if busy:
        found = [action for action in found if action != "idle"]
    if any(action not in _POSTURES for action in found):
        found = [action for action in found if action not in _POSTURES]
    for words, backward in ((_BACKWARD, True), (_SIDEWAYS, False)):
        if not words.isdisjoint(names):
            found = [_IN_DIRECTION.get((action, backward), action) for action in found]
    kept = [a for a in found if not (_BACKGROUND.get(a, frozenset()) & set(found))]
    return tuple(dict.fromkeys(kept))


def is_known_category(category: str) -> bool:
    """Whether a category is one of the release."""
    name = category.strip().casefold()
    return name in BABEL_ACTIONS or name in BABEL_UNLABELLED
