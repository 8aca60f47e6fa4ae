from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import find_peaks

from datasets_spec.skeleton import body_index
from tasks.retarget.body import CENTRE_WEIGHTS, bone_lengths, root_of
from tasks.synthesize.actions.flight import SPECS
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.solo import solo_plan

NAMES = [spec.name for spec in SPECS]
STYLED = [(spec.name, style) for spec in SPECS for style in spec.styles or ("",)]
FEET = [body_index(name) for name in ("l_foot", "r_foot")]
HANDS = [body_index(name) for name in ("l_hand", "r_hand")]


def act(action, seed=1, *, cut=False, setting=None, seconds=None, **wishes):
    plan = solo_plan(action, seed, setting=setting, **wishes)
    actor, duration = plan.actors[0], seconds or plan.duration_s
    if seconds:
        actor = replace(actor, beats=(replace(actor.beats[0], end_s=seconds - 0.3),))
    if cut:
        beat = replace(actor.beats[0], start_s=-2.5, end_s=duration + 2.5)
        actor = replace(actor, beats=(beat,))
    done = perform_actor(actor, duration_s=duration, setting=plan.setting)
    return done.points.astype(np.float64), done.deeds[0], actor


def rests_of(points, row, limit_m):
    """Stretches of frames in which a point hardly moves."""
    place = points[:, row]
    still = np.linalg.norm(np.diff(place, axis=0), axis=-1) < limit_m
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    spans = edges.reshape(-1, 2)
    return [(low, high) for low, high in spans if high - low >= 5]


@pytest.mark.parametrize(("action", "style"), STYLED)
def test_every_variant_is_a_possible_motion(action, style):
    points, deed, actor = act(action, 5, style=style)
    lengths = bone_lengths(points)
    assert (lengths.std(axis=0) / lengths.mean(axis=0)).max() < 1e-4
    assert points[..., 1].min() > -0.01
    assert np.linalg.norm(np.diff(points, axis=0), axis=-1).max() * 25.0 < 16.0
    assert deed.style == style
    beat = actor.beats[0]
    assert beat.start_s - 1e-6 <= deed.start_s < deed.end_s <= beat.end_s + 0.041


@pytest.mark.parametrize("action", NAMES)
@pytest.mark.parametrize("seed", [2, 9])
def test_body_stands_before_and_after(action, seed):
    points, _, actor = act(action, seed)
    stature = actor.body.stature
    for frame in (0, -1):
        assert points[frame, 0, 1] > 0.85 * stature
        assert points[frame, FEET, 1] == pytest.approx(0.039 * stature, abs=0.02)


@pytest.mark.parametrize("action", NAMES)
def test_two_clips_of_an_action_differ(action):
    one, other = act(action, 11)[0], act(action, 12)[0]
    num = min(len(one), len(other))
    first, second = (p[:num] - root_of(p[:num])[:, None] for p in (one, other))
    assert np.abs(first - second).max() > 0.1


@pytest.mark.parametrize("gravity", [9.81, MOON_GRAVITY])
@pytest.mark.parametrize("style", ["up", "long", "tuck", "star"])
def test_centre_of_a_jumper_falls_freely(gravity, style):
    setting = Setting(gravity_mps2=gravity)
    points, deed, _ = act("jump", 3, setting=setting, seconds=7.0, style=style, count=1)
    centre = np.einsum("p,tpc->tc", CENTRE_WEIGHTS, points)
    toes = points[:, [body_index("l_toe"), body_index("r_toe")], 1].min(axis=1)
    # inside the flight, a little away from take-off and landing
    air = np.flatnonzero(toes > toes[0] + 0.04)[2:-2]
    fall = np.diff(centre[air[0] : air[-1] + 1, 1], 2) * 625.0
    assert len(fall) > 2
    assert fall.mean() == pytest.approx(-gravity, rel=0.05, abs=0.1)
    assert np.abs(fall + gravity).max() < 0.12 * 9.81
    assert deed.count == 1


