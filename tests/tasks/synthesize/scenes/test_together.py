"""Plans of people who come together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.people.cast import cast_person
from tasks.synthesize.scenes.meetings import MEETINGS, meeting_spec
from tasks.synthesize.scenes.together import meeting_placements, random_together


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_plans_leave_room_for_the_meeting(seed):
    plan = random_together(seed)
    again = random_together(seed)
    assert again.meetings == plan.meetings
    for one, other in zip(plan.actors, again.actors, strict=True):
        assert (one.beats, one.placement, one.seed) == (other.beats, other.placement, other.seed)
    assert 4.0 <= plan.duration_s <= 10.0
    assert 2 <= len(plan.actors) <= 3
    (meeting,) = plan.meetings
    for number in meeting.actors:
        for beat in plan.actors[number].beats:
            clear = beat.end_s <= meeting.start_s + 0.2 or beat.start_s >= meeting.end_s
            assert clear, (meeting.kind, beat)
    for actor in plan.actors:
        slow = [beat for beat in actor.beats if action_spec(beat.action).kind != "upper"]
        for one, other in pairwise(slow):
            assert one.end_s <= other.start_s + 1e-9


def test_all_kinds_come_up_and_differ_by_seed():
    kinds = {random_together(seed).meetings[0].kind for seed in range(300)}
    assert kinds == set(MEETINGS)
    assert len(MEETINGS) >= 12


@pytest.mark.parametrize("kind", sorted(MEETINGS))
def test_placements_fit_the_kind(kind):
    spec = meeting_spec(kind)
    plan = random_together(11, kind, num_actors=2)
    for heading in (0.0, 1.3, -2.0):
        one, two = meeting_placements(kind, plan.actors, at_s=1.0, heading=heading, share=0.0)
        gap = np.array([two.x - one.x, two.z - one.z])
        ahead = np.array([np.sin(heading), np.cos(heading)])
        left = np.array([ahead[1], -ahead[0]])
        assert one.yaw == pytest.approx(heading)
        assert np.hypot(*gap) >= 0.25
        if spec.arrangement == "facing":
            assert np.cos(two.yaw - one.yaw) == pytest.approx(-1.0)
            assert gap @ ahead > 0.2
        else:
            assert two.yaw == pytest.approx(one.yaw)
            toward = -left if spec.arrangement in ("abreast", "echelon") else -ahead
            assert gap @ toward > 0.4


def test_a_ring_of_three_faces_its_middle():
    plan = random_together(4, "talk", num_actors=3)
    places = [actor.placement for actor in plan.actors]
    middle = np.mean([(one.x, one.z) for one in places], axis=0)
    for one in places:
        inward = middle - (one.x, one.z)
        inward /= np.linalg.norm(inward)
        np.testing.assert_allclose(inward, (np.sin(one.yaw), np.cos(one.yaw)), atol=1e-6)


def test_a_given_cast_plays():
    people = tuple(cast_person(1, number) for number in range(3))
    plan = random_together(8, "handshake", people=people)
    assert [actor.subject for actor in plan.actors] == [one.subject for one in people[:2]]
    assert plan.actors[0].body is people[0].body
    with pytest.raises(ValueError, match=r"2\.\.3 actors"):
        random_together(8, "handshake", num_actors=4, people=people)
