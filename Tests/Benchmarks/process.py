"""What the kernel tells of a process: its memory, its time, its wake-ups."""

import contextlib
import os
from pathlib import Path


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as line:
        user, system = line.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """Kilobytes: resident, resident anonymous, and the proportional share of anonymous."""
    found = {}
    for name, keys in (("status", ("VmRSS", "RssAnon")), ("smaps_rollup", ("Pss_Anon",))):
        with open(f"/proc/{pid}/{name}") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key in keys:
                    found[key] = int(value.split()[0])
    return found


def peak(pid):
    """Kilobytes: the most that was resident since `forget_peak`."""
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def forget_peak(pid):
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def switches(pid):
    """Context switches of each thread: an idle program makes one each time it wakes."""
    found = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/task/{thread}/status") as lines:
                found[thread] = sum(int(line.split()[1]) for line in lines if "voluntary_ctxt_switches" in line)
    return found
