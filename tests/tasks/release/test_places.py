"""A folder and a bucket: the same order, the same promises."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from tasks.publish.manifest import verify_manifest
from tasks.release.folder_place import FolderPlace
from tasks.release.package import package_label
from tasks.release.place import ConnectionCutError, PublishError
from tasks.release.release import release_to_place
from tasks.release.s3_place import S3Place

BUCKET = "shared-motion"
SECRET = "s3cr3t+value/with=signs0123456789"


class Folder:
    def __init__(self, root):
        self.root = root / "out"

    def place(self):
        return FolderPlace(self.root)

    def files(self):
        found = {
            p.relative_to(self.root).as_posix(): p.read_bytes()
            for p in self.root.rglob("*")
            if p.is_file()
        }
        return {k: v for k, v in found.items() if not k.startswith(".incoming")}

    def write(self, name, content):
        (self.root / name).write_bytes(content)


class Bucket:
    def __init__(self, client):
        self.client = client

    def place(self, attempts=5):
        return S3Place(BUCKET, "a/b", attempts=attempts)

    def files(self):
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return {
            e["Key"].removeprefix("a/b/"): self.client.get_object(Bucket=BUCKET, Key=e["Key"])[
                "Body"
            ].read()
            for e in listed
        }

    def write(self, name, content):
        key = f"a/b/{name}"
        told = self.client.head_object(Bucket=BUCKET, Key=key)["Metadata"]
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content, Metadata=told)


@pytest.fixture(params=["folder", "s3"])
def target(request, tmp_path):
    if request.param == "folder":
        return Folder(tmp_path)
    return Bucket(request.getfixturevalue("s3"))


def test_a_version_arrives_whole(target, whole_package, tmp_path):
    package = whole_package
    done = release_to_place(package, target.place())
    files = target.files()
    label = f"1.0-{package.fingerprint[:12]}"
    for name, file in package.files.items():
        assert files.pop(f"versions/{label}/{name}") == file.path.read_bytes()
    assert files.pop("releases/1.0.json") == files["latest.json"]
    record = json.loads(files.pop("latest.json"))
    assert files == {}
    assert record["path"] == f"versions/{label}"
    assert record["fingerprint"] == package.fingerprint
    assert record["files"]["manifest.json"]["sha256"] == package.files["manifest.json"].sha256
    assert done.place == f"{target.place().where}/versions/{label}"
    assert done.sent == done.files == done.checked == len(package.files)
    # what a reader gets is the dataset
    copy = tmp_path / "copy"
    for name, content in target.files().items():
        if name.startswith("versions/"):
            path = copy / name.split("/", 2)[2]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    assert verify_manifest(copy) == []


def test_the_same_again_sends_nothing(target, package):
    release_to_place(package, target.place())
    before = target.files()
    assert release_to_place(package, target.place()).sent == 0
    assert target.files() == before


def test_a_taken_version_is_refused(target, package, other_package):
    release_to_place(package, target.place())
    before = target.files()
    with pytest.raises(ConfigError, match=r"version 1\.0 is there already with other content"):
        release_to_place(other_package, target.place())
    assert target.files() == before


def test_the_pointer_follows_the_last(target, package, other_package):
    release_to_place(package, target.place())
    newer = dataclasses.replace(other_package, version="1.1")
    release_to_place(newer, target.place())
    files = target.files()
    assert json.loads(files["latest.json"])["version"] == "1.1"
    assert json.loads(files["releases/1.0.json"])["fingerprint"] == package.fingerprint
    assert f"versions/{package_label(package)}/manifest.json" in files


def test_a_model_does_not_go_where_datasets_are(target, package):
    release_to_place(package, target.place())
    with pytest.raises(ConfigError, match="place for a model, but it holds a dataset"):
        release_to_place(dataclasses.replace(package, content="model"), target.place())


def test_a_place_of_others_is_left_alone(target, package):
    place = target.place()
    place.replace("latest.json", b'{"kind": "of others"}')
    with pytest.raises(ConfigError, match="it is something else"):
        release_to_place(package, place)
    assert target.files() == {"latest.json": b'{"kind": "of others"}'}


class Stopping:
    """A place that dies at the n-th call."""

    def __init__(self, place, call):
        self._place, self._left = place, call

    def __getattr__(self, name):
        held = getattr(self._place, name)
        if name in ("put", "fetch", "settle", "create", "replace", "holds"):
            self._left -= 1
            if self._left < 0:
                raise KeyboardInterrupt
        return held


@pytest.mark.parametrize(
    "share",
    [0.05, *(pytest.param(x, marks=pytest.mark.slow) for x in (0.5, 0.85, 0.95)), 0.9, 0.99],
)
def test_what_stops_anywhere_shows_nothing_and_goes_on(target, package, share):
    num_calls = 3 * len(package.files) + 3  # holds, put and fetch of each; settle, create, replace
    with pytest.raises(KeyboardInterrupt):
        release_to_place(package, Stopping(target.place(), int(share * num_calls)))
    files = target.files()
    assert "latest.json" not in files
    shown = [name for name in files if name.startswith("versions/")]
    if isinstance(target, Folder) and shown:
        assert len(shown) == len(package.files)  # all of them or none
    done = release_to_place(package, target.place())
    assert done.sent < done.files or share < 0.2
    assert json.loads(target.files()["latest.json"])["fingerprint"] == package.fingerprint


def test_bytes_that_changed_on_the_way_are_sent_again(target, package):
    release_to_place(package, target.place())
    name = f"versions/{package_label(package)}/README.md"
    whole = target.files()[name]
    target.write(name, b"x" * len(whole))
    done = release_to_place(package, target.place())
    assert target.files()[name] == whole
    assert done.checked == len(package.files)


def test_a_place_that_loses_bytes_shows_nothing(target, package):
    place = target.place()

    class Lossy:
        def __getattr__(self, name):
            return getattr(place, name)

        def fetch(self, name):
            blocks = place.fetch(name)
            return (b[:-1] for b in blocks) if name.endswith("README.md") else blocks

    with pytest.raises(PublishError, match=r"came back with other bytes than were sent: README.md"):
        release_to_place(package, Lossy())
    assert not {"latest.json", "releases/1.0.json"} & set(target.files())


def test_publishers_at_once_do_not_mix(target, package, other_package):
    packages = [package, dataclasses.replace(other_package, version="2.0")] * 3
    errors = []

    def publish(one):
        try:
            release_to_place(one, target.place())
        except PublishError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=publish, args=(one,)) for one in packages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error for error in errors if "another process is publishing" not in error] == []
    files = target.files()
    for one in packages:
        folder = f"versions/{package_label(one)}/"
        held = {k.removeprefix(folder): v for k, v in files.items() if k.startswith(folder)}
        assert held == {name: file.path.read_bytes() for name, file in one.files.items()}
    assert json.loads(files["latest.json"])["version"] in ("1.0", "2.0")


def test_two_with_one_version_and_other_content(target, package, other_package):
    """The one that comes second is refused, even if it looked before the first was done."""
    first, second = target.place(), target.place()

    class Late:
        def __getattr__(self, name):
            return getattr(second, name)

        def create(self, name, content):
            release_to_place(package, first)
            return second.create(name, content)

    with pytest.raises(ConfigError, match="is there already with other content"):
        release_to_place(other_package, Late())
    files = target.files()
    assert json.loads(files["latest.json"])["fingerprint"] == package.fingerprint
    assert json.loads(files["releases/1.0.json"])["fingerprint"] == package.fingerprint


def test_a_file_that_changes_meanwhile(target, package, tmp_path):
    changed = tmp_path / "README.md"
    changed.write_text("other bytes")
    files = {
        **package.files,
        "README.md": dataclasses.replace(package.files["README.md"], path=changed),
    }
    with pytest.raises(PublishError, match="README"):
        release_to_place(dataclasses.replace(package, files=files), target.place())
    assert "latest.json" not in target.files()


class CutWire:
    """Passes bytes on to a server, and ends after so many."""

    def __init__(self, address, after):
        host, port = address.removeprefix("http://").split(":")
        self.to, self.left = (host, int(port)), after
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            if self.left <= 0:
                client.close()
                continue
            server = socket.create_connection(self.to)
            for one, two, counts in ((client, server, True), (server, client, False)):
                thread = threading.Thread(target=self.pump, args=(one, two, counts))
                self.threads.append(thread)
                thread.start()

    def pump(self, one, two, counts):
        try:
            while block := one.recv(4096):
                self.left -= len(block) if counts else 0
                if self.left <= 0:
                    break
                two.sendall(block)
        except OSError:
            pass
        for end in (one, two):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join()


def test_a_cut_wire_is_told_and_the_next_try_goes_on(s3, moto, package, monkeypatch):
    with CutWire(moto, after=package.size // 2) as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", wire.address)
        with pytest.raises(ConnectionCutError, match="the same command goes on") as caught:
            release_to_place(package, S3Place(BUCKET, attempts=1))
    assert SECRET not in repr(caught.value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    there = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert there
    assert not [e for e in there if e["Key"] == "latest.json"]
    assert release_to_place(package, S3Place(BUCKET)).sent == len(package.files) - len(there)


def test_a_large_file_goes_in_parts(s3, package, monkeypatch, tmp_path):
    from tasks.release import s3_place
    from tasks.release.package import describe_file

    monkeypatch.setattr(s3_place, "_PART", 5 << 20)  # the least that S3 allows
    path = tmp_path / "model.safetensors"
    path.write_bytes(bytes(range(256)) * (12 << 12))
    S3Place(BUCKET).put("large", describe_file(path))
    assert "-3" in s3.head_object(Bucket=BUCKET, Key="large")["ETag"]
    assert b"".join(S3Place(BUCKET).fetch("large")) == path.read_bytes()
    assert S3Place(BUCKET).holds("large", describe_file(path))


def test_no_bucket(s3, package):
    with pytest.raises(ConfigError, match="there is none of that name"):
        release_to_place(package, S3Place("no-such-bucket"))


def test_no_credentials(s3, package, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(ConfigError, match="found no credentials"):
        release_to_place(package, S3Place(BUCKET))


def test_nobody_there(s3, package, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ConnectionCutError, match="s3://shared-motion"):
        release_to_place(package, S3Place(BUCKET, attempts=1))


def test_a_folder_that_cannot_be_written(package, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="expected a folder that can be written"):
        FolderPlace(tmp_path / "file")


def test_a_full_disk_is_told(package, tmp_path, monkeypatch):
    import errno
    import os

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    place = FolderPlace(tmp_path / "out")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError, match="No space left on device"):
        release_to_place(package, place)


@given(content=st.binary(max_size=64), other=st.binary(max_size=64))
def test_only_the_first_creates(tmp_path_factory, content, other):
    place = FolderPlace(tmp_path_factory.mktemp("create"))
    assert place.create("releases/x.json", content)
    assert not place.create("releases/x.json", other)
    assert place.read("releases/x.json") == content
    place.replace("releases/x.json", other)
    assert place.read("releases/x.json") == other
    assert place.read("releases/y.json") is None
