from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.motion import Label
from datasets_spec.vocabulary import ACTIONS, UNLABELLED, action_id
from tasks.label.resolve import (
    MAX_CAPTIONS,
    captions_in,
    dominant_action,
    frame_actions,
    label_borders_s,
)


def _names(labels: list[Label], num_frames: int = 10, **kwargs: float) -> list[str]:
    options = {"actor": 0, "fps": 10.0, **kwargs}
    found = frame_actions(labels, num_frames=num_frames, **options)
    assert found.dtype == np.uint8
    assert found.shape == (num_frames,)
    return ["-" if x == UNLABELLED else ACTIONS[x] for x in found]


def _babel(category: str, start: float = 0.0, end: float | None = None, text: str = "") -> Label:
    categories = (category,) if category else ()
    return Label(text=text, start_s=start, end_s=end, categories=categories, vocabulary="babel")


def test_no_label_is_unlabelled_never_idle() -> None:
    assert _names([]) == ["-"] * 10
    assert _names([Label(text="does a thing")]) == ["-"] * 10
    assert _names([_babel("hand movements")]) == ["-"] * 10


def test_floor_and_ceil() -> None:
    assert _names([_babel("walk", 0.25, 0.51)]) == ["-"] * 2 + ["walk"] * 4 + ["-"] * 4
    assert _names([_babel("walk", 0.3, 0.6)]) == ["-"] * 3 + ["walk"] * 3 + ["-"] * 4
    assert _names([_babel("walk", 1.3, 1.6)], start_s=1.0)[2:7] == [
        "-",
        "walk",
        "walk",
        "walk",
        "-",
    ]
    assert _names([_babel("walk", 5.0, 1e300)]) == ["-"] * 10


def test_the_shorter_span_wins_in_any_order() -> None:
    labels = [_babel("walk"), _babel("wave", 0.4, 0.6), _babel("run", 0.3, 0.8)]
    want = ["walk"] * 3 + ["run"] + ["wave"] * 2 + ["run"] * 2 + ["walk"] * 2
    for order in itertools.permutations(labels):
        assert _names(list(order)) == want


def test_a_table_beats_words_unless_they_are_far_more_local() -> None:
    table = _babel("sit", 0.0, 1.0)
    assert _names([Label(text="a man walks", end_s=0.9), table]) == ["sit"] * 10
    local = Label(text="a man claps", start_s=0.2, end_s=0.4)
    assert _names([local, table]) == ["sit"] * 2 + ["clap"] * 2 + ["sit"] * 6


def test_a_local_span_of_unknown_action_wipes_a_longer_one() -> None:
    labels = [Label(text="a man walks"), _babel("transition", 0.5, 0.7, "transition")]
    assert _names(labels) == ["walk"] * 5 + ["-"] * 2 + ["walk"] * 3
    # but not one that says the same span in better words
    assert _names([Label(text="does jumping jacks"), _babel("exercise/training")]) == ["jump"] * 10


def test_captions_of_one_span_vote() -> None:
    assert (
        _names([Label(text="a man walks"), Label(text="he strolls"), Label(text="hm")])
        == ["walk"] * 10
    )
    assert _names([Label(text="a man walks"), Label(text="a man runs")]) == ["-"] * 10
    assert set(_names([Label(text="walks"), Label(text="walks, then jumps")])) == {"walk"}


def test_other_actors_are_left_out() -> None:
    label = Label(text="punch", categories=("A050",), vocabulary="ntu", actor=1)
    assert _names([label]) == ["-"] * 10
    assert _names([label], actor=1) == ["punch"] * 10
    unknown = Label(text="punch", categories=("A050",), vocabulary="ntu")
    assert _names([unknown]) == ["-"] * 10
    both = Label(text="hug", categories=("A055",), vocabulary="ntu")
    assert _names([both], actor=1) == ["hug"] * 10


@pytest.mark.parametrize(
    ("categories", "vocabulary", "text", "want"),
    [
        (("A043",), "ntu", "falling", "fall"),
        (("A003",), "ntu", "walking", "-"),
        (("March", "FW"), "100style", "", "march"),
        (("FW", "March"), "100style", "", "march"),
        (("Zombie_BW",), "100style", "", "walk_backward"),
        (("Neutral", "TR1"), "100style", "Normal walking", "-"),
        (("Neutral",), "100style", "Normal walking", "-"),
        (("jump",), "action", "", "jump"),
        (("jump", "walk"), "action", "", "-"),
        (("nonsense",), "action", "walks", "-"),
        (("sit",), "babel", "sit down on chair", "sit_down"),
        (("sit",), "babel", "sit on chair", "sit"),
        (("stand",), "babel", "stand", "idle"),
        (("stand", "hand movements"), "babel", "stand and move hands", "-"),
        (("stand", "hand movements", "wave"), "babel", "x", "wave"),
        (("walk", "backwards movement"), "babel", "x", "walk_backward"),
        (("run", "backwards movement"), "babel", "x", "run_backward"),
        (("walk", "sideways movement"), "babel", "x", "sidestep"),
        (("walk", "turn"), "babel", "x", "walk"),
        (("walk", "jump"), "babel", "x", "-"),
        (("walk", "jump"), "babel", "jump forward", "jump"),
        (("gesture",), "babel", "wave right hand", "wave"),
        (("transition",), "babel", "walk to run", "-"),
        (("t pose", "stand"), "babel", "t pose", "-"),
        (("never seen",), "babel", "zzz", "-"),
        ((), "babel", "walk", "-"),
        ((), "text", "walk", "walk"),
        (("x",), "text", "walk", "walk"),
    ],
)
def test_vocabularies(categories: tuple[str, ...], vocabulary: str, text: str, want: str) -> None:
    label = Label(text=text, categories=categories, vocabulary=vocabulary)
    assert _names([label]) == [want] * 10