def test_jump_on_the_moon_is_higher_and_longer():
    heights, times = [], []
    for gravity in (9.81, MOON_GRAVITY):
        points, _, _ = act(
            "jump", 3, setting=Setting(gravity_mps2=gravity), seconds=9.0, style="up", count=1
        )
        feet = points[:, FEET, 1].min(axis=1)
        heights.append(feet.max())
        times.append((feet > 0.2).sum())
    assert heights[1] > 2.5 * heights[0]
    assert times[1] > 2.5 * times[0]


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("style", ["up", "tuck", "jacks"])
def test_jumps_can_be_counted(count, style):
    points, deed, _ = act("jump", 4, seconds=8.0, style=style, count=count)
    if style == "jacks":
        apart = np.abs(points[:, FEET[0]] - points[:, FEET[1]])[:, [0, 2]].max(axis=1)
        seen = len(find_peaks(apart, prominence=0.15)[0])
    else:
        seen = len(find_peaks(points[:, FEET, 1].min(axis=1), prominence=0.06)[0])
    assert deed.count == seen == count


@pytest.mark.parametrize(
    ("direction", "axis", "sign"),
    [("forward", 2, 1), ("backward", 2, -1), ("left", 0, 1), ("right", 0, -1)],
)
def test_jump_lands_where_it_says_and_stays_there(direction, axis, sign):
    points, deed, _ = act("jump", 8, direction=direction, count=1, seconds=4.0)
    moved = sign * (root_of(points)[-1] - root_of(points)[0])[axis]
    assert deed.direction == direction
    assert moved > 0.2
    after = points[int(25 * deed.end_s) :, FEET]
    assert np.abs(after - after[0]).max() < 0.01


@pytest.mark.parametrize("side", [0, 1])
def test_cartwheel_goes_over_the_hands_to_its_side(side):
    points, deed, actor = act("cartwheel", 6, side=side)
    stature, sign = actor.body.stature, 1.0 - 2.0 * side
    assert sign * (points[-1, 0, 0] - points[0, 0, 0]) > 0.9 * stature
    assert deed.side == ("left", "right")[side]
    turned = points[:, FEET, 1].mean(axis=1) - points[:, 0, 1]
    assert turned.max() > 0.7 * stature
    for row in HANDS:
        low = points[:, row, 1] < 0.05 * stature
        assert low.sum() >= 4
        down = points[np.flatnonzero(low)[1:-1], row]
        assert np.ptp(down[:, [0, 2]], axis=0).max() < 0.02
    # the leading hand is down first
    first = [np.flatnonzero(points[:, row, 1] < 0.05 * stature)[0] for row in HANDS]
    assert first[side] < first[1 - side]


@pytest.mark.parametrize("style", ["hands_and_knees", "bear", "army"])
@pytest.mark.parametrize("cut", [False, True])
def test_crawler_goes_ahead_low_with_hands_that_do_not_slide(style, cut):
    points, deed, actor = act("crawl", 7, cut=cut, style=style, seconds=None if cut else 7.0)
    inside = slice(0, None) if cut else slice(60, 105)
    assert points[inside, 0, 1].max() < 0.60 * actor.body.stature
    assert 0.1 < deed.speed_mps < 0.9
    assert points[-1, 7, 2] - points[0, 7, 2] > 0.3
    for row in HANDS:
        hand = points[inside, row]
        rests = rests_of(hand[:, None], 0, 0.006)
        assert rests
        for low, high in rests:
            assert np.ptp(hand[low + 1 : high, [0, 2]], axis=0).max() < 0.012


def test_knees_of_a_crawler_bear_without_sliding():
    points, _, actor = act("crawl", 7, cut=True, style="hands_and_knees")
    for name in ("l_knee", "r_knee"):
        knee = points[:, body_index(name)]
        assert knee[:, 1].max() < 0.06 * actor.body.stature
        for low, high in rests_of(knee[:, None], 0, 0.006):
            assert np.ptp(knee[low + 1 : high, [0, 2]], axis=0).max() < 0.012


@pytest.mark.parametrize(("direction", "sign"), [("up", 1.0), ("down", -1.0)])
@pytest.mark.parametrize("style", ["ladder", "wall", "frame"])
def test_climber_on_the_ladder_goes_the_way_it_says_with_firm_holds(direction, sign, style):
    points, deed, _ = act("climb", 3, cut=True, direction=direction, style=style)
    assert sign * (root_of(points)[-1] - root_of(points)[0])[1] > 0.5
    assert deed.direction == direction
    for row in (*HANDS, *FEET):
        rests = rests_of(points[:, row, None], 0, 0.006)
        assert rests
        for low, high in rests:
            assert np.ptp(points[low + 1 : high, row], axis=0).max() < 0.015


