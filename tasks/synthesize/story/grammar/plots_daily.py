"""Plots of every day and of far away: people who meet, work, learn and travel."""

from __future__ import annotations

from typing import Final

from tasks.synthesize.story.grammar.plot import Plot, Role

__all__ = ["DAILY_PLOTS"]

_ROMANCE = Plot(
    name="romance",
    tones="warm|sad|funny|calm",
    titles=(
        "{a} Looks at {b}",
        "A {thing} from {a}",
        "The First Dance of {a} and {b}",
        "{b} Comes Too Late",
        "What {a} Never Said",
    ),
    summaries=(
        "A shy {an} meets a {bn} {place}.",
        "{a} brings {b} a {thing} and hopes.",
    ),
    places=(
        "in the park",
        "on a bridge",
        "at a train station",
        "in a small cafe",
        "in a library",
        "on the beach",
        "ice:on a frozen lake",
        "wind:on a windy pier",
    ),
    things="flower|letter|book|ring|cup",
    cast=(
        Role(nouns="florist|student|painter|sailor", styles="none|tiptoe|depressed|elated"),
        Role(nouns="dancer|librarian|musician|teacher", styles="none|proud"),
        Role(nouns="waiter|friend|rival", chance=0.35),
    ),
    steps=(
        "b read thing:book|letter; a walk enter nervously / b sit; a look_around enter / "
        "a walk; b walk enter / a look_around; b drink thing:cup",
        "a wave >b x1-4 nervously; b look_around / a bow >b; b laugh / b fall; a run >b",
        '& talk a b / a talk >b talk "May I sit here?|You dropped this.|What a day!"; b nod x1-3 / '
        "& handshake a b",
        "? c walk enter; c point >a / c carry thing:tray; a drink thing:glass / & talk c b",
        "& pass_object a b thing:letter|book|cup / a kneel; b look_around surprised / "
        'a sing sing "Stay a little longer!"; b laugh',
        "? b shake_head sad; a cry / b cross_arms; a kneel sad / b turn; a walk sad",
        "& walk_together a b / & dance_together a b / & lead_by_hand b a / a skip; b skip",
        '? & whisper a b / b whisper >a whisper "I thought of you.|Come back tomorrow."; a nod',
        "& hug a b / & dance_together b a / a walk leave sad; b wave >front / b run leave; a cry",
        "? a celebrate excited / a jump x1-3 happy / b wave x2-6 / a sit_down sad",
    ),
)
_MARKET = Plot(
    name="market day",
    tones="funny|calm|warm",
    titles=(
        "{a} Sells the Last {thing}",
        "Market Day with {b}",
        "{b} Wants It Cheaper",
        "Fresh {thing}, Says {a}",
    ),
    summaries=(
        "The {an} praises a {thing}, the {bn} haggles.",
        "{b} goes to market and comes home with a {thing}.",
    ),
    places=(
        "at the market",
        "in a village square",
        "in a harbour",
        "in a shop",
        "wind:at a market in the wind",
    ),
    things="sack|crate|bottle|bucket|box|cup",
    cast=(
        Role(nouns="merchant|baker|farmer|fishmonger", ages="adult|old", styles="none|proud"),
        Role(nouns="customer|cook|grandmother|traveller", ages="adult|old", styles="none|rushed"),
        Role(
            nouns="child|pickpocket|apprentice",
            ages="child|adult",
            chance=0.5,
            styles="none|sneaky",
        ),
    ),
    steps=(
        "a carry thing:crate|sack|box / a push thing:cart / a stretch x1-2; a look_around +1.6",
        'a shout shout "Fresh today!|Come and see!|The best in town!"; b walk enter / '
        "b look_around enter; a wave >b x2-5",
        "b point >front; a nod x1-3 / b pick_up carefully thing:bag|cup|box; a talk / & talk a b",
        'a talk talk "Ten, and not less.|For you, nine."; b shake_head x2-4 / '
        'b talk talk "Too much!|I give you five."; a cross_arms',
        "? b eat thing:apple|sandwich; a nod / b drink thing:cup|glass; a nod x1-3",
        '? c pick_up sneakily thing:bag|ball; a look_around / c run; a shout shout "Thief!" / '
        "c skip x4-8 / & chase a c",
        "b laugh; a shake_head / b walk_backward; a wave >b / a kneel sad; b nod",
        "& pass_object a b thing:box|bottle|bag|crate / & carry_together a b thing:crate|table / "
        "& throw_and_catch a b thing:bag|bottle",
        "& handshake a b / a bow >b; b bow +0.5 / & laugh a b",
        "b carry thing:sack|box leave tiredly; a wave >front / "
        "b walk leave; a sit_down / a clap x2-5",
        '? a sit tiredly; c sit_down / a sing sing "Fish, fish, fresh fish!" / a stretch',
    ),
)
_LESSON = Plot(
    name="classroom",
    tones="funny|calm|warm",
    titles=(
        "{b} Sleeps in Class",
        "A Question for {b}",
        "The Lesson of {a}",
        "{a} Explains It Again",
        "Quiet, {b}!",
    ),
    summaries=(
        "The {an} explains, the {bn} thinks of something else.",
        "{b} learns in one lesson more than {a} had planned.",
    ),
    places=(
        "in a classroom",
        "in a library",
        "in a music room",
        "in a laboratory",
        "in a school yard",
    ),
    things="book|letter|phone|keyboard",
    cast=(
        Role(nouns="teacher|professor|instructor", ages="adult|old", styles="none|stiff|strutting"),
        Role(nouns="pupil|student|boy|girl", ages="child", styles="none|elated|depressed|chicken"),
        Role(nouns="classmate|headmaster", ages="child|adult", chance=0.6),
    ),
    steps=(
        'a walk enter proudly; b stand_up / b sit_down; a talk talk "Good morning!" / & bow a b',
        "a talk; b read thing:book / a point dir:up|forward; b type / a read thing:book; b sit",
        '? b lie_down tiredly / b stretch x1-2 / & whisper b c / b whisper whisper "So boring."',
        "? & throw_and_catch b c thing:ball|pillow / c laugh; b dance / "
        "& dodge_throw c b thing:shoe",
        'a shout shout >b "{b}!|Are you listening?|Wake up!" angry; b jump x1 surprised / '
        "a point >b; b look_around / a clap x2-4 forcefully; b get_up",
        'b shake_head x2-4 / b talk talk "I do not know.|Is it seven?|My dog ate it." / b cry sad',
        'a cross_arms; c point >b / a laugh; b laugh / c talk talk "It is four."; a nod x2-4',
        "b walk; a sidestep / b type thing:keyboard|laptop; a look_around / b read thing:letter",
        "a nod x2-5; b celebrate x1-3 / & high_five a b / a clap x4-8; b bow / a salute; b salute",
        "? b run leave; c run leave +0.5; a wave >front / a sit_down tiredly / "
        "b carry thing:box leave",
    ),
)
_PICNIC = Plot(
    name="picnic",
    tones="warm|funny|calm",
    titles=(
        "{a} Brings the {thing}",
        "A Picnic without {b}",
        "Ants, Says {b}",
        "{a} and {b} in the Grass",
    ),
    summaries=(
        "A {an} and a {bn} have a picnic {place}.",
        "{a} and {b} share a {thing} in the open air.",
    ),
    places=(
        "in the park",
        "in a meadow",
        "by the river",
        "on a hill",
        "wind:on a windy hill",
        "shallow_water:in a shallow stream",
    ),
    things="cake|basket|bottle|sandwich",
    cast=(
        Role(nouns="mother|grandfather|cook|gardener", ages="adult|old"),
        Role(nouns="daughter|son|friend|nephew", ages="child|adult", styles="none|elated"),
        Role(nouns="stranger|ranger|cousin", chance=0.45),
    ),
    steps=(
        "& walk_together a b / a carry thing:box|bucket enter; b skip x4-8 enter / "
        "& lead_by_hand a b",
        "a kneel; b look_around / a sit_down; b sit_down +0.6 / a stretch x1-3; b jump x1-3",
        "a eat thing:sandwich|salad|apple; b eat thing:cake|pizza / a drink thing:bottle|cup; "
        "b eat thing:apple",
        '? b talk talk "Ants! Everywhere!|There is something in my cup." surprised; a laugh',
        "b jump surprised; a get_up / b run; a laugh / b dance; a clap x3-8",
        "& throw_and_catch a b thing:ball / a throw thing:frisbee; b catch +1.0 / & race a b",
        "? c walk enter; c point >a +1.5 / c run enter; b wave >c / & talk a c",
        "? b climb dir:up; a look_around / b fall; a run >b / b cartwheel; a clap x2-6",
        'a lie_down; b lie_down +0.8 / a sing sing "Summer days!"; b clap x4-8 / '
        "a read thing:book; b sit",
        "& hug a b / & walk_together b a / a wave; b wave / & dance_together a b",
    ),
)
_SPACE = Plot(
    name="space walk",
    tones="mysterious|exciting|calm|funny",
    titles=(
        "{a} on the Moon",
        "One Small Step for {b}",
        "The Signal That {a} Heard",
        "{a} Loses the {thing}",
        "Far from Home with {b}",
    ),
    summaries=(
        "A {an} and a {bn} explore the moon.",
        "{a} finds a {thing} where nobody has ever been.",
    ),
    places=(
        "moon:on the moon",
        "moon:in a crater",
        "moon:beside a lunar lander",
        "moon:on the dark side of the moon",
    ),
    things="box|stone|flag|coin|ball",
    cast=(
        Role(nouns="astronaut|explorer|pilot", styles="none|proud"),
        Role(nouns="robot|alien|mechanic|geologist", styles="robot|none|penguin"),
    ),
    steps=(
        "a climb dir:down; b look_around +1.0 / a jump dir:forward x2-4; b hop x3-8 / a hop x4-10",
        'a talk talk "All systems fine.|It is so quiet here."; b nod x1-3 / & salute a b',
        "a look_around dir:around|up / b walk; a jump x1-4 / a run; b skip x3-8",
        "? a throw thing:ball|stone; b catch +1.6 / & throw_and_catch a b thing:ball / & race a b",
        "a pick_up thing:box|ball|coin; b point >a surprised / b kneel; a crouch / "
        "a stagger surprised; b turn",
        '? a shout shout "Look at this!|It moves!"; b run_backward / b fall; a jump',
        "b carry thing:box; a walk / a push thing:box; b push thing:box / "
        "& carry_together a b thing:box|crate",
        "? b stagger; a run / a fall; b hop / a fly; b wave >a x2-6",
        "& high_five a b / & handshake a b / a celebrate x2-4; b dance / & hug a b",
        "a salute; b salute / a climb dir:up; b wave >a / a wave x3-6; b walk leave",
    ),
)
_STORM = Plot(
    name="storm",
    tones="tense|exciting|funny",
    titles=(
        "{a} Against the Wind",
        "The Hat of {b}",
        "Hold the {thing}, {a}!",
        "The Storm and {b}",
    ),
    summaries=(
        "A storm surprises the {an} and the {bn}.",
        "{a} and {b} struggle home through the wind with a {thing}.",
    ),
    places=(
        "wind:in a storm",
        "wind:on a windy coast",
        "wind:on a stormy harbour wall",
        "wind:on a mountain ridge",
    ),
    things="hat|umbrella|box|bag",
    cast=(
        Role(nouns="sailor|hiker|farmer|postman", styles="none|heavyset"),
        Role(
            nouns="tourist|child|fisher|old teacher", ages="child|adult|old", styles="none|rushed"
        ),
        Role(nouns="lighthouse keeper|dog walker", ages="adult|old", chance=0.4),
    ),
    steps=(
        "a walk tiredly; b walk +0.5 / a carry thing:box|sack; b look_around dir:up / "
        "a look_around",
        'b point dir:up; a stretch / a shout shout "It is coming!|Run, {b}!"; b turn',
        "a stagger; b stagger / b run; a stagger / b walk_backward; a crouch",
        "? b jump dir:up x1-3 / b run; b catch +2.0 thing:bag|keys / & chase a b",
        "b fall surprised; a turn +0.6 / a fall; b kneel / a crawl; b crawl",
        '? c shout shout "Over here!|Come in, quickly!"; a look_around / c wave x3-6; a run >c',
        "& lead_by_hand a b / a push thing:cart|box; b push thing:cart|box / & carry_together a b "
        "thing:box|crate",
        '? a shout shout "Hold on!|Do not let go!"; b crouch / a kneel; b lie_down',
        "a sit_down tiredly; b lie_down / & hug a b / a laugh; b laugh / b cry; a kneel",
        "? a drink thing:cup|mug; b drink thing:mug / a look_around dir:up; b celebrate x1-4",
    ),
)
DAILY_PLOTS: Final = (_ROMANCE, _MARKET, _LESSON, _PICNIC, _SPACE, _STORM)
"""romance, market day, classroom, picnic, space walk, storm."""
