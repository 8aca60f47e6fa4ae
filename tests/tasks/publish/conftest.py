"""Inputs of a publication, and a published dataset that tests only read."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tasks.publish.publish import PublishInputs, publish_dataset


def _load_factory() -> ModuleType:
    """The test tree is no package: load the neighbour by its path, once."""
    name = "publish_factory"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("factory.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    return _load_factory()


@pytest.fixture(scope="session")
def make_inputs() -> Callable[..., PublishInputs]:
    def make(folder: Path, *, num_scenes: int = 24, cut: int = 9, rows: int = 7) -> PublishInputs:
        """Inputs in `folder`; `cut` and `rows` say how the working tables are divided."""
        made = _load_factory()
        clips = made.make_dataset_clips(num_scenes)
        (folder / "tables").mkdir(parents=True)
        tables = [
            made.write_work_table(part, folder / "tables" / f"{n}.parquet", rows=rows)
            for n, part in enumerate([clips[:cut], clips[cut:]])
        ]
        return PublishInputs(
            work_tables=tables,
            assignments=made.make_assignments(clips),
            rejects=[made.make_rejects()],
            config={"seed": 0, "out": str(folder), "jobs": cut, "sources": [{"path": "/x/CMU"}]},
            statistics={"accounting": {"bvh": {"read": len(clips)}}},
            gates={"ingest": {"success": True, "rules": []}},
            specs=made.SPECS,
            out=folder / "data",
            work=folder / ".data.work",
            rows_per_shard=10,
        )

    return make


@pytest.fixture(scope="session")
def published(make_inputs: Callable[..., PublishInputs], tmp_path_factory) -> Path:
    """A dataset folder; read only."""
    return publish_dataset(make_inputs(tmp_path_factory.mktemp("published"))).folder
