"""The command `stickgen register`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

__all__ = ["add_register"]


def add_register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    register = commands.add_parser(
        "register",
        help="put a trained model into MLflow's registry, ready to be served",
        description="Log a trained model as MLflow serves it and make it a version of a registered "
        "model. The store is MLFLOW_TRACKING_URI, or mlflow.db in the working directory.",
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
    register.set_defaults(run=_register)


def _register(arguments: argparse.Namespace) -> int:
    import os  # noqa: PLC0415

    # read by mlflow when it is first imported; its notes are for those who call it themselves
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
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
