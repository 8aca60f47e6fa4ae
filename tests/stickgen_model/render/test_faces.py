"""Faces: what they show, how fast they change, and which way they look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.vocabulary import ACTIONS, EXPRESSIONS, SPEECH_KINDS
from stickgen_model.animation import SILENT, Animation
from stickgen_model.render.camera_plan import camera_plan, camera_views
from stickgen_model.render.face_strokes import STROKES
from stickgen_model.render.faces import TRANSITION_S, face_strokes, face_track
from stickgen_model.render.framing import view_axes

BODY = np.array(
    [
        *((0.0, 0.93), (0.0, 0.53), (0.17, 0.68), (0.2, 0.52), (-0.17, 0.68)),
        *((-0.2, 0.52), (0.08, 0.29), (0.09, 0.04), (-0.08, 0.29), (-0.09, 0.04)),
    ]
)
FPS = 25.0


def scene(*, frames=75, yaw=0.0, actors=1, **tracks):
    """People who stand and look at the viewer, or to his right at a yaw of 90 degrees."""
    x, z = BODY[:, 0] * np.cos(yaw), -BODY[:, 0] * np.sin(yaw)
    joints = np.stack([x, BODY[:, 1]], axis=-1).astype(np.float32)
    shape = (actors, frames)
    filled = {
        name: np.broadcast_to(np.asarray(ids, np.uint8), shape).copy()
        for name, ids in tracks.items()
    }
    return Animation(
        joints=np.broadcast_to(joints, (*shape, 10, 2)).copy(),
        depth=np.broadcast_to(z.astype(np.float32), (*shape, 10)).copy(),
        fps=FPS,
        **filled,
    )


def looks(animation, times):
    track = face_track(animation, np.asarray(times, float))
    rows = (
        *(track.brow_height, track.brow_tilt, track.eye_open),
        *(track.mouth_curve, track.mouth_open, track.mouth_width),
    )
    return np.stack(rows, axis=-1)


def stroke(strokes, name):
    return strokes.points[0, 0, STROKES.index(name)]


def awake(animation):
    """A time at which nobody blinks."""
    times = np.arange(0.4, 3.0, 0.02)
    return times[np.argmax(face_track(animation, times).eye_open.min(axis=0))]


def test_every_expression_and_every_voice_has_a_face_of_its_own():
    faces = []
    for expression in range(len(EXPRESSIONS)):
        for speech in (*range(len(SPEECH_KINDS)), SILENT):
            clip = scene(expressions=expression, speech=speech)
            # the mean over time: mouths that speak move
            faces.append(looks(clip, np.arange(0.5, 2.9, 0.02)).mean(axis=(0, 1)))
    faces = np.array(faces)
    apart = np.abs(faces[:, None] - faces).max(axis=-1) + np.eye(len(faces))
    assert apart.min() > 0.05


def test_a_change_begins_when_it_happens_and_takes_three_tenths_of_a_second():
    ids = np.where(np.arange(75) < 25, EXPRESSIONS.index("happy"), EXPRESSIONS.index("sad"))
    clip = scene(expressions=ids, speech=SILENT)
    times = 1.0 + np.array([-0.2, 0.0, 0.1, 0.15, 0.2, 0.3, 0.5])
    curve = face_track(clip, times).mouth_curve[0]
    share = (curve - curve[0]) / (curve[-1] - curve[0])
    thirds = np.array([1 / 3, 1 / 2, 2 / 3])
    eased = thirds**2 * (3 - 2 * thirds)
    assert share == pytest.approx([0.0, 0.0, *eased, 1.0, 1.0], abs=1e-6)
    assert TRANSITION_S == 0.3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(1, 60))
def test_faces_never_jump_and_never_leave_their_range(ids, fps):
    clip = scene(frames=len(ids), expressions=ids, speech=SILENT).changed(fps=float(fps))
    times = np.arange(0.0, clip.seconds, 0.005)
    curve = face_track(clip, times).mouth_curve[0]
    assert curve.min() >= -0.81
    assert curve.max() <= 1.01
    # at most all of the range, eased: 1.5 / 0.3 of it a second
    assert np.abs(np.diff(curve)).max(initial=0.0) <= 1.8 * 1.5 / 0.3 * 0.005 + 1e-9


def test_the_action_decides_where_nothing_is_told():
    pairs = {
        "cry": "sad",
        "celebrate": "excited",
        "laugh": "happy",
        "fight": "angry",
        "fall": "surprised",
        "walk": "neutral",
    }
    times = [0.0, 1.0]
    for action, expression in pairs.items():
        told = scene(expressions=EXPRESSIONS.index(expression))
        acted = scene(actions=ACTIONS.index(action))
        assert looks(acted, times) == pytest.approx(looks(told, times))
    # what is told rules
    both = scene(actions=ACTIONS.index("cry"), expressions=EXPRESSIONS.index("happy"))
    assert looks(both, times) == pytest.approx(
        looks(scene(expressions=EXPRESSIONS.index("happy")), times)
    )


@pytest.mark.parametrize(("action", "kind"), [("phone_call", "talk"), ("sing", "sing")])
def test_who_talks_on_the_telephone_or_sings_opens_the_mouth(action, kind):
    times = np.arange(0.3, 1.0, 0.02)
    calm = {"expressions": EXPRESSIONS.index("neutral")}
    acted = face_track(scene(actions=ACTIONS.index(action), **calm), times).mouth_open
    told = face_track(scene(speech=SPEECH_KINDS.index(kind), **calm), times).mouth_open
    assert acted == pytest.approx(told)
    silent = scene(actions=ACTIONS.index(action), speech=SILENT, **calm)
    assert face_track(silent, times).mouth_open.max() == 0.0


def openings(kind):
    """Range and number of turning points of ten seconds of a mouth."""
    clip = scene(frames=260, speech=SPEECH_KINDS.index(kind))
    opening = face_track(clip, np.arange(0.3, 10.3, 0.01)).mouth_open[0]
    return opening.max(), np.count_nonzero(np.diff(np.sign(np.diff(opening))))


def test_voices_differ_in_how_far_and_how_often_mouths_open():
    found = {kind: openings(kind) for kind in SPEECH_KINDS}
    widest = {kind: wide for kind, (wide, _) in found.items()}
    turns = {kind: often for kind, (_, often) in found.items()}
    assert widest["whisper"] < 0.25 < widest["talk"] < widest["sing"] < widest["shout"]
    assert turns["sing"] < turns["shout"] < turns["talk"]


def test_eyes_shut_now_and_then_but_not_those_of_two_at_once():
    clip = scene(frames=1500, actors=3, expressions=0)
    times = np.arange(0.0, 60.0, 0.01)
    eyes = face_track(clip, times).eye_open
    shut = eyes < 0.1
    assert eyes.min() < 0.05
    for row in shut:
        assert 9 <= np.count_nonzero(np.diff(row.astype(int)) == 1) <= 28
    starts = [set(np.flatnonzero(np.diff(row.astype(int)) == 1)) for row in shut]
    assert not starts[0] & starts[1]
    assert shut.mean() < 0.08


def test_the_same_scene_has_the_same_faces_and_another_seed_other_ones():
    times = np.arange(0.0, 3.0, 1 / 60)
    first = face_strokes(face_track(scene(), times)).points
    again = face_strokes(face_track(scene(), times)).points
    other = face_strokes(face_track(scene().changed(facts={"seed": 5}), times)).points
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).max() > 0.01


def test_one_frame_of_a_film_is_that_of_the_whole_film():
    clip = scene(actors=2, frames=100, actions=ACTIONS.index("talk"))
    times = np.arange(0.0, 4.0, 1 / 30)
    whole = face_track(clip, times)
    one = face_track(clip, times[77:78])
    for name in ("eye_open", "mouth_open", "gaze", "axes"):
        assert getattr(one, name)[:, 0] == pytest.approx(getattr(whole, name)[:, 77])


def test_mouths_and_brows_go_the_way_they_should():
    strokes = {}
    for name in EXPRESSIONS:
        clip = scene(expressions=EXPRESSIONS.index(name), speech=SILENT)
        strokes[name] = face_strokes(face_track(clip, np.array([awake(clip)])))
    mouths = {name: stroke(one, "mouth") for name, one in strokes.items()}
    rise = {name: mouth[0, 1] - mouth[:, 1].min() for name, mouth in mouths.items()}
    assert rise["happy"] > 0.1
    assert rise["sad"] < 0.02
    height = {name: np.ptp(mouth[:, 1]) for name, mouth in mouths.items()}
    assert height["surprised"] > 0.3 > height["neutral"]
    # inner ends of the left brow: to its left in the picture
    tilt = {name: np.diff(stroke(one, "l_brow")[[0, -1], 1])[0] for name, one in strokes.items()}
    assert tilt["sad"] < -0.1 < 0.1 < tilt["angry"]


def test_a_head_shows_the_side_it_turns_to():
    right = face_strokes(face_track(scene(yaw=np.pi / 2), np.array([0.5])))
    left = face_strokes(face_track(scene(yaw=-np.pi / 2), np.array([0.5])))
    away = face_strokes(face_track(scene(yaw=np.pi), np.array([0.5])))
    cover = dict(zip(STROKES, right.cover[0, 0], strict=True))
    # who looks to the right shows the right eye, near the right edge
    assert cover["r_eye"] == pytest.approx(1.0, abs=0.3)
    assert cover["l_eye"] == 0.0
    assert stroke(right, "r_eye")[:, 0].mean() > 0.6
    assert stroke(left, "l_eye")[:, 0].mean() < -0.6
    assert cover["mouth"] > 0.5
    assert away.cover.max() == 0.0


@settings(max_examples=30, deadline=None)
@given(st.floats(-np.pi, np.pi), st.sampled_from(EXPRESSIONS), st.integers(0, 4))
def test_no_line_leaves_the_head(yaw, expression, voice):
    speech = (*range(len(SPEECH_KINDS)), SILENT)[voice]
    clip = scene(frames=30, yaw=yaw, expressions=EXPRESSIONS.index(expression), speech=speech)
    strokes = face_strokes(face_track(clip, np.arange(0.0, 1.2, 0.05)))
    reach = np.linalg.norm(strokes.points, axis=-1) + 0.5 * strokes.widths[:, None]
    assert reach.max() < 0.87
    assert strokes.cover.min() >= 0.0
    assert strokes.cover.max() <= 1.0


def test_a_camera_that_walks_round_sees_the_other_side_of_a_head():
    clip = scene(frames=50, expressions=0)
    times = np.array([0.0, 1.0, 2.0])
    plan = camera_plan("orbit 180deg linear", clip.seconds)
    axes = view_axes(camera_views(clip, clip.depth, plan, times, 1.0))
    strokes = face_strokes(face_track(clip, times), axes)
    noses = strokes.points[0, :, STROKES.index("mouth"), :, 0].mean(axis=1)
    # from the left edge of the orbit the face of who looks ahead is at the right
    assert noses[0] > 0.5
    assert noses[1] == pytest.approx(0.0, abs=0.02)
    assert noses[2] < -0.5


@pytest.mark.parametrize(("action", "axis"), [("shake_head", 0), ("look_around", 0), ("nod", 1)])
def test_heads_turn_on_their_necks_where_the_action_says_so(action, axis):
    times = np.arange(0.5, 2.9, 0.02)
    ahead = face_track(scene(actions=ACTIONS.index(action)), times).axes[0, :, 2]
    still = face_track(scene(actions=ACTIONS.index("idle")), times).axes[0, :, 2]
    assert np.ptp(ahead[:, axis]) > 0.4
    assert np.ptp(ahead[:, 1 - axis]) < 0.01
    assert np.ptp(still, axis=0).max() < 1e-9


def test_axes_of_heads_are_right_angled_for_any_figure():
    rng = np.random.default_rng(0)
    joints = rng.normal(size=(2, 30, 10, 2)).astype(np.float32)
    joints[1, :10] = 0.0
    clip = Animation(joints=joints, depth=rng.normal(size=(2, 30, 10)).astype(np.float32))
    axes = face_track(clip, np.linspace(0.0, 1.2, 50)).axes
    right_angled = axes @ axes.swapaxes(-1, -2)
    assert right_angled == pytest.approx(np.broadcast_to(np.eye(3), axes.shape), abs=1e-6)