@pytest.mark.parametrize("style", ["front_crawl", "breaststroke", "backstroke", "butterfly"])
def test_swimmer_lies_at_the_surface_and_strokes_can_be_counted(style):
    points, deed, actor = act(
        "swim", 5, seconds=8.0, style=style, count=5, setting=Setting(water_m=1.3)
    )
    flat = points[70:120]
    assert np.abs(flat[:, 0, 1] - flat[:, 7, 1]).max() < 0.35
    assert flat[:, 7, 1].mean() == pytest.approx(1.25, abs=0.12)
    along = np.abs(root_of(flat)[-1] - root_of(flat)[0])[2] / 2.0
    assert 0.5 < along < 2.2
    assert deed.count == 5
    hand = (points[:, HANDS[0], 2] - points[:, 1, 2]) * (-1.0 if style == "backstroke" else 1.0)
    peaks, _ = find_peaks(hand, prominence=0.12 * actor.body.stature)
    assert abs(len(peaks) - 5) <= 1


@pytest.mark.parametrize("style", ["hero_one", "hero_both", "wings", "hover"])
def test_flyer_is_off_the_ground_and_lands(style):
    points, _, actor = act("fly", 5, style=style, seconds=7.0)
    middle = points[len(points) // 2]
    assert middle[:, 1].min() > 0.2
    if style != "hover":
        assert points[-1, 0, 2] - points[0, 0, 2] > 2.0
    assert points[-1, FEET, 1].max() < 0.06 * actor.body.stature


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("overhead", lambda p, h: p[:, HANDS, 1].min(axis=1).max() > 1.1 * h),
        ("toe_touch", lambda p, h: p[:, HANDS, 1].max(axis=1).min() < 0.25 * h),
    ],
)
def test_stretch_reaches_where_it_should_on_feet_that_stand(style, seen):
    points, deed, actor = act("stretch", 5, style=style, count=2, seconds=6.0)
    assert seen(points, actor.body.stature)
    assert deed.count == 2
    toes = points[:, [body_index("l_toe"), body_index("r_toe")]]
    assert np.ptp(toes, axis=0).max() < 0.01


@pytest.mark.parametrize("side", [0, 1])
def test_bend_aside_leans_to_its_side(side):
    points, deed, _ = act("stretch", 5, style="side_bend", side=side, count=1)
    lean = points[len(points) // 2, 0, 0] - root_of(points)[len(points) // 2, 0]
    assert lean * (1.0 - 2.0 * side) > 0.1
    assert deed.side == ("left", "right")[side]


@pytest.mark.parametrize("count", [2, 5])
def test_pumps_of_the_fist_can_be_counted(count):
    points, deed, _ = act("celebrate", 2, style="both_fists", count=count, seconds=5.0)
    height = points[:, HANDS[0], 1] - points[:, 1, 1]
    assert deed.count == len(find_peaks(height, prominence=0.08)[0]) == count


def test_spin_ends_as_it_began_after_whole_turns():
    points, _, _ = act("celebrate", 3, style="spin", count=1, seconds=4.0)
    across = points[:, 7] - points[:, 8]
    yaw = np.unwrap(np.arctan2(across[:, 2], across[:, 0]))
    assert abs(yaw[-1] - yaw[0]) == pytest.approx(2 * np.pi, abs=0.15)


@pytest.mark.parametrize(
    ("direction", "axis", "sign"),
    [("left", 0, 1), ("right", 0, -1), ("backward", 2, -1), ("down", 1, -1)],
)
def test_dodge_takes_the_head_out_of_the_way_and_back_quickly(direction, axis, sign):
    points, deed, actor = act("dodge", 4, direction=direction, count=1, seconds=2.5)
    away = sign * (points[:, 0, axis] - points[0, 0, axis])
    assert away.max() > 0.10 * actor.body.stature
    assert abs(away[-1]) < 0.06
    quick = np.flatnonzero(away > 0.5 * away.max())
    assert len(quick) < 25
    assert deed.direction == direction
