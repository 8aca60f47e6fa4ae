"""Measure in a fresh process: CPU time, wall time, peak memory."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

__all__ = ["peak_mb", "rates", "run_alone", "timed"]

_THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


def run_alone(module: str, arguments: list[str], *, threads: int = 1) -> dict[str, Any]:
    """Run `python -m module arguments` with some threads and read the JSON it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | dict.fromkeys(_THREADS, str(threads)),
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of CPU (all threads of the process) and of wall that one call takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def rates(count: int, times: list[dict[str, float]]) -> dict[str, float]:
    """Things a second: best and median by CPU time, best by wall time."""
    cpu = [one["cpu"] for one in times]
    return {
        "best": count / min(cpu),
        "median": count / statistics.median(cpu),
        "wall": count / min(one["wall"] for one in times),
    }


def peak_mb() -> float:
    """Largest memory this process has held, MB of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file():
        # not getrusage: there a new process starts with the peak of its parent
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
