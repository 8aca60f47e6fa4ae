"""The flow pretrain: a dataset folder to a model that generates."""

from __future__ import annotations

from prefect import flow

from datasets_spec.errors import ConfigError
from flows.training import train_in_flow
from tasks.train.job import TrainJob
from tasks.train.summary import TrainSummary

__all__ = ["pretrain"]


@flow(name="pretrain")
def pretrain(job: TrainJob = TrainJob()) -> TrainSummary:  # noqa: B008 - frozen
    """Train a new model on all training clips.

    Args:
        job: What to train, on what, and where to.

    Raises:
        StickgenError: If a setting, a gate, the disk or the tracking store stops the run; its
            checkpoints are kept.
    """
    if job.stage != "pretrain":
        msg = f"flow pretrain: expected stage pretrain, got {job.stage}; run the flow finetune"
        raise ConfigError(msg)
    return train_in_flow(job)
