"""Faces, voices, shots and scene numbers follow what is done."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.environment import environment_vector
from datasets_spec.motion import SILENT
from datasets_spec.vocabulary import EXPRESSIONS, SPEECH_KINDS
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import GROUNDS, MOON_GRAVITY, Setting
from tasks.synthesize.engine.take import Deed
from tasks.synthesize.engine.timing import clock
from tasks.synthesize.tracks.expression import expression_track
from tasks.synthesize.tracks.shots import scene_shots
from tasks.synthesize.tracks.speech import speech_track
from tasks.synthesize.tracks.surroundings import scene_numbers


def deed(action: str, start: float = 1.0, end: float = 3.0, **facts) -> Deed:
    return Deed(action=action, start_s=start, end_s=end, **facts)


def faces(deeds: tuple[Deed, ...], mood: str = "neutral", duration: float = 4.0) -> list[str]:
    track = expression_track(deeds, Manner(mood=mood), duration)
    return [EXPRESSIONS[i] for i in track]


@pytest.mark.parametrize(
    ("action", "mood", "face"),
    [
        ("laugh", "sad", "happy"),
        ("cry", "happy", "sad"),
        ("shout", "neutral", "angry"),
        ("shout", "excited", "excited"),
        ("celebrate", "neutral", "excited"),
        ("fall", "happy", "surprised"),
        ("walk", "angry", "angry"),
        ("punch", "neutral", "neutral"),
    ],
)
def test_the_face_follows_the_action_and_else_the_mood(action, mood, face) -> None:
    track = faces((deed(action, 1.0, 2.5),), mood)
    assert track[45] == face
    assert track[0] == track[-1] == mood


def test_a_punch_at_somebody_is_angry() -> None:
    assert faces((deed("punch", partner=1),))[50] == "angry"


def test_surprise_does_not_last() -> None:
    track = faces((deed("stagger", 0.0, 4.0),))
    assert track[20] == "surprised"
    assert track[60] == "neutral"


@given(
    duration=st.floats(0.4, 20.0),
    action=st.sampled_from(["talk", "shout", "whisper", "sing", "phone_call"]),
    start=st.floats(-1.0, 2.0),
    length=st.floats(0.2, 12.0),
    count=st.integers(0, 4),
    seed=st.integers(0, 9999),
)
def test_nobody_speaks_outside_the_deed(duration, action, start, length, count, seed) -> None:
    one = deed(action, start, start + length, count=count)
    track = speech_track((one,), duration, np.random.default_rng(seed))
    t = clock(duration, 25.0)
    assert track.shape == t.shape == expression_track((one,), Manner(), duration).shape
    kind = SPEECH_KINDS.index("talk" if action == "phone_call" else action)
    assert set(np.unique(track)) <= {kind, SILENT}
    outside = (t < start - 1e-9) | (t > start + length)
    assert (track[outside] == SILENT).all()


def test_speech_has_pauses_and_phrases() -> None:
    rng = np.random.default_rng(0)
    shares = {}
    for action in ("talk", "sing", "phone_call", "laugh", "cry"):
        track = speech_track((deed(action, 0.0, 20.0),), 20.0, rng)
        shares[action] = float(np.mean(track != SILENT))
        lengths = [len(list(run)) / 25 for quiet, run in itertools.groupby(track == SILENT)]
        assert action in {"laugh", "cry"} or max(lengths) < 4.0
    assert shares["laugh"] == shares["cry"] == 0.0
    assert 0.6 < shares["talk"] < 0.95
    assert shares["phone_call"] < shares["talk"] < shares["sing"]


def test_as_many_shouts_are_heard_as_seen() -> None:
    rng = np.random.default_rng(0)
    for count in (1, 2, 3, 4):
        track = speech_track((deed("shout", 0.5, 3.5, count=count),), 4.0, rng)
        heard = [quiet for quiet, _ in itertools.groupby(track == SILENT) if not quiet]
        assert len(heard) == count


@given(
    seed=st.integers(0, 9999),
    duration=st.floats(0.5, 12.0),
    names=st.lists(
        st.lists(
            st.sampled_from(["walk", "wave", "jump", "dance", "idle"]), min_size=1, max_size=4
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_shots_cover_the_clip_in_order(seed, duration, names) -> None:
    deeds = []
    for own in names:
        edges = np.linspace(0.0, duration, len(own) + 1).tolist()
        spans = itertools.pairwise(edges)
        deeds.append([deed(n, *span) for n, span in zip(own, spans, strict=True)])
    shots = scene_shots(deeds, duration, np.random.default_rng(seed), static_share=0.3)
    assert len(shots) <= 3
    if shots:
        assert shots[0].start_s == 0.0
        assert shots[-1].end_s == duration
        assert all(a.end_s == b.start_s for a, b in itertools.pairwise(shots))
        assert all(shot.end_s - shot.start_s > 1.0 for shot in shots)
        assert all(shot.follow is None or shot.follow < len(names) for shot in shots)


def moves_of(action: str) -> dict[str, int]:
    moves: dict[str, int] = {}
    for seed in range(300):
        rng = np.random.default_rng(seed)
        for shot in scene_shots([[deed(action, 0.0, 3.0)]], 3.0, rng, static_share=0.0):
            moves[shot.move] = moves.get(shot.move, 0) + 1
    return moves


@pytest.mark.parametrize(
    ("action", "move"), [("walk", "track"), ("dance", "orbit"), ("jump", "crane")]
)
def test_the_usual_move_fits_the_action(action, move) -> None:
    moves = moves_of(action)
    assert max(moves, key=lambda name: moves[name]) == move
    assert len(moves) >= 4


def test_the_share_of_still_cameras_is_the_wanted_one() -> None:
    rngs = [np.random.default_rng(seed) for seed in range(500)]
    still = [not scene_shots([[deed("walk")]], 5.0, rng, static_share=0.7) for rng in rngs]
    assert np.mean(still) == pytest.approx(0.7, abs=0.06)
    with pytest.raises(ValueError, match="share"):
        scene_shots([[deed("walk")]], 5.0, rngs[0], static_share=1.2)


def test_the_camera_goes_over_to_whoever_acts() -> None:
    pans = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        deeds = [[deed("wave", 0.0, 4.0)], [deed("talk", 4.0, 8.0)]]
        for shot in scene_shots(deeds, 8.0, rng, static_share=0.0)[1:]:
            pans += shot.move == "pan" and shot.follow == 1
    assert pans > 20


@pytest.mark.parametrize("ground", GROUNDS)
def test_scene_numbers_are_valid_and_name_one_ground(ground) -> None:
    for place in ("", "in the park", "on the moon", "on a stage", "nowhere in particular"):
        setting = Setting(ground=ground, place=place, water_m=0.6, wind_mps=12.0, wind_yaw=1.0)
        known = scene_numbers(setting, num_actors=2, has_object=True)
        environment_vector(known)
        assert sum(known[name] for name in known if name.startswith("ground_")) == 1.0
        assert np.hypot(known["wind_x"], known["wind_z"]) == pytest.approx(12.0)


def test_the_moon_is_another_place() -> None:
    moon = Setting(place="on the moon", gravity_mps2=MOON_GRAVITY)
    known = scene_numbers(moon, num_actors=1, has_object=False)
    assert (known["gravity"], known["place_space"], known["place_indoor"]) == (
        MOON_GRAVITY,
        1.0,
        0.0,
    )
    plain = scene_numbers(Setting(), num_actors=1, has_object=False)
    assert not any(name.startswith("place_") for name in plain)


def test_wind_is_told_from_the_first_actor() -> None:
    # it blows towards +x; who faces +x has it in the back
    setting = Setting(wind_mps=10.0, wind_yaw=np.pi / 2)
    known = scene_numbers(setting, num_actors=1, has_object=False, yaw=np.pi / 2)
    assert (known["wind_x"], known["wind_z"]) == pytest.approx((0.0, 10.0), abs=1e-9)
