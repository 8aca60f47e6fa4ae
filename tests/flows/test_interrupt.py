"""An interrupted build ends within seconds, whatever its libraries still wait for."""

from __future__ import annotations

import subprocess
import sys

import pytest

_STUCK = """
import os, signal, time
import flows.interrupt as interrupt

interrupt._GRACE_S = 0.3
try:
    with interrupt.quick_interrupt(lambda text: print(text, flush=True)):
        os.kill(os.getpid(), signal.{name})
        time.sleep(20)
except KeyboardInterrupt:
    print("unwound", flush=True)
time.sleep(20)  # as an engine does that cannot reach its server
print("too late", flush=True)
"""


@pytest.mark.parametrize("name", ["SIGINT", pytest.param("SIGTERM", marks=pytest.mark.slow)])
def test_it_ends(name):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _STUCK.format(name=name)],
        capture_output=True,
        check=False,
        text=True,
        timeout=90,
    )
    assert done.returncode == 130
    assert "run the same command again" in done.stdout
    assert "unwound" in done.stdout
    assert "too late" not in done.stdout
    assert "Traceback" not in done.stderr


def test_handlers_are_put_back():
    code = (
        "import signal, flows.interrupt as i\n"
        "before = signal.getsignal(signal.SIGTERM)\n"
        "with i.quick_interrupt(print): assert signal.getsignal(signal.SIGTERM) != before\n"
        "assert signal.getsignal(signal.SIGTERM) == before\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=90)
