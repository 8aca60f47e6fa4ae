"""A retraining that cannot work is refused before anything starts."""

from __future__ import annotations

from dataclasses import fields

import pytest

from datasets_spec.errors import ConfigError
from flows.config_file import check_fields
from tasks.retrain.config import NotifyConfig, RetrainConfig, TrainPart
from tasks.train.presets import train_config


def config(**values):
    return check_fields(RetrainConfig, {"data": "set", **values}, where="c.yaml")


def test_its_keys_are_a_deliberate_list():
    assert [f.name for f in fields(RetrainConfig)] == [
        "build",
        "data",
        "work",
        "variant",
        "encoder",
        "texts",
        "device",
        "seed",
        "workers",
        "start",
        "base",
        "continue_settings",
        "pretrain",
        "sft",
        "judges",
        "evaluation",
        "promotion",
        "name",
        "keep",
        "again",
        "notify",
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"build": {"sample": True}}, "either build or data"),
        ({"data": ""}, "either build or data"),
        ({"work": " "}, "a working folder"),
        ({"variant": "huge"}, "variant"),
        ({"start": "middle"}, "start"),
        ({"again": ["tidy"]}, "stages of build"),
        ({"keep": 0}, "keep"),
        ({"typo": 1}, "typo"),
        ({"pretrain": {"settings": {"learnin_rate": 1}}}, "did you mean learning_rate"),
        ({"sft": {"settings": {"batch_size": 0}}}, "batch_size >= 1"),
        ({"sft": {"preset": "small"}}, "expected stage pretrain, got sft"),
        ({"continue_settings": {"max_stepz": 1}}, "max_stepz"),
        ({"device": "gpu"}, "device auto, cpu or cuda"),
        ({"evaluation": {"repeats": 0}}, "repeats"),
        ({"promotion": {"agreed": ["nicer"]}}, "nicer"),
        ({"notify": {"on": ["success"]}}, "notify"),
        ({"notify": {"block": "ops"}}, "a block as type/name"),
        ({"notify": {"block": "a/b/c"}}, "a block as type/name"),
        ({"notify": {"command": [""]}}, "a program"),
    ],
)
def test_mistakes_are_told(values, told):
    with pytest.raises(ConfigError, match=told):
        config(**values)


def test_a_file_gives_whole_values():
    found = config(
        data="",
        build={"sample": True, "out": "made"},
        variant="tiny",
        pretrain={"preset": "laptop", "settings": {"max_steps": 9}},
        sft=None,
        notify={"command": ["mail", "ops"], "on": ["failure"]},
    )
    assert found.dataset == "made"
    assert found.notify == NotifyConfig(command=("mail", "ops"), on=("failure",))
    assert found.sft is None
    with pytest.raises(ConfigError, match="no such stage"):
        found.train_job("sft", out="x")


def test_going_on_has_settings_of_its_own():
    found = RetrainConfig(
        data="set",
        variant="tiny",
        pretrain=TrainPart(settings={"max_steps": 90, "batch_size": 4}),
        continue_settings={"max_steps": 30},
    )
    fresh = train_config(found.train_job("pretrain", out="a"))
    later = train_config(found.train_job("pretrain", out="a", init_from="b"))
    assert (fresh.max_steps, later.max_steps, later.batch_size) == (90, 30, 4)
