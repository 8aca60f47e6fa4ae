"""What smaller weights cost: exports of one model, on the same prompts and seeds.

    python -m benchmarks.export --model RUN [--classifier DIR] [--data DATASET]
        [--prompts 2] [--seconds 4] [--repeat 5] [--threads 1] [--out FILE.md]

The model as trained (torch, float32) is compared with its exports: size of the weights, time of a
clip, how far joints are from those of the model, quality of the motion, and with --classifier the
share of clips in which an independent classifier sees the action that was asked. Prompts are the
words of the classifier's actions, or held-out captions with --data.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from benchmarks.generation_prompts import choose_held_out, read_held_out
from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.vocabulary import ACTIONS
from stickgen_model.evaluate.action_classifier import ActionClassifier
from stickgen_model.export_model.export import export_model
from stickgen_model.generate import StickGen
from stickgen_model.text.loading import load_encoder
from tasks.score.figure import score_figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ExportRow", "Trial", "as_markdown", "compare", "main"]

EXPORTS: Final = tuple(
    (to, precision) for to in ("safetensors", "onnx") for precision in ("fp32", "fp16", "int8")
)
_SAMPLERS: Final = {"one step": {"method": "one_step"}, "10 steps": {"method": "dpm", "steps": 10}}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trial:
    """What every model is asked for.

    Attributes:
        prompts: Sentences.
        truth: Action of each.
        classifier: The judge; None = nobody.
        seconds: Length of clips.
        repeat: Timed runs, of which the best counts: the others met other work.
        seed: Of everything random.
    """

    prompts: Sequence[str]
    truth: Sequence[str]
    classifier: ActionClassifier | None
    seconds: float = 4.0
    repeat: int = 5
    seed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRow:
    """Numbers of one model with one sampler.

    Attributes:
        name: Of the model.
        sampler: Its steps.
        megabytes: Of the file of weights.
        milliseconds: Of one clip alone.
        mean: Mean difference of joints, H.
        worst: Largest, H.
        quality: Mean score.
        top1: Share of clips in which the action is seen; None = nobody looked.
        same: Share of clips that the judge calls what he calls the model's own.
    """

    name: str
    sampler: str
    megabytes: float
    milliseconds: float
    mean: float
    worst: float
    quality: float
    top1: float | None
    same: float | None


def compare(model: Path, trial: Trial, *, scratch: Path) -> list[ExportRow]:
    """Rows of the model and of all its exports.

    Args:
        model: Checkpoint, or the folder of a run.
        trial: What is asked.
        scratch: Folder for the exports.
    """
    trained = StickGen.from_pretrained(model)
    encoder = load_encoder(trained.info.encoder)
    samplers = _SAMPLERS if trained.info.diffusion else {"one step": _SAMPLERS["one step"]}
    own = {name: _clips(trained, trial, how) for name, how in samplers.items()}
    rows = []
    for to, precision in EXPORTS:
        report = export_model(model, scratch / f"{to}-{precision}", to=to, precision=precision)
        exported = StickGen.from_pretrained(report.folder, encoder)
        for name, how in samplers.items():
            rows.append(
                _row(
                    exported,
                    trial,
                    how,
                    own=own[name],
                    name=f"{to} {precision}",
                    sampler=name,
                    megabytes=report.num_bytes / 1e6,
                )
            )
    return rows


def _clips(model: StickGen, trial: Trial, how: dict[str, Any]) -> NDArray[np.float32]:
    """Joints of all clips, shape (C, T, 10, 2)."""
    motions = model.generate(trial.prompts, seconds=trial.seconds, seed=trial.seed, **how)
    return motions.joints[:, 0]


def _row(
    model: StickGen,
    trial: Trial,
    how: dict[str, Any],
    *,
    own: NDArray[np.float32],
    **facts: Any,
) -> ExportRow:
    clips = _clips(model, trial, how)
    off = np.linalg.norm(clips - own, axis=-1)
    said, own_said = (_said(trial.classifier, some) for some in (clips, own))
    judged = said is not None and own_said is not None
    return ExportRow(
        milliseconds=1e3 * _best_seconds(model, trial, how),
        mean=float(off.mean()),
        worst=float(off.max()),
        quality=float(np.mean([score_figure(clip)[QUALITY_SCORE] for clip in clips])),
        top1=float(np.mean(said == np.asarray(trial.truth))) if judged else None,
        same=float(np.mean(said == own_said)) if judged else None,
        **facts,
    )


def _said(
    classifier: ActionClassifier | None, clips: NDArray[np.float32]
) -> NDArray[np.str_] | None:
    if classifier is None:
        return None
    return np.array(classifier.labels)[classifier.classify(list(clips)).argmax(axis=1)]


def _best_seconds(model: StickGen, trial: Trial, how: dict[str, Any]) -> float:
    one = trial.prompts[:1]
    model.generate(one, seconds=trial.seconds, **how)
    times = []
    for seed in range(trial.repeat):
        begun = time.perf_counter()
        model.generate(one, seconds=trial.seconds, seed=seed, **how)
        times.append(time.perf_counter() - begun)
    return min(times)


def as_markdown(rows: Sequence[ExportRow], trial: Trial) -> str:
    """The table; the first rows are of the weights as they were trained."""
    lines = [
        "# Exports of one model",
        "",
        f"{len(trial.prompts)} prompts, {trial.seconds:g} s each, seed {trial.seed}; differences "
        "are of joints from those of the model as trained.",
        "",
        "| weights | sampler | MB | ms a clip | mean, H | most, H | quality | top-1 | as before |",
        "|" + "---|" * 9,
    ]
    for row in rows:
        judged = [f"{v:.3f}" if v is not None else "-" for v in (row.top1, row.same)]
        cells = [row.name, row.sampler, f"{row.megabytes:.1f}", f"{row.milliseconds:.0f}"]
        cells += [f"{row.mean:.2g}", f"{row.worst:.2g}", f"{row.quality:.3f}", *judged]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _trial(args: argparse.Namespace) -> Trial:
    classifier = ActionClassifier.load(args.classifier) if args.classifier else None
    shared = {"classifier": classifier, "seconds": args.seconds, "repeat": args.repeat}
    if args.data is not None:
        held_out = read_held_out(args.data)
        chosen, texts = choose_held_out(held_out, per_action=args.prompts, seed=args.seed)
        truth = [one.action for one in chosen]
        return Trial(prompts=texts, truth=truth, seed=args.seed, **shared)
    words = [str(word) for word in (classifier.labels if classifier else ACTIONS)]
    truth = [word for word in words for _ in range(args.prompts)]
    prompts = [f"a person: {word.replace('_', ' ')}" for word in truth]
    return Trial(prompts=prompts, truth=truth, seed=args.seed, **shared)


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare, print, save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, required=True, help="checkpoint or folder of a run")
    parser.add_argument("--classifier", type=Path, help="folder of the judge")
    parser.add_argument("--data", type=Path, help="dataset folder: its held-out captions")
    parser.add_argument("--prompts", type=int, default=2, help="of each action")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="of torch and onnxruntime")
    parser.add_argument("--out", type=Path, help="file for the table")
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    trial = _trial(args)
    with TemporaryDirectory(prefix="stickgen-export-") as scratch:
        table = as_markdown(compare(args.model, trial, scratch=Path(scratch)), trial)
    print(table)
    if args.out is not None:
        args.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
