"""Load by wrk, which costs little beside what it measures."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Figures:
    """One run: the requests that succeeded, those that did not, and latencies in milliseconds."""

    requests: int
    errors: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def run(url: str, script: str, connections: int, seconds: int, *words: str) -> Figures:
    """Load the URL; the script makes the requests."""
    threads = min(connections, 2)
    options = ["--threads", str(threads), "--connections", str(connections)]
    options += ["--duration", f"{seconds}s", "--timeout", "20s", "--script", str(SCRIPTS / script)]
    command = ["wrk", *options, url, "--", *words]
    return read(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def read(output: str) -> Figures:
    """The figures in what wrk and bench/report.lua print."""
    [line] = [line for line in output.splitlines() if line.startswith("JSON ")]
    seen = json.loads(line.removeprefix("JSON "))
    good = seen["requests"] - seen["errors"]
    latencies = (seen[name] for name in ("p50_ms", "p95_ms", "p99_ms"))
    return Figures(good, seen["errors"], good / seen["seconds"], *latencies)
