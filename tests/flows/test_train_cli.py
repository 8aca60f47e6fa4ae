"""`stickgen train`: flags go before the file, mistakes are told in one line."""

from __future__ import annotations

import pytest

from datasets_spec.errors import ConfigError
from flows.cli import _parser, main
from flows.train_cli import job_from


def job(*flags):
    return job_from(_parser().parse_args(["train", *flags]))


def test_flags_go_before_the_file(tmp_path):
    config, prompts = tmp_path / "c.yaml", tmp_path / "p.txt"
    config.write_text(
        "stage: sft\nvariant: small\nseed: 3\nsettings: {max_steps: 9, optim: {beta1: 0.8}}\n"
        "samples: {every: 7, seconds: 2.0}\ngate: {min_score: 0.3}\n"
    )
    prompts.write_text("one walks\n\n two run \n")
    flags = "--seed 4 --max-steps 5 --samples-every 2 --set batch_size=3 --init-from a --out o"
    made = job("--config", str(config), "--prompts", str(prompts), *flags.split())
    assert (made.stage, made.variant, made.seed, made.init_from) == ("sft", "small", 4, "a")
    assert made.settings == {"max_steps": 5, "optim": {"beta1": 0.8}, "batch_size": 3}
    assert (made.samples.every, made.samples.seconds) == (2, 2.0)
    assert made.samples.prompts == ("one walks", "two run")
    assert made.gate.min_score == 0.3


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("--stage pretrian", "stage: Input should be 'pretrain', 'sft' or 'lora'"),
        ("--variant huge", "variant: Input should be"),
        ("--set learnin_rate=1", "did you mean learning_rate"),
        ("--set learning_rate", "expected name=value"),
        ("--set batch_size=0", "batch_size >= 1"),
        ("--preset none", "expected a preset of"),
        ("--device gpu", "device auto, cpu or cuda"),
        ("--prompts /absent.txt", "cannot read the sentences"),
        ("--config /absent.yaml", "cannot read the configuration"),
        ("--seed -1", "seed: Input should be greater"),
    ],
)
def test_mistakes_are_told(flags, told):
    with pytest.raises(ConfigError, match=told):
        job(*flags.split())


def test_nothing_is_started_for_what_cannot_work(capsys, tmp_path):
    out = tmp_path / "run"
    status = main(["train", "--data", str(tmp_path / "absent"), "--out", str(out)])
    text = " ".join(capsys.readouterr().err.split())
    assert status == 2
    assert "expected a dataset folder" in text
    assert "Traceback" not in text
    assert not out.exists()