def test_captions_of_a_window() -> None:
    labels = [
        Label(text="the whole take"),
        Label(text=" first\x00 part ", start_s=0.0, end_s=2.0),
        Label(text="First part", start_s=0.0, end_s=2.0),
        Label(text="little of it", start_s=1.9, end_s=10.0),
        Label(text="later", start_s=5.0, end_s=6.0),
        Label(text="other actor", actor=1),
        Label(text="a class", is_caption=False),
        Label(text="file name", caption_source="filename"),
        Label(text="a moment", start_s=1.0, end_s=1.0),
        Label(text=""),
    ]
    assert captions_in(labels, actor=0, start_s=0.0, end_s=2.0) == (
        ("the whole take", "first part"),
        "human",
    )
    assert captions_in(labels[7:8], actor=0, start_s=0.0, end_s=2.0) == (("file name",), "filename")
    assert captions_in([], actor=0, start_s=0.0, end_s=2.0) == ((), "none")
    inside = captions_in(labels[3:4], actor=0, start_s=4.0, end_s=6.0)
    assert inside[0] == ("little of it",)


def test_captions_are_bounded_and_ranked() -> None:
    many = [Label(text=f"caption {n} " + "x" * 2000) for n in range(40)]
    texts, _ = captions_in(many, actor=0, start_s=0.0, end_s=1.0)
    assert len(texts) == MAX_CAPTIONS
    assert max(map(len, texts)) <= 500
    mixed = [
        Label(text="a", caption_source="generated"),
        Label(text="b", caption_source="catalogue"),
    ]
    assert captions_in(mixed, actor=0, start_s=0.0, end_s=1.0) == (("a", "b"), "catalogue")


def test_dominant_action() -> None:
    walk, run = action_id("walk"), action_id("run")
    assert dominant_action(np.array([], np.uint8)) == "unlabelled"
    assert dominant_action(np.array([UNLABELLED] * 3 + [walk], np.uint8)) == "unlabelled"
    assert dominant_action(np.array([UNLABELLED] + [walk] * 2, np.uint8)) == "walk"
    assert dominant_action(np.array([run, walk, run, UNLABELLED], np.uint8)) == "run"
    assert dominant_action(np.array([run, walk], np.uint8)) == "walk"


def test_borders() -> None:
    labels = [_babel("walk", 1.0, 2.0), _babel("run", 2.0, None), _babel("sit", 0.0, math.inf)]
    assert label_borders_s(labels) == (1.0, 2.0)


TIMES = st.floats(0, 50) | st.sampled_from([math.inf, math.nan])
LABELS = st.builds(
    lambda text, start, length, cat, kind, actor: Label(
        text=text,
        start_s=start,
        end_s=None if length is None else start + length,
        categories=(cat,),
        vocabulary=kind,
        actor=actor,
    ),
    st.sampled_from(["walks", "runs", "sits down", "?"]),
    TIMES,
    st.none() | st.floats(0, 20),
    st.sampled_from(["walk", "sit", "A043", "FW", "zzz", "transition"]),
    st.sampled_from(["text", "babel", "ntu", "100style", "action"]),
    st.none() | st.integers(0, 2),
)


@given(st.lists(LABELS, max_size=6), st.integers(0, 60), st.floats(0, 60), st.randoms())
def test_order_never_matters(labels: list[Label], num_frames: int, start_s: float, rng) -> None:
    args = {"actor": 0, "num_frames": num_frames, "start_s": start_s}
    found = frame_actions(labels, **args)
    assert set(found.tolist()) <= {*range(len(ACTIONS)), UNLABELLED}
    mixed = list(labels)
    rng.shuffle(mixed)
    np.testing.assert_array_equal(frame_actions(mixed, **args), found)
    captions_in(labels, actor=0, start_s=start_s, end_s=start_s + 1)
    borders = label_borders_s(labels)
    assert list(borders) == sorted(set(borders))
