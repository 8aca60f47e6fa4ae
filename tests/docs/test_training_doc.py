"""The guide to training says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from flows.cli import _parser
from flows.train_cli import job_from
from tasks.train.job import TrainJob
from tasks.train.presets import PRESETS, train_config

DOC = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")


def row(name):
    preset = PRESETS[name]
    config = train_config(TrainJob(stage=preset.stages[0], preset=name))
    length = f"{config.max_steps} steps" if config.max_steps else f"{config.epochs}"
    return (
        f"| {name} | {', '.join(preset.stages)} | {config.variant} | {config.batch_size} x "
        f"{config.accumulation} | {length} | {config.optim.learning_rate:g} | "
        f"{'on' if config.diffusion else 'off'} |"
    )


def test_the_table_of_presets():
    table = DOC.split("<!-- presets -->")[1].split("<!-- /presets -->")[0].strip().splitlines()
    assert table[2:] == [row(name) for name in PRESETS]


def test_commands_are_understood():
    found = re.findall(r"^(?:stickgen|torchrun .*?flows\.cli) (train(?:.*\\\n)*.*)$", DOC, re.M)
    assert len(found) == 4
    for command in found:
        job = job_from(_parser().parse_args(command.replace("\\\n", " ").split()))
        train_config(job)


def test_the_config_is_understood(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(DOC.split("```yaml\n")[1].split("```")[0])
    job = job_from(_parser().parse_args(["train", "--config", str(path)]))
    assert train_config(job).optim.warmup_steps == 500
