"""The flow finetune: a pretrained model to a better one (sft) or to an adapter (lora)."""

from __future__ import annotations

from prefect import flow

from datasets_spec.errors import ConfigError
from flows.training import train_in_flow
from tasks.train.job import TrainJob
from tasks.train.summary import TrainSummary

__all__ = ["finetune"]


@flow(name="finetune")
def finetune(job: TrainJob = TrainJob(stage="sft")) -> TrainSummary:  # noqa: B008 - frozen
    """Train on from a checkpoint, on the fine-tuning set or as an adapter.

    Args:
        job: What to train, from what, on what, and where to.

    Raises:
        StickgenError: If a setting, a gate, the disk or the tracking store stops the run; its
            checkpoints are kept.
    """
    if job.stage == "pretrain":
        msg = "flow finetune: expected stage sft or lora, got pretrain; run the flow pretrain"
        raise ConfigError(msg)
    return train_in_flow(job)
