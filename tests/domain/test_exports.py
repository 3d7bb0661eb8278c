"""Exports: what they hold, what they must not hold, and that any number of ballots fits."""

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from service.domain import ballot_log, edits, exports, polls, sheets
from service.domain.exports import Export, What
from service.domain.sheets import Format, Table
from service.errors import NotAllowed, PollNotFound
from service.records import (
    OPERATOR,
    BallotFilter,
    BallotStatus,
    Choice,
    Permission,
    Poll,
    Question,
    ResultsVisibility,
    Role,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from service.stores.sql.long_reads import LongReads
from tests.conftest import NOON
from tests.support.actors import member, program
from tests.support.ballots import WHY, cast, make_poll

FIRST, FEW, MANY = 1, 1500, 4500  # each beside those before it; 1000 are read at a time
PAGE = "https://news.test/asia"
WHICH = Question(
    "q1", "Which one?", (Choice("c1", "Rice, wild"), Choice("c2", "=1+1"), Choice("c3", "稲"))
)
OTHER = Question(
    "q3", "What else?", (Choice("c1", "None"), Choice("c2", "Else", is_other=True)), required=False
)


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """A poll that hides its results, beside another one with ballots of the same kinds."""
    cast(stores, make_poll(stores, "noise"), "c3", page=PAGE)
    hidden = ResultsVisibility.OWNERS
    return make_poll(stores, "crops", WHICH, WHY, OTHER, results_visibility=hidden)


@pytest.fixture
def cast_ids(stores: Stores, poll: Poll) -> list[UUID]:
    """Two counted ballots and a voided one, each cast in another way."""
    ids = [
        cast(stores, poll, "c2", q2=("c1", "c3"), page=PAGE),
        cast(stores, poll, "c3", q3=("c2",), other_texts={"q3": "-2+3|cmd"}, country="IN"),
        cast(stores, poll, "c1"),
    ]
    ballot_log.void(stores, OPERATOR, "crops", [ids[2]], "@home, a script", NOON)
    return ids


def file(stores: Stores, what: What, form: Format, actor: Any = OPERATOR, **more: Any) -> Export:
    return exports.export(stores, actor, "crops", what, form, NOON, **more)


def read(export: Export) -> bytes:
    pieces = list(export.pieces)
    assert all(pieces)  # an empty piece would end a chunked answer
    return b"".join(pieces)


def csv_rows(stores: Stores, what: What, **more: Any) -> list[dict[str, str]]:
    text = read(file(stores, what, Format.CSV, **more)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def xlsx_rows(stores: Stores, what: What) -> list[tuple[Any, ...]]:
    content = read(file(stores, what, Format.XLSX))
    book = load_workbook(io.BytesIO(content), read_only=True)
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def json_rows(stores: Stores, what: What) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(read(file(stores, what, Format.JSON)))
    return rows


def test_results_are_a_row_for_each_choice_with_its_base(
    stores: Stores, poll: Poll, cast_ids: list[UUID]
) -> None:
    rows = json_rows(stores, What.RESULTS)
    assert rows[2] == {
        "question": "q1",
        "question_text": "Which one?",
        "choice": "c3",
        "choice_text": "稲",
        "votes": 1,
        "percent": 50.0,
        "base": 2,
    }
    assert [(row["question"], row["choice"], row["votes"]) for row in rows] == [
        ("q1", "c1", 0),
        ("q1", "c2", 1),
        ("q1", "c3", 1),
        ("q2", "c1", 1),
        ("q2", "c2", 0),
        ("q2", "c3", 1),
        ("q3", "c1", 0),
        ("q3", "c2", 1),
    ]
    spread = csv_rows(stores, What.RESULTS)
    assert [row["votes"] for row in spread] == [str(row["votes"]) for row in rows]
    assert (spread[0]["choice_text"], spread[1]["choice_text"]) == ("Rice, wild", "'=1+1")
    assert xlsx_rows(stores, What.RESULTS)[2] == (
        "q1",
        "Which one?",
        "c2",
        "=1+1",
        1,
        50,
        2,
    )


def test_a_ballot_is_a_row_with_codes_and_texts(
    stores: Stores, poll: Poll, cast_ids: list[UUID]
) -> None:
    rows = {row["ballot_id"]: row for row in csv_rows(stores, What.BALLOTS)}
    assert set(rows) == {str(ballot_id) for ballot_id in cast_ids}
    first, second, third = (rows[str(ballot_id)] for ballot_id in cast_ids)
    assert first == {
        "ballot_id": str(cast_ids[0]),
        "cast_at": "2026-11-24T12:00:00.000Z",
        "status": "counted",
        "reason": "",
        "page": PAGE,
        "country": "",
        "q1": "c2",
        "q1_text": "'=1+1",
        "q2": "c1; c3",
        "q2_text": "Rice; Salt",
        "q2.c1": "1",
        "q2.c2": "0",
        "q2.c3": "1",
        "q3": "",
        "q3_text": "",
        "q3_other": "",
    }
    assert (second["q3"], second["q3_other"], second["country"]) == ("c2", "'-2+3|cmd", "IN")
    assert (second["q2"], second["q2.c1"]) == ("", "")
    assert (third["status"], third["reason"]) == ("void", "'@home, a script")


def test_a_workbook_has_real_moments_in_utc_and_columns_as_wide_as_what_they_hold(
    stores: Stores, poll: Poll, cast_ids: list[UUID]
) -> None:
    sheet = load_workbook(io.BytesIO(read(file(stores, What.BALLOTS, Format.XLSX)))).active
    assert (sheet["A1"].value, sheet["B1"].value) == ("ballot_id", "cast_at (UTC)")
    assert sheet["B2"].value == NOON.replace(tzinfo=None)
    assert sheet["B2"].number_format == "yyyy-mm-dd hh:mm:ss.000"
    widths = {letter: column.width for letter, column in sheet.column_dimensions.items()}
    assert [round(widths[letter]) for letter in "ABCF"] == [39, 27, 10, 10]


def test_a_moment_is_written_in_utc_whatever_its_zone() -> None:
    moment = datetime(2026, 11, 24, 17, 30, 5, 987654, ZoneInfo("Asia/Kolkata"))
    table = Table("x", ("at",), [(moment,)], frozenset({"at"}))
    assert b"".join(sheets.write(table, Format.CSV)).endswith(b'"2026-11-24T12:00:05.987Z"\r\n')
    assert json.loads(b"".join(sheets.write(table, Format.JSON))) == [
        {"at": "2026-11-24T12:00:05.987Z"}
    ]
    book = load_workbook(io.BytesIO(b"".join(sheets.write(table, Format.XLSX))))
    assert book.active["A2"].value == datetime(2026, 11, 24, 12, 0, 5, 988000)


def test_json_keeps_texts_as_they_are_and_several_as_an_array(
    stores: Stores, poll: Poll, cast_ids: list[UUID]
) -> None:
    rows = {row["ballot_id"]: row for row in json_rows(stores, What.BALLOTS)}
    first, second = rows[str(cast_ids[0])], rows[str(cast_ids[1])]
    assert (first["q1_text"], first["q2"], first["q2.c2"]) == ("=1+1", ["c1", "c3"], 0)
    assert (second["q3_other"], second["q2"], second["q2.c2"]) == ("-2+3|cmd", [], None)


def test_ids_and_texts_of_several_marks_stay_in_step_in_whatever_order_the_choices_stand(
    stores: Stores, poll: Poll
) -> None:
    cast(stores, poll, "c1", q2=("c1", "c3"))
    first, second, third = WHY.choices
    turned = replace(WHY, choices=(third, second, first))
    draft = replace(polls.draft_of(poll), questions=(WHICH, turned, OTHER))
    edits.edit(stores, OPERATOR, "crops", draft, poll.row_version, NOON)
    (row,) = json_rows(stores, What.BALLOTS)
    assert (row["q2"], row["q2_text"]) == (["c1", "c3"], ["Rice", "Salt"])
    assert [name for name in row if name.startswith("q2.")] == ["q2.c3", "q2.c2", "q2.c1"]


def test_a_choice_that_was_added_and_voted_for_meanwhile_has_its_column(
    stores: Stores, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = LongReads.open

    def edit_and_open(reads: LongReads) -> Any:
        monkeypatch.setattr(LongReads, "open", opened)
        draft = polls.draft_of(poll)
        wider = replace(WHY, choices=(*WHY.choices, Choice("", "Oats")))
        draft = replace(draft, questions=(WHICH, wider, OTHER))
        edited = edits.edit(stores, OPERATOR, "crops", draft, poll.row_version, NOON)
        cast(stores, edited, "c1", q2=("c4",))
        return opened(reads)

    monkeypatch.setattr(LongReads, "open", edit_and_open)
    (row,) = json_rows(stores, What.BALLOTS)
    assert (row["q2"], row["q2_text"], row["q2.c4"]) == (["c4"], ["Oats"], 1)


@pytest.mark.parametrize("start", [*"=+-@\t\r\n", "\uff1d", "\uff20"])
def test_no_cell_of_a_spreadsheet_is_a_formula(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    table = Table("x", (text,), [(text, 1), (text, -1)])
    lines = b"".join(sheets.write(table, Format.CSV)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(lines, newline=""))) == [
        [f"'{text}"],
        [f"'{text}", "1"],
        [f"'{text}", "-1"],
    ]
    book = load_workbook(io.BytesIO(b"".join(sheets.write(table, Format.XLSX))))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [1, -1]


@pytest.mark.parametrize("separator", [";", "|", "\t", "\n", "; "])
def test_no_part_of_a_cell_is_one_where_another_character_separates_cells(separator: str) -> None:
    table = Table("x", ("q",), [(f"x{separator}=1+1",), (("a", "=2"),), ("x=1; y-2",)])
    lines = b"".join(sheets.write(table, Format.CSV)).decode("utf-8-sig")
    assert lines == f'"q"\r\n"x{separator}\'=1+1"\r\n"a; \'=2"\r\n"x=1; y-2"\r\n'


def test_a_workbook_goes_on_in_another_sheet_when_one_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "ROWS_A_SHEET", 4)

    def read_sheets(rows: int) -> list[list[Any]]:
        table = Table("ballots", ("n",), ((n,) for n in range(rows)))
        book = load_workbook(io.BytesIO(b"".join(sheets.write(table, Format.XLSX))))
        return [[sheet.title, *(row[0].value for row in sheet.iter_rows())] for sheet in book]

    assert read_sheets(0) == [["ballots", "n"]]
    assert read_sheets(3) == [["ballots", "n", 0, 1, 2]]
    assert read_sheets(7) == [
        ["ballots", "n", 0, 1, 2],
        ["ballots 2", "n", 3, 4, 5],
        ["ballots 3", "n", 6],
    ]


def test_what_xml_cannot_hold_does_not_break_a_workbook() -> None:
    table = Table("x", ("text",), [("a\x00b\x0bc\ufffed",), ("x" * 40_000,)])
    book = load_workbook(io.BytesIO(b"".join(sheets.write(table, Format.XLSX))))
    texts = [row[0].value for row in book.active.iter_rows(min_row=2)]
    assert texts[0].endswith("c\ufffdd")
    assert len(texts[1]) == 32_767


@pytest.mark.parametrize("form", Format)
def test_a_poll_without_ballots_makes_a_good_file(stores: Stores, poll: Poll, form: Format) -> None:
    content = read(file(stores, What.BALLOTS, form))
    if form is Format.JSON:
        assert json.loads(content) == []
    elif form is Format.CSV:
        assert content.startswith(b'\xef\xbb\xbf"ballot_id","cast_at",')
        assert content.count(b"\r\n") == 1
    else:
        assert len(xlsx_rows(stores, What.BALLOTS)) == 1


def test_a_filter_holds_for_exports_too(stores: Stores, poll: Poll, cast_ids: list[UUID]) -> None:
    only = BallotFilter(status=BallotStatus.VOID)
    assert [row["ballot_id"] for row in csv_rows(stores, What.BALLOTS, wanted=only)] == [
        str(cast_ids[2])
    ]


def test_the_file_is_named_after_the_poll_and_the_day(stores: Stores, poll: Poll) -> None:
    export = file(stores, What.BALLOTS, Format.XLSX)
    assert export.name == "crops-ballots-2026-11-24.xlsx"


def test_only_who_may_read_gets_a_file(stores: Stores, poll: Poll) -> None:
    may_read_results = program(poll.site_id, Permission.RESULTS_READ)
    assert read(file(stores, What.RESULTS, Format.CSV, may_read_results))
    with pytest.raises(NotAllowed):
        file(stores, What.BALLOTS, Format.CSV, may_read_results)
    with pytest.raises(NotAllowed):
        file(stores, What.RESULTS, Format.CSV, program(poll.site_id, Permission.BALLOTS_READ))
    for what in What:
        with pytest.raises(PollNotFound):
            file(stores, what, Format.CSV, member(poll.site_id + 1, Role.ADMIN))


@pytest.mark.parametrize(
    ("database_url", "form"),
    [*(("sqlite", form) for form in Format), ("postgres", Format.CSV)],  # each reader, each writer
    indirect=["database_url"],
)
def test_many_ballots_take_no_more_memory_than_few(
    app: Flask, stores: Stores, poll: Poll, form: Format
) -> None:
    peaks = []
    for number in (FIRST, FEW, MANY):  # the first makes what every export shares
        _insert(poll, number)
        tracemalloc.start()
        size = sum(len(piece) for piece in file(stores, What.BALLOTS, form).pieces)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert size > 20 * number
    assert peaks[2] < 1.5 * peaks[1], peaks


def test_an_export_that_is_given_up_frees_its_place(app: Flask, stores: Stores, poll: Poll) -> None:
    _insert(poll, 3000)
    for _ in range(9):  # more than may be under way at once
        pieces = file(stores, What.BALLOTS, Format.CSV).pieces
        assert next(pieces)
        assert next(pieces)
        del pieces
    assert stores.recounts.differences(poll.id) != []


def _insert(poll: Poll, number: int) -> None:
    """Ballots by the thousand, past the vote."""
    rows = [
        {
            "id": uuid4(),
            "poll_id": poll.id,
            "voter_key": uuid4().bytes,
            "answers": {"q1": [f"c{n % 3 + 1}"], "q2": ["c1", "c2"]},
            "page": PAGE,
            "cast_at": NOON,
        }
        for n in range(number)
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.Ballot), rows)
