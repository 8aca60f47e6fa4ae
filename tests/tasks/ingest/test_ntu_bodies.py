"""Who performs, and when: gaps, ghosts, renamed and exchanged ids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import BODY_POINTS
from tasks.ingest.ntu_bodies import MIN_FRAMES, find_performers
from tasks.ingest.ntu_file import parse_skeleton
from tasks.ingest.ntu_repair import BODY_JOINTS
from tests.tasks.ingest.ntu_writer import frames_of, person, skeleton_bytes

KINECT = {
    "head": 3, "l_shoulder": 4, "r_shoulder": 8, "l_elbow": 5, "r_elbow": 9, "l_hand": 6,
    "r_hand": 10, "l_hip": 12, "r_hip": 16, "l_knee": 13, "r_knee": 17, "l_foot": 14,
    "r_foot": 18, "l_toe": 15, "r_toe": 19,
}  # fmt: skip
CLOSE = {"rtol": 0, "atol": 2e-6}  # seven digits in the file, float32 after it


def performers(*tracks, expected=1, states=None):
    frames = frames_of(*tracks)
    if states is not None:
        for bodies, row in zip(frames, states, strict=True):
            for body in bodies:
                body.states = row
    return find_performers(parse_skeleton(skeleton_bytes(frames)), num_expected=expected)


def absent(points, *frames):
    points = points.copy()
    points[list(frames)] = np.nan
    return points


def reason_of(*tracks, **options) -> RejectReason:
    with pytest.raises(RejectError) as caught:
        performers(*tracks, **options)
    return caught.value.reason


def body(points):
    return points[:, [KINECT[name] for name in BODY_POINTS]]


def test_body_points_are_the_named_joints():
    assert BODY_JOINTS.tolist() == [KINECT[name] for name in BODY_POINTS]


def test_one_body():
    points = person(40)
    found = performers((7, points))
    (part,) = found.parts
    (actor,) = part.persons
    assert actor.first_frame == 0
    assert actor.points.dtype == np.float32
    np.testing.assert_allclose(actor.points, body(points), **CLOSE)
    assert actor.tracked.all()
    assert found.warnings == ()


def test_left_and_right_and_up_are_the_subjects():
    actor = performers((7, person(20))).parts[0].persons[0].points[0]
    at = {name: actor[i] for i, name in enumerate(BODY_POINTS)}
    # he faces the sensor (towards smaller z): forward = up x (right - left)
    across = at["r_hip"] - at["l_hip"] + at["r_shoulder"] - at["l_shoulder"]
    forward = np.cross([0, 1, 0], across)
    assert forward[2] < 0
    assert at["l_toe"][2] < at["l_foot"][2]
    assert at["head"][1] > at["l_hip"][1] > at["l_foot"][1]


def test_two_bodies_with_neighbouring_ids():
    a, b = person(40), person(40, x=1.0, sway=0.02)
    found = performers((72057594037931101, a), (72057594037931102, b), expected=2)
    (part,) = found.parts
    # the one that moves more comes first
    np.testing.assert_allclose(part.persons[0].points, body(a), **CLOSE)
    np.testing.assert_allclose(part.persons[1].points, body(b), **CLOSE)


def test_an_empty_frame_is_filled_and_marked_and_moves_nothing():
    points = person(40)
    found = performers((7, absent(points, 20)))
    (actor,) = found.parts[0].persons
    assert actor.points.shape[0] == 40
    assert not actor.tracked[20].any()
    assert actor.tracked[np.arange(40) != 20].all()
    np.testing.assert_allclose(
        actor.points[20], (body(points)[19] + body(points)[21]) / 2, rtol=0, atol=1e-5
    )
    keep = np.arange(40) != 20
    np.testing.assert_allclose(actor.points[keep], body(points)[keep], **CLOSE)
    assert "filled" in found.warnings[0]


@given(start=st.integers(0, 60), length=st.integers(0, 30))
def test_a_gap_never_shifts_a_frame(start, length):
    points = person(60)
    gap = np.arange(start, min(60, start + length))
    seen = np.setdiff1d(np.arange(60), gap)
    found = performers((7, absent(points, *gap)))
    covered = np.concatenate(
        [np.arange(p.persons[0].points.shape[0]) + p.persons[0].first_frame for p in found.parts]
    )
    assert len(set(covered.tolist())) == covered.size
    for part in found.parts:
        (actor,) = part.persons
        assert len(actor.points) >= MIN_FRAMES
        for row in np.flatnonzero(actor.tracked.all(axis=1)):
            np.testing.assert_allclose(
                actor.points[row], body(points)[actor.first_frame + row], **CLOSE
            )
    inner = gap.size and gap[0] > 0 and gap[-1] < 59
    if inner and gap.size <= 5:
        assert np.array_equal(covered, np.arange(60))
    elif inner:
        assert not set(covered.tolist()) & set(gap.tolist())
        assert len(found.parts) == (seen[seen < start].size >= 12) + (seen[seen > start].size >= 12)


def test_leading_and_trailing_frames_without_a_body_are_left_out():
    found = performers((7, absent(person(40), 0, 1, 2, 38, 39)))
    (actor,) = found.parts[0].persons
    assert (actor.first_frame, len(actor.points)) == (3, 35)


def test_a_ghost_of_five_frames_is_dropped():
    ghost = absent(person(40, x=2.0), *range(10), *range(15, 40))
    points = person(40)
    found = performers((9, ghost), (7, points), expected=2)
    assert len(found.parts[0].persons) == 1
    np.testing.assert_allclose(found.parts[0].persons[0].points, body(points), **CLOSE)
    assert any("two-person" in note for note in found.warnings)


def test_furniture_is_dropped_by_its_spread_even_if_it_jitters():
    rng = np.random.default_rng(0)
    chair = person(40, x=1.5)
    chair[..., 0] = 1.5 + 4.0 * (chair[..., 0] - 1.5)
    chair += rng.normal(0, 0.05, chair.shape)
    points = person(40)
    found = performers((1, chair), (7, points))
    np.testing.assert_allclose(found.parts[0].persons[0].points, body(points), **CLOSE)
    assert "1 other bodies left out" not in found.warnings


def test_spread_is_no_fault_of_a_person_alone():
    lying = person(40)[..., [1, 0, 2]]
    (actor,) = performers((7, lying)).parts[0].persons
    np.testing.assert_allclose(actor.points, body(lying), **CLOSE)


def test_the_one_who_moves_is_chosen_for_a_class_of_one():
    still, moving = person(40, x=-1.0, sway=0.0), person(40, sway=0.2)
    found = performers((1, still), (2, moving))
    np.testing.assert_allclose(found.parts[0].persons[0].points, body(moving), **CLOSE)
    assert "1 other bodies left out" in found.warnings


@pytest.mark.parametrize("gap", [0, 1, 5])
def test_a_renamed_body_is_followed(gap):
    points = person(40)
    first = absent(points, *range(20, 40))
    second = absent(points, *range(20 + gap))
    found = performers((7, first), (8, second))
    (part,) = found.parts
    assert len(part.persons[0].points) == 40
    keep = np.r_[0:20, 20 + gap : 40]
    np.testing.assert_allclose(part.persons[0].points[keep], body(points)[keep], **CLOSE)
    assert any("id" in note for note in found.warnings)


def test_renaming_follows_the_nearer_body_not_the_livelier():
    a, b = person(60, sway=0.3), person(60, x=1.2, sway=0.01)
    tracks = [
        (1, absent(a, *range(30, 60))),
        (2, absent(b, *range(30, 60))),
        (3, absent(b, *range(30))),
        (4, absent(a, *range(30))),
    ]
    (part,) = performers(*tracks, expected=2).parts
    np.testing.assert_allclose(part.persons[0].points, body(a), **CLOSE)
    np.testing.assert_allclose(part.persons[1].points, body(b), **CLOSE)


@pytest.mark.parametrize("apart", [0.3, 0.6, 2.0])
def test_exchanged_ids_are_seen_by_continuity(apart):
    a, b = person(60, sway=0.1), person(60, x=apart, sway=0.02)
    mixed_a = np.concatenate([a[:25], b[25:]])
    mixed_b = np.concatenate([b[:25], a[25:]])
    (part,) = performers((1, mixed_a), (2, mixed_b), expected=2).parts
    np.testing.assert_allclose(part.persons[0].points, body(a), **CLOSE)
    np.testing.assert_allclose(part.persons[1].points, body(b), **CLOSE)


def test_a_glitch_of_one_frame_elsewhere_is_filled_over():
    points = person(40)
    jumpy = points.copy()
    jumpy[20] += 1.5
    (part,) = performers((7, jumpy)).parts
    (actor,) = part.persons
    assert not actor.tracked[20].any()
    np.testing.assert_allclose(actor.points, body(points), rtol=0, atol=1e-3)


def test_partner_who_comes_late_trims_the_pair():
    a, b = person(60), person(60, x=1.0)
    (part,) = performers((1, a), (2, absent(b, *range(25))), expected=2).parts
    assert [p.first_frame for p in part.persons] == [25, 25]
    assert [len(p.points) for p in part.persons] == [35, 35]


def test_long_gap_of_one_cuts_both():
    a, b = person(80), person(80, x=1.0)
    parts = performers((1, a), (2, absent(b, *range(30, 45))), expected=2).parts
    assert [(p.persons[0].first_frame, len(p.persons[0].points)) for p in parts] == [
        (0, 30),
        (45, 35),
    ]
    assert all(len(p.persons) == 2 for p in parts)


def test_inferred_joints_are_marked_but_used():
    states = np.full((40, 25), 2)
    states[10:20, 6] = 1
    states[10:20, 18] = 0
    points = person(40)
    (actor,) = performers((7, points), states=states).parts[0].persons
    np.testing.assert_allclose(actor.points, body(points), **CLOSE)
    wrong = {"l_hand", "r_foot"}
    for number, name in enumerate(BODY_POINTS):
        assert actor.tracked[10:20, number].all() == (name not in wrong)
        assert actor.tracked[:10, number].all()


def test_a_body_that_is_mostly_guessed_is_rejected():
    states = np.full((40, 25), 2)
    states[:30] = 1
    assert reason_of((7, person(40)), states=states) == RejectReason.TOO_MANY_GAPS
    states[:] = 2
    states[5:9] = 0
    (actor,) = performers((7, person(40)), states=states).parts[0].persons
    assert not actor.tracked[5:9].any()
    assert actor.tracked[9:].all()


def test_short_hole_of_a_joint_is_filled():
    points = person(40)
    holed = points.copy()
    holed[10:14, 5] = 0.0
    holed[20, 9, 2] = np.inf
    (actor,) = performers((7, holed)).parts[0].persons
    np.testing.assert_allclose(actor.points, body(points), rtol=0, atol=2e-3)
    assert not actor.tracked[10:14, BODY_POINTS.index("l_elbow")].any()
    assert not actor.tracked[20, BODY_POINTS.index("r_elbow")]
    assert actor.tracked.sum() == actor.tracked.size - 5


def test_long_hole_of_a_joint_cuts_and_a_permanent_one_rejects():
    points = person(60)
    points[20:40, 5, 1] = np.inf
    parts = performers((7, points)).parts
    assert [(p.persons[0].first_frame, len(p.persons[0].points)) for p in parts] == [
        (0, 20),
        (40, 20),
    ]
    points[:, 5] = np.nan
    assert reason_of((7, points)) == RejectReason.NON_FINITE


def test_holes_in_thumbs_do_not_matter():
    points = person(40)
    points[:, [21, 22, 23, 24]] = np.nan
    (actor,) = performers((7, points)).parts[0].persons
    assert actor.tracked.all()


def test_wild_bones_are_clamped_to_the_median():
    points = person(40)
    wild = points.copy()
    wild[10, 6] = wild[10, 5] + 3.0 * (wild[10, 6] - wild[10, 5])  # left forearm
    wild[20, 17] = wild[20, 16] + 0.2 * (wild[20, 17] - wild[20, 16])  # right thigh
    (actor,) = performers((7, wild)).parts[0].persons
    at = {name: i for i, name in enumerate(BODY_POINTS)}

    def length(one, other):
        return np.linalg.norm(actor.points[:, at[one]] - actor.points[:, at[other]], axis=1)

    forearm, thigh, shin = (
        length("l_elbow", "l_hand"),
        length("r_hip", "r_knee"),
        length("r_knee", "r_foot"),
    )
    np.testing.assert_allclose(forearm[10], 1.3 * forearm[0], rtol=1e-5)
    np.testing.assert_allclose(thigh[20], 0.7 * thigh[0], rtol=1e-5)
    assert shin[20] <= 1.3 * shin[0] * (1 + 1e-5)
    assert not actor.tracked[10, at["l_hand"]]
    keep = np.setdiff1d(np.arange(40), [10, 20])
    np.testing.assert_allclose(actor.points[keep], body(points)[keep], **CLOSE)


def test_nobody():
    with pytest.raises(RejectError) as caught:
        find_performers(parse_skeleton(b"3\n0\n0\n0\n"), num_expected=1)
    assert caught.value.reason == RejectReason.NO_BODY


@pytest.mark.parametrize(("num_frames", "accepted"), [(1, False), (11, False), (12, True)])
def test_eleven_frames_are_too_few(num_frames, accepted):
    if accepted:
        assert len(performers((7, person(num_frames))).parts) == 1
    else:
        assert reason_of((7, person(num_frames))) == RejectReason.TOO_SHORT


def test_all_non_finite():
    frames = frames_of((7, person(20)))
    for (one,) in frames:
        one.points[:] = np.inf
    with pytest.raises(RejectError) as caught:
        find_performers(parse_skeleton(skeleton_bytes(frames)), num_expected=1)
    assert caught.value.reason == RejectReason.NON_FINITE


def test_many_bodies_here_and_there_are_no_performer():
    rng = np.random.default_rng(1)
    tracks = [(n, person(40) + rng.normal(0, 3.0, (40, 1, 3))) for n in range(8)]
    assert reason_of(*tracks, expected=2) == RejectReason.TOO_SHORT


@given(st.integers(0, 2**32 - 1), st.integers(1, 2))
def test_any_damage_leaves_finite_points_or_a_reject(seed, expected):
    rng = np.random.default_rng(seed)
    frames = frames_of(*[(n, person(50, x=0.8 * n)) for n in range(rng.integers(1, 4))])
    for bodies in frames:
        for one in bodies:
            one.points[rng.random(25) < rng.choice([0.0, 0.01, 0.2])] = rng.choice([np.inf, 0.0])
            one.states = np.where(rng.random(25) < rng.choice([0, 0.5, 0.9]), 1, 2)
            if rng.random() < 0.02:
                one.body_id = int(rng.integers(0, 4))
        if rng.random() < 0.1:
            bodies.clear()
    try:
        found = find_performers(parse_skeleton(skeleton_bytes(frames)), num_expected=expected)
    except RejectError:
        return
    for part in found.parts:
        assert len({(p.first_frame, len(p.points), len(p.tracked)) for p in part.persons}) == 1
        for actor in part.persons:
            assert np.isfinite(actor.points).all()
            assert len(actor.points) >= MIN_FRAMES
            assert actor.first_frame + len(actor.points) <= 50
