"""Train the action classifier on a dataset and measure it on clips that were held out.

python -m benchmarks.classifier --data DIR --out DIR [--steps N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from datasets_spec.vocabulary import action_name
from stickgen_model.evaluate.accuracy import AccuracyReport, measure_accuracy
from stickgen_model.evaluate.action_classifier import ActionClassifier
from stickgen_model.evaluate.action_segments import ActionSegments, read_segments
from stickgen_model.evaluate.classifier_training import ClassifierRecipe, train_classifier

__all__ = ["KINDS", "held_out_accuracy", "main", "make_classifier"]

KINDS = ("all", "real", "synthetic")


class _Printer:
    """A line now and then."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._begun = time.perf_counter()

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        if step % self._every == 0:
            told = ", ".join(f"{name.split('/')[-1]} {v:.3f}" for name, v in metrics.items())
            print(f"step {step}: {told}, {time.perf_counter() - self._begun:.0f} s", flush=True)


def held_out_accuracy(
    model: ActionClassifier, segments: ActionSegments, *, kind: str = "all"
) -> AccuracyReport | None:
    """Accuracy on whole stretches; None if there are none of that kind (see KINDS)."""
    every = np.ones(len(segments), dtype=np.bool_)
    wanted = {"all": every, "real": segments.real, "synthetic": ~segments.real}[kind]
    chosen = segments.select(np.flatnonzero(wanted))
    if not len(chosen):
        return None
    truth = [action_name(int(i)) for i in chosen.actions]
    logits = model.classify([chosen.clip(i) for i in range(len(chosen))])
    return measure_accuracy(logits, truth, model.labels, groups=chosen.groups)


def make_classifier(
    data: Path, out: Path, *, recipe: ClassifierRecipe | None = None
) -> ActionClassifier:
    """Train on the training split, measure on the other two, save to a folder."""
    recipe = ClassifierRecipe() if recipe is None else recipe
    train = read_segments(data, split="train")
    print(f"{len(train)} stretches to train on, {int(train.real.sum())} of them recorded")
    begun = time.perf_counter()
    model = train_classifier(train, recipe, sink=_Printer(max(recipe.steps // 10, 1)))
    facts: dict[str, Any] = {
        "recipe": recipe.to_dict(),
        "seconds": round(time.perf_counter() - begun, 1),
        "parameters": sum(p.numel() for p in model.parameters()),
        "stretches": len(train),
        "recorded": int(train.real.sum()),
    }
    for split in ("val", "test"):
        segments = read_segments(data, split=split)
        reports = {kind: held_out_accuracy(model, segments, kind=kind) for kind in KINDS}
        facts[split] = {k: r.to_dict() for k, r in reports.items() if r is not None}
    model.save(out, facts=facts)
    return model


def _print_facts(facts: Mapping[str, Any]) -> None:
    print(f"{facts['parameters']} parameters, trained in {facts['seconds']} s")
    for split in ("val", "test"):
        for kind, report in facts[split].items():
            low, high = report["interval"]
            print(
                f"{split} {kind}: {report['count']} stretches, top-1 {report['top1']:.3f} "
                f"({low:.3f} .. {high:.3f}), top-3 {report['top3']:.3f}, mean over "
                f"{len(report['by_action'])} actions {report['mean_over_actions']:.3f}"
            )
    for kind in ("synthetic", "real"):
        report = facts["test"].get(kind)
        if report is None:
            continue
        print(f"\nmost confused, test, {kind}:")
        for pair in report["confusions"]:
            print(
                f"  {pair['action']} taken for {pair['taken_for']}: {pair['count']} "
                f"({pair['share']:.2f} of the action)"
            )
        cells = sorted(report["by_action"].items(), key=lambda item: item[1][1])
        print("  " + ", ".join(f"{name} {share:.2f} ({n})" for name, (n, share) in cells))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, save, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="dataset folder")
    parser.add_argument("--out", type=Path, required=True, help="folder of the classifier")
    parser.add_argument("--steps", type=int, default=ClassifierRecipe().steps)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(arguments)
    recipe = ClassifierRecipe(steps=args.steps, seed=args.seed)
    make_classifier(args.data, args.out, recipe=recipe)
    about = json.loads((args.out / "classifier.json").read_text(encoding="utf-8"))
    _print_facts(about["facts"])


if __name__ == "__main__":
    main()
