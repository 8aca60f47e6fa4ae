"""What changes the meaning of the action words of a sentence: plain data of the text matcher."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ADVERBS",
    "BOTH_WORDS",
    "FIRST_WORDS",
    "GLUED_NOUNS",
    "INTENTS",
    "MUTUAL_ACTIONS",
    "NEGATIONS",
    "NULL_PHRASES",
    "OTHER_THINGS",
    "OTHER_WORDS",
    "QUIET_WORDS",
    "SIMILES",
    "SUBORDINATE",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LIMB: Final = (
    "arm|arms|hand|hands|finger|fingers|wrist|wrists|leg|legs|foot|feet|toe|toes|torso|waist|"
    "hip|hips|shoulder|shoulders|neck|ankle|knee|elbow|elbows|forearms"
)
_PROP: Final = "knob|page|pages|wheel|key|handle|valve|screw|dial|crank|light|lights|tap|faucet"

NULL_PHRASES: Final[tuple[str, ...]] = (
    # nouns that look like actions
    "dance~ pose|poses|position",
    "wide|tight|sharp turn|turns",
    "push~ ... broom|mop",
    "dance floor|studio|mat|shoes|class|partner",
    "punch line|bag|card|bowl|hole",
    "walk in closet",
    "walking stick|cane|frame|boots|shoes|aid",
    "running shoes|water|commentary|machine",
    "swimming pool|trunks|cap|suit",
    "swim suit|trunks|cap",
    "climbing wall|frame|gear",
    "fly swatter|ball|wheel|paper|trap",
    "a|the|that|this|pesky fly",
    "a|the flies",
    "flying object|objects|ball|insect|saucer|bug",
    "bow and arrow|arrows",
    "bow tie|string|legged",
    "violin|cello|archery|crossbow|hunting bow",
    "shoot~ ... bow",
    "draw~ ... bow",
    "head bowed",
    "wave pool|form|length|motion",
    "sine|shock|ocean|heat|sound wave",
    "point of",
    "at this|that|one|some|any point",
    "starting|end|ending|vantage|focal|mid|high|low|original|initial|same|center|central point",
    "in the fall",
    "type of",
    "types of",
    "a|the|his|her|their|some|another drink|drinks",
    "a read",
    "push up|ups",
    "pull up|ups",
    "sit up|ups",
    "lay up",
    "jump suit|shot|start|scare|seat",
    "kick stand|off|flip|start|drum|board|ball",
    "dodge ball",
    "pitch black|fork",
    "football|cricket|soccer pitch",
    "step stool|ladder|mother|brother|sister",
    "stretch of|marks",
    "read out",
    "catch phrase",
    "play~ catch",
    "runny nose",
    "run way|down",
    "march madness|break",
    "in|of march",
    "skip~ stones|rocks|stone|class",
    "hand shake weight",
    "walkie talkie",
    "hop scotch drink",
    "crouch~ tiger",
    "fight~ stance|pose|position|ready",
    "boxing stance|pose|position|gloves|ring|guard",
    "kick boxing",
    "kickboxing",
    # verbs with another meaning, or done by somebody else
    "is|are|was|were|be|being|been|gets|getting|got pushed|shoved|kicked|punched|thrown|carried",
    f"run~ ... {_LIMB} through|along|over|across|down|up",
    "run~ out of",
    "run~ late",
    "in the long run",
    "fall~ asleep|behind|apart|silent|short|ill|sick",
    "fall~ in love",
    "fall~ into place|position|line",
    "almost|nearly fall~|trip~|slip~",
    "catch~ ... breath|balance|cold|bus|train|attention|eye",
    "catch~ up",
    "catch~ himself|herself|themselves|themself|itself",
    "throw~ up",
    f"throw~ ... {_LIMB}",
    "throw~ ... tantrum|party|fit",
    "toss~ and turn~",
    "carry~ on|out",
    "turn~ ... head|gaze|face|eyes",
    f"turn~ ... {_LIMB}",
    f"turn~ ... {_PROP}",
    "turn~ on|off|over|into|down",
    "turn~ in an|the assignment",
    "take~ turns",
    "in turn",
    "take~ ... turn",
    f"spin~ ... {_LIMB}",
    "spin~ ... ball|wheel|object|stick|baton",
    f"rotate~ ... {_LIMB}",
    f"twist~ ... {_LIMB}",
    f"twirl~ ... {_LIMB}",
    "arms|arm|hands|hand|legs|leg stretched",
    "stretched out arms|arm|hands|hand",
    "point~ ... toe|toes|foot|feet",
    "shake~ ... leg|legs|foot|body|hips|arm|arms|fist|bottle",
    "shake~ his|her|their hand|hands",
    "cross~ ... legs|street|road|room|leg|ankles|feet",
    "stand~ up straight",
    "stand~ on one|left|right ... leg|foot",
    "stand~ on ... tiptoes|toes|stool|chair|platform|stepstool",
    "stand~ up comedy",
    "stop~ walking|running|jogging|jumping|dancing|marching|skipping|crawling|swimming|moving",
    "stop~ talking|clapping|waving|singing|hopping|spinning|turning|kicking|punching",
    "step~ over|aside",
    "step~ on it",
    "sing~ in the rain",
    "walk~ away with",
    "nod~ off",
    "jump~ to conclusions",
    "climb~ into bed",
    "kneel~ chair",
    "cry~ out",
    "lie~ about|detector",
    "tell~ ... lie|lies",
    "bow~ out",
    "duck footed|feet|walk",
    "like|as a|the duck",
    "swing~ set",
    "push~ ... button|buttons|key|glasses",
    "pick~ up ... pace|speed",
    "pick~ up speed",
    "speed up",
    "shadow puppet",
    "wait~ for ... turn",
    "wave~ ... wand|flag|sword|stick|magic",
    "drink~ and smoke~",
)
"""Takes its words out of play."""

GLUED_NOUNS: Final = _words(
    "walk-in walk-on walk-off walk-through run-in run-on run-up run-down run-through run-of "
    "fly-by drive-by stand-by stand-in stand-off stand-up sit-up sit-ups sit-in push-up push-ups "
    "pull-up pull-ups lay-up kick-off kick-start fall-out fall-back turn-out turn-over turn-off "
    "punch-up talk-show jump-suit jump-start catch-up throw-away throw-in drop-kick read-only "
    "run-time wave-like point-blank type-a"
)
"""Words with a hyphen that are nouns; every other hyphen parts two words."""

NEGATIONS: Final = _words(
    "not no never without dont doesnt didnt isnt arent wasnt cannot cant wont nor neither hardly "
    "instead rather avoid avoids avoiding refuses refuse stop stops stopped stopping"
)
"""Deny an action that follows within four words of the same clause."""

INTENTS: Final = _words(
    "about ready prepare prepares preparing prepared want wants wanting going plans threatens "
    "threatening threaten supposed"
)
"""Followed by `to`: the action has not happened."""

SIMILES: Final = frozenset({"like", "as", "resembling", "imitating", "mimicking", "almost"})
"""What follows in the clause is a picture of the motion rather than the motion."""

FIRST_WORDS: Final = frozenset({"one", "first", "1", "a", "he", "she", "left", "person", "man"})
OTHER_WORDS: Final = frozenset({"other", "another", "second", "others"})
OTHER_THINGS: Final = _words(
    "hand arm leg foot side direction way object place time spot step knee end shoulder elbow round"
)
"""Not a second person: the other hand, another step."""
BOTH_WORDS: Final = _words(
    "both they two together themselves each people persons individuals men women everyone "
    "dancers fighters couple pair"
)
"""The clause speaks of both people."""

MUTUAL_ACTIONS: Final = frozenset({"handshake", "hug", "high_five", "fight"})
"""Two people do these to each other, whoever the sentence names."""

ADVERBS: Final = _words("back right straight then again all just upright")
"""Adverbs beside those that end in -ly."""

_GAITS: Final = (
    "walk walk_backward sidestep run run_backward sprint march skip hop limp crawl jump dance "
    "dribble stagger cartwheel kick carry swim climb"
)
_HANDS: Final = (
    "drink eat read type phone_call wave point clap salute nod shake_head cross_arms talk shout "
    "whisper sing laugh cry look_around stretch throw catch pick_up handshake high_five bow"
)

SUBORDINATE: Final[dict[str, tuple[frozenset[str], float]]] = {
    "turn": (_words(_GAITS), 0.3),
    "walk": (
        _words("limp march skip stagger dance carry push dribble"),
        0.3,
    ),
    "walk_backward": (frozenset({"stagger", "dance", "dribble"}), 0.3),
    "sidestep": (frozenset({"dance", "dribble"}), 0.3),
    "run": (frozenset({"sprint", "dribble", "dance", "skip"}), 0.3),
    "jump": (frozenset({"dance", "skip", "celebrate"}), 0.3),
    "hop": (frozenset({"dance", "skip"}), 0.3),
    "kick": (frozenset({"dance", "fight"}), 0.3),
    "punch": (frozenset({"fight"}), 0.3),
    "dodge": (frozenset({"fight"}), 0.3),
    "stagger": (frozenset({"fall", "dance"}), 0.4),
    "clap": (frozenset({"dance", "celebrate"}), 0.4),
    "wave": (frozenset({"dance"}), 0.4),
    "sit": (_words(_HANDS), 0.25),
    "crouch": (frozenset({"pick_up", "jump", "crawl"}), 0.4),
    "look_around": (_words("walk run limp crawl"), 0.35),
    "talk": (frozenset({"phone_call"}), 0.0),
    "idle": (_words(_GAITS) | _words(_HANDS), 0.15),
}
"""Action -> (what it steps back behind, and to which share of its weight)."""

QUIET_WORDS: Final = _words(
    "a an the this that these those his her their its my your our some any each every all both "
    "he she it they we i you someone somebody person persons people man woman men women boy girl "
    "guy lady human figure actor character subject subjects child adult male female individual "
    "and then while as after before when until with without in on at to from into onto of off by "
    "for over under around through across along toward towards away up down out back near between "
    "forward forwards backward backwards sideways left right straight left diagonal diagonally "
    "front behind side sides other another opposite direction directions circle circles line "
    "is are was were be been being does do did has have had very slightly quite more less fast "
    "slow slower faster quick careful casual normal brisk steady medium large small short long "
    "big wide high low heavy light again repeatedly repeated times time once twice several few "
    "one two three four five first second third last next degree degrees clockwise "
    "counterclockwise counter anticlockwise arm arms hand hands leg legs foot feet head knee knees "
    "body hip hips chest shoulder shoulders elbow elbows face eyes fists fist finger fingers "
    "figure eight digital place air ground floor path veer veers veering sudden still playground "
    "basketball baseball football soccer nursery rhyme navigate vignettes sequence style exact "
    "footfalls neutral terrain uneven object box ball chair stool swinging outstretched extended "
    "which who so just only also there sort kind motion movement motions movements pattern like "
    "if both directions start end begins begin starts continue continues continuing slows"
)
"""A clause that opens with one of these, or an adverb, need not hold an activity of its own."""
