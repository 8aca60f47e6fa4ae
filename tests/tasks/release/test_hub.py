"""The hub's own client against a stand-in of the hub."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download

from datasets_spec.errors import ConfigError
from tasks.release.hub import HubRepository
from tasks.release.place import ConnectionCutError, PublishError

NAME = "motion-lab/clips"


def held(hub, kind="datasets", revision="main"):
    found = hub.repositories[kind, NAME]
    tree = found.trees[found.find(revision)]
    return {path: hub.content(content) for path, content in tree.items()}


def test_a_dataset_arrives_whole_and_is_tagged(hub, whole_package, tmp_path):
    package = whole_package
    done = HubRepository(NAME, endpoint=hub.address).release(package)
    found = hub.repositories["datasets", NAME]
    assert len(found.trees) == 2  # the empty one, and the whole version in one step
    assert found.tags == {"1.0": found.head}
    assert done.sent == done.files == done.checked == len(package.files)
    assert done.place == f"{hub.address}/datasets/{NAME}/tree/{found.head}"
    tree = held(hub)
    for name, file in package.files.items():
        assert tree[name] == file.path.read_bytes()
    assert set(tree) - set(package.files) == {".gitattributes"}
    # a reader, with the same client
    path = hf_hub_download(
        NAME,
        "manifest.json",
        repo_type="dataset",
        revision="1.0",
        local_dir=tmp_path,
        endpoint=hub.address,
    )
    assert json.loads(Path(path).read_text())["fingerprint"] == package.fingerprint
    assert not found.private


def test_the_same_version_again_changes_nothing(hub, package):
    HubRepository(NAME, endpoint=hub.address).release(package)
    before = len(hub.uploads), len(hub.repositories["datasets", NAME].trees)
    done = HubRepository(NAME, endpoint=hub.address).release(package)
    assert (done.sent, done.checked) == (0, len(package.files))
    assert (len(hub.uploads), len(hub.repositories["datasets", NAME].trees)) == before


def test_a_taken_version_is_refused(hub, package, other_package):
    HubRepository(NAME, endpoint=hub.address).release(package)
    before = held(hub)
    with pytest.raises(ConfigError, match=r"version 1\.0 is there already with other content"):
        HubRepository(NAME, endpoint=hub.address).release(other_package)
    assert held(hub) == before


def test_the_next_version_replaces_the_files_of_the_last(hub, package, other_package):
    HubRepository(NAME, endpoint=hub.address).release(package)
    found = hub.repositories["datasets", NAME]
    tree = dict(found.trees[found.head])
    found.move({**tree, "notes/by-hand.md": b"of the owners"})
    done = HubRepository(NAME, endpoint=hub.address).release(
        dataclasses.replace(other_package, version="1.1")
    )
    assert set(held(hub)) == {*other_package.files, ".gitattributes", "notes/by-hand.md"}
    assert set(held(hub, revision="1.0")) == {*package.files, ".gitattributes"}
    assert found.tags["1.1"] == found.head
    assert 0 < done.sent <= done.files


def test_a_cut_connection_shows_nothing_and_the_next_try_goes_on(hub, package):
    hub.cut_at = 2
    with pytest.raises(ConnectionCutError, match="the same command goes on"):
        HubRepository(NAME, endpoint=hub.address).release(package)
    assert set(held(hub)) == {".gitattributes"}
    assert hub.repositories["datasets", NAME].tags == {}
    assert len(hub.uploads) == 2
    hub.cut_at = None
    done = HubRepository(NAME, endpoint=hub.address).release(package)
    assert done.checked == len(package.files)
    assert len(hub.uploads) == len(set(hub.uploads))  # no large file went twice


def test_who_publishes_meanwhile_is_not_overwritten(hub, package, other_package):
    def overtake():
        HubRepository(NAME, endpoint=hub.address).release(
            dataclasses.replace(other_package, version="0.9")
        )

    hub.before_commit = overtake
    with pytest.raises(PublishError, match="somebody else published meanwhile"):
        HubRepository(NAME, endpoint=hub.address).release(package)
    assert set(held(hub)) == {*other_package.files, ".gitattributes"}
    HubRepository(NAME, endpoint=hub.address).release(package)
    assert set(held(hub)) == {*package.files, ".gitattributes"}


# of the hub's client; what hides it while publishing holds for one thread at a time
@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_publishers_at_once_leave_whole_versions(hub, package, other_package):
    packages = [package, dataclasses.replace(other_package, version="1.1")] * 2
    errors = []

    def publish(one):
        try:
            HubRepository(NAME, endpoint=hub.address).release(one)
        except PublishError as error:
            errors.append(error)

    threads = [threading.Thread(target=publish, args=(one,)) for one in packages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [str(error) for error in errors if "meanwhile" not in str(error)] == []
    found = hub.repositories["datasets", NAME]
    sets = [{*one.files, ".gitattributes"} for one in packages]
    assert all(set(tree) in sets for tree in list(found.trees.values())[1:])
    assert found.tags


def test_bytes_that_come_back_damaged_are_never_tagged(hub, package):
    name = next(name for name in package.files if name.endswith(".parquet"))
    hub.damaged = package.files[name].sha256
    with pytest.raises(PublishError, match="came back with other bytes"):
        HubRepository(NAME, endpoint=hub.address).release(package)
    assert hub.repositories["datasets", NAME].tags == {}


def test_a_repository_of_others_is_left_alone(hub, package):
    api = HubRepository(NAME, endpoint=hub.address)._api
    api.create_repo(NAME, repo_type="dataset")
    api.upload_file(
        path_or_fileobj=b"mine", path_in_repo="thesis.tex", repo_id=NAME, repo_type="dataset"
    )
    with pytest.raises(ConfigError, match="it holds something else"):
        HubRepository(NAME, endpoint=hub.address).release(package)
    assert set(held(hub)) == {".gitattributes", "thesis.tex"}


@pytest.mark.parametrize("token", ["hf_" + "w" * 30, "hf_wrong\nline" + "w" * 20])
def test_a_wrong_token_is_told_but_never_shown(hub, package, monkeypatch, token):
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises((ConfigError, PublishError)) as caught:
        HubRepository(NAME, endpoint=hub.address).release(package)
    assert "hf://motion-lab/clips" in str(caught.value)
    assert token not in repr(caught.value)
    assert "w" * 20 not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_unreachable_hub_is_told(hub, package):
    with pytest.raises(ConnectionCutError, match="hf://motion-lab/clips"):
        HubRepository(NAME, endpoint="http://127.0.0.1:9").release(package)


def test_offline_is_told(hub, package, monkeypatch):
    import huggingface_hub.constants as constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="unset HF_HUB_OFFLINE"):
        HubRepository(NAME, endpoint=hub.address).release(package)


def test_a_private_repository(hub, package):
    HubRepository(NAME, private=True, endpoint=hub.address).release(package)
    assert hub.repositories["datasets", NAME].private
