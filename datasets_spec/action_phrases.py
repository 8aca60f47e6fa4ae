"""Which words mean which action: the lexicon of the text matcher, as plain reviewable data.

A pattern is a row of words. `walk~` stands for all forms of a verb (walk, walks, walking, walked),
`a|b` for either word, `...` for up to three other words of the same clause, `..` for up to two
adverbs ("stands slowly up", but not "stands with both hands up"); `<back>` and `<side>` for the
words of `DIRECTIONS`. Where patterns overlap, the one with most words wins.
`datasets_spec.phrase_context` holds what takes words out of play.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ACTION_PHRASES", "DIRECTIONS", "OTHER_ACTIVITIES", "WEIGHTED_PHRASES"]

DIRECTIONS: Final[dict[str, str]] = {
    "<back>": "backward|backwards|rearward|rearwards|bkwd|bwk|bwd",
    "<side>": "sideways|sideway|laterally|sidewards",
}
"""Abbreviations in patterns."""

ACTION_PHRASES: Final = """
idle: stand~ still|idle|idly|motionless|stationary, stand~ in place, stand~ in one place|spot,
    stand~ there, stand~ and wait~, just stand~, stay~ still, remain~
    still|standing|stationary|motionless, hold~ still, idle|idles|idling, wait~, motionless, do~
    nothing, not move~
walk: walk~, walk~ ... crouched|crouching|hunched, crouched walk~, stroll~, stride~, strut~,
    wander~, amble~, pace~ around|back|forth|up, saunter~, sneak~, tiptoe~, tip toe~, hike~,
    hobble~ along, waddle~, trudge~
walk_backward: walk~ ... <back>, <back> ... walk~, walk~ in reverse, stride~ ... <back>, step~
    ... <back>, pace~ <back>
sidestep: sneak~ ... <side>, sidestep~, side step~, step~ <side>, step~ to the|his|her|their ...
    side|left|right, step~ side to side, step~ from side to side, walk~ ... <side>, <side>
    walk~, shuffle~ ... <side>, shuffle~ to the|his|her|their ... side|left|right, strafe~, run~
    ... <side>, jog~ ... <side>, grapevine, crab walk~ to the left|right
run: run~, jog~
run_backward: run~ ... <back>, jog~ ... <back>, <back> run~, <back> jog~
sprint: sprint~
march: march~, goose step~
skip: skip~
hop: hop~, hopscotch, jump~ on one foot|leg, jump~ on ... left|right foot|leg
limp: limp~, hobble~, walk~ ... with a limp, drag~ ... leg|foot
turn: turn~, turns around, spin~, twirl~, pivot~, rotate~ ... in place, whirl~, spin~ around
jump: jump~, leap~, jump~ rope, skip~ rope, jumping jack|jacks, star jump|jumps, jump~ turn,
    jump~ twist, bound~ forward|upward
crawl: crawl~, walk~ ... on ... hands and knees, on all fours
climb: walk~ ... up|down ... ladder, climb~, climb~ ... stairs|steps|ladder|wall|rope, clamber~,
    scale~ a|the wall|ladder
swim: swim~, breast stroke, breaststroke, backstroke, back stroke, fly stroke, butterfly stroke,
    front crawl, freestyle stroke, dog paddle~, doggy paddle~
fly: fly~ like, fly~ through, fly~ in the air, pretend~ to fly, as if flying
cartwheel: cartwheel~, cart wheel~
fall: fall~, fall~ down, fall~ over, fall~ to the ground|floor, collapse~, trip~ and fall~,
    slip~ and fall~, stumble~ and fall~
stagger: stagger~, stumble~, trip~ over, trip~ on, reel~ backward|backwards, walk~
    drunkenly|unsteadily, lose~ ... balance, walk~ ... like ... drunk
get_up: get~ up, get~ .. up from|off ... ground|floor|knees, stand~ .. up from|off the
    ground|floor, rise~ from the ground|floor, get~ back up, get~ off the ground|floor
sit_down: sit~ .. down, sit~ back down, take~ a seat, seat~ himself|herself|themselves|themself,
    stand to sit, lower~ ... into|onto ... chair|seat|sofa|stool
sit: sit~, seated, remain~ seated, stay~ seated, sit~ still, sit~ cross legged
stand_up: stand~ .. up, stand~ back up, get~ .. up from|off a|the|his|her|their
    chair|seat|stool|sofa|couch|bench|table, get~ up from
    chair|seat|stool|sofa|couch|bench|sitting, rise~ from a|the|his|her|their
    chair|seat|stool|sofa|couch|bench, rise~ from sitting, sit to stand, stand~ up from|off
