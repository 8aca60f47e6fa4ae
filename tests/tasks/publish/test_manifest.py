from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError, SchemaVersionError
from tasks.publish.manifest import (
    build_manifest,
    canonical_json,
    portable_config,
    read_manifest,
    verify_manifest,
)


@pytest.fixture
def folder(published, tmp_path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "copy"))


def test_every_kind_of_damage_is_named(folder) -> None:
    assert verify_manifest(folder) == []
    shard = next(p for p in sorted((folder / "clips").iterdir()))
    changed = bytearray(shard.read_bytes())
    changed[100] ^= 1
    shard.write_bytes(changed)
    (folder / "README.md").unlink()
    (folder / "config.json").write_text("{}")
    (folder / "clips" / "extra.parquet").touch()
    faults = verify_manifest(folder)
    assert [f.split(":")[0] for f in faults] == [
        "README.md",
        "clips/extra.parquet",
        f"clips/{shard.name}",
        "config.json",
    ]
    assert "absent" in faults[0]
    assert "not in the manifest" in faults[1]
    assert "other bytes" in faults[2]
    assert "expected" in faults[3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "another program"),
        ('{"kind": "npm"}', "another program"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_a_manifest_that_is_none(tmp_path, text, words) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_manifest(tmp_path)


def test_places_that_hold_no_dataset(tmp_path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_manifest(tmp_path / "absent")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="is a file"):
        read_manifest(tmp_path / "file")
    with pytest.raises(ConfigError, match="no StickGen dataset"):
        read_manifest(tmp_path)


def test_another_schema_version_says_how_to_go_on(folder) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": 99}))
    with pytest.raises(SchemaVersionError, match="found 99; rebuild"):
        verify_manifest(folder)


def test_entries_of_a_wrong_form_are_faults(folder) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = {"README.md": 3, "../../etc/passwd": {"size": 1}}
    path.write_text(json.dumps(manifest))
    faults = verify_manifest(folder)
    assert "../../etc/passwd: listed but absent" in faults
    assert "README.md: expected size and sha256, got 3" in faults
    path.write_text(json.dumps({**manifest, "files": None}))
    assert verify_manifest(folder) == ["manifest.json: expected a mapping of files, got NoneType"]


def test_the_fingerprint_follows_the_content(tmp_path) -> None:
    (tmp_path / "a").write_text("1")
    first = build_manifest(tmp_path, config={}, counts={})
    assert build_manifest(tmp_path, config={}, counts={}) == first
    (tmp_path / "a").write_text("2")
    assert build_manifest(tmp_path, config={}, counts={})["fingerprint"] != first["fingerprint"]


def test_canonical_json_ignores_the_order_of_keys() -> None:
    assert canonical_json({"b": 1, "a": "\u00e9"}) == canonical_json({"a": "\u00e9", "b": 1})
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))


def test_portable_config_keeps_what_decides_the_bytes() -> None:
    config = {
        "seed": 3,
        "jobs": 8,
        "work": "/tmp/x",
        "retarget": {"num_views": 2},
        "sources": ({"name": "bvh", "path": "/home/me/CMU/", "rig": "", "read_pickles": False},),
    }
    assert portable_config(config) == {
        "seed": 3,
        "retarget": {"num_views": 2},
        "sources": [{"name": "bvh", "path": "CMU", "rig": "", "read_pickles": False}],
    }
