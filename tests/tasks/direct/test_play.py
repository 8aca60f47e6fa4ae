from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import joint_index
from datasets_spec.vocabulary import action_name
from stickgen_model.script import ScriptPart
from tasks.direct.animator import EngineAnimator
from tasks.direct.cue import DirectionError
from tasks.direct.play import play_parts, play_text
from tasks.score.figure import score_figure


def played(animation, actor: int = 0) -> list[str]:
    ids = animation.actions[actor]
    named = [action_name(int(ids[0]))]
    named += [action_name(int(b)) for a, b in pairwise(ids) if a != b]
    return [name for name in named if name not in ("unlabelled", "idle")]


def test_a_sentence_of_three_actions():
    animation = play_text("a man walks in, waves and sits down", seed=1)
    assert played(animation)[:3] == ["walk", "wave", "sit_down"]
    joints = animation.joints[0]
    pelvis = joints[:, joint_index("pelvis")]
    assert abs(pelvis[-1, 0] - pelvis[0, 0]) > 1.0, "walks somewhere"
    assert pelvis[-1, 1] < 0.75 * pelvis[0, 1], "sits in the end"
    hands = joints[:, [joint_index("l_hand"), joint_index("r_hand")], 1].max(axis=1)
    waves = animation.actions[0] == 28
    assert hands[waves].max() > joints[waves, joint_index("head"), 1].mean() - 0.1
    assert score_figure(joints)["quality_score"] > 0.5


def test_seed_and_words_decide_everything():
    one, two = (play_text("a woman dances", seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.joints, two.joints)
    other = play_text("a woman dances", seed=5)
    assert other.joints.shape != one.joints.shape or np.abs(other.joints - one.joints).max() > 0.05


@pytest.mark.parametrize("seconds", [3.0, 6.0, 10.0])
def test_the_length_is_what_is_asked_for(seconds):
    assert play_text("somebody walks", seed=2, seconds=seconds).seconds == pytest.approx(
        seconds, abs=0.09
    )


def test_people_meet_or_stand_side_by_side():
    fight = play_text("two men fight", seed=0)
    assert fight.num_actors == 2
    trio = play_text("people clap", seed=0, num_actors=3)
    places = np.sort(trio.joints[:, 0, joint_index("pelvis"), 0])
    assert trio.num_actors == 3
    assert np.diff(places).min() > 0.3 or np.ptp(trio.depth[:, 0].mean(axis=1)) > 0.3


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"seconds": 60.0}, "2 to 10 seconds"),
        ({"seconds": 0.1}, "2 to 10 seconds"),
        ({"num_actors": 50}, "1 to 4 actors"),
        ({"seconds": 2.0, "text": "she lies down, gets up, bows and dances"}, "at least"),
    ],
)
def test_what_the_engine_cannot_do_is_said(settings, told):
    with pytest.raises(DirectionError, match=told):
        play_text(**({"text": "somebody walks"} | settings))


def test_parts_have_their_seconds():
    scene = play_parts([("he walks", 3.0), ("he waves", 2.5), ("he sits down", 3.5)], seed=2)
    assert scene.seconds == pytest.approx(9.0, abs=0.09)
    ids = scene.actions[0]
    for second, action in ((1.5, "walk"), (4.2, "wave")):
        assert action_name(int(ids[round(25 * second)])) == action
    assert "sit_down" in played(scene)


def test_a_style_is_seen_in_the_arms():
    joints = play_parts([("a man walks", 4.0)], seed=3, style="zombie").joints[0]
    plain = play_parts([("a man walks", 4.0)], seed=3).joints[0]
    hands = [joint_index("l_hand"), joint_index("r_hand")]
    rise = joints[:, hands, 1] - joints[:, [joint_index("pelvis")], 1]
    usual = plain[:, hands, 1] - plain[:, [joint_index("pelvis")], 1]
    assert rise.mean() > usual.mean() + 0.1


def test_the_engine_stands_in_for_a_model():
    scene = EngineAnimator().animate("a man\x00 waves", expression="happy", seed=1, seconds=3.0)
    assert scene.title == "a man waves"
    assert [caption.text for caption in scene.captions] == ["a man waves"]
    assert (scene.expressions == 1).all()
    parts = (ScriptPart(text="he walks", seconds=3.0), ScriptPart(text="he bows", seconds=3.0))
    script = EngineAnimator().animate_script(parts, style="robot")
    assert [(c.start_s, c.text) for c in script.captions] == [(0.0, "he walks"), (3.0, "he bows")]
    with pytest.raises(ConfigError, match="takes num_actors, seconds, seed, got steps"):
        EngineAnimator().animate("he walks", steps=10)
    with pytest.raises(ConfigError, match="expected none beside a script"):
        EngineAnimator().animate_script(parts, action="walk")
