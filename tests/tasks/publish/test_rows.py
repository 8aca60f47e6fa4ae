from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow.parquet as pq
import pytest

from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import CLIP_COLUMNS, check_schema_version
from datasets_spec.vocabulary import UNLABELLED
from tasks.label.parts import ClipPart
from tasks.publish.rows import clips_to_table, dominant_actions, work_schema


def table_of(factory, clips):
    return clips_to_table(clips, [factory.make_measures(c) for c in clips])


def test_rows_hold_the_arrays_unchanged(factory) -> None:
    clips = [factory.make_clip(f"s/{n}", num_frames=10 + 7 * n) for n in range(5)]
    table = table_of(factory, clips)
    table.validate(full=True)
    assert table.schema.equals(work_schema(), check_metadata=True)
    check_schema_version(table.schema, where="here")
    for row, clip in zip(table.to_pylist(), clips, strict=True):
        num_frames = len(clip.joints)
        assert row["num_frames"] == num_frames
        np.testing.assert_array_equal(
            np.array(row["joints"], dtype=np.float32).reshape(num_frames, 10, 2), clip.joints
        )
        for name in ("depth", "physics", "camera", "actions"):
            np.testing.assert_array_equal(np.array(row[name]), getattr(clip, name))
        assert row["expression"] == [0] * num_frames
        assert row["speech"] == [255] * num_frames
        assert (row["camera_move"], row["environment"], row["parts"]) == ("static", None, [])
        assert row["captions"] == list(clip.captions)
        assert (row["split"], row["sft"], row["fps"]) == ("", False, 25.0)
        assert row["origin"]["last_frame"] == clip.origin_last_frame


def test_no_clip_gives_an_empty_table_of_the_same_schema() -> None:
    table = clips_to_table([], [])
    assert table.num_rows == 0
    assert table.schema.equals(work_schema(), check_metadata=True)
    assert table.schema.names[: len(CLIP_COLUMNS)] == [c.name for c in CLIP_COLUMNS]


def test_dominant_action_is_the_most_frequent_and_prefers_an_action() -> None:
    ids = np.array([1, 1, UNLABELLED, 4, UNLABELLED, UNLABELLED, 3, 3, 2, 2], dtype=np.uint8)
    lengths = np.array([3, 3, 2, 2])
    assert dominant_actions(ids, lengths) == ["walk", "unlabelled", "sidestep", "walk_backward"]
    tie = np.array([UNLABELLED, 5], dtype=np.uint8)
    assert dominant_actions(tie, np.array([2])) == ["run_backward"]


def test_an_id_that_is_no_action_is_refused() -> None:
    with pytest.raises(ValueError, match="expected action ids"):
        dominant_actions(np.array([64], dtype=np.uint8), np.array([1]))


def test_faults_name_the_clip(factory) -> None:
    clip = factory.make_clip()
    measures = factory.make_measures(clip)
    with pytest.raises(ValueError, match="one mapping of measures"):
        clips_to_table([clip], [])
    without = {k: v for k, v in measures.items() if k != QUALITY_SCORE}
    with pytest.raises(ValueError, match=f"{clip.clip_id}: expected a number"):
        clips_to_table([clip], [without])
    short = dataclasses.replace(clip, depth=clip.depth[:-1])
    with pytest.raises(ValueError, match=f"{clip.clip_id}: expected depth"):
        clips_to_table([short], [measures])


def test_other_float_types_are_stored_as_float32(factory) -> None:
    clip = factory.make_clip()
    wide = dataclasses.replace(clip, joints=clip.joints.astype(np.float64))
    assert table_of(factory, [wide]).equals(table_of(factory, [clip]))


def test_scene_faces_and_parts_survive_parquet(factory, tmp_path) -> None:
    plain = factory.make_clip("s/1", num_frames=12)
    vector = np.arange(32, dtype=np.float32)
    vector[3] = np.nan
    rich = dataclasses.replace(
        factory.make_clip("s/2", num_frames=15),
        expression=np.full(15, 4, dtype=np.uint8),
        speech=np.arange(15, dtype=np.uint8) % 4,
        environment=vector,
        parts=(ClipPart(first_frame=2, last_frame=9, action="wave", text="a man waves"),),
        camera_move="orbit",
    )
    path = tmp_path / "x.parquet"
    pq.write_table(table_of(factory, [plain, rich, plain]), path)
    rows = pq.read_table(path).to_pylist()
    assert [row["environment"] is None for row in rows] == [True, False, True]
    np.testing.assert_array_equal(np.array(rows[1]["environment"], dtype=np.float32), vector)
    assert rows[1]["expression"] == [4] * 15
    assert rows[1]["speech"] == list(rich.speech)
    assert rows[1]["camera_move"] == "orbit"
    assert rows[1]["parts"] == [
        {"first_frame": 2, "last_frame": 9, "action": "wave", "text": "a man waves"}
    ]


def test_a_scene_of_another_length_is_refused(factory) -> None:
    clip = dataclasses.replace(factory.make_clip(), environment=np.zeros(31, dtype=np.float32))
    with pytest.raises(ValueError, match=f"{clip.clip_id}: expected environment"):
        table_of(factory, [clip])
