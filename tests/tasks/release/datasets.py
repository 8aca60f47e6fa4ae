"""Dataset folders with sources of choice."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from datasets_spec.schema import rejects_schema
from tasks.publish.publish import PublishInputs, publish_dataset
from tasks.track.outcome import source_specs


def load(path: Path) -> ModuleType:
    """The test tree is no package: load a module by its path, once."""
    name = f"release_{path.parent.name}_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def load_factory() -> ModuleType:
    return load(Path(__file__).parents[1] / "publish" / "factory.py")


def make_dataset(root: Path, sources: tuple[str, ...], *, num_scenes: int = 24) -> Path:
    """A dataset folder with scenes of these sources in turn, some of them pairs."""
    factory = load_factory()
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
        out=root / "data",
        work=root / ".work",
        rows_per_shard=10,
    )
    return publish_dataset(inputs).folder