crouch: crouch~, squat~, hunker~, duck~ down
kneel: kneel~, get~ down on|onto ... knee|knees, get~ on|onto ... knee|knees, drop~ to ...
    knee|knees, genuflect~
lie_down: lie~ down, lie~ ... on the ground|floor|bed|back|side|stomach, lie~ ... on ...
    back|side|stomach|belly, lie~ back, lay~ down, lay~ on ...
    back|side|stomach|belly|ground|floor, laying on ... back|side|stomach|belly|ground|floor
bow: bow~, bow~ down, take~ a bow, curtsy~, curtsey~, bow~ ... head
wave: wave~, wave~ hello|goodbye|bye|hi, wave~ ... hand|hands|arm|arms, wave~ to|at
    someone|somebody|people, hand waving
point: point~, point~ at|to|toward|towards, point~ ... finger
clap: clap~, clap~ ... hands, applaud~, applause, slow clap
salute: salute~
celebrate: celebrate~, cheer~, cheer~ up, rejoice~, victory dance, pump~ ... fist|fists, fist
    pump~, raise~ ... arms in victory|triumph|celebration
nod: nod~, nod~ ... head
shake_head: shake~ ... head, head shake~, head shaking, shake~ ... head no
cross_arms: cross~ ... arms, fold~ ... arms, arms|arm crossed|folded, with|keeps|holding ...
    arms crossed|folded, crossed arms, folded arms
stretch: stretch~, stretches out, stretch~ ... arms|legs|back|neck
look_around: look~ .. around, look~ left and right, look~ from side to side, look~ side to side,
    glance~ around, look~ about, survey~ ... surroundings|room
talk: talk~, converse~, conversation, chat~, speak~, have~ a conversation, talk~ with ... hands,
    give~ a speech
shout: shout~, yell~, scream~, holler~
whisper: whisper~
sing: sing~, singing, karaoke
laugh: laugh~, giggle~, chuckle~, laughter
cry: cry~, weep~, sob~
eat: eat~, chew~, munch~, eat~ ... food|dinner|lunch|breakfast|sandwich|soup
drink: drink~, sip~, gulp~, chug~, take~ a drink|sip|swig, drink~ from, drink~ ...
    water|soda|coffee|tea|beer|cup|bottle|glass, swig~
read: read~ a|the|his|her|their book|newspaper|paper|magazine|letter, read~, read~ book
type: typing, type~ on, types, typing on ... keyboard|laptop|computer
phone_call: talk~ on ... phone|telephone|cellphone, speak~ on ... phone|telephone, answer~ ...
    phone|telephone, phone call, telephone call, make~ ... call, phone|telephone to ... ear,
    call~ ... on the phone
pick_up: pick~ ... up, pick~ up ... from the ground|floor|table, pick up, lift~ up ... from ...
    ground|floor, pick~ up, lift~ ... from the ground|floor
carry: carry~, haul~, lug~
push: push~, shove~, push~ against, push~ on, push~ heavy object|box
throw: throw~, toss~, hurl~, pitch~, lob~, fling~, baseball pitch, throw~ ...
    ball|football|baseball|frisbee, throw~ underhand|overhand
catch: catch~, catch~ ... ball|football|baseball
swing_bat: swing~ ... bat, bat swing, baseball swing, swing~ ... baseball bat, hit~ ... with ...
    bat, batting
dribble: dribble~, bounce~ ... basketball, bounce~ a|the ball, basketball dribble
kick: kick~, kick~ ... ball, front|side|high|roundhouse|jump|spin|flying|back kick~, kick~ ...
    leg|legs|foot|feet, mawashigeri, yokogeri, throw~ ... kick|kicks
punch: punch~, throw~ ... punch|punches, boxing, box~ with ... fist|fists,
    box~ the|against air|opponent|shadow, shadow box~, shadowbox~, jab~, uppercut~,
    throw~ ... jab|jabs|uppercut|uppercuts|hook, oiduki
