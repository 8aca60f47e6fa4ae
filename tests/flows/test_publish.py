"""`stickgen publish` and the flow publish-dataset."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest
from prefect import get_client

from flows.cli import main
from flows.publish_dataset import publish_dataset_flow
from tasks.publish.manifest import read_manifest, verify_manifest
from tasks.release import task as release_task
from tasks.release.licences import LicenceError
from tasks.release.place import ConnectionCutError
from tasks.release.settings import PublishConfig


def run(capsys, *arguments):
    status = main(["publish", *arguments])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "x"], "expected --data DIR or --model MODEL"),
        (["--data", "/absent", "--to", "x"], "does not exist"),
        (["--data", "/absent", "--to", "ftp://x"], "--to: expected a folder"),
        (["--data", "x", "--to", "s3://k:SECRET@b/c"], "without credentials"),
        (["--data", "x", "--to", "hf://models/a/b"], "this is one for a model"),
        (["--data", "x", "--to", "y", "--card", "z"], "--card is for a model"),
        (["--data", "x", "--to", "y", "--exclude-sources", "A B"], "names of sources"),
        (["--model", "/absent", "--to", "y"], "nothing there"),
        (["--model", "x", "--to", "y", "--exclude-sources", "bvh"], "is for a dataset"),
    ],
)
def test_usage(capsys, arguments, told):
    status, text = run(capsys, *arguments)
    assert status == 2
    assert told in text
    assert "SECRET" not in text
    assert "Traceback" not in text


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A dataset of which one source must not be passed on; read only."""
    path = Path(__file__).parents[1] / "tasks" / "release" / "datasets.py"
    spec = importlib.util.spec_from_file_location("flows_release_datasets", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_dataset(tmp_path_factory.mktemp("mixed"), ("bvh", "stories"))


def test_a_licence_refuses(capsys, mixed, tmp_path):
    status, text = run(capsys, "--data", str(mixed), "--to", str(tmp_path / "out"))
    assert status == 1
    assert "bvh: " in text
    assert "--exclude-sources bvh" in text
    assert not (tmp_path / "out").exists()


def test_a_dry_run_shows_and_sends_nothing(capsys, mixed, tmp_path):
    out = str(tmp_path / "out")
    status, text = run(
        capsys, "--data", str(mixed), "--to", out, "--exclude-sources", "bvh", "--dry-run"
    )
    assert status == 0
    assert "README.md" in text
    assert "clips by source: stories" in text
    assert "nothing was sent" in text
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.prefect
def test_the_flow_publishes_and_tells(server, mixed, tmp_path):
    config = PublishConfig(
        data=str(mixed),
        to=str(tmp_path / "out"),
        exclude_sources=("bvh",),
        version="1.0",
        name="walks",
    )
    released = publish_dataset_flow(config)
    folder = Path(released.place)
    assert verify_manifest(folder) == []
    assert read_manifest(folder)["fingerprint"] == released.fingerprint
    assert published_events("stickgen.dataset.walks") == [
        {"fingerprint": released.fingerprint, "version": "1.0", "place": str(folder)}
    ]
    assert publish_dataset_flow(config).sent == 0


def published_events(resource):
    """Payloads of the events that the server has of a resource; waits for the first."""
    query = {"event": {"name": ["stickgen.dataset.published"]}, "resource": {"id": [resource]}}
    with get_client(sync_client=True) as client:
        for _ in range(100):
            found = client._client.post("/events/filter", json={"filter": query}).json()["events"]
            if found:
                return [event["payload"] for event in found]
            time.sleep(0.2)
    return []


@pytest.mark.slow
@pytest.mark.prefect
def test_a_cut_connection_is_tried_again(server, mixed, tmp_path, monkeypatch):
    calls = []
    publish = release_task.publish_package

    def cut_once(*args, **settings):
        calls.append(args)
        if len(calls) == 1:
            msg = "the connection was cut"
            raise ConnectionCutError(msg)
        return publish(*args, **settings)

    monkeypatch.setattr(release_task, "publish_package", cut_once)
    monkeypatch.setattr(release_task.publish_to_target, "retry_delay_seconds", 0.0)
    config = PublishConfig(data=str(mixed), to=str(tmp_path / "out"), exclude_sources=("bvh",))
    assert publish_dataset_flow(config).sent
    assert len(calls) == 2


@pytest.mark.slow
@pytest.mark.prefect
def test_what_does_not_get_better_is_not_tried_again(server, mixed, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(release_task, "publish_package", lambda *a, **k: calls.append(a))
    with pytest.raises(LicenceError):
        publish_dataset_flow(PublishConfig(data=str(mixed), to=str(tmp_path / "out")))
    assert calls == []
