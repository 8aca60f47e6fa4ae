"""The stages of a retraining: what each depends on, what it makes, and what makes it stale."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from datasets_spec.errors import StickgenError
from flows.build_dataset import build_dataset
from flows.finetune import finetune
from flows.pretrain import pretrain
from flows.retrain_judging import Judging
from stickgen_model.training.checkpoint import CHECKPOINTS_DIR, CheckpointError
from tasks.champion.task import champion_of
from tasks.embed.embedding import texts_path
from tasks.embed.task import embed_texts
from tasks.evaluate.job import REPORT_FILE
from tasks.register.digest import folder_digest
from tasks.retrain.keys import (
    build_inputs,
    clips_digest,
    data_fingerprint,
    stage_key,
)
from tasks.retrain.outcome import RetrainSummary
from tasks.retrain.prune import RUNS_DIR, is_cleared, prune_results
from tasks.retrain.stage import Stage, Stages
from tasks.train.folder import start_checkpoint
from tasks.train.plan import choose_place
from tasks.train.presets import gate_floors, train_config

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.retrain.config import RetrainConfig
    from tasks.retrain.ledger import Entry, Ledger

__all__ = ["RetrainChain"]

Values = dict[str, Any]


class RetrainChain:
    """The stages of one retraining, from the dataset to the registry."""

    def __init__(self, config: RetrainConfig, work: Path, ledger: Ledger) -> None:
        self._config, self._work = config, work
        self._data = Path(config.dataset).expanduser().absolute()
        self._clips, self._fingerprint = "", ""
        self._stages = Stages(ledger=ledger, unharmed=self._unharmed, again=config.again)

    def run(self) -> RetrainSummary:
        """Do what is to be done.

        Raises:
            RetrainError: If a stage fails.
        """
        started = time.perf_counter()
        if self._config.build is not None:
            self._run(self._build())
        self._clips = clips_digest(self._data)
        self._fingerprint = data_fingerprint(self._data)
        self._run(self._embed())
        model = self._run(self._pretrain())
        if self._config.sft is not None:
            model = self._run(self._sft(model))
        evaluated, registered = self._judge(model)
        used = {(outcome.name, outcome.key) for outcome in self._stages.outcomes}
        prune_results(self._stages.ledger, self._work, keep=self._config.keep, used=used)
        return RetrainSummary(
            work=str(self._work),
            data=str(self._data),
            fingerprint=self._fingerprint,
            model=model["checkpoint"],
            stages=tuple(self._stages.outcomes),
            seconds=round(time.perf_counter() - started, 1),
            promoted=None if self._stages.outcomes[-1].skipped else registered["promoted"],
            decision=(f"{registered['uri']}:", *registered["reasons"]),
            report=str(Path(evaluated["folder"]) / REPORT_FILE),
        )

    def _judge(self, model: Values) -> tuple[Values, Values]:
        """Evaluation and registration of a model."""
        judging = Judging(
            config=self._config,
            work=self._work,
            data=self._data,
            fingerprint=self._fingerprint,
            ledger=self._stages.ledger,
        )
        judges = self._run(judging.judges())
        evaluated = self._run(judging.evaluate(model, judges))
        return evaluated, self._run(judging.register(model, evaluated))

    def _run(self, stage: Stage) -> Values:
        """A stage on the dataset that the retraining began with."""
        result = self._stages.run(stage)
        if self._fingerprint and data_fingerprint(self._data) != self._fingerprint:
            self._stages.ledger.forget(stage.name, stage.key)
            msg = (
                f"{self._data}: expected one dataset from the first to the last stage, it was "
                f"replaced during stage {stage.name}; run the same command again"
            )
            raise StickgenError(msg)
        return result

    def _unharmed(self) -> str:
        """What is in place whatever failed."""
        try:
            told = f"the dataset {self._data} is whole ({data_fingerprint(self._data)[:12]})"
        except StickgenError:
            told = f"there is no dataset in {self._data} yet"
        try:
            champion = champion_of(self._config.name)
        except StickgenError as error:
            return f"{told}, the registry cannot be asked ({error})"
        return f"{told}, the champion is {champion or 'not chosen yet'}"

    def _build(self) -> Stage:
        config = self._config.build
        assert config is not None

        def make(plan: Values) -> Values:
            del plan
            summary = build_dataset(config)
            kept = f"{summary.shards_reused} of {summary.shards} shards kept"
            clips = sum(row.clips for row in summary.rows)
            return {"fingerprint": summary.fingerprint, "told": f"{clips} clips, {kept}"}

        def fault(result: Values) -> str:
            try:
                found = data_fingerprint(self._data)
            except StickgenError as error:
                return str(error)
            if found != result["fingerprint"]:
                return f"{self._data} was replaced by another dataset ({found[:12]})"
            return ""

        return Stage(
            name="build",
            inputs=build_inputs(config),
            make=make,
            fault=fault,
            told=lambda result: f"dataset {result['fingerprint'][:12]}, {result['told']}",
        )

    def _embed(self) -> Stage:
        config = self._config
        folder = Path(config.texts).expanduser().absolute() if config.texts else None
        path = texts_path(self._data, config.encoder, folder)

        def make(plan: Values) -> Values:
            del plan
            device = choose_place(config.device).device
            report = embed_texts(self._data, config.encoder, folder=folder, device=str(device))
            return {"path": str(report.path), "texts": report.num_texts, "new": report.num_new}

        return Stage(
            name="embed",
            inputs={"clips": self._clips, "encoder": config.encoder},
            make=make,
            fault=lambda _: "" if path.is_file() else f"{path} is gone",
            told=lambda result: f"{result['texts']} texts, {result['new']} new",
        )

    def _pretrain(self) -> Stage:
        base = start_checkpoint(self._config.base)
        inputs = {
            "start": self._config.start,
            "base": "" if base is None else folder_digest(base),
            "continue_settings": self._config.continue_settings,
        }

        def start() -> str:
            earlier = None
            if self._config.start == "continue":
                earlier = self._stages.ledger.last_done("pretrain", self._can_start)
            if earlier is not None:
                return str(earlier.result["checkpoint"])
            return "" if base is None else str(base)

        return self._training("pretrain", inputs, start)

    def _can_start(self, entry: Entry) -> bool:
        """Whether a pretraining of this retraining can start from that of an entry."""
        was = entry.inputs["training"]
        same = (was["variant"], entry.inputs["encoder"]) == (
            self._config.variant,
            self._config.encoder,
        )
        return same and not _model_fault(entry.result)

    def _sft(self, pretrained: Values) -> Stage:
        inputs = {"from": pretrained["digest"]}
        return self._training("sft", inputs, lambda: str(pretrained["checkpoint"]))

    def _training(
        self, name: Literal["pretrain", "sft"], inputs: Values, start: Callable[[], str]
    ) -> Stage:
        """A training; its run lies in a folder of its own for what decides its weights."""
        job = self._config.train_job(name, out="-")
        training = train_config(job).to_dict()
        del training["workers"]
        weights = {
            **inputs,
            "training": training,
            "clips": self._clips,
            "encoder": job.encoder,
            "val_clips": job.val_clips,
        }
        run = f"{name}-{stage_key(name, weights)[:12]}"

        def plan() -> Values:
            entries = self._stages.ledger.entries
            # a finished run is not gone on with, and one without its weights cannot be
            if name in self._config.again or is_cleared(self._work / RUNS_DIR / run):
                number = 1 + max((entry.number for entry in entries), default=0)
                return {"run": f"{run}-{number}", "weights": run, "init_from": start()}
            for entry in reversed(entries):
                if entry.stage == name and entry.plan.get("weights") == run:
                    return entry.plan  # the same training, to be judged by other floors
            return {"run": run, "weights": run, "init_from": start()}

        def make(plan: Values) -> Values:
            out = self._work / RUNS_DIR / plan["run"]
            job = self._config.train_job(name, out=str(out), init_from=plan["init_from"])
            summary = pretrain(job) if name == "pretrain" else finetune(job)
            return {
                "run": str(out),
                "checkpoint": summary.checkpoint,
                "digest": folder_digest(Path(summary.checkpoint)),
                "step": summary.step,
                "start": plan["init_from"],
            }

        return Stage(
            name=name,
            inputs={
                **weights,
                "gate": asdict(gate_floors(job)),
                "samples": asdict(job.samples),
            },
            make=make,
            fault=_model_fault,
            told=_tell_model,
            plan=plan,
        )


def _model_fault(result: Values) -> str:
    """Why a trained model cannot be used any more."""
    checkpoint = Path(result["checkpoint"])
    try:
        found = folder_digest(checkpoint)
    except (OSError, StickgenError, CheckpointError) as error:
        return str(error)
    return "" if found == result["digest"] else f"{checkpoint} holds another model"


def _tell_model(result: Values) -> str:
    """Run and step; and those it started from."""
    start = f", from {_short(result['start'])}" if result["start"] else ""
    return f"{_short(result['checkpoint'])}{start}"


def _short(checkpoint: str) -> str:
    """Folder of the run and name of the checkpoint."""
    path = Path(checkpoint)
    run = path.parents[1] if path.parent.name == CHECKPOINTS_DIR else path.parent
    return f"{run.name}/{path.name}"
