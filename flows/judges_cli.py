"""The command `stickgen judges`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from tasks.judge.judges import Judges

__all__ = ["add_judges"]


def add_judges(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    judges = commands.add_parser(
        "judges",
        help="train the networks that judge models on a dataset",
        description="Train text-motion encoders and an action classifier on the training split of "
        "a dataset folder, score them on held-out clips, and make them a version of a registered "
        "model. The store is MLFLOW_TRACKING_URI, or mlflow.db in the working directory.",
    )
    judges.add_argument("--data", metavar="DIR", default="data", help="dataset folder: data")
    judges.add_argument(
        "--out", metavar="DIR", required=True, help="folder of the judges; old ones are replaced"
    )
    judges.add_argument(
        "--steps",
        metavar="N",
        type=int,
        help="steps of training of each (default: 1200; a few hundred do for a small dataset)",
    )
    judges.add_argument("--seed", metavar="N", type=int, default=0, help="default: 0")
    judges.add_argument(
        "--name", metavar="NAME", help="registered model (default: stickgen-judges)"
    )
    judges.add_argument("--no-registry", action="store_true", help="keep them in the folder only")
    judges.set_defaults(run=_judges)


def _judges(arguments: argparse.Namespace) -> int:
    import os  # noqa: PLC0415

    # read by prefect and mlflow when they are first imported
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    from tasks.judge.settings import JudgeSettings  # noqa: PLC0415
    from tasks.judge.task import JUDGES_MODEL, make_judges  # noqa: PLC0415

    steps = JudgeSettings().encoders.steps if arguments.steps is None else arguments.steps
    settings = JudgeSettings.of_steps(steps, seed=arguments.seed)
    out = Path(arguments.out).expanduser()
    name = None if arguments.no_registry else arguments.name or JUDGES_MODEL
    judges = make_judges.fn(
        Path(arguments.data).expanduser(), out, settings, name=name, sink=_Lines()
    )
    sys.stdout.write(_told(judges, out, name))
    return 0


def _told(judges: Judges, out: Path, name: str | None) -> str:
    lines = []
    for one in judges.told:
        lines.append(f"{one.name}: {one.told}")
        lines += [f"  {key:24} {value:.4g}" for key, value in one.held_out.items()]
    version = judges.told[0].version
    known = f", {name} version {version}" if version else ""
    return "\n".join([*lines, f"saved in {out}, digest {judges.digest[:12]}{known}", ""])


class _Lines:
    """A line now and then."""

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Losses; the scores at the end are told otherwise."""
        told = [f"{name} {value:.3f}" for name, value in metrics.items() if "judges/" not in name]
        if told:
            sys.stderr.write(f"step {step}: {', '.join(told)}\n")
