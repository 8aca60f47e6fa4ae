"""Training under torchrun: process 0 runs the flow, the others only train."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import torch
import torch.distributed as dist

from datasets_spec.errors import ConfigError
from tasks.train.plan import plan_run
from tasks.train.run import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.train.job import TrainJob

__all__ = ["follow_along", "joined_processes", "num_processes"]

_PATIENCE: Final = timedelta(hours=24)
"""The others wait while process 0 embeds texts, measures and draws."""


def num_processes() -> int:
    """Processes that torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


@contextmanager
def joined_processes(job: TrainJob) -> Iterator[int]:
    """Join the processes of torchrun, and give the number of this one; 0 without torchrun.

    Raises:
        ConfigError: If there are fewer GPUs than processes on this machine.
    """
    if num_processes() == 1:
        yield 0
        return
    wanted = job.device
    cuda = wanted.startswith("cuda") or (wanted == "auto" and torch.cuda.is_available())
    local = int(os.environ["LOCAL_RANK"])
    if ":" in wanted:
        msg = f"--device {wanted}: expected auto, cpu or cuda under torchrun, which numbers them"
        raise ConfigError(msg)
    if cuda:
        count = torch.cuda.device_count()
        if local >= count:
            msg = f"expected a GPU for each process, there are {count}; lower --nproc-per-node"
            raise ConfigError(msg)
        torch.cuda.set_device(local)
    dist.init_process_group("nccl" if cuda else "gloo", timeout=_PATIENCE)
    try:
        yield dist.get_rank()
    finally:
        dist.destroy_process_group()


def follow_along(job: TrainJob) -> int:
    """Train as one of the others.

    Returns:
        Exit status 0.

    Raises:
        StickgenError: If training fails here too.
    """
    follow(plan_run(job))
    return 0
