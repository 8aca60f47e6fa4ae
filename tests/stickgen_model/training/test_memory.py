"""Kept memory costs no page faults, and goes back in the end."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

WORK = """
import json, resource, torch
from pathlib import Path
from stickgen_model.training.memory import freed_memory_kept

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(8):
        blocks = [torch.ones(6_000_000) for _ in range(8)]  # 24 MB each
        del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

at_first, plain = held_mb(), faults()
with freed_memory_kept():
    faults()
    kept, held = faults(), held_mb()
print(json.dumps([plain, kept, held - at_first, held_mb() - at_first]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other systems are left alone")
def test_freed_memory_is_used_again_and_goes_back():
    done = subprocess.run(
        [sys.executable, "-c", WORK], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    plain, kept, held_mb, left_mb = json.loads(done.stdout)
    assert plain > 50_000
    assert kept < 1_000
    assert held_mb > 150.0
    assert left_mb < 60.0
