"""The command `stickgen register`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from datasets_spec.errors import ConfigError
from flows.registry_cli import quiet_mlflow

if TYPE_CHECKING:
    import argparse

    from tasks.register.rules import PromotionRules

__all__ = ["add_register"]


def add_register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    register = commands.add_parser(
        "register",
        help="put a trained model into MLflow's registry, ready to be served",
        description="Log a trained model as MLflow serves it and make it a version of a registered "
        "model. With an evaluation it becomes the candidate, and the champion if it beats the "
        "champion. The store is MLFLOW_TRACKING_URI, or mlflow.db in the working directory.",
    )
    register.add_argument(
        "--model", metavar="PATH", required=True, help="checkpoint, folder of a run, or an export"
    )
    register.add_argument(
        "--name", metavar="NAME", default="stickgen", help="registered model (default: stickgen)"
    )
    register.add_argument(
        "--alias", metavar="NAME", help="name that points to this version from now on"
    )
    register.add_argument(
        "--evaluation", metavar="FILE", help="evaluation.json of stickgen evaluate: decides"
    )
    register.add_argument(
        "--rules", metavar="FILE", help="YAML or JSON: who is promoted; with --evaluation"
    )
    register.add_argument("--card", metavar="FILE", help="model card; with --evaluation")
    register.set_defaults(run=_register)


def _register(arguments: argparse.Namespace) -> int:
    if arguments.evaluation is not None:
        return _submit(arguments)
    if arguments.rules is not None or arguments.card is not None:
        msg = "register: --rules and --card are of an evaluation: add --evaluation FILE"
        raise ConfigError(msg)
    quiet_mlflow()
    from tasks.register.task import register_model  # noqa: PLC0415

    found = register_model(
        Path(arguments.model).expanduser(), name=arguments.name, alias=arguments.alias
    )
    sys.stdout.write(
        f"{found.name}, version {found.version}, in {found.tracking_uri}\n"
        f"serve it:  MLFLOW_TRACKING_URI={found.tracking_uri} "
        f"mlflow models serve -m {found.uri} --env-manager local -p 5001\n"
    )
    return 0


def _submit(arguments: argparse.Namespace) -> int:
    if arguments.alias is not None:
        msg = "register: --alias is for models without --evaluation, which sets aliases itself"
        raise ConfigError(msg)
    from stickgen_model.evaluate.evaluation import Evaluation  # noqa: PLC0415

    evaluation = Evaluation.load(Path(arguments.evaluation).expanduser())
    rules = _rules(arguments.rules)
    quiet_mlflow()
    from tasks.register.task import submit_candidate  # noqa: PLC0415

    found = submit_candidate(
        Path(arguments.model).expanduser(),
        evaluation,
        name=arguments.name,
        rules=rules,
        card=Path(arguments.card).expanduser() if arguments.card else None,
    )
    known = ", which was there before" if found.known else ""
    sys.stdout.write(f"{found.name}, version {found.version}{known}, in {found.tracking_uri}\n")
    sys.stdout.write("promoted to champion\n" if found.promoted else "not promoted\n")
    for reason in found.reasons:
        sys.stdout.write(f"- {reason}\n")
    return 0


def _rules(file: str | None) -> PromotionRules:
    from flows.config_file import load_config_file  # noqa: PLC0415
    from tasks.register.rules import PromotionRules  # noqa: PLC0415

    return PromotionRules.from_dict(load_config_file(file)) if file else PromotionRules()
