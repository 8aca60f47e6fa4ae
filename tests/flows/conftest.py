"""One Prefect server, and one build of a small part of the sample, for all flow tests."""

from __future__ import annotations

import shutil

import pytest
from prefect.events.worker import EventsWorker
from prefect.testing.utilities import prefect_test_harness

from flows.build_dataset import build_dataset
from tasks.config import BuildConfig, SourceConfig
from tasks.sample.write_bvh import write_bvh
from tasks.sample.write_ntu import write_ntu


@pytest.fixture(scope="session")
def server():
    """An isolated Prefect API; tests that run flows ask for it."""
    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture(autouse=True, scope="module")
def no_thread_left_behind():
    """Stop the sender of events: its pings draw from the global random state for ever after.

    hypothesis takes such a draw during an example for one of the example's own, and a property
    in another module fails on it.
    """
    yield
    left = EventsWorker.drain_all(timeout=60, at_exit=False).not_done
    assert not left, "the sender of events did not stop"


@pytest.fixture(scope="session")
def raw(tmp_path_factory):
    """Raw folders of two sources: enough for every stage, small enough for every test."""
    root = tmp_path_factory.mktemp("raw")
    write_bvh(root / "bvh", seed=0)
    write_ntu(root / "ntu", seed=0)
    return root


@pytest.fixture(scope="session")
def sources(raw):
    return (
        SourceConfig(name="bvh", path=str(raw / "bvh")),
        SourceConfig(name="ntu", path=str(raw / "ntu")),
    )


@pytest.fixture(scope="session")
def built(server, sources, tmp_path_factory):
    """A finished build: its folder's parent, its configuration and its summary."""
    home = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        config = BuildConfig(sources=sources, out=str(home / "set"), runner="thread", jobs=1)
        summary = build_dataset(config)
        yield home, config, summary


@pytest.fixture
def copy_of_built(built, tmp_path, monkeypatch):
    """The finished build again, to be damaged; same tracking store."""
    home, config, _ = built
    shutil.copytree(home, tmp_path / "home", dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home", config
