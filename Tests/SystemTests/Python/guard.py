"""Ends process groups that a killed test run left behind.

Standard input says which run: `+PID` began, `-PID` ended. Its end means that the test run is gone.
"""

import contextlib
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_IGN)
running = set()
for line in sys.stdin:
    if line.startswith("+"):
        running.add(int(line[1:]))
    else:
        running.discard(int(line[1:]))
for pid in running:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
