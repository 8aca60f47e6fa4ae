"""Reading replies: what is a story, what is not, and what is said about it."""

from __future__ import annotations

import contextlib
import json
import pickle
import time
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.people.styles import STYLES as ENGINE_STYLES
from tasks.synthesize.scenes.meetings import MEETINGS
from tasks.synthesize.story.crosscheck import stage_by_beat
from tasks.synthesize.story.reply import MAX_REPLY_BYTES, InvalidStoryError, parse_reply
from tasks.synthesize.story.schema import (
    GROUP_INTERACTIONS,
    INTERACTIONS,
    NONE,
    STYLES,
    story_json_schema,
)
from tests.tasks.synthesize.story.tales import act, beat, character, meet, tale, told


def errors_of(reply: str) -> tuple[str, ...]:
    with pytest.raises(InvalidStoryError) as caught:
        parse_reply(reply)
    assert 1 <= len(caught.value.errors) <= 20
    assert all(line.isprintable() and line.isascii() for line in caught.value.errors)
    return caught.value.errors


def changed(path: str, value: Any) -> str:
    """The story with one value replaced."""
    data: Any = tale()
    spot = data
    *way, last = [int(k) if k.isdigit() else k for k in path.split(".")]
    for key in way:
        spot = spot[key]
    spot[last] = value
    return json.dumps(data)


def test_a_valid_story_is_read_whole() -> None:
    story = parse_reply(told(7))
    assert story.title == "Tale 7"
    assert story.duration_s == 8.0
    assert story.starts_s() == (0.0, 4.0)
    assert story.character("b").noun == "guard xh"
    assert [a.action for a in story.beats[0].acts] == ["read", "run", "run", "idle"]
    assert story.beats[1].interactions[0].characters == ("a", "b")


def test_styles_and_interactions_are_those_of_the_engine() -> None:
    assert set(STYLES) - {NONE} <= set(ENGINE_STYLES)
    groups = {name for name, spec in MEETINGS.items() if spec.num_actors[1] > 2}
    assert set(INTERACTIONS) <= set(MEETINGS)
    assert set(GROUP_INTERACTIONS) <= groups


def test_a_code_fence_and_white_space_around_it_are_taken_off() -> None:
    assert parse_reply(f"\n```json\n{told()}\n```\n") == parse_reply(told())


@pytest.mark.parametrize("bounds", [True, False])
def test_the_json_schema_is_valid_and_asks_for_everything(*, bounds: bool) -> None:
    schema = story_json_schema(bounds=bounds)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(tale())

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
                assert part["required"] == list(part["properties"])
            assert bounds or not {"minItems", "maxLength", "minimum"} & set(part)
            for value in part.values():
                walk(value)

    walk(schema)
    text = json.dumps(schema)
    assert all(f'"{action}"' in text for action in ACTIONS)
    assert "$ref" not in text


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("title", "", "$.title: expected at least 1"),
        ("title", "x" * 81, "$.title: expected at most 80"),
        ("title", 5, "$.title: expected a string, got 5"),
        ("title", "<b>Hi</b>", "$.title: expected plain words"),
        ("summary", "see ../../etc/passwd", "$.summary: expected plain words"),
        ("tone", "odd", "$.tone: expected one of funny"),
        ("tone", ["warm"], "$.tone: expected one of funny"),
        ("setting.surroundings", "lava", "$.setting.surroundings: expected one of floor"),
        ("setting", None, "$.setting: expected an object"),
        ("characters", [], "$.characters: expected 1 to 4"),
        ("characters.0.id", "z", "$.characters[0].id: expected one of a, b, c, d"),
        ("characters.0.noun", "thief {x}", "$.characters[0].noun"),
        ("beats", {}, "$.beats: expected a list"),
        ("beats.0.seconds", True, "$.beats[0].seconds: expected a number"),
        ("beats.0.seconds", 11, "$.beats[0].seconds: expected a number from 1 to 10, got 11"),
        ("beats.0.seconds", "4", "$.beats[0].seconds: expected a number"),
        ("beats.0.shot.move", "tilt", "$.beats[0].shot.move: expected one of static"),
        ("beats.0.acts.0.action", "teleport", "$.beats[0].acts[0].action: expected one of idle"),
        ("beats.0.acts.0.count", 2.0, "$.beats[0].acts[0].count: expected a whole number"),
        ("beats.0.acts.0.count", 11, "expected a whole number from 0 to 10"),
        ("beats.0.acts.0.enter", 1, "$.beats[0].acts[0].enter: expected true or false"),
        ("beats.0.acts.0.delay_s", 3.6, "delay_s: expected at most 3.5 in this beat"),
        ("beats.0.acts.0.character", "c", "$.beats[0].acts[0].character: expected one on the"),
        ("beats.0.acts.0.target", "d", "$.beats[0].acts[0].target: expected none, a position or"),
        ("beats.0.acts.0.target", "a", "$.beats[0].acts[0].target: expected somebody else"),
        ("beats.0.acts.0.line", "Hello!", "$.beats[0].acts[0].speech: expected how the line"),
        ("beats.0.acts.0.action", "hug", "expected an interaction 'hug' with 'a'"),
        ("beats.0.shot.target", "c", "$.beats[0].shot.target: expected all or one of a, b"),
        ("beats.1.interactions.0.characters", ["a", "a"], "expected different characters"),
        ("beats.1.interactions.0.characters", ["a", "c"], "expected characters on the stage"),
        ("beats.1.interactions.0.characters", ["a"], "expected 2 to 3 entries, got 1"),
        ("extra", 1, "$: expected no property but title"),
    ],
)
def test_every_fault_names_place_expectation_and_what_came(
    path: str, value: Any, part: str
) -> None:
    assert any(part in line for line in errors_of(changed(path, value)))


