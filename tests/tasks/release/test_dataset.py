"""The licence gate, editions without a source, and the checks before anything is sent."""

from __future__ import annotations

import json
import shutil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError, SchemaVersionError, StickgenError
from tasks.publish.manifest import read_manifest, verify_manifest
from tasks.release.dataset import dataset_package
from tasks.release.edition import dataset_without
from tasks.release.licences import LicenceError, check_licences, forbidden_sources
from tasks.release.package import Package, check_version, package_label
from tasks.release.publish import check_soon, dataset_to_publish
from tasks.release.redact import plain_reason
from tasks.release.settings import PublishConfig
from tasks.release.target import parse_target


def rows(folder):
    return pl.read_parquet(folder / "clips" / "*.parquet").sort("clip_id")


def test_a_forbidden_source_is_refused_with_the_way_out(mixed):
    clips = rows(mixed).filter(source="bvh").height
    with pytest.raises(LicenceError) as caught:
        dataset_package(mixed)
    text = str(caught.value)
    assert f"bvh: {clips} clips; BVH files of known rigs" in text
    assert "procedural" not in text
    assert "--exclude-sources bvh" in text
    with pytest.raises(LicenceError):
        check_soon(PublishConfig(data=str(mixed)))
    check_soon(PublishConfig(data=str(mixed), exclude_sources=("bvh",)))


def test_a_source_nobody_knows_is_refused():
    assert set(forbidden_sources({"kinect": 3, "stories": 1})) == {"kinect"}
    with pytest.raises(LicenceError, match="a source without known licence"):
        check_licences({"kinect": 3}, what="x", remedy="leave out {}")


@given(st.dictionaries(st.sampled_from(["amass", "bvh", "stories", "100style", "x"]), st.just(1)))
def test_the_gate_opens_only_without_forbidden_sources(sources):
    closed = {"amass", "bvh", "x"} & set(sources)
    if not closed:
        check_licences(sources, what="it", remedy="{}")
        return
    with pytest.raises(LicenceError) as caught:
        check_licences(sources, what="it", remedy="{}")
    assert set(str(caught.value).splitlines()[-1].split(",")) == closed


def test_an_edition_holds_nothing_of_the_source(mixed, tmp_path):
    before = verify_manifest(mixed), read_manifest(mixed)
    folder = dataset_without(mixed, ["bvh"], tmp_path)
    assert verify_manifest(folder) == []
    kept = rows(mixed).filter(source="procedural")
    assert rows(folder).equals(kept)
    assert kept.height
    assert pl.read_parquet(folder / "rejects.parquet")["source"].to_list() == ["procedural"]
    statistics = json.loads((folder / "statistics.json").read_text())
    assert set(statistics["sources"]) == {"procedural"}
    assert statistics["totals"]["clips"] == kept.height
    assert statistics["edition"] == {
        "excluded_sources": ["bvh"],
        "made_from": read_manifest(mixed)["fingerprint"],
    }
    config = read_manifest(folder)["config"]
    assert [source["name"] for source in config["sources"]] == ["procedural"]
    for name in ("README.md", "preview.html", "gates.json", "config.json", "manifest.json"):
        text = (folder / name).read_text()
        assert "bvh says" not in text, name
        assert "bvh/secret" not in text, name
        assert "BVH files of known rigs" not in text, name
    assert "must not be redistributed" not in (folder / "README.md").read_text()
    assert (verify_manifest(mixed), read_manifest(mixed)) == before


def test_equal_editions_have_equal_fingerprints(mixed):
    config = PublishConfig(data=str(mixed), exclude_sources=("bvh",))
    with dataset_to_publish(config) as first, dataset_to_publish(config) as second:
        assert first.fingerprint == second.fingerprint
        assert first.files["manifest.json"].sha256 == second.files["manifest.json"].sha256
        assert first.name == mixed.name
        left = first.files["manifest.json"].path
    assert not left.exists()


@pytest.mark.parametrize(
    ("names", "told"),
    [(["ntu"], "expected some of bvh, procedural; got ntu"), (["bvh", "procedural"], "nothing")],
)
def test_sources_that_cannot_be_left_out(mixed, tmp_path, names, told):
    with pytest.raises(ConfigError, match=told):
        dataset_without(mixed, names, tmp_path)


