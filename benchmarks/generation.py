"""Generate from held-out captions and let an independent classifier say what it sees.

    python -m benchmarks.generation --data DIR --model CHECKPOINT --classifier FOLDER|train
        [--prompts 8] [--steps 1 10 50] [--guidance 2.5] [--seed 0] [--out DIR]

Text alone is given, but for the row that names the action as well. `--steps 1` is one-step mode.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.classifier import KINDS, held_out_accuracy, make_classifier
from benchmarks.generation_prompts import (
    HeldOut,
    choose_held_out,
    read_held_out,
    train_sentences,
)
from benchmarks.generation_report import (
    Row,
    as_markdown,
    measure_row,
    shuffled_accuracy,
    to_dict,
)
from stickgen_model.evaluate.action_classifier import ActionClassifier
from stickgen_model.evaluate.action_segments import read_segments
from stickgen_model.generate import StickGen
from stickgen_model.text.encoder import normalise_sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Trial", "ceilings", "compare", "main"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trial:
    """What is generated from and judged by."""

    model: StickGen
    classifier: ActionClassifier
    held_out: Sequence[HeldOut]
    texts: Sequence[str]
    unseen: NDArray[np.bool_]
    guidance: float
    seed: int

    @property
    def truth(self) -> list[str]:
        """Action of each."""
        return [one.action for one in self.held_out]

    def clips(self, *, steps: int, name_action: bool = False) -> list[NDArray[np.float32]]:
        """Generate a clip for each sentence, as long as the motion it was written for."""
        motions = self.model.generate(
            self.texts,
            lengths=[len(one.joints) for one in self.held_out],
            actions=self.truth if name_action else None,
            guidance=self.guidance,
            seed=self.seed,
            **({"method": "one_step"} if steps == 1 else {"steps": steps}),
        )
        return [motions.clip(number) for number in range(len(motions))]

    def row(self, name: str, clips: Sequence[NDArray[np.float32]], seconds: float = 0.0) -> Row:
        """Measure clips that belong to the sentences."""
        return measure_row(
            name,
            clips,
            self.truth,
            classifier=self.classifier,
            groups=[one.group for one in self.held_out],
            unseen=self.unseen,
            seconds_a_clip=seconds / len(clips),
        )


def compare(trial: Trial, *, steps: Sequence[int]) -> tuple[list[Row], dict[str, Any]]:
    """Rows of held-out motion, of text alone by steps, and of text with the action; and facts.

    Args:
        trial: What is compared.
        steps: Of the sampler, 1 = one step; the row with the action takes those nearest to 10. A
            model that knows only one step is tried with that.
    """
    usable = list(steps) if trial.model.info.diffusion else [1]
    main_steps = min(usable, key=lambda n: abs(n - 10))
    rows = [trial.row("held-out motion", [one.joints for one in trial.held_out])]
    shuffled = 0.0
    for count in sorted(usable, key=lambda n: (n != main_steps, n)):
        begun = time.perf_counter()
        clips = trial.clips(steps=count)
        rows.append(trial.row(f"text, {_called(count)}", clips, time.perf_counter() - begun))
        if count == main_steps:
            shuffled = shuffled_accuracy(clips, trial.truth, classifier=trial.classifier)
    begun = time.perf_counter()
    clips = trial.clips(steps=main_steps, name_action=True)
    name = f"text and action, {_called(main_steps)}"
    rows.append(trial.row(name, clips, time.perf_counter() - begun))
    stored = float(np.mean([one.quality for one in trial.held_out]))
    facts = {
        "sentences": len(trial.texts),
        "not in the training split": int(trial.unseen.sum()),
        "recorded among the held-out clips": sum(one.real for one in trial.held_out),
        "shuffled captions, top-1": round(shuffled, 4),
        "chance (one of the labels)": round(1.0 / len(trial.classifier.labels), 4),
        "guidance": trial.guidance,
        "seed": trial.seed,
        "steps of training": trial.model.info.step,
        "text encoder": trial.model.info.encoder.name,
        "quality that the dataset stores for the held-out clips": round(stored, 3),
    }
    return rows, facts


def ceilings(classifier: ActionClassifier, data: Path) -> dict[str, str]:
    """Accuracy of the classifier on every held-out stretch of one action, by kind of source."""
    segments = read_segments(data, split="test")
    told = {}
    for kind in KINDS:
        report = held_out_accuracy(classifier, segments, kind=kind)
        if report is not None:
            low, high = report.interval
            told[f"classifier on held-out stretches, {kind}"] = (
                f"{report.top1:.3f} ({low:.3f}-{high:.3f}) of {report.count}, mean over "
                f"{len(report.by_action)} actions {report.mean_over_actions:.3f}"
            )
    return told


def _called(steps: int) -> str:
    return "one step" if steps == 1 else f"{steps} steps"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="dataset folder")
    parser.add_argument("--model", type=Path, required=True, help="checkpoint folder")
    parser.add_argument("--classifier", required=True, help="its folder, or the word train")
    parser.add_argument("--prompts", type=int, default=8, help="of each action, at most")
    parser.add_argument("--steps", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--guidance", type=float, default=2.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, help="folder of report.json and report.md")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare, print, save."""
    args = _parser().parse_args(arguments)
    if args.classifier == "train":
        if args.out is None:
            msg = "--classifier train: expected --out, the classifier is kept there"
            raise SystemExit(msg)
        classifier = make_classifier(args.data, args.out / "classifier")
    else:
        classifier = ActionClassifier.load(Path(args.classifier))
    chosen, texts = choose_held_out(
        read_held_out(args.data), per_action=args.prompts, seed=args.seed
    )
    known = train_sentences(args.data)
    trial = Trial(
        model=StickGen.from_pretrained(args.model, device=args.device),
        classifier=classifier,
        held_out=chosen,
        texts=texts,
        unseen=np.array([normalise_sentence(text) not in known for text in texts]),
        guidance=args.guidance,
        seed=args.seed,
    )
    rows, facts = compare(trial, steps=args.steps)
    places = {"model": str(args.model), "data": str(args.data)}
    facts = {**places, **ceilings(classifier, args.data), **facts}
    report = as_markdown(rows, facts)
    print(report)
    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
        values = {"facts": facts, "rows": [to_dict(row) for row in rows]}
        (args.out / "report.json").write_text(json.dumps(values, indent=2) + "\n")
        (args.out / "report.md").write_text(report)


if __name__ == "__main__":
    main()
