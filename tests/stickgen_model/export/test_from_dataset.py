from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from datasets_spec.errors import ConfigError, SchemaVersionError, StickgenError
from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.export.from_dataset import animation_of_clip

PARTS = [
    {"first_frame": 10, "last_frame": 19, "action": "wave", "text": "waves <b>"},
    {"first_frame": 0, "last_frame": 9, "action": "walk", "text": "walks"},
]


def make_rows(rows_of):
    def row(name, scene, actor, **changed):
        more = {
            "scene_id": scene,
            "actor": actor,
            "depth": np.full((20, NUM_JOINTS), 0.1 * actor, np.float32),
            "expression": [0] * 20,
            "speech": [255] * 20,
            "source": "procedural",
            "licence": "CC0-1.0",
            "body_height_m": 1.5,
            "style": "",
        }
        return rows_of(name, 20, **(more | changed))

    return [
        row("s/b/w00/a1/v0", "s/b/w00/v0", 1, parts=PARTS),
        row("s/one/w00/a0/v0", "s/one/w00/v0", 0, captions=[]),
        row("s/b/w00/a0/v0", "s/b/w00/v0", 0, speech=[0] * 20),
        row("s/b/w00/a2/v0", "s/b/w00/v0", 2),
    ]


@pytest.fixture
def folder(tmp_path, rows_of, write_clips):
    return write_clips(tmp_path / "set", make_rows(rows_of), files=2)


def test_all_people_of_a_scene_as_they_stand(folder, rows_of):
    animation = animation_of_clip(folder, "s/b/w00/a1/v0")
    rows = {row["clip_id"]: row for row in make_rows(rows_of)}
    for actor in range(3):
        want = np.array(rows[f"s/b/w00/a{actor}/v0"]["joints"], np.float32).reshape(20, 10, 2)
        np.testing.assert_array_equal(animation.joints[actor], want)
        assert (animation.depth[actor] == np.float32(0.1 * actor)).all()
    assert animation.speech[0, 0] == 0
    assert [(c.start_s, c.end_s, c.text) for c in animation.captions] == [
        (0.0, 0.4, "walks"),
        (0.4, 0.8, "waves <b>"),
    ]
    assert animation.title == rows["s/b/w00/a1/v0"]["captions"][0]
    assert animation.facts["clip_id"] == "s/b/w00/a1/v0"
    assert animation.facts["licence"] == "CC0-1.0"
    assert "style" not in animation.facts
    assert animation.camera.shape == (20, 3)


def test_a_clip_without_words_or_faces(folder):
    animation = animation_of_clip(folder, "s/one/w00/a0/v0")
    assert (animation.num_actors, animation.captions) == (1, ())
    assert animation.title == "s/one/w00/a0/v0"
    assert animation.expressions is None
    assert animation.speech is None


def test_folders_that_tell_no_scenes(mixed_folder):
    animation = animation_of_clip(mixed_folder, "p0")
    assert animation.num_actors == 1
    assert len(animation.captions) == 1


@pytest.mark.parametrize("asked", ["s/b/w00/a1/v1", "B/W00", "s/ b/w00/a1", "s/c/w00/a1/v0"])
def test_near_ids_are_named(folder, asked):
    with pytest.raises(ConfigError, match=r"one of its 4 clips.*near: .*s/b/w00/a1/v0"):
        animation_of_clip(folder, asked)


@pytest.mark.parametrize("asked", ["", "\ud800", "x" * 10_000, "%s\0", "*"])
def test_ids_like_none(folder, asked):
    with pytest.raises(ConfigError, match="one of its 4 clips") as caught:
        animation_of_clip(folder, asked)
    assert len(str(caught.value)) < 1000


def test_folders_that_are_no_dataset(tmp_path, folder, rows_of, write_clips):
    with pytest.raises(ConfigError, match=r"the folder of a dataset.*got no folder"):
        animation_of_clip(tmp_path / "none", "a")
    with pytest.raises(ConfigError, match="got a folder without"):
        animation_of_clip(tmp_path, "a")
    file = next(folder.glob("clips/*"))
    table = pq.read_table(file)
    pq.write_table(table.replace_schema_metadata({}), file)
    with pytest.raises(SchemaVersionError, match="expected schema version"):
        animation_of_clip(folder, "a")
    file.write_bytes(b"PAR1")
    with pytest.raises(StickgenError, match="cannot be read"):
        animation_of_clip(folder, "a")


def test_people_that_do_not_fit_together(tmp_path, rows_of, write_clips):
    rows = make_rows(rows_of)
    rows[2]["joints"] = rows[2]["joints"][:10]
    folder = write_clips(tmp_path / "odd", rows)
    with pytest.raises(StickgenError, match=r"s/b/w00/a0/v0: .*equal length, got \[10, 20\]"):
        animation_of_clip(folder, "s/b/w00/a0/v0")