def test_a_package_is_the_folder(free):
    package = dataset_package(free)
    listed = {p.relative_to(free).as_posix() for p in free.rglob("*") if p.is_file()}
    assert set(package.files) == listed
    assert list(package.files)[-1] == "manifest.json"
    assert package.version == package.fingerprint[:12] == package_label(package)
    assert package.size == sum((free / name).stat().st_size for name in listed)


@pytest.mark.parametrize("damage", ["bytes", "missing", "more", "fingerprint", "schema"])
def test_a_damaged_folder_is_refused(free, tmp_path, damage):
    folder = tmp_path / "copy"
    shutil.copytree(free, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    if damage == "bytes":
        (folder / "README.md").write_text("x" * manifest["files"]["README.md"]["size"])
    elif damage == "missing":
        (folder / "README.md").unlink()
    elif damage == "more":
        (folder / "notes.txt").write_text("x")
    else:
        key, value = {"fingerprint": ("fingerprint", "../../up"), "schema": ("schema_version", 1)}[
            damage
        ]
        (folder / "manifest.json").write_text(json.dumps({**manifest, key: value}))
    with pytest.raises((StickgenError, SchemaVersionError), match="build"):
        dataset_package(folder)


@pytest.mark.parametrize("version", ["1", "v1.2.0", "2026-11-21_a", "x" * 64])
def test_versions(version):
    assert check_version(version, "f" * 64) == version


@pytest.mark.parametrize(
    "version",
    ["..", "a..b", ".hidden", "a/b", "main", "Latest", "x" * 65, "a b", "a\n", "x.lock", "-v", "é"],
)
def test_versions_that_are_no_names(version):
    with pytest.raises(ConfigError, match="--version"):
        check_version(version, "f" * 64)


def test_packages_that_differ_have_different_folders():
    one = Package(
        content="dataset", name="x", version="1", fingerprint="a" * 64, files={}, sources={}
    )
    two = Package(
        content="dataset", name="x", version="1", fingerprint="b" * 64, files={}, sources={}
    )
    assert package_label(one) != package_label(two)


@pytest.mark.parametrize(
    ("text", "kind", "root", "prefix", "told"),
    [
        ("out/x", "folder", "out/x", "", "out/x"),
        ("s3://bucket-a", "s3", "bucket-a", "", "s3://bucket-a"),
        ("s3://bucket-a/p/q/", "s3", "bucket-a", "p/q", "s3://bucket-a/p/q"),
        ("hf://org/name.x", "hub", "org/name.x", "", "hf://org/name.x"),
        ("hf://datasets/org/name", "hub", "org/name", "", "hf://org/name"),
    ],
)
def test_targets(text, kind, root, prefix, told):
    target = parse_target(text)
    assert (target.kind, target.root, target.prefix, target.told) == (kind, root, prefix, told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ftp://x/y",
        "s3://",
        "s3://B/x",
        "s3://bucket/../x",
        "s3://bucket/a//x",
        "hf://name",
        "hf://a/b/c/d",
        "hf://a/b--c",
        "hf://a/b.git",
        "hf://spaces/a/b",
        "s3://bucket/a?b",
        "a\0b",
    ],
)
def test_targets_that_are_none(text):
    with pytest.raises(ConfigError, match="--to"):
        parse_target(text)


@pytest.mark.parametrize("text", ["s3://KEYKEY:SECRETSECRET@bucket/x", "hf://user:hf_abc@org/name"])
def test_credentials_in_an_address_are_not_repeated(text):
    with pytest.raises(ConfigError) as caught:
        parse_target(text)
    assert "SECRET" not in str(caught.value)
    assert "hf_abc" not in str(caught.value)


@given(before=st.text(max_size=20), secret=st.text("abcXYZ019+/=", min_size=8, max_size=40))
def test_secrets_do_not_come_through(before, secret):
    told = plain_reason(
        ValueError(f"{before}x{secret}y https://u:{secret}@h/p?sig={secret}"), [secret]
    )
    assert secret not in told


def test_what_looks_like_a_key_does_not_come_through():
    text = "Illegal header value b'Bearer hf_abcdefghijklmnop', AKIAABCDEFGHIJKLMNOP, set HF_TOKEN"
    told = plain_reason(ValueError(text))
    assert "abcdefgh" not in told
    assert "ABCDEFGH" not in told
    assert "set HF_TOKEN" in told
