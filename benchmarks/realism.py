"""How real synthetic motion is: beside a dataset of real motion, action by action.

Usage: `python benchmarks/realism.py REAL SYNTHETIC [--label PATTERN=ACTION ...]`.

Both are dataset folders. Three answers: (1) for each action and measure the share of synthetic
windows between the 1st and 99th percentile of the real ones; (2) a two-sample test: how well a
classifier tells real from synthetic windows of one action (0.5: not at all; 1.0: always), with
performers kept apart; (3) an action classifier trained on the synthetic windows alone and tested on
the real ones, with its confusion table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks.clip_windows import (
    CLEANER,
    FEATURES,
    Windows,
    directions,
    facing_ahead,
    heading,
    leg_length,
    load_windows,
    measure,
)
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import MIRROR, joint_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["describe", "inside_share", "main", "mirrored", "told_apart"]

_LEAST_REAL: Final = 12
"""Windows of an action that a percentile needs."""
_ENDS: Final = [
    joint_index(name) for name in ("head", "pelvis", "l_hand", "r_hand", "l_foot", "r_foot")
]
_TREES: Final = 400
_PER_ACTION: Final = 400
"""Most synthetic windows of an action that are used."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("real", type=Path)
    parser.add_argument("synthetic", type=Path)
    parser.add_argument("--label", action="append", default=[], metavar="PATTERN=ACTION")
    chosen = parser.parse_args(arguments)
    relabel = dict(text.rsplit("=", 1) for text in chosen.label)
    real, made = load_windows(chosen.real, relabel), load_windows(chosen.synthetic, {})
    actions = [a for a, n in sorted(Counter(real.actions).items()) if n >= _LEAST_REAL]
    _print_distributions(real, made, actions)
    _print_two_sample(real, made, actions)
    _print_transfer(real, made, actions)


