from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from datasets_spec.errors import ConfigError, SchemaVersionError, StickgenError
from datasets_spec.schema import SCHEMA_VERSION
from tasks.publish.inspect import inspect_dataset


@pytest.fixture
def folder(published, tmp_path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "copy"))


def test_the_report_shows_what_is_asked_for(published) -> None:
    text = inspect_dataset(published)
    for words in (
        f"schema version {SCHEMA_VERSION}",
        "files as written",
        "28 clips",
        "Source",
        "Split",
        "walk_backward",
        "Seconds a clip",
        "Quality score",
        "AMASS licence (research only)",
        "low_score",
        "\u2588",
    ):
        assert words in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_plain_terminals_get_plain_characters(published) -> None:
    text = inspect_dataset(published, ascii_only=True, width=80)
    assert text.isascii()
    assert "###" in text
    assert "\x1b[" in inspect_dataset(published, colour=True)


def test_damage_that_can_be_read_is_reported(folder) -> None:
    (folder / "README.md").write_text("[red]other[/red]")
    assert "differs from its manifest in 1 places" in inspect_dataset(folder)


def test_damaged_parquet_names_the_file(folder) -> None:
    shard = sorted((folder / "clips").iterdir())[0]
    content = shard.read_bytes()
    for damage in (b"", content[:50], content[:-20], b"PAR1" + b"\0" * 200 + b"PAR1"):
        shard.write_bytes(damage)
        with pytest.raises(StickgenError, match=shard.name):
            inspect_dataset(folder)
    shard.write_bytes(content)
    (folder / "rejects.parquet").unlink()
    with pytest.raises(StickgenError, match=r"rejects.parquet"):
        inspect_dataset(folder)


def test_bytes_damaged_in_the_middle_are_never_counted(folder) -> None:
    shard = sorted((folder / "clips").iterdir())[0]
    content = shard.read_bytes()
    for place in range(4, len(content), len(content) // 16):
        shard.write_bytes(content[:place] + b"\xff\x00\xff" + content[place + 3 :])
        with pytest.raises(StickgenError, match=shard.name):
            inspect_dataset(folder)


def test_other_folders_and_versions_are_refused(folder, tmp_path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        inspect_dataset(tmp_path / "absent")
    with pytest.raises(ConfigError, match="no StickGen dataset"):
        inspect_dataset(tmp_path)
    shard = sorted((folder / "clips").iterdir())[0]
    table = pq.read_table(shard)
    pq.write_table(table.drop_columns(["captions"]), shard)
    with pytest.raises(StickgenError, match="captions"):
        inspect_dataset(folder)
    pq.write_table(table.replace_schema_metadata({}), shard)
    with pytest.raises(SchemaVersionError, match="stickgen build"):
        inspect_dataset(folder)
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": 0}))
    with pytest.raises(SchemaVersionError, match="found 0"):
        inspect_dataset(folder)
