"""Plots of play and show: people who train, compete, perform and celebrate."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.story.grammar.plot import Plot, Role

__all__ = ["STAGE_PLOTS"]

_REHEARSAL = Plot(
    name="rehearsal",
    tones="funny|warm|calm",
    titles=(
        "Once More, {a}",
        "{b} Directs the Show",
        "{a} Learns to Dance",
        "The Last Rehearsal of {a}",
        "{b} Loses Patience",
    ),
    summaries=(
        "A {an} practises {place} while the {bn} corrects every step.",
        "{b} teaches {a} a dance, and it nearly works.",
    ),
    places=("on a stage", "in a theatre", "in a dance hall", "in a school gym", "in a ballroom"),
    things="book|letter|hat",
    cast=(
        Role(nouns="dancer|singer|actor|ballerina", styles="none|proud|tiptoe|elated"),
        Role(nouns="director|teacher|conductor", ages="adult|old", styles="none|strutting|stiff"),
        Role(nouns="pianist|understudy|critic", chance=0.5, ages="child|adult|old"),
    ),
    steps=(
        "a stretch x1-3; b read thing:book / a walk enter; b clap x2-5 / & bow a b",
        'b talk >a talk "From the beginning, please.|Are you ready, {a}?"; a nod x1-3 / '
        "b point dir:forward; a walk",
        'a dance happy / a sing sing "La la la!|Oh, what a night!" / a bow; a dance +1.5',
        'b shake_head x2-4 / b cross_arms / b shout shout "No, no, no!|Higher, {a}!|Slower!"',
        "? c laugh / c clap slowly x3-6 / c walk enter",
        "a jump x1-3 / a turn dir:around / a cartwheel / a skip x4-8",
        "? a fall surprised; b look_around / a stagger; b laugh",
        "b dance proudly; a look_around|cross_arms / & dance_together b a / b celebrate; a get_up",
        "& dance_together a b / a dance excited; b nod x2-5 / a sing proudly",
        "a bow x1-3; b clap x4-10 / & high_five a b / & hug a b / a bow; b bow +0.6",
        "? c clap x4-10; a wave >c / c celebrate / a drink thing:bottle|glass; b sit_down",
    ),
)
_MATCH = Plot(
    name="sport match",
    tones="exciting|triumphant|funny",
    titles=(
        "{a} Shoots, {b} Saves",
        "The Final of {a} and {b}",
        "Extra Time for {a}",
        "{b} Plays to Win",
        "A Point for {a}",
    ),
    summaries=(
        "{a} and {b} play against each other {place}.",
        "A {an} and a {bn} fight for the last point.",
    ),
    places=(
        "in a stadium",
        "in a gym",
        "on a playground",
        "on a beach",
        "in a school yard",
        "moon:on the moon",
        "wind:on a windy field",
        "ice:on a frozen pond",
    ),
    things="ball",
    cast=(
        Role(nouns="player|striker|athlete|champion", styles="none|proud|rushed|elated"),
        Role(nouns="goalkeeper|rival|newcomer|veteran", styles="none|heavyset|strutting"),
        Role(nouns="referee|coach|fan", chance=0.55, ages="adult|old"),
    ),
    steps=(
        "& handshake a b / a stretch; b run|skip / a jump x2-4; b stretch x1-3",
        '? c point dir:up; c shout +1.0 shout "Play!|Here we go!" / c clap x3-8 / c walk enter',
        "a dribble thing:basketball x4-10; b sidestep / "
        "a swing_bat thing:bat|racket; b catch +1.2 / a run; b run_backward",
        "& throw_and_catch a b thing:ball / a throw thing:ball; b catch +1.0 thing:ball / "
        "a kick thing:ball; b dodge +0.8 / & race a b",
        "a celebrate x1-4; b shake_head sad / b celebrate; a kneel sad / b shout shout angry "
        '"That was out!|Foul!"; a laugh',
        "? a fall; b look_around / a limp; b wave >a / c run enter; a sit_down tiredly",
        '? & push b a / & fight a b / c shout shout "Enough!|Calm down!"; a cross_arms',
        "a sprint; b run +0.4 / a dribble thing:football; b run_backward / b swing_bat thing:bat; "
        "a run_backward",
        "a kick thing:ball forcefully; b jump +0.8 / a throw thing:basketball; b jump / "
        "b kick thing:ball; a dodge +0.8",
        "a celebrate x2-5 excited; b lie_down sad / b celebrate x2-5 excited; a kneel / "
        "& high_five a b / a cartwheel; b clap x2-6",
        "& handshake a b / & hug a b / a bow; b bow / c salute; a salute; b salute",
        "? a drink thing:bottle; b drink thing:bottle|can / c celebrate; a wave x2-5",
    ),
)
_TRAINING = Plot(
    name="training",
    tones="calm|funny|triumphant|exciting",
    titles=(
        "{b} Makes {a} Strong",
        "Ten More, {a}",
        "{a} Gives Up, Almost",
        "The Pupil of {b}",
        "Morning Drill with {b}",
    ),
    summaries=(
        "The {bn} trains the {an} until something changes.",
        "{a} learns from {b} what strength is.",
    ),
    places=(
        "in a gym",
        "in a courtyard",
        "on a beach",
        "in a forest clearing",
        "in a dojo",
        "shallow_water:in shallow water",
        "moon:in a moon base",
        "on a sports field",
    ),
    things="bag|box|sack",
    cast=(
        Role(nouns="pupil|recruit|beginner|boxer", ages="child|adult", styles="none|depressed"),
        Role(nouns="coach|master|sergeant|trainer", ages="adult|old", styles="none|proud|stiff"),
    ),
    steps=(
        "& bow a b / a salute >b; b salute >a +0.8 / b walk; a stretch tiredly",
        "b punch x2-6; a look_around / b kick x1-3; a nod x1-3 / b jump x2-4; a nod",
        "a punch x2-6; b clap x3-8 / a kick x1-4; b nod x1-3 / a jump x3-6; b cross_arms",
        '? b shout shout >a "Faster!|Once more!|Do not stop, {a}!"; a run tiredly',
        "a crawl tiredly; b walk / a hop x4-10; b point >a / a march x6-10; b march x6-10",
        "? a carry thing tiredly; b walk_backward / & carry_together a b thing:box|crate / "
        "a push thing:box|cart forcefully",
        "a fall tiredly; b cross_arms / a lie_down sad; b shake_head x2-4 / a kneel tiredly",
        '? b talk >a talk "Breathe.|Everybody falls, {a}.|I fell more often."; a sit sad',
        "a get_up; b nod +1.0 / a stand_up; b clap x3-6 / & lead_by_hand b a",
        "& dodge_throw b a thing:ball|pillow / & fight a b / & race a b / a cartwheel; b clap x3-8",
        "a celebrate x1-4 excited; b bow >a / & high_five b a / & salute a b / & hug a b",
    ),
)
_BIRTHDAY = Plot(
    name="birthday",
    tones="warm|funny|calm",
    titles=(
        "A {thing} for {a}",
        "{b} Forgot the Birthday",
        "Surprise, {a}!",
        "{a} Turns a Year Older",
        "The Party of {a}",
    ),
    summaries=(
        "{b} has a surprise for {a}, who knows nothing of it.",
        "A {an} gets a {thing} and everybody dances.",
    ),
    places=(
        "in a garden",
        "in a kitchen",
        "in a living room",
        "on a rooftop",
        "at the beach",
        "in an office",
    ),
    things="box|letter|book|cup|hat|bicycle",
    cast=(
        Role(nouns="grandmother|girl|boy|clerk|uncle|student", ages="child|adult|old"),
        Role(nouns="friend|neighbour|brother|aunt", styles="none|elated|sneaky"),
        Role(nouns="cousin|colleague|magician", chance=0.6, styles="none|penguin|robot"),
    ),
    steps=(
        "b carry thing:box|tray enter sneakily; a read|sit / a type; b walk enter sneakily / "
        'a phone_call sad talk "Nobody has called today."; b crouch',
        '? & whisper b c / b whisper >c whisper "Not yet!|Now!" / c walk enter sneakily',
        'b shout shout "Surprise!|Happy birthday, {a}!"; a jump surprised x1 / '
        "b clap; c celebrate; a turn surprised / b wave >a x2-6; a laugh",
        '? b sing sing "Happy birthday to you!"; a laugh / b sing; c sing; a clap x3-8',
        "& pass_object b a thing:box|letter|book|cup / & hug a b / & handshake a c",
        "a cry happy / a celebrate x1-3 / a laugh / a read thing:letter",
        "a eat thing:cake; b eat thing:cake +0.5 / b drink thing:glass|cup; a eat thing:cake / "
        "a eat thing:cake; b talk",
        "? c cartwheel; a clap x3-8 / c dance; a clap x3-8; b laugh / c fall; a laugh; b laugh",
        "& dance_together a b / a dance; b dance +0.4 / & dance_together c a / a dance; c dance",
        "? & laugh a b c / & talk a b c / & throw_and_catch b a thing:pillow|ball",
        "a wave x2-6; b wave x1-4 >a / & hug a b / b walk leave; a wave >front / a sit_down happy",
    ),
)
STAGE_PLOTS: Final = (_REHEARSAL, _MATCH, _TRAINING, _BIRTHDAY)
"""rehearsal, sport match, training, birthday."""
