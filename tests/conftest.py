"""Shared by all tests: quiet libraries, hypothesis profiles, the folder of real motion."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tasks.config import SourceConfig
from tasks.sample.sample import sample_bodies, sample_sources
from tasks.sample.truth import SampleTruth

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

_QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
# the same examples every time: a red run means a changed program; `search` looks further
settings.register_profile(
    "fast", max_examples=50, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
settings.register_profile("search", max_examples=200, deadline=None, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_configure(config: pytest.Config) -> None:
    """Test processes side by side share the cores: each computes in one thread.

    Two processes of two threads on two cores wait for each other at every operation, which makes
    tests of the model take three times as long.
    """
    if config.getoption("numprocesses", default=None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of openly licensed motion, named by STICKGEN_REAL_DATA; skips without it."""
    named = os.environ.get("STICKGEN_REAL_DATA", "")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no folder of real motion: set STICKGEN_REAL_DATA to use one")
    return folder


@dataclass(frozen=True)
class SampleTree:
    """The built-in sample on disk; not to be changed by a test."""

    root: Path
    truths: tuple[SampleTruth, ...]

    @property
    def sources(self) -> dict[str, SourceConfig]:
        return {source.name: source for source in sample_sources(self.root)}


@pytest.fixture(scope="session")
def sample_tree(tmp_path_factory: pytest.TempPathFactory) -> SampleTree:
    """The sample, written once a session (about 5 s)."""
    root = tmp_path_factory.mktemp("sample-tree")
    return SampleTree(root, sample_bodies(root, seed=0))
