"""The benchmarks run and print their tables; what they measure is no test's business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def printed(name: str, *options: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / name), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["bvh", "100style", "amass", "interhuman", "ntu"])
def test_ingest(source):
    lines = printed("ingest.py", "--source", source, "--files=1", "--repeats=1", "--short")
    head = [cell.strip() for cell in lines[1].split("|")]
    row = [cell.strip() for cell in lines[3].split("|")]
    assert row[0] == source
    assert len(row) == len(head)
    cells = dict(zip(head, row, strict=True))
    assert int(cells["frames"]) >= 59
    assert float(cells["read, frames/s"].split()[0].replace(",", "")) > 0
    assert 50 < int(cells["peak MB, 1 files"]) < 1000


@pytest.mark.slow
def test_curate():
    lines = printed("curate.py", "--clips=200", "--repeats=1")
    assert [line.split(" | ")[0] for line in lines[1:4]] == ["descriptors", "curate_index", "both"]
    assert lines[4].startswith("kept 191, near-duplicates 9")


def test_no_files_is_refused():
    with pytest.raises(subprocess.CalledProcessError):
        printed("ingest.py", "--files=0")
