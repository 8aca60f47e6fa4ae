"""Configuration: every fault in one clear message, before any work."""

from __future__ import annotations

import pytest

from datasets_spec.errors import ConfigError
from flows.config_file import load_config_file, make_config
from tasks.config import BuildConfig


def test_yaml_and_json_give_the_same(tmp_path):
    (tmp_path / "a.yaml").write_text("sample: true\nretarget:\n  num_views: 2\n")
    (tmp_path / "a.json").write_text('{"sample": true, "retarget": {"num_views": 2}}')
    configs = [
        make_config(load_config_file(str(tmp_path / name)), where=name)
        for name in ("a.yaml", "a.json")
    ]
    assert configs[0] == configs[1]
    assert configs[0].retarget.num_views == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "at least one source"),
        ({"sample": True, "colour": 1}, "colour: Unexpected keyword"),
        ({"sample": True, "seed": -1}, "seed: .*or equal to 0"),
        ({"sample": True, "jobs": "many"}, "jobs: "),
        ({"sample": True, "retarget": {"num_views": 9}}, r"retarget.num_views: .*or equal to 8"),
        ({"sources": [{"name": "kinect", "path": "x"}]}, r"sources.0.name: .*'amass'"),
        ({"sources": [{"name": "bvh", "path": " "}]}, "a folder for source bvh"),
        ({"sample": True, "curate": {"val_share": 0.6, "test_share": 0.6}}, "val_share"),
        ({"sample": True, "score": {"floor": float("nan")}}, "floor"),
        ({"sample": True, "retarget": 3}, "retarget"),
        ({"synthesis": {"procedural": -1}}, r"procedural: .*or equal to 0"),
        ({"synthesis": {"procedural": 0}}, "at least one source"),
        ({"synthesis": {"stories": 1, "story": {"backend": "gpt"}}}, r"story.backend: .*'ollama'"),
        ({"synthesis": {"procedural": 1, "together_share": 0.9}}, "sequence_share"),
        ({"synthesis": {"stories": 1, "story": {"options": {"A b": 1}}}}, "options named"),
    ],
)
def test_faults_are_named(fields, told):
    with pytest.raises(ConfigError, match=told):
        make_config(fields, where="here")


def test_all_faults_at_once():
    with pytest.raises(ConfigError, match=r"seed.*jobs|jobs.*seed"):
        make_config({"sample": True, "seed": "x", "jobs": "y"}, where="here")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"- 1\n", "expected a mapping"),
        (b"a: [", "expected YAML or JSON"),
        (b"\xff\xfe\x00", "cannot read"),
        (b"sources: 3\n", "a list of mappings"),
        (b"sources: [amass]\n", "a list of mappings"),
        (b"a: !!python/object/apply:os.system ['true']\n", "expected YAML or JSON"),
    ],
)
def test_files_are_hostile(tmp_path, content, told):
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=told):
        load_config_file(str(path))


def test_missing_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot read"):
        load_config_file(str(tmp_path / "absent.yaml"))


def test_config_keys_are_deliberate():
    """A new knob needs a line here, in the README and in the changelog."""

    def keys(kind, prefix=""):
        found = []
        for name, field in kind.__dataclass_fields__.items():
            default = field.default_factory
            if isinstance(default, type) and hasattr(default, "__dataclass_fields__"):
                found += keys(default, f"{prefix}{name}.")
            else:
                found.append(f"{prefix}{name}")
        return found

    assert keys(BuildConfig) == [
        "sources",
        "sample",
        "out",
        "work",
        "seed",
        "jobs",
        "runner",
        "experiment",
        "synthesis.procedural",
        "synthesis.stories",
        "synthesis.synthetic",
        "synthesis.story_share",
        "synthesis.sequence_share",
        "synthesis.together_share",
        "synthesis.style_share",
        "synthesis.setting_share",
        "synthesis.moving_camera_share",
        "synthesis.story.backend",
        "synthesis.story.model",
        "synthesis.story.host",
        "synthesis.story.theme",
        "synthesis.story.temperature",
        "synthesis.story.timeout_s",
        "synthesis.story.concurrency",
        "synthesis.story.cache",
        "synthesis.story.options",
        "retarget.num_views",
        "retarget.max_frames",
        "retarget.min_frames",
        "retarget.lowpass_hz",
        "score.floor",
        "curate.duplicate_distance_h",
        "curate.val_share",
        "curate.test_share",
        "curate.sft_min_score",
        "curate.sft_max_action_share",
        "curate.sft_max_source_share",
    ]
