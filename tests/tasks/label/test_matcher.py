"""Sentences with the action a person would name, among them ones that fool word spotters."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.action_phrases import ACTION_PHRASES, WEIGHTED_PHRASES
from datasets_spec.phrase_context import MUTUAL_ACTIONS, SUBORDINATE
from datasets_spec.vocabulary import ACTIONS, UNLABELLED_NAME
from tasks.label.lexicon import parse_table
from tasks.label.matcher import MATCH_THRESHOLD, match_action

GOLDEN = {
    "idle": [
        "a person stands still",
        "the man is standing",
        "someone stands in place without moving",
        "idle",
        "a woman is waiting",
        "he remains motionless",
    ],
    "walk": [
        "a person walks forward slowly",
        "the man is walking in a circle",
        "someone strolls along a path",
        "NormalWalk",
        "WalkStraight",
        "he walked across the room",
        "a person walks forward and turns around",
        "a man tiptoes through the room",
        "walks with a walking stick",
        "person walks like a zombie",
        "walk, 90-degree left turn",
        "a figure sneaks forward",
        "she walks back to where she started",
        "walks in place without jumping",
    ],
    "walk_backward": [
        "a person walks backwards",
        "walks slowly backward",
        "the man walks a few steps backwards",
        "backward walk",
        "walking backwards in a circle",
    ],
    "sidestep": [
        "a person sidesteps to the left",
        "walk sideways and turn",
        "he side-steps quickly",
        "shuffles to his right",
        "large sidestep to right",
    ],
    "run": ["run/jog", "a person jogs in place", "he is running fast", "StartRun", "ran away"],
    "run_backward": ["a person runs backwards", "jogging backward"],
    "sprint": ["he sprints forward", "sprinting"],
    "march": ["a soldier marches forward", "zombie march", "marching in place"],
    "skip": ["a child skips along", "skipping happily"],
    "hop": ["hop on left foot", "a person hops forward", "jumps on one leg"],
    "limp": ["a person limps forward", "walks with a limp", "limping, hurt right leg"],
    "turn": ["a person turns around", "turn in place", "she spins around", "rotates in place"],
    "jump": [
        "a person jumps up",
        "JumpForward",
        "doing jumping jacks",
        "jump turn",
        "he jumps rope",
        "leaps into the air",
    ],
    "crawl": ["a person crawls on the floor", "crawling on hands and knees"],
    "climb": ["climb ladder", "climb 3 steps", "a man climbs up a wall"],
    "swim": ["swimming", "breast stroke", "a person swims forward"],
    "fly": ["flies like a bird", "a man flying through the air"],
    "cartwheel": ["cartwheel", "she does two cartwheels"],
    "fall": ["a person falls down", "fall on face", "trips and falls to the floor"],
    "stagger": ["a drunk man staggers", "stumbling forward", "loses his balance"],
    "get_up": ["get up from floor", "a person gets up off the ground", "stands up from the floor"],
    "sit_down": ["a man sits down", "takes a seat", "she sits slowly down on a chair"],
    "sit": ["a person is sitting", "seated on a chair", "remains seated"],
    "stand_up": ["stands up", "get up from chair", "he stands back up", "rises from his chair"],
    "crouch": ["crouches", "a person squats", "squatting low"],
    "kneel": ["kneels on the floor", "gets down on one knee"],
    "lie_down": ["lies down", "a person is lying on the floor", "laying down"],
    "bow": ["a man bows", "takes a bow", "curtsey"],
    "wave": [
        "waves hello",
        "waves with his other hand",
        "a person waves with the right hand",
        "waving",
    ],
    "point": ["points at something", "a person pointing to the left"],
    "clap": ["claps hands", "a person is clapping his hands"],
    "salute": ["salutes", "the soldier saluted"],
    "celebrate": ["celebrates a goal", "cheers"],
    "nod": ["nods his head", "nodding"],
    "shake_head": ["shakes his head", "shaking her head no"],
    "cross_arms": ["crosses his arms", "stands with arms folded"],
    "stretch": ["stretches arms", "stretching", "stretches his back"],
    "look_around": ["looks around", "looking around with flashlight"],
    "talk": ["talks with a friend", "in conversation", "a person is speaking"],
    "shout": ["shouts loudly", "a man yells"],
    "whisper": ["whispers something"],
    "sing": ["sings a song", "singing"],
    "laugh": ["laughs", "a woman is laughing"],
    "cry": ["crying", "weeps into her hands"],
    "eat": ["eats a sandwich", "eating soup", "sits and eats"],
    "drink": ["drinks water", "takes a sip of coffee", "chug a beer", "sits and drinks tea"],
    "read": ["reads a book", "reading"],
    "type": ["types on a keyboard", "typing on a laptop"],
    "phone_call": ["talks on the phone", "answering the phone", "making a phone call"],
    "pick_up": ["picks up a box", "picks something up from the floor", "bends to pick up a ball"],
    "carry": ["carries a box", "walk and carry", "carry 12.5lb suitcase"],
    "push": ["pushes a cart", "push heavy object"],
    "throw": ["throws a ball", "tosses something", "Baseball Pitch"],
    "catch": ["catches a ball"],
    "swing_bat": ["swings a baseball bat", "Baseball Swing"],
    "dribble": ["dribbles a basketball", "basketball - forward dribble"],
    "kick": ["kicks a ball", "front kick", "soccer - kicks ball", "throws a high kick"],
    "punch": ["throws a punch", "boxing", "punches the air", "punch/strike"],
    "dodge": ["dodges", "evades an attack", "duck to avoid flying object"],
    "dance": [
        "salsa dance",
        "dancing ballet",
        "does a waltz with an imaginary partner",
        "does the macarena",
        "moonwalks",
        "lindyHop2",
    ],
    "handshake": ["shakes hands", "two people shake hands"],
    "hug": ["hugs", "two people embrace each other", "one person hugs the other"],
    "high_five": ["high five", "gives a high-five"],
    "fight": ["two people fight", "they are wrestling", "fighting"],
}

NOTHING = [
    "",
    "   ",
    "clean",
    "Unknown",
    "02_01",
    "asdf qwer zxcv",
    "\u4e00\u4e8c\u4e09",
    "\U0001f57a\U0001f57a",
    "monkey (human subject)",
    "a person does something",
    "a man standing with his hands up moves his arms around",
    "not running",
    "he does not walk",
    "moves without jumping",
    "a person is about to jump",
    "prepares to throw",
    "stops walking",
    "crossing the dance floor",
    "tells the punch line",
    "runs his hand through his hair",
    "swatting at a fly",
    "shooting bow and arrow",
    "the starting point",
    "a type of motion",
    "pours a drink",
    "turns his head",
    "turns the page",
    "throws arms up",
    "points his toes",
    "fighting stance",
    "boxing gloves",
    "does push-ups",
    "walk-in closet",
    "catches his breath",
    "falls asleep",
    "like a duck",
    "stretched out arms",
    "swimming pool",
    "walking stick",
    "a person is pushed",
    # several in turn
    "sits down, stands up",
    "walk, jump",
    "a person walks to a chair and sits down",
    "runs and jumps",
    "Walk to Run",
    "punch and kick",
    "throw and catch",
    "walks forward, picks up a box, puts it down",
    "navigate - walk forward, backward, sideways",
    "vignettes - fists up, wipe window, yawn, stretch, smash against wall",
    "walking, squats, run, stretch, jumps, punches, and drinking",
    # one of two does it
    "one person punches the other",
    "the first person kicks, the second person falls",
    "A sits; B pulls up A (2 subjects - subject A)",
]

PAIRS = [(text, action) for action, texts in GOLDEN.items() for text in texts]


@pytest.mark.parametrize(("text", "action"), PAIRS)
def test_names_the_action(text: str, action: str) -> None:
    assert match_action(text).action == action, match_action(text)


@pytest.mark.parametrize("text", NOTHING)
def test_names_nothing(text: str) -> None:
    assert match_action(text).action == UNLABELLED_NAME, match_action(text)


def test_lexicon_speaks_of_known_actions_only() -> None:
    named = {action for _, action in parse_table(ACTION_PHRASES)}
    assert sorted(named) == sorted(ACTIONS)
    assert {action for _, action, _ in WEIGHTED_PHRASES} <= set(ACTIONS)
    assert set(ACTIONS) >= MUTUAL_ACTIONS
    for action, (behind, share) in SUBORDINATE.items():
        assert {action} | behind <= set(ACTIONS) | {action}, behind - set(ACTIONS)
        assert 0.0 <= share < 1.0


@given(st.text(max_size=400))
def test_never_fails_and_agrees_with_itself(text: str) -> None:
    result = match_action(text)
    assert result.action in (*ACTIONS, UNLABELLED_NAME)
    assert 0.0 <= result.runner_up_score <= result.score <= 1.0
    assert (result.action != UNLABELLED_NAME) == (result.score >= MATCH_THRESHOLD)
    assert match_action(text) == result


@given(st.lists(st.sampled_from(["walk", "and", "-", "not", "sits", "down", ";", "to", "\x00"])))
def test_never_fails_on_rows_of_its_own_words(words: list[str]) -> None:
    match_action(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "walk " * 200_000,
        "a" * 1_000_000,
        "-" * 1_000_000,
        "\ufdfa" * 1_000_000,
        "a-" * 500_000,
        "pick a " * 150_000,
        "\n" * 1_000_000,
        "'" * 1_000_000,
    ],
)
def test_a_megabyte_takes_no_time(text: str) -> None:
    begin = time.perf_counter()
    match_action(text)
    assert time.perf_counter() - begin < 0.5


@pytest.mark.real_data
def test_coverage_of_the_catalogue(real_data: Path) -> None:
    with (real_data / "captions" / "cmu_index.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [row["description"] for row in csv.DictReader(file)]
    counts = Counter(match_action(line).action for line in lines)
    assert 0.3 * len(lines) < counts[UNLABELLED_NAME] < 0.6 * len(lines)
    assert counts["idle"] < 0.02 * len(lines)
