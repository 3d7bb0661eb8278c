"""Files over the API."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from service.domain import sheets
from service.errors import TemporarilyUnavailable
from service.records import LoggedBallot, Poll
from service.stores import Stores
from service.stores.sql.ballot_log import BallotLog
from service.web import downloads
from tests.support.ballots import cast, make_poll
from tests.support.programs import Program
from tests.web.test_errors import assert_problem

pytestmark = pytest.mark.both_databases

EXPORTS = "/v1/polls/crops/exports"


@pytest.fixture(autouse=True)
def poll(stores: Stores) -> Poll:
    """A poll with ballots, beside another one."""
    cast(stores, make_poll(stores, "noise"), "c3")
    poll = make_poll(stores, "crops")
    for choice in ("c1", "c2", "c2"):
        cast(stores, poll, choice)
    return poll


@pytest.mark.parametrize("what", ["results", "ballots"])
@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
    ],
)
def test_a_file_is_a_private_attachment_with_a_name(
    program: Program, what: str, form: str, media_type: str
) -> None:
    answer = program.get(f"{EXPORTS}/{what}?format={form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    name = f"crops-{what}-2026-11-24.{form}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(rows_of(answer.data, form, what)) == {"results": 6, "ballots": 3}[what]


def rows_of(content: bytes, form: str, sheet: str) -> list[Any]:
    if form == "xlsx":
        return list(load_workbook(io.BytesIO(content))[sheet].iter_rows(min_row=2))
    if form == "json":
        return list(json.loads(content))
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_is_what_comes_unless_told(program: Program) -> None:
    answer = program.get(f"{EXPORTS}/ballots")
    assert answer.data.decode("utf-8-sig").startswith('"ballot_id","cast_at","status",')


def test_ballots_are_filtered_as_in_the_log(program: Program) -> None:
    answer = program.get(f"{EXPORTS}/ballots?format=json&question=q1&choice=c2")
    assert [row["q1"] for row in answer.json] == ["c2", "c2"]
    assert_problem(program.get(f"{EXPORTS}/ballots?choice=c2"), 422, "validation_error")
    assert_problem(program.get(f"{EXPORTS}/ballots?format=pdf"), 422, "validation_error")
    assert_problem(program.get(f"{EXPORTS}/results?choice=c2"), 422, "validation_error")


@pytest.mark.parametrize("form", sheets.Format)
def test_where_the_rows_cannot_be_read_the_answer_is_an_error_and_no_torn_file(
    program: Program, stores: Stores, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.stores.sql.long_reads.WAIT_SECONDS", 0)
    room = stores.ballots._log._long_reads._room
    places = [room.acquire(blocking=False) for _ in range(4)]
    assert all(places)
    answer = program.get(f"{EXPORTS}/ballots?format={form}")
    assert_problem(answer, 503, "temporarily_unavailable")
    assert answer.headers["Retry-After"]
    for _ in places:
        room.release()
    assert program.get(f"{EXPORTS}/ballots?format={form}").status_code == 200


@pytest.mark.parametrize("form", sheets.Format)
def test_what_fails_half_way_is_an_error_and_no_torn_file(
    program: Program, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = BallotLog.stream

    @contextmanager
    def torn(*asked: Any) -> Iterator[tuple[Poll, Iterator[LoggedBallot]]]:
        def ballots() -> Iterator[LoggedBallot]:
            yield from read
            raise TemporarilyUnavailable(2)

        with whole(*asked) as (poll, read):
            yield poll, ballots()

    monkeypatch.setattr(sheets, "CHUNK_ROWS", 1)
    monkeypatch.setattr(BallotLog, "stream", torn)
    answer = program.get(f"{EXPORTS}/ballots?format={form}")
    assert_problem(answer, 503, "temporarily_unavailable")
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("form", sheets.Format)
def test_a_file_tells_its_length(program: Program, form: str) -> None:
    answer = program.get(f"{EXPORTS}/ballots?format={form}")
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_full_disk_is_said_before_anything_is_sent(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(downloads, "SMALL_BYTES", 1)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Path("/dev/full").open("wb+"))  # noqa: SIM115
    answer = program.get(f"{EXPORTS}/ballots")
    assert_problem(answer, 503, "temporarily_unavailable")
    assert answer.headers["Retry-After"] == "60"
    assert "No room for an export" in caplog.text


def test_a_disk_that_is_full_when_a_workbook_is_closed_is_the_same(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Workbook) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "_store_workbook", full)
    answer = program.get(f"{EXPORTS}/ballots?format=xlsx")
    assert_problem(answer, 503, "temporarily_unavailable")
    assert answer.json["detail"].startswith("There is no room for the file")
