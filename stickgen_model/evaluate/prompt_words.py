"""Words and sentences that prompts are changed with, as plain reviewable data.

A verb line is its forms (base, -s, -ing, past), a colon and what may stand for it, separated by
bars. A verb of what stands for it is regular, or gives its forms with slashes; `*` doubles its last
letter. Two and three word entries win over one word.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ACTORS", "FILLERS", "FRAMES", "NOT_DONE", "OTHER_WORDS", "VERBS"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VERBS: Final = """
walk walks walking walked: amble|saunter
stroll strolls strolling strolled: amble|saunter
stride strides striding strode: pace
step steps stepping stepped: tread/treads/treading/trod
run runs running ran: race
jog jogs jogging jogged: trot*
sprint sprints sprinting sprinted: dash
march marches marching marched: parade
hop hops hopping hopped: bounce
limp limps limping limped: hobble
turn turns turning turned: rotate|pivot
spin spins spinning spun: whirl|twirl
jump jumps jumping jumped: leap/leaps/leaping/leapt|bound
leap leaps leaping leapt: jump|bound
crawl crawls crawling crawled: creep/creeps/creeping/crept
climb climbs climbing climbed: clamber
swim swims swimming swam: paddle
fall falls falling fell: tumble|topple
collapse collapses collapsing collapsed: crumple
stagger staggers staggering staggered: totter|stumble
sit_down sits_down sitting_down sat_down: take/takes/taking/took a seat
stand_up stands_up standing_up stood_up: rise/rises/rising/rose to the feet
get_up gets_up getting_up got_up: rise/rises/rising/rose
stand_still stands_still standing_still stood_still: remain motionless|stay put
lie_down lies_down lying_down lay_down: recline
kneel_down kneels_down kneeling_down knelt_down: go/goes/going/went down on the knees
crouch crouches crouching crouched: squat*
bow bows bowing bowed: bend/bends/bending/bent at the waist
wave waves waving waved: waggle
point points pointing pointed: aim a finger
clap claps clapping clapped: applaud
celebrate celebrates celebrating celebrated: rejoice|cheer
stretch stretches stretching stretched: extend
look_around looks_around looking_around looked_around: peer about|glance about
look looks looking looked: gaze|peer
talk talks talking talked: chat*|speak/speaks/speaking/spoke
shout shouts shouting shouted: yell|scream
whisper whispers whispering whispered: murmur
sing sings singing sang: croon
laugh laughs laughing laughed: chuckle|giggle
cry cries crying cried: weep/weeps/weeping/wept|sob*
eat eats eating ate: munch
drink drinks drinking drank: sip*
read reads reading read: peruse
pick_up picks_up picking_up picked_up: lift up|gather up
carry carries carrying carried: haul|lug*
push pushes pushing pushed: shove
throw throws throwing threw: toss|hurl
toss tosses tossing tossed: throw/throws/throwing/threw|hurl
catch catches catching caught: grab*
kick kicks kicking kicked: boot
punch punches punching punched: jab*|strike/strikes/striking/struck
dodge dodges dodging dodged: evade|avoid
dance dances dancing danced: boogie/boogies/boogieing/boogied
hug hugs hugging hugged: embrace
fight fights fighting fought: brawl|battle
raise raises raising raised: lift
lift lifts lifting lifted: raise|hoist
hold holds holding held: grasp|clutch
wait waits waiting waited: linger
bend bends bending bent: stoop
start starts starting started: begin/begins/beginning/began
stop stops stopping stopped: halt
"""

OTHER_WORDS: Final = """
man: gentleman|fellow
men: gentlemen|fellows
guy: bloke|chap
woman: female
lady: dame
person: human|individual
people: persons
kid: youngster
child: youngster
children: youngsters
boy: lad
girl: lass
figure: character
someone: some person
somebody: some person
friend: pal
teacher: instructor
soldier: trooper
doctor: physician
chair: seat
floor: ground
ground: floor
box: crate|carton
ball: sphere
hands: palms
arms: limbs
book: volume
phone: handset
street: road
garden: yard
park: green
stage: platform
stairs: steps
slowly: unhurriedly|leisurely
quickly: rapidly|swiftly
fast: speedily
happily: cheerfully|gladly
sadly: mournfully
angrily: furiously
gently: softly
carefully: cautiously
vigorously: energetically
nervously: anxiously
forward: ahead
forwards: ahead
backward: rearward
backwards: rearwards
twice: two times
once: a single time
again: once more
together: jointly
straight: directly
big: large
large: big
small: little
little: small
elderly: aged
old: aged
young: youthful
happy: cheerful
sad: unhappy
angry: furious
tired: weary
strong: powerful
heavy: weighty
"""

ACTORS: Final = frozenset(
    _words(
        "man guy woman lady person kid child boy girl figure individual character human fellow "
        "someone somebody teacher student soldier doctor player friend dancer actor"
    )
)

FRAMES: Final = (
    "In this clip, {}.",
    "The scene is as follows: {}.",
    "What happens is this: {}.",
    "Show me how {}.",
    "We can see that {}.",
    "Please animate the following: {}.",
    "Watch as {}.",
    "The picture moves, and {}.",
)
"""What a prompt is put into; its first letter is made small, the mark at its end dropped."""

FILLERS: Final = (
    "The light comes from a low window and the paint on the frames is old.",
    "It is a mild afternoon in early autumn, with a thin layer of cloud over the roofs.",
    "The walls are pale green, and somebody has hung a calendar beside the door.",
    "There is a faint smell of coffee and of wet leaves.",
    "A clock on a shelf shows ten minutes past four.",
    "The carpet has a pattern of small blue squares.",
    "On the far side there are three trees, a bench and a fence of grey wood.",
    "The sound of distant traffic is barely audible.",
    "The colours are warm, as in an old photograph.",
    "Nothing else in the place is of any importance.",
    "The shadows are long and the air is dry.",
    "A lamp of brass and glass belongs to the furniture.",
    "The ceiling is high, with wooden beams from another century.",
    "The weather report had promised rain, but none came.",
    "It is the third day of the month, and a Tuesday.",
    "The temperature is about twenty degrees.",
)
"""Sentences in which nobody does anything."""

NOT_DONE: Final = _words(
    "swimming sprinting crawling kneeling saluting dancing singing kicking climbing bowing "
    "clapping throwing laughing hopping fighting reading"
)
"""What a prompt is told not to show; never what it asks for."""
