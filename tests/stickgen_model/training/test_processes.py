"""Two processes train as one does that takes twice the batches a step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("train_in_turn.py")
TWO = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")


def weights_of(dataset, out, *, accumulation, start=()):
    out.mkdir()
    command = [sys.executable, *start, str(SCRIPT), str(dataset), str(out), str(accumulation)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [torch.load(path) for path in sorted(out.glob("weights-*.pt"))]


def test_two_processes_are_one_with_twice_the_accumulation(mixed_folder, tmp_path):
    (one,) = weights_of(mixed_folder, tmp_path / "one", accumulation=2)
    first, second = weights_of(mixed_folder, tmp_path / "two", accumulation=1, start=TWO)
    (other,) = weights_of(mixed_folder, tmp_path / "other", accumulation=1)
    assert all(torch.equal(first[name], second[name]) for name in one)
    # an update is at most the learning rate in size; sums in another order may turn a tiny one
    torch.testing.assert_close(first, one, rtol=1e-4, atol=2e-6)
    assert any((first[name] - other[name]).abs().max() > 1e-5 for name in one)
