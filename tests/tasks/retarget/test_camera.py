"""Camera tracks against what a picture is: who is followed lies in it, and nothing jerks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.motion import Label, Shot
from datasets_spec.vocabulary import CAMERA_MOVES
from tasks.config import RetargetConfig
from tasks.retarget.camera import camera_of, dominant_move, moving_camera, still_camera
from tasks.retarget.moves import ease_progress
from tasks.retarget.retarget import retarget_sequence
from tests.tasks.retarget.made_up import sequence_of, stander, walker

T = 150


def body(*, x0: float = 0.0, speed: float = 0.0) -> np.ndarray:
    """A figure of points in a column from 0 to 1 H, 0.4 H wide, walking to the right."""
    points = np.zeros((T, 15, 3))
    points[:, :, 1] = np.linspace(0, 1, 15)
    points[:, :, 0] = np.linspace(-0.2, 0.2, 15)[::-1] + x0
    points[:, :, 0] += speed * np.arange(T)[:, None] / 25
    return points


def holds(track: np.ndarray, points: np.ndarray) -> bool:
    half = 1.0 / track[:, 2]
    low, high = points[:, :, :2].min(1), points[:, :, :2].max(1)
    centre = track[:, :2]
    return bool(
        (low >= centre - half[:, None] - 1e-5).all()
        and (high <= centre + half[:, None] + 1e-5).all()
    )


@given(
    move=st.sampled_from(CAMERA_MOVES),
    second=st.sampled_from(CAMERA_MOVES),
    easing=st.sampled_from(["linear", "ease_in", "ease_out", "ease_in_out"]),
    cut=st.floats(0.5, 5.5),
    speed=st.floats(-2.0, 2.0),
    start=st.floats(0.0, 3.0),
    follow=st.sampled_from([None, 0]),
)
def test_whoever_is_followed_stays_in_the_picture(
    move, second, easing, cut, speed, start, follow
) -> None:
    figure = body(speed=speed)
    shots = (
        Shot(move=move, start_s=start, end_s=start + cut, easing=easing, follow=follow),
        Shot(move=second, start_s=start + cut, end_s=start + 6, follow=follow),
    )
    track = moving_camera([figure], shots, start_s=start)
    assert track.shape == (T, 3)
    assert track.dtype == np.float32
    assert holds(track, figure)
    # no jerk: a camera changes its speed by less than 60 H/s2
    assert np.abs(np.diff(track[:, :2], n=2, axis=0)).max() * 625 < 60


def shot(move: str, **fields) -> tuple[Shot, ...]:
    return (Shot(move=move, start_s=0.0, end_s=6.0, **fields),)


def test_each_move_does_what_its_name_says() -> None:
    still = body()
    quiet = moving_camera([still], shot("static"))
    assert np.ptp(quiet, axis=0).max() < 1e-6
    zoom = moving_camera([still], shot("zoom", amount=1.4))[:, 2]
    assert (np.diff(zoom) >= -1e-6).all()
    assert zoom[-1] / zoom[0] == pytest.approx(1.4, rel=0.02)
    out = moving_camera([still], shot("zoom", amount=0.7))[:, 2]
    assert out[-1] / out[0] == pytest.approx(0.7, rel=0.02)
    pan = moving_camera([still], shot("pan", amount=0.6))
    assert pan[-1, 0] - pan[0, 0] == pytest.approx(0.6, abs=0.02)
    assert np.ptp(pan[:, 1]) < 1e-6
    crane = moving_camera([still], shot("crane", amount=-0.5))
    assert crane[-1, 1] - crane[0, 1] == pytest.approx(-0.5, abs=0.02)
    orbit = moving_camera([still], shot("orbit", amount=3.0))
    assert np.ptp(orbit[:, 0]) > 0.4
    assert np.argmax(orbit[:, 2]) == pytest.approx(T / 2, abs=3)


def test_a_track_follows_with_a_lag() -> None:
    speed, lag = 1.0, 0.4
    track = moving_camera([body(speed=speed)], shot("track", amount=lag))
    behind = speed * np.arange(T) / 25 - track[:, 0]
    # a first-order lag settles at speed * lag behind a steady walker
    assert behind[100:130] == pytest.approx(speed * lag, abs=0.03)
    assert track[:, 2] == pytest.approx(1.0)


def test_a_pan_goes_from_one_actor_to_the_other() -> None:
    left, right = body(x0=-1.5), body(x0=1.5)
    pan = moving_camera([left, right], shot("pan", follow=1))
    assert pan[0, 0] == pytest.approx(-1.5, abs=0.05)
    assert pan[-1, 0] == pytest.approx(1.5, abs=0.05)


def test_a_window_of_a_long_shot_continues_it() -> None:
    figure = body()
    whole = np.tile(figure, (2, 1, 1))
    shots = (Shot(move="zoom", start_s=0.0, end_s=12.0, easing="linear"),)
    long = moving_camera([whole], shots)
    second = moving_camera([figure], shots, start_s=6.0)
    np.testing.assert_allclose(second[12:], long[T + 12 :], atol=1e-5)


def test_without_shots_the_camera_is_the_still_one() -> None:
    bodies = [body(speed=0.7)]
    assert camera_of(bodies, (), start_s=0.0).tobytes() == still_camera(bodies).tobytes()


@pytest.mark.parametrize("easing", ["linear", "ease_in", "ease_out", "ease_in_out"])
def test_easing_runs_from_0_to_1(easing) -> None:
    u = ease_progress(np.linspace(-0.5, 1.5, 201), easing)
    assert (u[0], u[-1]) == (0.0, 1.0)
    assert (np.diff(u) >= 0).all()
    middle = {"linear": 0.5, "ease_in": 0.125, "ease_out": 0.875, "ease_in_out": 0.5}
    assert u[100] == pytest.approx(middle[easing])


def test_the_dominant_move_is_the_longest() -> None:
    shots = (
        Shot(move="pan", start_s=0.0, end_s=2.0),
        Shot(move="orbit", start_s=2.0, end_s=5.0),
    )
    assert dominant_move(shots, 125, start_s=0.0) == "orbit"
    assert dominant_move(shots, 50, start_s=0.0) == "pan"
    assert dominant_move(shots, 250, start_s=0.0) == "static"
    assert dominant_move((), 50, start_s=0.0) == "static"


def test_a_sequence_brings_faces_shots_scene_and_parts_to_its_clips() -> None:
    made = sequence_of(walker(seconds=4.0, fps=50.0), stander(seconds=4.0, fps=50.0), fps=50.0)
    num = made.actors[0].points.shape[0]
    first = dataclasses.replace(
        made.actors[0],
        expression=(np.arange(num) >= 100).astype(np.uint8),
        speech=np.where(np.arange(num) < 50, 2, 255).astype(np.uint8),
    )
    sequence = dataclasses.replace(
        made,
        actors=(first, made.actors[1]),
        shots=(Shot(move="orbit", start_s=0.0, end_s=4.0),),
        environment={"gravity": 1.62, "place_space": 1.0},
        labels=(
            Label(text="a person walks and waves", actor=0, vocabulary="action"),
            Label(
                text="they wave",
                actor=0,
                start_s=1.0,
                end_s=2.0,
                vocabulary="action",
                categories=("wave",),
                part=True,
            ),
        ),
    )
    clip, other = retarget_sequence(sequence, RetargetConfig(min_frames=10), licence="MIT").clips
    # a face changes at the frame it changed at in the source, to the nearest frame of 25 fps
    assert np.flatnonzero(clip.expression).tolist() == list(range(50, len(clip.joints)))
    assert (clip.speech[:25] == 2).all()
    assert (clip.speech[25:] == 255).all()
    assert (other.expression == 0).all()
    assert (other.speech == 255).all()
    assert clip.camera_move == "orbit"
    assert np.ptp(clip.camera[:, 0]) > 0.1
    assert clip.environment[0] == np.float32(1.62)
    assert np.isnan(clip.environment).sum() == 30
    assert clip.captions == ("a person walks and waves",)
    (part,) = clip.parts
    assert (part.first_frame, part.last_frame, part.action) == (25, 49, "wave")
    assert part.text == "they wave"
    assert other.parts == ()


def test_who_runs_fast_is_tracked_at_full_size() -> None:
    track = moving_camera([body(speed=4.0)], shot("track", amount=0.1))
    assert track[:, 2].min() > 0.85
    assert np.ptp(track[:, 0]) > 20
