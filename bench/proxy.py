"""`python -m bench.proxy`: what the readers of one poll cost the service behind the caching proxy.

nginx, the service, PostgreSQL and Valkey stand as docker-compose.yml has them. Each reader asks
fifty times as often as the widget does.
"""

import json
import os
from collections import Counter
from dataclasses import asdict

from bench.__main__ import RESULTS
from bench.load import Figures, run
from bench.stage import POLL
from tests.support.compose import Stack

READERS = int(os.environ.get("BENCH_READERS", "200"))
SECONDS = int(os.environ.get("BENCH_PROXY_SECONDS", "20"))
REACH = 2.0


def main() -> None:
    """Measure, print, and write bench/results/proxy.json."""
    stack = Stack()
    stack.note_requests()
    try:
        stack.start()
        _read(stack, 1)  # nginx lets those wait half a second who come while the first asks
        before = len(stack.requests())
        figures = _read(stack, SECONDS)
        reached = Counter(path for path in stack.requests()[before:] if path.startswith(POLL))
    finally:
        stack.stop()
    _tell(figures, {path: count / SECONDS for path, count in sorted(reached.items())})


def _read(stack: Stack, seconds: int) -> Figures:
    return run(f"{stack.url}{POLL}", "readers.lua", READERS, seconds)


def _tell(figures: Figures, reached: dict[str, float]) -> None:
    total = sum(reached.values())
    print(
        f"{READERS} readers of one poll behind the proxy: {figures.per_second:.0f} answers/s"
        f"  p50 {figures.p50_ms:.1f} ms  p99 {figures.p99_ms:.1f} ms  errors {figures.errors}"
    )
    for path, per_second in reached.items():
        print(f"  {path:<40} {per_second:.2f}/s reach the service")
    verdict = "reached" if total <= REACH else "MISSED"
    print(f"  {'in all':<40} {total:.2f}/s (reach <= {REACH:g}): {verdict}")
    RESULTS.mkdir(exist_ok=True)
    load = {"readers": READERS, "seconds": SECONDS, **asdict(figures)}
    written = {**load, "reach_the_service": reached}
    (RESULTS / "proxy.json").write_text(json.dumps(written, indent=2) + "\n")


if __name__ == "__main__":
    main()