def inside_share(real: NDArray[np.float64], made: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of made values between the 1st and 99th percentile of the real ones, a column.

    Of the columns that `FEATURES` names and `CLEANER` has, only the 99th counts: a contact that is
    cleaner than the recorded ones is no fault.

    Args:
        real: Shape (N, K).
        made: Shape (M, K).
    """
    low, high = np.percentile(real, [1.0, 99.0], axis=0)
    if made.shape[1] == len(FEATURES):
        low[[FEATURES.index(name) for name in CLEANER]] = -np.inf
    return np.asarray(((made >= low) & (made <= high)).mean(axis=0))


def describe(joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """A window as one vector for the classifiers: poses, movement, rhythm; shape (D,).

    Bones as directions and heights in leg lengths say the same of every rig; the facing of the
    window itself is ahead.

    Args:
        joints: (T, 10, 3), x left, y up, z ahead, H.
    """
    turned = facing_ahead(joints)
    pelvis = turned[:, 1] * np.array([1.0, 0.0, 1.0])
    bones = directions(turned)
    leg = leg_length(turned)
    heights = turned[:, _ENDS, 1] / leg
    feet = (turned[:, _ENDS[4]] - turned[:, _ENDS[5]])[:, [0, 2]] / leg
    hands = (turned[:, _ENDS[2]] - turned[:, _ENDS[3]]) / leg
    body = np.concatenate([bones.reshape(len(bones), -1), heights, feet, hands], axis=1)
    speed = np.abs(np.diff(body, axis=0)) * CLIP_FPS
    way = (pelvis[-1] - pelvis[0]) * CLIP_FPS / (len(joints) - 1)
    path = np.linalg.norm(np.diff(pelvis, axis=0), axis=1).mean() * CLIP_FPS
    rhythm = np.abs(np.fft.rfft((body - body.mean(axis=0)) * np.hanning(len(body))[:, None], 64, 0))
    bands = np.log(np.stack([rhythm[a:b].sum(axis=0) for a, b in ((1, 3), (3, 6), (6, 12))]) + 0.05)
    return np.concatenate(
        [
            body.mean(axis=0),
            body.std(axis=0),
            *np.percentile(body, [5, 95], axis=0),
            body[-5:].mean(axis=0) - body[:5].mean(axis=0),
            np.log(speed.mean(axis=0) + 0.05),
            bands.ravel(),
            way[[0, 2]],
            [np.hypot(way[0], way[2]), path, _turned(joints)],
            measure(joints),
        ]
    )


def _turned(joints: NDArray[np.float64]) -> float:
    """How far the body turns from the first to the last frames, radians without sign."""
    one, other = heading(joints[:5]), heading(joints[-5:])
    return float(np.abs((one - other + np.pi) % (2 * np.pi) - np.pi))


def mirrored(joints: NDArray[np.float64]) -> NDArray[np.float64]:
    """The window seen in a mirror: left becomes right."""
    return joints[:, list(MIRROR)] * np.array([-1.0, 1.0, 1.0])


def _pick(windows: Windows, action: str) -> list[int]:
    rows = [i for i, name in enumerate(windows.actions) if name == action]
    if len(rows) > _PER_ACTION:
        rng = np.random.default_rng(0)
        rows = sorted(rng.choice(rows, _PER_ACTION, replace=False).tolist())
    return rows


def _print_distributions(real: Windows, made: Windows, actions: Sequence[str]) -> None:
    print("share of synthetic windows within the 1st to 99th percentile of real ones")
    print(f"(of {', '.join(CLEANER)}: below the 99th; cleaner than recorded is no fault)")
    print("action | real | made | " + " | ".join(FEATURES))
    for action in actions:
        ours, theirs = _pick(made, action), _pick(real, action)
        if not ours:
            continue
        one = np.stack([measure(real.joints[i]) for i in theirs])
        two = np.stack([measure(made.joints[i]) for i in ours])
        share = inside_share(one, two)
        print(f"{action} | {len(theirs)} | {len(ours)} | " + " | ".join(f"{s:.2f}" for s in share))
        for name, values in (("real", one), ("made", two)):
            low, mid, high = np.percentile(values, [1, 50, 99], axis=0)
            cells = [f"{a:.2f} {b:.2f} {c:.2f}" for a, b, c in zip(low, mid, high, strict=True)]
            print(f"  {name} 1/50/99 % | | | " + " | ".join(cells))


def _print_two_sample(real: Windows, made: Windows, actions: Sequence[str]) -> None:
    print("\ntwo-sample test: balanced accuracy of real against synthetic (0.5: no difference)")
    for action in actions:
        ours, theirs = _pick(made, action), _pick(real, action)
        groups = [made.groups[i] for i in ours] + [real.groups[i] for i in theirs]
        if not ours or len({real.groups[i] for i in theirs}) < 2:
            print(f"{action} | not enough performers")
            continue
        rows = [describe(made.joints[i]) for i in ours] + [describe(real.joints[i]) for i in theirs]
        truth = np.array([0] * len(ours) + [1] * len(theirs))
        print(f"{action} | {told_apart(np.stack(rows), truth, np.array(groups)):.3f}")


def told_apart(
    rows: NDArray[np.float64],
    truth: NDArray[np.int64],
    groups: NDArray[np.str_],
    *,
    trees: int = _TREES,
) -> float:
    """Balanced accuracy of telling real (1) from synthetic (0), performers kept apart.

    Args:
        rows: Shape (N, D), one window each.
        truth: Shape (N,).
        groups: Shape (N,), who performed.
        trees: Of the forest.
    """
    folds = min(5, len(set(groups[truth == 1])))
    scores = []
    for train, test in StratifiedGroupKFold(folds).split(rows, truth, groups):
        if len(set(truth[test])) == 2 and len(set(truth[train])) == 2:
            forest = _forest(trees).fit(rows[train], truth[train])
            scores.append(balanced_accuracy_score(truth[test], forest.predict(rows[test])))
    return float(np.mean(scores))


def _forest(trees: int = _TREES) -> ExtraTreesClassifier:
    return ExtraTreesClassifier(
        trees, class_weight="balanced_subsample", min_samples_leaf=2, random_state=0, n_jobs=-1
    )


def _print_transfer(real: Windows, made: Windows, actions: Sequence[str]) -> None:
    train = [i for name in sorted(set(made.actions)) for i in _pick(made, name)]
    test = [i for name in actions for i in _pick(real, name)]
    rows = np.stack(
        [describe(j) for i in train for j in (made.joints[i], mirrored(made.joints[i]))]
    )
    forest = _forest().fit(rows, [made.actions[i] for i in train for _ in range(2)])
    truth = np.array([real.actions[i] for i in test])
    told = forest.predict(np.stack([describe(real.joints[i]) for i in test]))
    print(f"\ntrained on {len(train)} synthetic windows of {len(set(made.actions))} actions,")
    print(
        f"tested on {len(test)} real ones of {len(actions)}: accuracy {np.mean(told == truth):.3f}"
    )
    print(f"mean over actions {balanced_accuracy_score(truth, told):.3f}")
    for action in actions:
        answers = Counter(told[truth == action].tolist()).most_common(6)
        total = int((truth == action).sum())
        print(f"{action} ({total}) | " + ", ".join(f"{n} {c / total:.2f}" for n, c in answers))


if __name__ == "__main__":
    main()
