"""One writer at a time in a registry."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError, StickgenError
from tasks.registry.store import registry_lock, store_file


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("sqlite:////a/b.db", "/a/b.db"),
        ("sqlite:///b.db", "b.db"),
        ("sqlite:////a%20b/c.db", "/a b/c.db"),
        ("http://localhost:5000", None),
        ("/folder", None),
        ("file:///folder", None),
    ],
)
def test_the_file_of_a_store(uri, file):
    assert store_file(uri) == (None if file is None else Path(file))


def test_threads_take_turns(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    inside, most = [], []

    def work():
        with registry_lock(uri):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


def test_another_process_is_named_and_its_death_frees(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    code = (
        "import time\nfrom tasks.registry.store import registry_lock\n"
        f"with registry_lock({uri!r}):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        told = rf"process {other.pid}\)"
        with pytest.raises(StickgenError, match=told), registry_lock(uri, wait_s=0.2):
            pass
        other.kill()
        other.wait()
    with registry_lock(uri, wait_s=1.0):
        pass


def test_servers_have_a_lock_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.registry.store.gettempdir", lambda: str(tmp_path))
    with registry_lock("http://one"), registry_lock("http://two", wait_s=0.0):
        assert len(list(tmp_path.iterdir())) == 2


def test_no_folder_to_write_to(tmp_path):
    with (
        pytest.raises(ConfigError, match="cannot make"),
        registry_lock(f"sqlite:///{tmp_path}/none/mlflow.db"),
    ):
        pass
