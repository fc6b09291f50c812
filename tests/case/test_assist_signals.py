"""A signal ends an assisted attempt also when it comes the moment before the loop falls asleep."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.commands import ROOT

# The main thread blocks the signal, so that another one takes it: no system call of the loop is interrupted, as when
# the signal came just before that call.
ASLEEP = """
import asyncio, os, signal, threading
from monitor.cli.cases.assist import end_at_once_on_signals, end_on_signals

number, here, ready = signal.{name}, threading.get_native_id(), threading.Event()

def asleep():
    with open(f"/proc/self/task/{{here}}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "S"

def send():
    ready.wait()
    while not asleep():
        threading.Event().wait(0.01)
    os.kill(os.getpid(), number)

threading.Thread(target=send, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, {{number}})

async def attempt():
    end_on_signals()
    asyncio.get_running_loop().call_soon(ready.set)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        end_at_once_on_signals()
        print("kept", signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler))

asyncio.run(attempt())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_wakes_a_loop_in_which_nothing_happens(name: str) -> None:
    script = ASLEEP.format(name=name)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.stdout, done.stderr) == ("kept True\n", "")
