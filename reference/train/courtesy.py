"""Sharing a machine: how many threads to use while other processes want the cores.

A parallel loop waits for its slowest thread, so a run of low priority with as many threads as cores nearly stops when
one core is taken. It loses far less by leaving that core alone.
"""

import os
import time
from pathlib import Path

import torch

STAT = Path("/proc/stat")
EVERY = 2.0


class Threads:
    """Sets torch's thread count to `most` less the cores that other processes kept busy in the last two seconds.

    Does nothing where the system has no /proc/stat.
    """

    def __init__(self, most):
        self.most = most
        self.last = time.monotonic()
        self.others = _seconds_of_others()
        torch.set_num_threads(most)

    def adjust(self):
        now = time.monotonic()
        if self.others is None or now - self.last < EVERY:
            return
        others = _seconds_of_others()
        busy = (others - self.others) / (now - self.last)
        self.last, self.others = now, others
        free = (os.cpu_count() or 1) - int(busy + 0.6)
        wanted = max(1, min(self.most, free))
        if wanted != torch.get_num_threads():
            torch.set_num_threads(wanted)


def _seconds_of_others():
    """Processor seconds, all cores together, that every process but this one has used since the machine started."""
    if not STAT.exists():
        return None
    user, nice, system = STAT.read_text().split()[1:4]
    total = (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")
    return total - time.process_time()
