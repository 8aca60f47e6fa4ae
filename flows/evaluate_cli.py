"""The command `stickgen evaluate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from tasks.evaluate.job import EvaluateJob

__all__ = ["add_evaluate", "job_from"]

_NAME: Final = "stickgen"
"""Registered model whose champion is to be beaten."""
_NONE: Final = "none"
_NUMBERS: Final = {
    "repeats": "times that all is measured, each on another half (default: 20)",
    "prompts": "held-out captions (default: 256)",
    "seed": "of every choice and of generating (default: 0)",
    "steps": "of the sampler, 1 = one step (default: 10)",
    "copies": "clips of a row that are looked for in the training split (default: 64; 0 = none)",
    "suite-prompts": "prompts that each way of changing takes (default: 32; 0 = no robustness)",
}
_EPILOG: Final = """\
rows: the model, the champion, and real motion, motion of shuffled texts, the nearest training text,
mean pose, static pose and noise. Intervals (95 %) say how far values would be off with other
prompts and other random numbers. The judges' own scores on held-out motion are printed first.

judges: those of --judges, else those beside the dataset (DIR.judges), which are trained once for
each state of the data (about ten minutes for 24,000 clips; --judge-steps makes it shorter).

written to --out: evaluation.json (for stickgen register --evaluation), examples.npz, report.html
and README.md, the model card. Numbers go to MLflow: MLFLOW_TRACKING_URI, or mlflow.db here.
"""


def add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    import argparse  # noqa: PLC0415

    evaluate = commands.add_parser(
        "evaluate",
        help="measure a model beside real motion, trivial references and the champion",
        description="Measure a model on held-out captions of a dataset: metrics with intervals "
        "beside reference rows, robustness to changed prompts; a report and a model card.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.add_argument(
        "--model",
        metavar="PATH",
        help="checkpoint, folder of a run, export, or models:/NAME/VERSION (default: as of "
        "stickgen generate)",
    )
    evaluate.add_argument("--data", metavar="DIR", help="dataset folder (default: data)")
    evaluate.add_argument("--judges", metavar="DIR", help="folder of judges of this dataset")
    evaluate.add_argument(
        "--judge-steps", type=int, metavar="N", help="of training where judges are made"
    )
    evaluate.add_argument(
        "--champion",
        metavar="PATH",
        help="the model that is to be beaten, as --model, or none (default: "
        f"models:/{_NAME}@champion, if the registry has one)",
    )
    evaluate.add_argument("--out", metavar="DIR", help="folder to write (default: evaluation)")
    evaluate.add_argument(
        "--quick",
        action="store_true",
        help="a first look: fewer clips, no copy check, no model card",
    )
    evaluate.add_argument("--no-card", action="store_true", help="write no model card")
    evaluate.add_argument(
        "--card-gaps", action="store_true", help="tell in the card what is missing, if anything is"
    )
    evaluate.add_argument("--config", metavar="FILE", help="YAML or JSON; flags override it")
    for flag, meaning in _NUMBERS.items():
        evaluate.add_argument(f"--{flag}", type=int, metavar="N", help=meaning)
    evaluate.add_argument("--guidance", type=float, metavar="W", help="of the text (default: 2.5)")
    evaluate.add_argument("--split", metavar="NAME", help="test or val (default: test)")
    evaluate.add_argument(
        "--name-action", action="store_true", help="tell the model the action beside the text"
    )
    evaluate.add_argument("--device", metavar="NAME", help="cpu, cuda, ... (default: cpu)")
    evaluate.set_defaults(run=_evaluate)


def job_from(arguments: argparse.Namespace) -> EvaluateJob:
    """What flags and file ask for.

    Raises:
        ConfigError: If something is wrong; the text lists every fault.
    """
    from flows.config_file import check_fields, load_config_file  # noqa: PLC0415
    from tasks.evaluate.job import EvaluateJob  # noqa: PLC0415
    from tasks.evaluate.settings import EvaluationSettings  # noqa: PLC0415

    fields: dict[str, Any] = load_config_file(arguments.config) if arguments.config else {}
    for name in ("model", "data", "judges", "judge_steps", "champion", "out", "device"):
        if getattr(arguments, name) is not None:
            fields[name] = getattr(arguments, name)
    names = (*(flag.replace("-", "_") for flag in _NUMBERS), "guidance", "split")
    given = {n: getattr(arguments, n) for n in names if getattr(arguments, n) is not None}
    if arguments.name_action:
        given["name_action"] = True
    old = fields.get("settings") or {}
    if isinstance(old, dict):  # if not, the check of the whole says so
        quick = EvaluationSettings.quick().to_dict() if arguments.quick else {}
        fields["settings"] = {**quick, **old, **given}
    if arguments.quick or arguments.no_card:
        fields["card"] = False
    if arguments.card_gaps:
        fields.update(card=True, card_gaps=True)
    return check_fields(EvaluateJob, fields, where=arguments.config or "the command line")


def _evaluate(arguments: argparse.Namespace) -> int:
    job = job_from(arguments)
    if not Path(job.data).expanduser().is_dir():
        msg = f"--data {job.data}: expected the folder of a dataset, found none"
        raise ConfigError(msg)
    from flows.registry_cli import quiet_mlflow  # noqa: PLC0415

    quiet_mlflow()
    from dataclasses import replace  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415

    from flows.evaluation import run_evaluation  # noqa: PLC0415
    from tasks.champion.task import champion_of  # noqa: PLC0415
    from tasks.report.terminal import print_evaluation  # noqa: PLC0415

    champion = job.champion or champion_of(_NAME) or _NONE
    job = replace(job, champion="" if champion == _NONE else champion)
    found = run_evaluation(job, tell=_tell, tracked=False)
    print_evaluation(found.evaluation, Console(highlight=False))
    sys.stdout.write(f"written to {found.folder}; run {found.run_id} in {found.tracking_uri}\n")
    if found.card_fault:
        sys.stdout.write(f"not written: {found.card_fault}; --card-gaps tells it in the card\n")
    return 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
