"""Rules of the repository that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("datasets_spec", "stickgen_model", "tasks", "flows", "benchmarks")
MODULES = sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))
MAX_LINES = 300
LONGER: frozenset[str] = frozenset()
"""Modules that may be longer, each with a reason; none."""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_stay_small_and_plain(path):
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    assert text.isascii(), "sources are ASCII"
    assert len(text.splitlines()) <= MAX_LINES or name in LONGER
    assert name.startswith("benchmarks") or "__all__" in text
    unsafe = r"allow_pickle=True|weights_only=False|yaml\.load\(|\bpickle\.loads?\(|shell=True"
    assert not re.search(unsafe, text)


def test_no_large_files_are_tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    large = [
        name
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file() and (ROOT / name).stat().st_size > 200_000
    ]
    assert large == []


def test_the_lock_pins_every_dependency():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    names = {re.split(r"[<>=!~\[ ]", entry)[0].lower().replace("_", "-") for entry in wanted}
    assert names - pinned == set()
    assert not [line for line in lines if "@" in line or "://" in line]
