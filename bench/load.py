"""Load by wrk, which costs little beside what it measures."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Figures:
    """One run: requests a second that succeeded, and latencies in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def run(url: str, script: str, connections: int, seconds: int, *words: str) -> Figures:
    """Load the URL; the script makes the requests."""
    options = ["--threads", "2", "--connections", str(connections), "--duration", f"{seconds}s"]
    command = ["wrk", *options, "--timeout", "20s", "--script", str(SCRIPTS / script), url, "--"]
    output = subprocess.run([*command, *words], capture_output=True, text=True, check=True).stdout
    [line] = [line for line in output.splitlines() if line.startswith("JSON ")]
    seen = json.loads(line.removeprefix("JSON "))
    good = seen["requests"] - seen["errors"]
    return Figures(good / seen["seconds"], seen["p50_ms"], seen["p99_ms"], seen["errors"])
