"""Workers of a process whose libraries run threads of their own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from stickgen_model.data.batch_plan import BatchPlan
from stickgen_model.data.clip_dataset import BatchStream, ClipDataset, fit_codec
from stickgen_model.data.worker_process import forget_parents_threads

_FLOW = """
from multiprocessing import active_children

from prefect import flow, get_run_logger
from prefect.testing.utilities import prefect_test_harness
from torch.utils.data import DataLoader

from stickgen_model.data.worker_process import forget_parents_threads


@flow
def train():
    get_run_logger().info("starts the client of logs, the flow that of events")
    others = set(active_children())
    batches = iter(DataLoader(range(9), num_workers=2, worker_init_fn=forget_parents_threads))
    next(batches)
    workers = set(active_children()) - others
    del batches
    return [worker.exitcode for worker in workers]


if __name__ == "__main__":
    with prefect_test_harness(server_startup_timeout=180):
        print(train())
"""


@pytest.fixture
def hooks():
    """The hooks of this process, put back afterwards."""
    known = threading._threading_atexits
    before = list(known)
    yield known
    known[:] = before


def fail_in_a_fork(parent):
    if os.getpid() != parent:
        raise AssertionError


def test_workers_end_well_whatever_the_parents_threads_wanted(mixed_store, texts_of, hooks):
    threading._register_atexit(fail_in_a_fork, os.getpid())
    dataset = ClipDataset(mixed_store, texts_of(mixed_store), seed=4)
    plan = BatchPlan(mixed_store.lengths, 5, seed=4)
    others = set(multiprocessing.active_children())
    stream = BatchStream(dataset, plan, codec=fit_codec(mixed_store), num_workers=2)
    batches = iter(stream)
    next(batches)
    workers = set(multiprocessing.active_children()) - others
    batches.close()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert hooks[-1].func is fail_in_a_fork  # the parent keeps its own


def test_pools_of_the_worker_itself_still_end(hooks):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
    threading._register_atexit(fail_in_a_fork, os.getpid())
    forget_parents_threads(0)
    assert [hook.func.__module__ for hook in hooks] == ["concurrent.futures.thread"]


@pytest.mark.slow
def test_workers_of_a_real_flow_end_well(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(_FLOW, encoding="utf-8")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout.strip()) == (0, "[0, 0]"), done.stderr
