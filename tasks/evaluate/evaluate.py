"""One evaluation: a model, a champion if there is one, and references, on the same prompts.

Every clip is generated once. Intervals come from halves of the prompts, see
`tasks.evaluate.halves`; for multimodality a few prompts are generated several times.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.evaluate.copies import MotionIndex
from stickgen_model.evaluate.evaluation import MODEL_ROW, Evaluation, Row
from stickgen_model.evaluate.examples import Example
from stickgen_model.evaluate.held_out import read_held_out
from stickgen_model.evaluate.pose_metrics import switch_jerk
from stickgen_model.evaluate.training_motion import NearestText, pose_moments
from tasks.evaluate.data_facts import data_facts
from tasks.evaluate.generation import generate_clips, generate_scripts
from tasks.evaluate.halves import draws
from tasks.evaluate.judged import copy_values, judge_clips, judge_trial
from tasks.evaluate.measure import measure_multimodality, measure_row, measure_switches
from tasks.evaluate.references import CHAMPION, REFERENCES, reference_clips, still_scripts
from tasks.evaluate.robustness import measure_robustness
from tasks.evaluate.trial import choose_trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.evaluate.evaluation import Measured
    from stickgen_model.evaluate.held_out import HeldOut
    from stickgen_model.evaluate.training_motion import PoseMoments
    from tasks.evaluate.candidate import Candidate
    from tasks.evaluate.halves import Draw
    from tasks.evaluate.judged import JudgedTrial
    from tasks.evaluate.settings import EvaluationSettings
    from tasks.evaluate.trial import Trial
    from tasks.judge.judges import Judges

    Clips = Sequence[NDArray[np.float32]]

__all__ = ["CHAMPION_DIGEST", "evaluate_model"]

CHAMPION_DIGEST: Final = "champion_digest"
"""In the settings of an evaluation: digest of the model of its row `champion`."""
_SEED_AGAIN: Final = 1
_COPY_ROWS: Final = (MODEL_ROW, CHAMPION, "real", "nearest_text")
"""The last of them is made of training clips: there the check must find them."""
_SHOWN_ROWS: Final = (MODEL_ROW, "real", CHAMPION, "nearest_text")


@dataclass(eq=False, kw_only=True, slots=True)
class _Progress:
    """Tells what is done next, and how long parts took."""

    tell: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str, what: str = "") -> Iterator[None]:
        """Add the time of a block to a part."""
        self.tell(what or name)
        begun = time.perf_counter()
        yield
        spent = self.seconds.get(name, 0.0) + time.perf_counter() - begun
        self.seconds[name] = round(spent, 3)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Work:
    """What all rows share."""

    judged: JudgedTrial
    settings: EvaluationSettings
    drawn: Sequence[Draw]
    progress: _Progress
    copies: MotionIndex | None

    @property
    def trial(self) -> Trial:
        return self.judged.trial

    def row(self, name: str, kind: str, told: str, clips: Clips, **extra: Measured) -> Row:
        """Measure clips that belong to the items."""
        with self.progress.part("measuring", f"measuring {name}"):
            goals = list(self.trial.twins) if name == "real" else None
            seen = judge_clips(clips, self.judged, real=goals)
        if self.copies is not None and name in _COPY_ROWS:
            with self.progress.part("copies", f"looking for copies in {name}"):
                most = self.settings.copies
                seen.values.update(copy_values(clips, self.copies, most=most))
        with self.progress.part("measuring", f"repeats of {name}"):
            found = measure_row(seen, self.judged, self.drawn)
        return Row(name=name, kind=kind, told=told, metrics={**found, **extra})

    def switches(self, clips: Clips) -> dict[str, Measured]:
        """Jerk where the action changes in clips of the scripts."""
        scripts = self.trial.scripts
        peaks = [
            switch_jerk([clip], [script.switches])
            for clip, script in zip(clips, scripts, strict=True)
        ]
        return measure_switches(peaks, self.drawn)


def evaluate_model(
    model: Candidate,
    data: Path,
    judges: Judges,
    settings: EvaluationSettings,
    champion: Candidate | None = None,
    *,
    tell: Callable[[str], None] | None = None,
) -> tuple[Evaluation, tuple[Example, ...]]:
    """Measure a model beside references and the champion.

    Args:
        model: As of `open_candidate`.
        data: Dataset folder.
        judges: As of `open_judges`; trained on the training split of the same data.
        settings: What is asked, how often.
        champion: The model that is to be beaten; None = none.
        tell: Takes what is done next, one line each.

    Returns:
        What was measured; and prompts with clips to look at.

    Raises:
        ConfigError: If the data holds too few captions.
        StickgenError: If data cannot be read, or a model gives numbers that are not finite.
    """
    progress = _Progress(tell=tell or (lambda _line: None))
    with progress.part("reading", f"reading {data}"):
        found = read_held_out(data, split=settings.split)
        trial = choose_trial(found, settings)
        training = read_held_out(data, split="train")
        moments = pose_moments([item.joints for item in training.clips])
        nearest = NearestText(training.clips)
        copies = MotionIndex.build(training.whole) if settings.copies else None
    work = _Work(
        judged=judge_trial(trial, judges),
        settings=settings,
        drawn=draws(settings.seed, settings.repeats),
        progress=progress,
        copies=copies,
    )
    clips: dict[str, Clips] = {}
    rows = [_generated(MODEL_ROW, "model", model, work, clips)]
    if champion is not None:
        rows.append(_generated(CHAMPION, CHAMPION, champion, work, clips))
    rows += _references(work, moments, nearest, clips)
    with progress.part("robustness"):
        lost = measure_robustness(
            model,
            trial.items[: settings.suite_prompts],
            judges,
            settings,
            drawn=work.drawn,
            tell=progress.tell,
        )
    if lost is not None:
        rows[0].metrics["robustness"] = lost.total
    evaluation = Evaluation(
        model=dict(model.facts),
        data=data_facts(data, split=settings.split, found=found, trial=trial),
        settings=_told_settings(settings, champion),
        judges=judges.told,
        rows=tuple(rows),
        suites=() if lost is None else lost.suites,
        robustness=None if lost is None else lost.total,
        seconds=progress.seconds,
    )
    return evaluation, _examples(work, clips)


def _generated(
    name: str, kind: str, candidate: Candidate, work: _Work, clips: dict[str, Clips]
) -> Row:
    """The row of a model."""
    trial, settings = work.trial, work.settings
    again = [item for item in trial.items[: settings.again] for _ in range(settings.each)]
    part = f"generating {name}"
    with work.progress.part(part, f"{name}: {len(trial.items)} prompts"):
        clips[name] = generate_clips(candidate, trial.items, settings)
    with work.progress.part(part, f"{name}: {len(again)} clips of the same prompts"):
        made = generate_clips(candidate, again, settings, seed=_SEED_AGAIN)
        embed = work.judged.judges.encoder.embed_motions
        each = settings.each
        groups = [embed(made[i : i + each]) for i in range(0, len(made), each)]
    with work.progress.part(part, f"{name}: {len(trial.scripts)} scripts"):
        scripts = generate_scripts(candidate, trial.scripts, settings)
    extra = measure_multimodality(groups, work.drawn) | work.switches(scripts)
    return work.row(name, kind, candidate.told, clips[name], **extra)


def _references(
    work: _Work, moments: PoseMoments, nearest: NearestText, clips: dict[str, Clips]
) -> list[Row]:
    """The rows of the references."""
    trial, settings = work.trial, work.settings
    embed = work.judged.judges.encoder.embed_motions
    scripts = still_scripts(
        [script.joints for script in trial.scripts], moments=moments, seed=settings.seed
    )
    rows = []
    for found in reference_clips(trial.items, moments=moments, nearest=nearest, seed=settings.seed):
        clips[found.name] = found.clips
        extra = work.switches(scripts[found.name]) if found.name in scripts else {}
        if found.name == "real":
            groups = [embed(same) for same in trial.namesakes]
            extra |= measure_multimodality(groups, work.drawn)
        told = REFERENCES[found.name]
        rows.append(work.row(found.name, "reference", told, found.clips, **extra))
    return rows


def _told_settings(settings: EvaluationSettings, champion: Candidate | None) -> dict[str, Any]:
    told = settings.to_dict()
    if champion is not None:
        told |= {CHAMPION_DIGEST: champion.facts.get("digest", ""), "champion": champion.told}
    return told


def _examples(work: _Work, clips: dict[str, Clips]) -> tuple[Example, ...]:
    """The first prompts of different actions, then others."""
    items = work.trial.items
    rows = sorted(range(len(items)), key=lambda row: _seen_before(items, row))
    return tuple(
        Example(
            prompt=items[row].text,
            action=items[row].action,
            clips={name: clips[name][row] for name in _SHOWN_ROWS if name in clips},
        )
        for row in sorted(rows[: work.settings.examples])
    )


def _seen_before(items: Sequence[HeldOut], row: int) -> int:
    """How many items before it ask for the same action."""
    return sum(item.action == items[row].action for item in items[:row])