dodge: dodge~, evade~, duck~ to avoid, duck~ out of the way, avoid~ attacker|punch
dance: dance~, waltz~, salsa, tango~, ballet, pirouette~, moonwalk~, moon walk~, charleston,
    lindy hop, lindyhop, breakdance~, break dance~, breakdancing, hip hop, hiphop, macarena,
    samba, rumba, cha cha, polka, jive, swing dance~, tap dance~, chicken dance~, line dance~,
    jete|jetes, arabesque|arabesques, step~ ... dance, do~ the twist|macarena|robot|worm
handshake: handshake~, hand shake, shake~ hands, shake~ each others hands, shake~ ... hand
    with|of, handshaking
hug: hug~, embrace~, cuddle~
high_five: high five~, highfive~, high fived, give~ ... high five|fives
fight: fight~, brawl~, spar~ with, sparring, wrestle~, fist fight~
"""
"""One action a paragraph; each of its patterns names it beyond doubt (weight 1)."""

WEIGHTED_PHRASES: Final[tuple[tuple[str, str, float], ...]] = (
    ("stand~", "idle", 0.3),
    ("standing", "idle", 0.3),
    ("creep~", "walk", 0.7),
    ("prowl~", "walk", 0.7),
    ("step~ forward|forwards", "walk", 0.5),
    ("take~ ... steps forward|forwards", "walk", 0.8),
    ("take~ ... steps", "walk", 0.5),
    ("take~ ... steps <back>", "walk_backward", 0.8),
    ("take~ a ... step <back>", "walk_backward", 0.5),
    ("take~ a ... step to the ... left|right|side", "sidestep", 0.5),
    ("rush~", "run", 0.3),
    ("dash~", "run", 0.8),
    ("trot~", "run", 0.8),
    ("trip~", "stagger", 0.7),
    ("rotate~", "turn", 0.4),
    ("twist~", "turn", 0.2),
    ("turn~ in place", "turn", 3.0),
    ("turn~ on the spot", "turn", 3.0),
    ("lie~", "lie_down", 0.7),
    ("laying", "lie_down", 0.7),
    ("rise~", "stand_up", 0.4),
    ("duck~", "dodge", 0.5),
    ("hold~ ... phone", "phone_call", 0.4),
    ("step~", "walk", 0.3),
    ("warm~ up", "stretch", 0.3),
)
"""Pattern, action, weight: named only if little else is said, below 0.375 never alone."""

OTHER_ACTIVITIES: Final[tuple[tuple[str, float], ...]] = (
    ("flip~", 1.0),
    ("kick flip~", 1.0),
    ("offensive|defensive move~", 0.7),
    ("backflip~", 1.0),
    ("back flip", 1.0),
    ("somersault~", 1.0),
    ("roll~", 1.0),
    ("dive~", 1.0),
    ("handstand|handstands|headstand|handspring|handsprings", 1.0),
    ("hand stand~|spring~", 1.0),
    ("stand~ on ... hands|head", 1.0),
    ("lift~", 0.7),
    ("pull~", 1.0),
    ("drag~", 1.0),
    ("shoot~", 1.0),
    ("wash~", 1.0),
    ("wipe~", 1.0),
    ("sweep~", 1.0),
    ("mop~", 1.0),
    ("paint~", 1.0),
    ("dig~", 1.0),
    ("chop~", 1.0),
    ("hammer~", 1.0),
    ("smash~", 1.0),
    ("slap~", 1.0),
    ("strike~", 0.3),
    ("hit~", 0.7),
    ("row~", 1.0),
    ("ride~", 1.0),
    ("drive~", 1.0),
    ("juggle~", 1.0),
    ("swordplay", 1.0),
    ("swing~", 0.4),
    ("hang~", 0.7),
    ("slide~", 0.7),
    ("lunge~", 1.0),
    ("lean~", 0.7),
    ("bend~", 0.3),
    ("reach~", 0.5),
    ("grab~", 0.3),
    ("place~ ... on|down|in|back", 0.7),
    ("put~ ... on|down|in|back|away|off", 0.7),
    ("set~ ... on|down|back", 0.7),
    ("drop~", 0.4),
    ("write~", 1.0),
    ("brush~", 1.0),
    ("scratch~", 0.7),
    ("smoke~", 1.0),
    ("play~ ... guitar|violin|piano|drums|drum|tennis|golf", 1.0),
    ("golf", 1.0),
    ("skate~", 1.0),
    ("ski~", 1.0),
    ("low five~", 1.0),
    ("arm wrestle~", 1.0),
    ("tai chi", 1.0),
    ("yoga", 1.0),
)
"""Pattern, weight: things people do that are none of the 64 actions, but compete with them."""
