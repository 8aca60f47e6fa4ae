"""Datasets to publish, and services on the loopback to publish to."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tasks.release.dataset import dataset_package
from tasks.release.package import Package, describe_file

BUCKET = "shared-motion"
TOKEN = "hf_" + "q" * 30
KEY = "AKIA" + "EXAMPLEKEY123456"
SECRET = "s3cr3t+value/with=signs0123456789"


def load(name: str) -> ModuleType:
    """The test tree is no package: load a neighbour by its path, once."""
    full = f"release_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


@pytest.fixture(scope="session")
def make_dataset():
    return load("datasets").make_dataset


@pytest.fixture(scope="session")
def mixed(make_dataset, tmp_path_factory) -> Path:
    """Two sources, of which one must not be passed on; read only."""
    return make_dataset(tmp_path_factory.mktemp("mixed"), ("bvh", "procedural"))


@pytest.fixture(scope="session")
def free(make_dataset, tmp_path_factory) -> Path:
    """Only sources that may be passed on; read only."""
    return make_dataset(tmp_path_factory.mktemp("free"), ("100style", "procedural"))


@pytest.fixture(scope="session")
def whole_package(free) -> Package:
    """A dataset as it is."""
    return dataset_package(free, version="1.0")


def small_package(folder: Path, texts: dict[str, bytes]) -> Package:
    """A few files that look like a dataset, so that a test has few calls to make."""
    files = {}
    for name, content in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        files[name] = describe_file(path)
    listed = {k: {"size": v.size, "sha256": v.sha256} for k, v in files.items()}
    fingerprint = hashlib.sha256(repr(listed).encode()).hexdigest()
    told = {"kind": "stickgen-dataset", "fingerprint": fingerprint, "files": listed}
    (folder / "manifest.json").write_text(json.dumps(told))
    return Package(
        content="dataset",
        name="small",
        version="1.0",
        fingerprint=fingerprint,
        files={**files, "manifest.json": describe_file(folder / "manifest.json")},
        sources={"procedural": 2},
    )


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Package:
    texts = {"README.md": b"---\nlicense: mit\n---\n\n# One\n"}
    for split in ("test", "train", "val"):
        texts[f"clips/{split}.parquet"] = random.Random(split).randbytes(40_000)
    return small_package(tmp_path_factory.mktemp("small"), texts)


@pytest.fixture(scope="session")
def other_package(tmp_path_factory) -> Package:
    """Other content under the same version; one file has the name and the size of the first."""
    texts = {
        "README.md": b"---\nlicense: mit\n---\n\n# Two\n",
        "clips/more.parquet": random.Random("more").randbytes(40_000),
    }
    return small_package(tmp_path_factory.mktemp("other"), texts)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Address of an S3 server."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(moto, monkeypatch):
    """A boto3 client, and an environment in which the product finds the same store."""
    import boto3

    for name, value in {
        "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_CONFIG_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    keys = [{"Key": e["Key"]} for e in client.list_objects_v2(Bucket=BUCKET).get("Contents", ())]
    if keys:
        client.delete_objects(Bucket=BUCKET, Delete={"Objects": keys})
    client.delete_bucket(Bucket=BUCKET)
    client.close()


@pytest.fixture
def hub(monkeypatch):
    """A stand-in of the hub, and an environment in which its client talks to it."""
    import huggingface_hub.constants as constants
    from huggingface_hub import close_session
    from huggingface_hub.utils import _http

    server = load("hub_server").HubServer(TOKEN)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(_http.time, "sleep", lambda _: None)
    close_session()
    with server:
        yield server
    close_session()
