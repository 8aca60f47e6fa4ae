"""Performed scenes as sequences: facts, labels, symmetry."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.vocabulary import ACTIONS
from tasks.label.resolve import frame_actions
from tasks.synthesize.engine.take import Beat, Deed
from tasks.synthesize.scenes.random_scene import SceneShares, random_scene
from tasks.synthesize.scenes.sequence import SceneOptions, scene_sequence, visible_deeds
from tasks.synthesize.scenes.solo import solo_plan

UNLABELLED = 255


def sequence_of(plan, **changes):
    options = SceneOptions(source="test", sequence_id="one", seed=(1, 2))
    return scene_sequence(plan, replace(options, **changes))


def plan_of(*beats, duration_s):
    plan = solo_plan("idle", 3)
    return replace(plan, actors=(replace(plan.actors[0], beats=beats),), duration_s=duration_s)


def actions_of(sequence, actor=0):
    return frame_actions(
        sequence.labels, actor=actor, num_frames=sequence.num_frames, fps=25.0, start_s=0.0
    )


def test_what_is_cut_off_loses_count_and_angle():
    hop = Deed(action="hop", start_s=-2.0, end_s=1.0, count=6)
    turn = Deed(action="turn", start_s=0.5, end_s=1.5, angle_deg=90.0, count=3)
    late = Deed(action="wave", start_s=2.85, end_s=4.0, count=4)
    gone = Deed(action="nod", start_s=3.2, end_s=4.0, count=2)
    whole = Deed(action="jump", start_s=1.0, end_s=2.99, count=2)
    shown = {deed.action: deed for deed in visible_deeds((hop, turn, late, gone, whole), 3.0)}
    assert set(shown) == {"hop", "turn", "jump"}
    assert (shown["hop"].start_s, shown["hop"].end_s, shown["hop"].count) == (0.0, 1.0, 0)
    assert (shown["turn"].angle_deg, shown["turn"].count) == (90.0, 0)
    assert shown["jump"].count == 2


def test_borders_of_labels_are_exact_to_a_frame():
    plan = plan_of(
        Beat(action="wave", start_s=1.0, end_s=3.0, side=1),
        Beat(action="bow", start_s=4.0, end_s=6.0),
        duration_s=7.0,
    )
    names = [ACTIONS[k] if k != UNLABELLED else "" for k in actions_of(sequence_of(plan))]
    for word, start, end in (("wave", 1.0, 3.0), ("bow", 4.0, 6.0)):
        frames = [k for k, name in enumerate(names) if name == word]
        assert abs(frames[0] - 25 * start) <= 1
        assert abs(frames[-1] + 1 - 25 * end) <= 1
        assert frames == list(range(frames[0], frames[-1] + 1))
    # who does nothing stands
    assert names[10] == names[85] == names[-5] == "idle"
    assert names.count("") <= 2


def test_who_lies_after_a_fall_is_not_idle():
    plan = plan_of(Beat(action="fall", start_s=0.2, end_s=2.4), duration_s=5.0)
    names = [ACTIONS[k] if k != UNLABELLED else "" for k in actions_of(sequence_of(plan))]
    assert names[-10] == "lie_down"
    assert "idle" not in names[10:]


def test_rests_are_no_captions():
    plan = plan_of(Beat(action="bow", start_s=2.0, end_s=4.0), duration_s=6.0)
    labels = sequence_of(plan).labels
    told = [label for label in labels if label.is_caption or label.part]
    assert all(label.categories != ("idle",) for label in told)
    assert any(label.categories == ("idle",) for label in labels)


@pytest.mark.parametrize(
    ("beat", "symmetric"),
    [
        (Beat(action="bow", start_s=0.3, end_s=2.5, style="deep"), True),
        (Beat(action="wave", start_s=0.3, end_s=2.5, side=0, style="raised"), False),
        (Beat(action="sidestep", start_s=0.0, end_s=2.8, direction="left"), False),
        (Beat(action="jump", start_s=0.3, end_s=2.5, style="up"), True),
    ],
)
def test_only_what_has_no_sides_may_be_mirrored(beat, symmetric):
    assert sequence_of(plan_of(beat, duration_s=3.0)).symmetric is symmetric


def test_random_scenes_are_labelled_almost_everywhere():
    frames = bare = 0
    for number in range(40):
        plan = random_scene(11, number, total=640, shares=SceneShares())
        sequence = sequence_of(plan, sequence_id=f"{number}")
        for label in sequence.labels:
            assert label.start_s >= 0.0
            assert label.end_s is None or label.end_s <= plan.duration_s + 1e-6
        for actor in range(len(plan.actors)):
            actions = actions_of(sequence, actor)
            frames += len(actions)
            if "pass_object" not in {one.kind for one in plan.meetings}:
                bare += int((actions == UNLABELLED).sum())
        if any(one.beats and one.manner.style for one in plan.actors) and len(plan.actors) == 1:
            assert sequence.style == plan.actors[0].manner.style
    assert bare / frames < 0.03


def test_the_same_scene_is_the_same_sequence():
    plan = random_scene(11, 5, total=640, shares=SceneShares())
    one, other = sequence_of(plan), sequence_of(plan)
    assert one.origin.sha256 == other.origin.sha256
    assert one.labels == other.labels
    assert np.array_equal(one.actors[0].points, other.actors[0].points)
