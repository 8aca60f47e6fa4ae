"""Plots of danger: somebody wants what somebody else guards."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.story.grammar.plot import Plot, Role

__all__ = ["DANGER_PLOTS"]

_HEIST = Plot(
    name="heist",
    tones="tense|exciting|funny",
    titles=(
        "{a} and the Stolen {thing}",
        "The Night {b} Looked Away",
        "{a} Against {b}",
        "One {thing} Too Many for {a}",
        "How {a} Fooled {b}",
        "{b} Guards the {thing}",
    ),
    summaries=(
        "A {an} creeps past the {bn} to take a {thing}.",
        "{a} wants the {thing}, but {b} is on guard.",
        "A {an} named {a} tries to steal a {thing} {place}.",
    ),
    places=("in a bank", "in a museum", "in a jewel shop", "in a castle", "on a rooftop"),
    things="bag|box|coin|painting|crown|vase",
    cast=(
        Role(nouns="thief|burglar|pickpocket|rogue", styles="sneaky|tiptoe|none|cat"),
        Role(nouns="guard|watchman|police officer", styles="none|stiff|strutting|heavyset"),
        Role(nouns="driver|lookout|partner", styles="none|rushed", chance=0.5),
    ),
    steps=(
        "b march|walk proudly / b look_around slowly / b cross_arms; b look_around +1.5",
        '? c look_around nervously; c whisper +1.2 whisper "Go, now!|Be quick, {a}.|Nobody sees."',
        "a walk sneakily enter / a crouch sneakily enter; a walk +2.0 / a crawl enter",
        '? b stretch tiredly / b sit_down; b sit +2.0 / b phone_call talk "All quiet here."',
        "a look_around nervously; a pick_up thing carefully +1.8 / a climb dir:up; "
        "a pick_up thing +4.0 / a kneel; a pick_up thing gently +2.2",
        'b shout shout >a "Stop right there!|Thief!|Hey! Put the {thing} back!" angry; '
        "a turn surprised / b point >a angry; a carry thing quickly",
        "& chase a b / & fight a b / a sprint; b fall +1.0 / b run >a; a dodge +1.4",
        "? b fall surprised; a look_around +1.0 / a stagger; b punch >a x1-3 forcefully",
        "? c run enter; c wave >a +1.5 / & pass_object a c thing",
        "a sprint quickly leave excited; b kneel sad / & handshake a b / "
        "b celebrate x1-3; a kneel sad / a salute >b; a run leave +1.8; b shake_head x2-4",
        "? b cry sad / b laugh / b sit_down tiredly",
    ),
)
_BATTLE = Plot(
    name="battle",
    tones="tense|exciting|triumphant",
    titles=(
        "The Duel of {a} and {b}",
        "{a} Never Yields",
        "{b} Falls Twice",
        "Swords Down, {a}!",
        "The Last Stand of {b}",
        "{a} Meets {b} at Dawn",
    ),
    summaries=(
        "A {an} and a {bn} fight it out {place}.",
        "{a} challenges {b}, and only one of them stays on their feet.",
    ),
    places=(
        "in an arena",
        "on a bridge",
        "in a castle yard",
        "ice:on a frozen lake",
        "wind:on a windy hill",
        "moon:on the moon",
        "shallow_water:in a shallow river",
    ),
    things="sword|shield|helmet",
    cast=(
        Role(nouns="knight|warrior|boxer|gladiator|pirate", styles="none|proud|strutting|superman"),
        Role(nouns="rival|giant|soldier|bandit|wrestler", styles="none|heavyset|stiff|proud"),
        Role(nouns="squire|referee|healer", ages="child|adult|old", chance=0.45),
    ),
    steps=(
        "a march|walk enter proudly; b cross_arms / a walk enter; b walk enter / "
        "& salute a b / & bow a b",
        '? c point dir:up; c shout +1.2 shout "Begin!|Fight fair!|Ready?"',
        'b shout shout "Come closer!|You are too slow, {a}!" angry; a stretch x1-2 / '
        "a point >b angry; b laugh / a punch x2-4; b punch x1-3",
        "& fight a b / a punch >b x1-4 forcefully; b dodge +0.6 x1-3 / "
        "a kick >b x1-3; b dodge x1-2 +0.6",
        "? b stagger; a celebrate +1.2 / a stagger; b laugh +1.0",
        "& push a b / & push b a / & fight b a / & dodge_throw a b thing:ball|shoe",
        "? b fall; b get_up +2.6 / a fall; a get_up +2.6 / a jump x1-2; b crouch",
        "& fight a b / a kick >b; b fall +1.2 / b punch >a; a fall +1.0",
        "? c run enter; c kneel +2.2 / c clap x3-8 / c shake_head",
        "b kneel sad; a celebrate x1-4 +0.8 / a bow >b; b bow >a +0.6 / & hug a b / "
        "& handshake a b / a limp leave sad; b celebrate",
    ),
)
_RESCUE = Plot(
    name="rescue",
    tones="exciting|warm|tense",
    titles=(
        "{a} to the Rescue",
        "Hold On, {b}!",
        "The Day {b} Was Saved",
        "{a} Hears a Cry",
        "No One but {a}",
    ),
    summaries=(
        "{b} is in trouble, and a {an} comes to help.",
        "A {an} saves a {bn} {place}.",
    ),
    places=(
        "in a burning house",
        "on a cliff",
        "in a cave",
        "deep_water:in deep water",
        "ice:on thin ice",
        "wind:in a storm",
        "moon:in a crater on the moon",
    ),
    things="rope|bag|blanket|bottle|box",
    cast=(
        Role(nouns="firefighter|hero|nurse|climber|ranger", styles="none|superman|rushed|proud"),
        Role(nouns="child|hiker|sailor|old gardener", ages="child|adult|old"),
        Role(nouns="doctor|neighbour|helper", chance=0.5, styles="none|rushed"),
    ),
    steps=(
        "b walk|limp nervously; b fall +2.4 / b fall surprised / b lie_down sad",
        'b shout shout "Help!|Is anybody there?|Help me, please!" / b wave x2-6 / b cry sad',
        "a run enter / a fly enter / a look_around enter; a sprint +2.0 / a climb enter dir:down",
        '? a shout shout "Hold on, {b}!|I am coming!"; b wave x1-4 / a point >b; b sit_down',
        "a crawl carefully / a climb carefully / a jump dir:forward x1-2 / a push forcefully",
        'a kneel gently >b / a crouch >b; a talk +1.4 talk "You are safe now.|Take my hand."',
        "? & pass_object a b thing / a pick_up thing; b drink +1.2 / b drink thing:bottle",
        "b get_up carefully; a nod +1.0 / & lead_by_hand a b / a carry thing; b limp >a",
        '? c run enter; c wave >a x1-4 +1.5 / c phone_call enter talk "We need a doctor."',
        "& hug a b / & handshake b a / b celebrate; a bow / & walk_together a b",
        "? & celebrate a b c / c clap x3-8; a bow / a salute; b wave >a x1-4",
    ),
)
_CHASE = Plot(
    name="chase",
    tones="exciting|funny|tense",
    titles=(
        "Catch {a} if You Can",
        "{b} Runs Out of Breath",
        "Twice around the Block with {a}",
        "{a}, {b} and a {thing}",
    ),
    summaries=(
        "{b} runs after {a}, who has taken a {thing}.",
        "A {bn} chases a {an} {place} until both are tired.",
    ),
    places=(
        "in a narrow street",
        "in a supermarket",
        "in a park",
        "ice:on an icy road",
        "at a train station",
        "wind:on a windy pier",
        "moon:on the moon",
    ),
    things="hat|bag|ball|cake|letter|phone",
    cast=(
        Role(
            nouns="prankster|runaway|messenger|monkey trainer",
            ages="child|adult",
            styles="none|rushed|elated|chicken",
        ),
        Role(nouns="baker|police officer|owner|postman", styles="none|heavyset|rushed|strutting"),
        Role(nouns="passer-by|street sweeper|tourist", ages="adult|old", chance=0.5),
    ),
    steps=(
        "b read thing:newspaper|letter; a walk enter sneakily / b eat thing:apple|sandwich; "
        "a crouch enter / b phone_call; a walk enter",
        "a pick_up thing sneakily / a point >b; a laugh +1.2 / & push a b",
        'b shout shout "Hey! My {thing}!|Come back here!|Stop, {a}!" angry; a skip|run / '
        "b look_around surprised; a run",
        "& chase a b / a sprint; b sprint +0.6",
        "? a jump dir:forward x1-3; b stagger / a crawl; b look_around / a climb dir:up; b shout",
        "? c dodge; a run / c fall surprised; b jump x1 / c point >a enter; b turn",
        "& chase a b / & race a b / a skip x4-8; b run tiredly / a cartwheel; b run",
        "b stagger tiredly; b sit_down +2.4 / b fall; a laugh +1.0 / a fall; b catch +1.2",
        "? a walk_backward; a wave >b x2-5 / b kneel tiredly; a turn",
        "& pass_object a b thing / & laugh a b / a throw thing; b catch thing +1.0 / "
        "a sprint leave; b shake_head sad x2-4",
        "? & handshake a b / b laugh; b sit +2.0",
    ),
)
_HAUNTED = Plot(
    name="haunted house",
    tones="mysterious|funny|tense",
    titles=(
        "{a} in the Dark House",
        "What {b} Saw at Midnight",
        "The Ghost and {a}",
        "Do Not Open It, {a}",
    ),
    summaries=(
        "{a} enters an old house and meets something that moves.",
        "A {an} and a {bn} frighten each other {place}.",
    ),
    places=("in a haunted house", "in an old mill", "in a dark cellar", "in an empty theatre"),
    things="candle|book|box|mirror|letter",
    cast=(
        Role(
            nouns="visitor|student|detective|cleaner",
            styles="none|tiptoe|sneaky",
            ages="child|adult",
        ),
        Role(nouns="ghost|zombie|butler|mummy", styles="zombie|stiff|robot"),
        Role(nouns="friend|sister|cousin", ages="child|adult", chance=0.5),
    ),
    steps=(
        "a walk enter nervously / a walk enter sneakily; a look_around +2.2",
        '? c whisper >a whisper "I do not like it here.|Did you hear that?" / & whisper c a / '
        "c walk enter nervously",
        "a look_around nervously dir:up|around / a read thing:book|letter / a pick_up thing",
        "? b walk enter slowly / b stagger enter / b get_up slowly",
        'a talk talk "Who is there?|Hello?|It is only the wind."; b crouch / a turn; b wave x2-4',
        'b shout shout "Boo!|Leave this place!"; a jump x1 surprised / b walk >a; a fall surprised',
        "? c sprint leave / c cry / c lie_down",
        "a run_backward|walk_backward; b walk >a slowly / & chase a b / a shout shout "
        '"Help!|Go away!"; b dance',
        "? a fall; b point >a / a throw thing; b dodge / b fall",
        "b laugh; a laugh +1.2 / & handshake a b / & dance_together a b / a sprint leave; b bow / "
        "b sit_down sad; a look_around",
        "? b wave x2-5 / b dance",
    ),
)
DANGER_PLOTS: Final = (_HEIST, _BATTLE, _RESCUE, _CHASE, _HAUNTED)
"""heist, battle, rescue, chase, haunted house."""
