from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.direct.cue import DirectionError, read_cues
from tasks.label.matcher import told_actions
from tasks.synthesize.scenes.chain import ALONE


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("a man walks in, waves and sits down", ("walk", "wave", "sit_down")),
        ("he does not jump but bows", ("bow",)),
        ("she walks like a dancing bear", ("walk",)),
        ("first she claps, then she kneels, then she gets up", ("clap", "kneel", "get_up")),
        ("A BOY DOES A CARTWHEEL!!!", ("cartwheel",)),
    ],
)
def test_actions_are_told_in_the_order_of_the_sentence(text, actions):
    assert tuple(cue.action for cue in read_cues(text)) == actions


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("she kicks with her left leg", {"side": 0}),
        ("a man waves with his right hand", {"side": 1}),
        ("he jumps three times", {"count": 3}),
        ("he jumps 99999999 times", {"count": 6}),
        ("a woman turns left", {"direction": "left"}),
        ("they dance a waltz", {"style": "waltz"}),
    ],
)
def test_the_words_decide_how_it_is_done(text, wishes):
    (cue,) = read_cues(text)
    assert wishes.items() <= cue.wishes.items()


def test_what_is_done_meanwhile():
    walk, wave = read_cues("a man walks while waving")
    assert not walk.during
    assert wave.during


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names something the engine can play"),
        ("the colour of the sky", "names something"),
        ("he swims and then waves", "swim alone"),
    ],
)
def test_sentences_that_cannot_be_played(text, told):
    with pytest.raises(DirectionError, match=told):
        read_cues(text)


WORDS = st.sampled_from(
    [
        "a",
        "man",
        "walks",
        "waves",
        "swims",
        ",",
        "and",
        "then",
        "while",
        "not",
        "like",
        "sits",
        "down",
        "left",
        "hand",
        "twice",
        "é",
        "<b>",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=12).map(" ".join)))
def test_any_text_is_read_or_refused_clearly(text):
    told = {action for action, _ in told_actions(text)}
    if not told:
        with pytest.raises(DirectionError, match="names something"):
            read_cues(text)
    elif told & ALONE and len(told) > 1:
        with pytest.raises(DirectionError, match="place of its own"):
            read_cues(text)
    else:
        assert {cue.action for cue in read_cues(text)} == told
