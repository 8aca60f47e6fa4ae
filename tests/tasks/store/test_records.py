"""Records survive the disk; damage is an error, not a wrong record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from datasets_spec.errors import StickgenError
from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin, Shot
from tasks.label.parts import ClipPart
from tasks.retarget.clip import StickClip
from tasks.store.records import RecordWriter, iter_records
from tasks.store.sequences import iter_clips, iter_sequences, write_clip, write_sequence


@given(
    array=hnp.arrays(
        dtype=st.sampled_from([np.float32, np.float64, np.uint8, np.bool_, np.int64]),
        shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=0),
    ),
    text=st.text(),
)
def test_round_trip(tmp_path_factory, array, text):
    path = tmp_path_factory.mktemp("records") / "r.arrow"
    with RecordWriter(path) as writer:
        writer.write({"text": text, "n": 1}, {"a": array})
        writer.write({}, {})
    (meta, arrays), (empty, none) = iter_records(path)
    assert meta == {"text": text, "n": 1}
    assert arrays["a"].dtype == array.dtype
    np.testing.assert_array_equal(arrays["a"], array)
    assert (empty, none) == ({}, {})


def test_no_records(tmp_path):
    with RecordWriter(tmp_path / "r"):
        pass
    assert list(iter_records(tmp_path / "r")) == []


def test_object_arrays_are_refused(tmp_path):
    with (
        RecordWriter(tmp_path / "r") as writer,
        pytest.raises(TypeError, match="expected a dtype"),
    ):
        writer.write({}, {"a": np.array([object()])})


@pytest.mark.parametrize("content", [b"", b"not arrow at all", b"ARROW1\0\0"])
def test_damaged_file(tmp_path, content):
    (tmp_path / "r").write_bytes(content)
    with pytest.raises(StickgenError, match="expected a file of records"):
        list(iter_records(tmp_path / "r"))


def test_missing_file(tmp_path):
    with pytest.raises(StickgenError, match="could not read"):
        list(iter_records(tmp_path / "absent"))


def test_sequence_round_trip(tmp_path):
    rng = np.random.default_rng(0)
    points = rng.normal(size=(7, 15, 3)).astype(np.float32)
    tracked = rng.random((7, 15)) > 0.5
    sequence = MotionSequence(
        source="ntu",
        sequence_id="a/b",
        performance_id="p",
        fps=29.97,
        actors=(
            ActorMotion(points=points, subject_id="x", tracked=tracked),
            ActorMotion(
                points=points + 1,
                subject_id="y",
                expression=np.arange(7, dtype=np.uint8) % 6,
                speech=np.full(7, 255, np.uint8),
            ),
        ),
        origin=Origin(path="a b.skeleton", sha256="00", first_frame=3),
        labels=(Label(text="t", start_s=1.0, end_s=2.0, categories=("A001",), actor=1),),
        margin_frames=(1, 2),
        warnings=("careful",),
        locomotion=True,
        shots=(Shot(move="pan", start_s=0.0, end_s=0.1, follow=1),),
        environment={"gravity": 1.62},
    )
    with RecordWriter(tmp_path / "r") as writer:
        write_sequence(writer, sequence)
    (back,) = iter_sequences(tmp_path / "r")
    assert back.labels == sequence.labels
    assert back.origin == sequence.origin
    assert (back.fps, back.margin_frames, back.warnings) == (29.97, (1, 2), ("careful",))
    assert back.num_frames == 4
    np.testing.assert_array_equal(back.actors[0].points, points)
    np.testing.assert_array_equal(back.actors[0].tracked, tracked)
    assert back.actors[1].tracked is None
    assert back.actors[1].subject_id == "y"
    assert (back.shots, back.environment) == (sequence.shots, sequence.environment)
    assert back.actors[0].speech is None
    np.testing.assert_array_equal(back.actors[1].speech, sequence.actors[1].speech)
    np.testing.assert_array_equal(back.actors[1].expression, sequence.actors[1].expression)


def test_clip_round_trip(tmp_path):
    rng = np.random.default_rng(1)

    def array(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    clip = StickClip(
        clip_id="bvh/x/w00/a0/v0",
        source="bvh",
        sequence_id="x",
        performance_id="x",
        subject_id="bvh:1",
        scene_id="bvh/x/w00/v0",
        actor=0,
        partner_clip_id=None,
        view_index=0,
        view_azimuth_deg=45.0,
        body_height_m=1.5,
        body_model="rig",
        joints=array(12, 10, 2),
        depth=array(12, 10),
        points=array(12, 15, 3),
        tracked_share=array(12),
        actions=np.full(12, 255, np.uint8),
        physics=array(12, 6),
        camera=array(12, 3),
        camera_move="static",
        expression=np.zeros(12, dtype=np.uint8),
        speech=np.full(12, 255, dtype=np.uint8),
        environment=array(32),
        parts=(ClipPart(first_frame=0, last_frame=4, action="wave", text="waves"),),
        captions=("a", "b"),
        caption_source="human",
        style="",
        symmetric=True,
        licence="MIT",
        origin_path="x.bvh",
        origin_sha256="00",
        origin_first_frame=0,
        origin_last_frame=50,
        source_measures={"jitter": 0.5},
    )
    with RecordWriter(tmp_path / "r") as writer:
        write_clip(writer, clip)
    (back,) = iter_clips(tmp_path / "r")
    for name in StickClip.__slots__:
        np.testing.assert_array_equal(getattr(back, name), getattr(clip, name), err_msg=name)
    assert back.captions == ("a", "b")
    assert back.parts == clip.parts
