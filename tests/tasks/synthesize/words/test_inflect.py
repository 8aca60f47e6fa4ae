"""Forms against a list of irregular and awkward verbs written by hand."""

from __future__ import annotations

import pytest

from tasks.synthesize.words.inflect import (
    count_word,
    gerund,
    inflect,
    number_word,
    past,
    third_person,
    with_article,
)

# base, he ..., ...ing, past
VERBS = """
walk walks walking walked
run runs running ran
hop hops hopping hopped
skip skips skipping skipped
jog jogs jogging jogged
lie lies lying lay
swing swings swinging swung
throw throws throwing threw
catch catches catching caught
sit sits sitting sat
fall falls falling fell
kneel kneels kneeling knelt
crouch crouches crouching crouched
push pushes pushing pushed
punch punches punching punched
cross crosses crossing crossed
carry carries carrying carried
cry cries crying cried
fly flies flying flew
sway sways swaying swayed
stay stays staying stayed
wave waves waving waved
dance dances dancing danced
type types typing typed
shake shakes shaking shook
rise rises rising rose
take takes taking took
give gives giving gave
make makes making made
hold holds holding held
go goes going went
do does doing did
be is being was
eat eats eating ate
drink drinks drinking drank
read reads reading read
sing sings singing sang
swim swims swimming swam
spin spins spinning spun
stand stands standing stood
stride strides striding strode
bend bends bending bent
weep weeps weeping wept
sob sobs sobbing sobbed
nod nods nodding nodded
hug hugs hugging hugged
clap claps clapping clapped
pat pats patting patted
squat squats squatting squatted
sidestep sidesteps sidestepping sidestepped
shout shouts shouting shouted
lean leans leaning leaned
look looks looking looked
lower lowers lowering lowered
gather gathers gathering gathered
dribble dribbles dribbling dribbled
juggle juggles juggling juggled
high-five high-fives high-fiving high-fived
tiptoe tiptoes tiptoeing tiptoed
toss tosses tossing tossed
stretch stretches stretching stretched
fight fights fighting fought
lead leads leading led
speak speaks speaking spoke
hit hits hitting hit
box boxes boxing boxed
draw draws drawing drew
chew chews chewing chewed
dry dries drying dried
hand hands handing handed
bow bows bowing bowed
"""


@pytest.mark.parametrize("row", VERBS.split("\n")[1:-1])
def test_verbs(row) -> None:
    base, third, ing, was = row.split()
    assert (third_person(base), gerund(base), past(base)) == (third, ing, was)
    assert [inflect(base, form) for form in ("third", "gerund", "past")] == [third, ing, was]
    assert inflect(base, "plain") == ("are" if base == "be" else base)


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a form"):
        inflect("walk", "imperative")


@pytest.mark.parametrize(
    ("noun", "told"),
    [
        ("ball", "a ball"),
        ("apple", "an apple"),
        ("old man", "an old man"),
        ("uniform", "a uniform"),
        ("umbrella", "an umbrella"),
        ("hour", "an hour"),
        ("house", "a house"),
        ("one-armed man", "a one-armed man"),
    ],
)
def test_articles_go_by_sound(noun, told) -> None:
    assert with_article(noun) == told


def test_numbers() -> None:
    assert [count_word(n) for n in (1, 2, 3, 12)] == [
        "once",
        "twice",
        "three times",
        "twelve times",
    ]
    assert (number_word(0), number_word(20), number_word(21)) == ("zero", "twenty", "21")
