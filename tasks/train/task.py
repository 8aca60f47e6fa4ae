"""Training as Prefect tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from stickgen_model.text.text_table import TextTable
from tasks.gate.training_tables import data_tables, text_tables
from tasks.publish.manifest import verify_manifest
from tasks.train.data import choose_clips, clip_table, open_data
from tasks.train.prompts import GATE_PROMPTS, prompt_vectors
from tasks.train.run import judge_run, train_run
from tasks.train.samples import sample_prompts

if TYPE_CHECKING:
    from tasks.train.data import ChosenClips
    from tasks.train.run import JudgedRun, TrainOutcome

__all__ = [
    "choose_training_clips",
    "judge_model",
    "open_training_data",
    "train_model",
]

# plans, tables and trackers stay in this process: annotations say so, results are never stored
Anything = Any


@task(name="choose-clips", cache_policy=NO_CACHE)
def choose_training_clips(plan: Anything) -> tuple[ChosenClips, dict[str, Any]]:
    """Which clips to train on, and the tables of their gate.

    Raises:
        StickgenError: If the dataset has none, or is damaged.
    """
    table = clip_table(plan.data)
    chosen = choose_clips(plan.job, plan.data, table)
    used = table if not chosen.sft else table.filter(table["sft"] | (table["split"] == "val"))
    ids = used["clip_id"].to_list() if chosen.only is None else chosen.only
    files_true = not verify_manifest(plan.data)
    tables = data_tables(used, plan.floors, chosen=ids, files_true=files_true)
    return chosen, tables


@task(name="open-data", cache_policy=NO_CACHE)
def open_training_data(plan: Anything, chosen: Anything) -> tuple[Any, Any, dict[str, Any]]:
    """Clips and vectors, vectors of the prompts, and the tables of the texts' gate.

    Raises:
        StickgenError: If a file is damaged, or the encoder is needed and cannot be had.
    """
    data = open_data(
        chosen,
        TextTable.load(plan.texts),
        num_actions=plan.config.num_actions,
        pictures=plan.config.multimodal,
    )
    prompts = (*sample_prompts(plan.job.samples), *GATE_PROMPTS.values())
    vectors = prompt_vectors(plan.run.prompts, prompts, plan.job.encoder, device=plan.place.device)
    stores = [store for store in (data.train, data.val) if store is not None]
    sentences = {sentence for store in stores for sentence in store.sentences}
    missing = sum(sentence not in data.texts for sentence in sentences)
    name = data.texts.identity.name
    return data, vectors, text_tables(encoder=name, wanted=plan.job.encoder, missing=missing)


@task(name="train", cache_policy=NO_CACHE)
def train_model(
    plan: Anything, data: Anything, vectors: Anything, tracker: Anything
) -> TrainOutcome:
    """Train, or go on training.

    Raises:
        StickgenError: If settings, data, checkpoint, disk or memory do not allow it.
    """
    return train_run(plan, data, vectors=vectors, tracker=tracker)


@task(name="judge", cache_policy=NO_CACHE)
def judge_model(plan: Anything, outcome: Anything, vectors: Anything) -> JudgedRun:
    """Generate with the best checkpoint and measure what comes out."""
    return judge_run(plan, outcome, vectors)
