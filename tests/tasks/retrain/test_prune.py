"""Old results go, what is needed stays."""

from __future__ import annotations

import pytest

from tasks.retrain.ledger import Ledger
from tasks.retrain.prune import is_cleared, prune_results


def key(number):
    return f"{number:012x}" + "0" * 52


def fill(work, count, *, stage="pretrain"):
    ledger = Ledger(work / "ledger.json")
    for number in range(count):
        run = f"{stage}-{key(number)[:12]}"
        checkpoint = work / "runs" / run / "checkpoints" / "step-00000001"
        checkpoint.mkdir(parents=True)
        for name in ("config.json", "model.safetensors", "optimiser.pt"):
            (checkpoint / name).write_text("x")
        (work / "runs" / run / "job.json").write_text("{}")
        before = work / "runs" / f"{stage}-{key(number - 1)[:12]}" / "checkpoints" / "step-00000001"
        plan = {"run": run, "init_from": str(before) if number else ""}
        entry = ledger.begin(stage, key(number), inputs={}, plan=plan)
        ledger.finish(entry, {}, seconds=0.0)
    return ledger


def there(work):
    """Numbers of runs that still have their weights."""
    found = sorted((work / "runs").glob("*/checkpoints/*/model.safetensors"))
    return [int(path.parents[2].name.partition("-")[2], 16) for path in found]


@pytest.mark.parametrize("keep", [1, 2, 9])
def test_the_newest_stay(tmp_path, keep):
    ledger = fill(tmp_path, 5)
    removed = prune_results(ledger, tmp_path, keep=keep, used=set())
    assert there(tmp_path) == list(range(5))[-keep:]
    assert len(removed) == max(0, 5 - keep)
    assert len(Ledger(tmp_path / "ledger.json").entries) == min(5, keep)


def test_facts_of_a_cleared_run_stay(tmp_path):
    ledger = fill(tmp_path, 2)
    old = tmp_path / "runs" / f"pretrain-{key(0)[:12]}"
    assert not is_cleared(old)
    prune_results(ledger, tmp_path, keep=1, used=set())
    assert is_cleared(old)
    names = {path.name for path in old.rglob("*") if path.is_file()}
    assert names == {"job.json", "config.json", ".cleared"}
    assert prune_results(ledger, tmp_path, keep=1, used=set()) == ()


def test_what_is_in_use_stays(tmp_path):
    ledger = fill(tmp_path, 5)
    prune_results(ledger, tmp_path, keep=1, used={("pretrain", key(1))})
    assert there(tmp_path) == [1, 4]


def test_the_start_of_an_unfinished_one_and_the_last_finished_one_stay(tmp_path):
    ledger = fill(tmp_path, 4)
    start = tmp_path / "runs" / f"pretrain-{key(1)[:12]}" / "checkpoints" / "step-00000001"
    plan = {"run": f"pretrain-{key(9)[:12]}", "init_from": str(start)}
    ledger.begin("pretrain", key(9), inputs={}, plan=plan)
    prune_results(ledger, tmp_path, keep=1, used=set())
    assert there(tmp_path) == [1, 3]


def test_what_is_not_ours_stays(tmp_path):
    ledger = fill(tmp_path, 2)
    (tmp_path / "runs" / "mine").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("x")
    (tmp_path / "judges" / key(7)[:12]).mkdir(parents=True)
    (tmp_path / "other" / key(7)[:12]).mkdir(parents=True)
    assert prune_results(ledger, tmp_path, keep=1, used=set()) == (
        f"runs/pretrain-{key(0)[:12]}",
        f"judges/{key(7)[:12]}",
    )
    assert (tmp_path / "runs" / "mine").is_dir()
    assert (tmp_path / "other" / key(7)[:12]).is_dir()
