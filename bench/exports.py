"""`python -m bench.exports`: a million ballots in PostgreSQL, exported in each format.

An export is a process of its own, `flask poll export`; its memory is the most that it ever held,
over that of a process that exports eight rows of results. The same files are then downloaded of a
web process, which makes each whole on disk first. Then what owners read of so many ballots.
"""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from service.app import create_app
from service.config import Settings
from service.domain import ballot_log, breakdowns, recounts, results
from service.domain.timelines import Bucket
from service.records import OPERATOR, BallotFilter
from service.stores import Stores
from service.web import current
from tests.support.many_ballots import cast_many
from tests.support.postgres import Postgres
from tests.support.service import ROOT, SECRET_KEY, RunningService

BALLOTS = int(os.environ.get("BENCH_BALLOTS", "1000000"))
SLUG = "region-interest"
NO_REDIS = "redis://127.0.0.1:1"
REACH_MB = 200
PIECE_BYTES = 64 * 1024
SECRET = re.compile(r"vp_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")


def main() -> None:
    """Make the ballots, export them, read them as owners do; print what each takes."""
    postgres = Postgres()
    try:
        service = RunningService(postgres.create_database("voxpop"), NO_REDIS, WEB_PROCESSES="1")
        service.command("migrate")
        service.command("demo")
        cast_many(sa.create_engine(service.environment["DATABASE_URL"]), SLUG, BALLOTS)
        _measure_exports(service)
        _measure_downloads(service)
        _measure_reads(service.environment["DATABASE_URL"])
    finally:
        postgres.stop()


def _measure_exports(service: RunningService) -> None:
    with TemporaryDirectory() as folder:
        idle, _, _ = _export(service, "results", "csv", Path(folder))
        print(f"{BALLOTS} ballots; idle is {idle:.0f} MB", flush=True)
        for form in ("csv", "json", "xlsx"):
            held, seconds, megabytes = _export(service, "ballots", form, Path(folder))
            _tell(form, held - idle, seconds, megabytes)


def _tell(form: str, over: float, seconds: float, megabytes: float) -> None:
    verdict = "reached" if over < REACH_MB else "MISSED"
    print(
        f"{form:<5} {seconds:>6.1f} s  {megabytes:>5.0f} MB of file"
        f"  {over:>4.0f} MB over idle (reach < {REACH_MB}): {verdict}",
        flush=True,
    )


def _export(
    service: RunningService, what: str, form: str, folder: Path
) -> tuple[float, float, float]:
    """The most megabytes that the process held, its seconds, and its file's megabytes."""
    path, started = folder / f"export.{form}", time.monotonic()
    flask = str(Path(sys.executable).with_name("flask"))
    words = ("--what", what, "--format", form, "--output", str(path))
    command = [flask, "--app", "wsgi", "poll", "export", SLUG, *words]
    process = subprocess.Popen(command, cwd=ROOT, env=service.environment)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, "the export failed"
    return usage.ru_maxrss / 1024, time.monotonic() - started, path.stat().st_size / 1e6


def _measure_downloads(service: RunningService) -> None:
    scope = ("--scope", "ballots:read")
    words = ("key", "create", "--site", "demo", "--name", "bench", *scope)
    [key] = SECRET.findall(service.command(*words))
    service.serve()
    try:
        [worker] = service.workers()
        _download(service, "csv", key)  # the first asks for what all others share
        print("downloaded", flush=True)
        for form in ("csv", "json", "xlsx"):
            idle, started = _megabytes(worker, "VmRSS"), time.monotonic()
            Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak begins anew
            megabytes = _download(service, form, key)
            seconds = time.monotonic() - started
            _tell(form, _megabytes(worker, "VmHWM") - idle, seconds, megabytes)
    finally:
        service.stop()


def _download(service: RunningService, form: str, key: str) -> float:
    """The megabytes of the file, all of which come."""
    request = urllib.request.Request(
        f"{service.url}/v1/polls/{SLUG}/exports/ballots?format={form}",
        headers={"Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        length = sum(len(piece) for piece in iter(lambda: answer.read(PIECE_BYTES), b""))
        assert length == int(answer.headers["Content-Length"])
    return length / 1e6


def _megabytes(pid: int, what: str) -> float:
    """What the kernel says of the process's memory."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if what in line]
    return int(line.split()[1]) / 1024


def _measure_reads(database_url: str) -> None:
    app = create_app(
        Settings(
            database_url=database_url, redis_url=NO_REDIS, secret_key=SECRET_KEY, public_url=""
        )
    )
    with app.app_context():
        for name, read in _reads(current.stores()).items():
            started = time.monotonic()
            read()
            print(f"{name:<28} {time.monotonic() - started:>8.3f} s", flush=True)


def _reads(stores: Stores) -> dict[str, Callable[[], object]]:
    """What owners read; the first call connects."""
    now = current.now()
    marked, missing = (BallotFilter(question="q1", choice=choice) for choice in ("c3", "c8"))
    nowhere = BallotFilter(page="https://nowhere.example.org/")
    return {
        "the log, first page": lambda: ballot_log.read(stores, OPERATOR, SLUG),
        "the log, again": lambda: ballot_log.read(stores, OPERATOR, SLUG),
        "by a choice": lambda: ballot_log.read(stores, OPERATOR, SLUG, marked),
        "by a choice nobody marked": lambda: ballot_log.read(stores, OPERATOR, SLUG, missing),
        "by a page without ballots": lambda: ballot_log.read(stores, OPERATOR, SLUG, nowhere),
        "over time, by the day": lambda: results.over_time(stores, OPERATOR, SLUG, Bucket.DAY),
        "by page": lambda: breakdowns.by_page(stores, OPERATOR, SLUG),
        "by country": lambda: breakdowns.by_country(stores, OPERATOR, SLUG),
        "recount": lambda: list(recounts.run(stores, now)),
        "recount --fix": lambda: list(recounts.run(stores, now, fix=True)),
    }


if __name__ == "__main__":
    main()
