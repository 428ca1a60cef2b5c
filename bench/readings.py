"""What the machine tells of a process: CPU and memory from /proc; medians and spread of what was read."""

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_of(pid: int) -> float:
    """Return the CPU seconds, user and system, that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int) -> float:
    """Return the resident memory in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def forget_peak(pid: int) -> float:
    """Begin the peak of a process anew; returns the resident memory in MB from which it goes up."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return memory_of(pid)


def peak_of(pid: int) -> float:
    """Return the most resident memory, in MB, since the process began or its peak was forgotten."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def cpu_of_database(name: str) -> float:
    """Return the CPU seconds of PostgreSQL's processes that serve one database now."""
    seconds = 0.0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            if command.startswith(b"postgres:") and f" {name} ".encode() in command:
                seconds += cpu_of(int(folder.name))
        except OSError:
            continue
    return seconds


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds gave: the median, the least and the most."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Return the spread; NaN for nothing."""
        if not values:
            return cls(float("nan"), float("nan"), float("nan"))
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        digits = 0 if self.middle >= 100 else 1 if self.middle >= 10 else 2
        return f"{self.middle:.{digits}f} ({self.least:.{digits}f}–{self.most:.{digits}f})"


def share(values: list[float], part: float) -> float:
    """Return the value below which `part` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def this_machine() -> str:
    """Return cores, memory and the processor's name."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PHYS_PAGES") * PAGE / 2**30
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{cores} cores, {memory:.0f} GB, {names[0] if names else 'unknown processor'}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what, of whom, how much, the peer's or the other side's, and the aim."""

    what: str
    subject: str
    value: str
    compared: str = ""
    aim: str = ""