@pytest.mark.parametrize(
    ("beats", "part"),
    [
        ([beat(act("a", leave=True), act("b")), beat(act("a"), act("b"))], "one on the stage (b)"),
        (
            [beat(act("a", leave=True), act("a", delay_s=1), act("b")), beat(act("b"))],
            "to leave after all other acts",
        ),
        (
            [beat(act("b")), beat(act("a", enter=True, delay_s=2), act("a"), act("b"))],
            "to enter before any other act",
        ),
        ([beat(act("a", enter=True, leave=True), act("b")), beat(act("b"))], "enter or leave"),
        (
            [beat(act("a", enter=True), act("b")), beat(act("a", enter=True))],
            "'a' is on the stage",
        ),
        (
            [beat(act("a", leave=True), act("b")), beat(act("a", leave=True), act("b"))],
            "'a' is off the stage",
        ),
        ([beat(act("b"))] * 2, "$.characters[0]: expected at least one act"),
        ([beat(act("a"), act("b"))] * 13, "2 to 12 entries, got 13"),
        ([beat(act("a"), act("b"))], "2 to 12 entries, got 1"),
        ([beat(act("a"), act("b"), seconds=10)] * 7, "at most 60 s in all, got 70 s"),
        ([beat(*[act("a")] * 4, act("b"))] * 2, "at most 3 acts of 'a'"),
        (
            [beat(act("a"), interactions=[meet("hug", "a", "b"), meet("talk", "b", "a")])] * 2,
            "one interaction for each character",
        ),
    ],
)
def test_parts_that_contradict_each_other(beats: list[Any], part: str) -> None:
    assert any(part in line for line in errors_of(json.dumps(tale(beats=beats))))


def test_three_may_race_but_not_shake_hands() -> None:
    cast = [character(key) for key in "abc"]
    beats = [beat(interactions=[meet("race", "a", "b", "c")])] * 2
    parse_reply(json.dumps(tale(characters=cast, beats=beats)))
    beats = [beat(interactions=[meet("handshake", "a", "b", "c")])] * 2
    found = errors_of(json.dumps(tale(characters=cast, beats=beats)))
    assert "two characters for 'handshake', got 3" in found[0]


def test_four_on_the_stage_are_too_many_and_an_id_twice_is_a_fault() -> None:
    cast = [character(key) for key in "abcd"]
    beats = [beat(*(act(key) for key in "abcd"))] * 2
    assert (
        "1 to 3 characters on the stage"
        in errors_of(json.dumps(tale(characters=cast, beats=beats)))[0]
    )
    cast = [character("a"), character("a"), character("b")]
    assert "an id of its own, got 'a' again" in errors_of(json.dumps(tale(characters=cast)))[0]


def test_who_is_on_the_stage() -> None:
    beats = [
        beat(act("a")),
        beat(act("b", "walk", enter=True), act("a", "walk", leave=True, delay_s=2)),
        beat(act("b")),
        beat(act("a", "run", enter=True)),
    ]
    story = parse_reply(json.dumps(tale(beats=beats)))
    assert stage_by_beat(story) == (("a",), ("a", "b"), ("b",), ("a", "b"))


@pytest.mark.parametrize(
    ("reply", "part"),
    [
        ("", "one JSON object"),
        ("Here is your story!", "one JSON object"),
        (told()[:-5], "one JSON object"),
        (told() + told(), "Extra data"),
        ("[]", "$: expected an object, got list of 0"),
        ("null", "expected an object, got None"),
        ('{"a": 1, "a": 2}', "a property twice"),
        ('{"title": NaN}', "the word NaN"),
        ('{"title": ' + "9" * 5000 + "}", "a number of 5000 digits"),
        ("[" * 50_000, "12 levels"),
        ('{"a":' * 5000, "12 levels"),
        (" " * (MAX_REPLY_BYTES + 1), "65536 bytes"),
        ("\u20ac" * 22_000, "65536 bytes"),
        ("\x00\xff\xfe", "one JSON object"),
        ('{"title": "\\ud800"}', "$.title: expected plain words"),
    ],
)
def test_hostile_replies(reply: str, part: str) -> None:
    assert any(part in line for line in errors_of(reply))


@pytest.mark.parametrize("reply", ['"\\' * 32_000, '"' * 65_000, '{"' * 32_000, "\\" * 65_000])
def test_no_reply_takes_long_to_refuse(reply: str) -> None:
    start = time.perf_counter()
    errors_of(reply)
    assert time.perf_counter() - start < 0.5


def test_at_most_twenty_faults_are_told() -> None:
    bad = beat(*[act("a", f"nonsense{i}", side="up", count=-1) for i in range(9)])
    assert len(errors_of(json.dumps(tale(beats=[bad] * 12)))) == 20


def test_the_error_survives_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(InvalidStoryError(("one", "two"))))
    assert error.errors == ("one", "two")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.data())
def test_any_value_in_any_place_gives_a_story_or_faults(data: st.DataObject) -> None:
    paths = [
        "title", "tone", "setting", "setting.place", "characters", "characters.0",
        "characters.1.noun", "beats", "beats.0", "beats.0.shot", "beats.0.acts", "beats.0.acts.0",
        "beats.0.acts.0.target", "beats.0.acts.1.delay_s", "beats.1.interactions.0",
    ]  # fmt: skip
    reply = changed(data.draw(st.sampled_from(paths)), data.draw(json_values))
    with contextlib.suppress(InvalidStoryError):
        assert 2.0 <= parse_reply(reply).duration_s <= 60.0
