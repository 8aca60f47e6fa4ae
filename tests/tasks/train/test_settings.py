"""Settings by name: the right ones arrive, wrong ones are told with the nearest right one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.training.config import lora_preset, pretrain_preset, sft_preset
from tasks.train.job import GateFloors, SampleConfig, TrainJob
from tasks.train.presets import PRESETS, find_preset, gate_floors, train_config
from tasks.train.settings import change_settings, parse_setting, setting_names

TINY = pretrain_preset("tiny")


def test_settings_arrive():
    given = {
        "max_steps": 7,
        "learning_rate": 1,
        "optim": {"warmup_steps": 3},
        "drop.text": 0.2,
        "frozen_heads": "action, physics",
        "precision": "fp32",
        "compile": True,
    }
    config = change_settings(TINY, given)
    assert (config.max_steps, config.compile, config.precision) == (7, True, "fp32")
    assert (config.optim.learning_rate, config.optim.warmup_steps) == (1.0, 3)
    assert isinstance(config.optim.learning_rate, float)
    assert config.drop == replace(TINY.drop, text=0.2)
    assert config.frozen_heads == ("action", "physics")
    assert config.batch_size == TINY.batch_size
    assert change_settings(lora_preset(), {"rank": 4, "lora.dropout": 0}).lora.rank == 4


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"learnin_rate": 1}, "did you mean learning_rate"),
        ({"optim.warmup": 1}, "did you mean optim.warmup_steps"),
        ({"zzz": 1}, "there are num_actions"),
        ({"seed": 1}, r"expected it as a value of the job \(--seed\)"),
        ({"max_steps": "many"}, "max_steps: expected a whole number, got 'many'"),
        ({"max_steps": 1.5}, "max_steps: expected a whole number, got 1.5"),
        ({"learning_rate": True}, "expected a number, got True"),
        ({"compile": 1}, "expected true or false"),
        ({"precision": 16}, "expected a word"),
        ({"frozen_heads": 3}, "expected a list of words"),
        ({"frozen_heads": "feet"}, "frozen_heads of"),
        ({"rank": 4}, "expected stage lora for this setting, got stage pretrain"),
        ({"batch_size": 0}, "batch_size >= 1, got 0"),
        ({"mirror": 0.3}, "did you mean augment.mirror"),
        ({"augment.mirror": 3}, "augmentation: expected shares"),
    ],
)
def test_what_does_not_fit_is_told(given, told):
    with pytest.raises(ConfigError, match=told):
        change_settings(TINY, given)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("max-steps=5", ("max_steps", 5)),
        ("learning_rate=1e-4", ("learning_rate", 1e-4)),
        ("frozen_heads=[action, physics]", ("frozen_heads", ["action", "physics"])),
        ("compile=true", ("compile", True)),
        ("max_steps=null", ("max_steps", None)),
    ],
)
def test_text_is_read(text, pair):
    assert parse_setting(text) == pair


@pytest.mark.parametrize("text", ["max_steps", "=3", "x=[1"])
def test_bad_text_is_told(text):
    with pytest.raises(ConfigError, match="--set"):
        parse_setting(text)


def test_every_name_can_be_set_to_what_it_is():
    config = replace(lora_preset(), max_steps=3)
    for name in setting_names():
        group, _, part = name.rpartition(".")
        value = getattr(getattr(config, group) if group else config, part)
        assert change_settings(config, {name: value}) == config, name


@pytest.mark.parametrize(
    ("job", "config"),
    [
        (TrainJob(variant="medium"), pretrain_preset("medium")),
        (TrainJob(), pretrain_preset("small")),
        (TrainJob(preset="large"), pretrain_preset("large")),
        (TrainJob(stage="sft"), sft_preset()),
        (TrainJob(stage="lora"), lora_preset()),
        (TrainJob(stage="sft", variant="small"), sft_preset("small")),
    ],
)
def test_stage_and_variant_choose_the_published_preset(job, config):
    assert train_config(job) == config


def test_presets_fit_all_their_stages():
    for name, preset in PRESETS.items():
        for stage in preset.stages:
            job = TrainJob(stage=stage, preset=name, variant="tiny", seed=3, workers=1)
            config = train_config(job)
            assert (config.stage, config.variant) == (stage, "tiny")
            assert (config.seed, config.workers) == (3, 1)


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (TrainJob(preset="smal"), "expected a preset of tiny, small"),
        (TrainJob(preset="sft"), "expected stage sft, got pretrain"),
        (TrainJob(stage="lora", preset="small"), "expected stage pretrain, got lora"),
    ],
)
def test_presets_that_do_not_fit(job, told):
    with pytest.raises(ConfigError, match=told):
        find_preset(job)


def test_checkpoints_are_saved_where_samples_are_made():
    often = TrainJob(samples=SampleConfig(every=100))
    assert train_config(often).save_every == 100
    own = replace(often, settings={"save_every": 300})
    assert train_config(own).save_every == 300
    assert train_config(TrainJob(samples=SampleConfig(every=0))).save_every == 1000


def test_floors_of_the_job_go_before_those_of_the_preset():
    assert gate_floors(TrainJob()) == GateFloors()
    assert gate_floors(TrainJob(preset="laptop")).min_score < 0.1
    assert gate_floors(TrainJob(gate=GateFloors(min_score=0.9))).min_score == 0.9


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"stage": "x"}, "a stage of pretrain, sft, lora"),
        ({"out": " "}, "a folder for the run"),
        ({"style": "proud"}, "style with stage lora"),
        ({"device": "gpu"}, "device auto, cpu or cuda"),
        ({"prior_share": 1.0}, "prior_share"),
        ({"seed": -1, "workers": -1}, "seed in .*; expected workers"),
    ],
)
def test_jobs_are_checked(values, told):
    with pytest.raises(ConfigError, match=told):
        TrainJob(**values)


def test_keys_of_a_job_are_a_deliberate_list():
    assert TrainJob.field_names() == (
        "stage", "variant", "preset", "data", "out", "init_from", "encoder", "texts", "style",
        "prior_share", "val_clips", "device", "seed", "workers", "settings", "log_every",
        "experiment", "samples", "gate",
    )  # fmt: skip
