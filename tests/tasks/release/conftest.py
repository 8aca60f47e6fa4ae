"""Datasets to publish, and services on the loopback to publish to."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

from datasets_spec.schema import rejects_schema
from tasks.publish.publish import PublishInputs, publish_dataset
from tasks.release.dataset import dataset_package
from tasks.release.package import Package, describe_file
from tasks.track.outcome import source_specs

BUCKET = "shared-motion"
TOKEN = "hf_" + "q" * 30
KEY = "AKIA" + "EXAMPLEKEY123456"
SECRET = "s3cr3t+value/with=signs0123456789"


def load(path: Path) -> ModuleType:
    """The test tree is no package: load a module by its path, once."""
    name = f"release_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def make_dataset() -> Callable[..., Path]:
    factory = load(Path(__file__).parents[1] / "publish" / "factory.py")

    def make(root: Path, sources: tuple[str, ...], *, num_scenes: int = 24, name="data") -> Path:
        """A dataset folder with scenes of these sources in turn, some of them pairs."""
        clips = []
        for n, clip in enumerate(factory.make_dataset_clips(num_scenes)):
            source = sources[int(clip.scene_id.split("/s")[1][:3]) % len(sources)]
            swapped = {
                key: getattr(clip, key).replace(clip.source, source)
                for key in ("clip_id", "scene_id", "subject_id")
            }
            if clip.partner_clip_id is not None:
                swapped["partner_clip_id"] = clip.partner_clip_id.replace(clip.source, source)
            clips.append(
                dataclasses.replace(
                    clip,
                    source=source,
                    captions=(*clip.captions, f"{source} says {n}"),
                    origin_path=f"{source}/{n}",
                    licence=source_specs([source])[0].licence,
                    **swapped,
                )
            )
        (root / "tables").mkdir(parents=True)
        table = factory.write_work_table(clips, root / "tables" / "0.parquet", rows=7)
        rejects = [
            {
                "source": source,
                "item": f"{source}_bad",
                "origin_path": f"{source}_bad",
                "stage": "ingest",
                "level": "file",
                "reason": "truncated",
                "detail": "expected 3 frames, got 2",
            }
            for source in sources
        ]
        inputs = PublishInputs(
            work_tables=[table],
            assignments=factory.make_assignments(clips),
            rejects=[pa.Table.from_pylist(rejects, schema=rejects_schema())],
            config={
                "seed": 0,
                "sources": [{"name": s, "path": f"/x/{s}"} for s in sources],
                "synthesis": {"procedural": 9, "stories": 9},
            },
            statistics={"accounting": {"read": len(clips)}},
            gates={"ingest": {"passed": True, "rules": [{"examples": ["bvh/secret"]}]}},
            specs=source_specs(sources),
            out=root / name,
            work=root / ".work",
            rows_per_shard=10,
        )
        return publish_dataset(inputs).folder

    return make


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

    server = load(Path(__file__).with_name("hub_server.py")).HubServer(TOKEN)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(_http.time, "sleep", lambda _: None)
    close_session()
    with server:
        yield server
    close_session()
