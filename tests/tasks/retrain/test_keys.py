"""What changes a key, and what does not."""

from __future__ import annotations

import dataclasses
import json
import os

import pytest

from datasets_spec.errors import ConfigError
from tasks.config import BuildConfig, SourceConfig
from tasks.retrain.keys import build_inputs, clips_digest, code_digest, data_fingerprint, stage_key


def key(config):
    return stage_key("build", build_inputs(config))


@pytest.fixture
def config(tmp_path):
    raw = tmp_path / "raw" / "deep"
    raw.mkdir(parents=True)
    (raw / "a.bvh").write_text("a")
    (tmp_path / "names.csv").write_text("x")
    source = SourceConfig(
        name="bvh", path=str(tmp_path / "raw"), captions=str(tmp_path / "names.csv")
    )
    return BuildConfig(sources=(source,), out=str(tmp_path / "set"))


def test_a_build_depends_on_its_raw_files(config, tmp_path):
    first = key(config)
    assert key(config) == first
    (tmp_path / "raw" / "b.bvh").write_text("b")
    more = key(config)
    assert more != first
    (tmp_path / "names.csv").write_text("xy")
    side = key(config)
    assert side not in (first, more)
    os.utime(tmp_path / "raw" / "b.bvh", ns=(1, 1))
    assert key(config) not in (first, more, side)
    (tmp_path / "raw" / "c.bvh").symlink_to(tmp_path / "nowhere")
    assert key(config) != side


def test_how_a_build_runs_is_no_input(config):
    first = key(config)
    same = {"jobs": 7, "runner": "thread", "experiment": "other", "work": "elsewhere"}
    assert key(dataclasses.replace(config, **same)) == first
    assert key(dataclasses.replace(config, seed=1)) != first
    assert key(dataclasses.replace(config, out="other")) != first


def test_names_of_any_bytes_can_be_listed(config, tmp_path):
    first = key(config)
    (tmp_path / "raw" / os.fsdecode(b"\xff\n.bvh")).write_text("x")
    assert key(config) != first


def test_an_absent_source_is_told(config, tmp_path):
    gone = dataclasses.replace(config.sources[0], path=str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match="source bvh: expected a folder"):
        build_inputs(dataclasses.replace(config, sources=(gone,)))


def test_code_is_an_input():
    places = ("tasks/retrain", "tasks/config.py")
    assert code_digest(places) == code_digest(places)
    assert code_digest(places) != code_digest(("tasks/retrain",))


def test_a_new_card_changes_the_dataset_and_not_its_clips(tmp_path):
    def manifest(card, clips):
        files = {"README.md": {"sha256": card}, "clips/train-00000.parquet": {"sha256": clips}}
        values = {
            "kind": "stickgen-dataset",
            "schema_version": version,
            "fingerprint": stage_key("x", [card, clips]),
            "files": files,
        }
        (tmp_path / "manifest.json").write_text(json.dumps(values))
        return data_fingerprint(tmp_path), clips_digest(tmp_path)

    from datasets_spec.schema import SCHEMA_VERSION as version  # noqa: N811

    first, card, clips = manifest("a", "a"), manifest("b", "a"), manifest("a", "b")
    assert first[0] != card[0]
    assert first[1] == card[1] != clips[1]
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(ConfigError):
        data_fingerprint(tmp_path)
