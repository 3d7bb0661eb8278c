"""Tables as files: CSV, XLSX and JSON, made row by row, so that any number of rows fits."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import orjson
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | datetime | tuple[str, ...] | None
Plain = str | int | float | datetime
Row = Sequence[Cell]
Pieces = Generator[bytes, None, None]

CHUNK_ROWS = 500
CHUNK_BYTES = 64 * 1024
OPERATORS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # with the wide ones of East Asian keyboards
# Where a spreadsheet may see the start of a formula: at that of the cell, and after what separates
# cells in other countries' lists.
FORMULA_START = re.compile(rf"^(?=[{OPERATORS}\t\r\n])|(?<=[;|\t\r\n])\s*(?=[{OPERATORS}])")
JOINT = "; "
LONGEST_CELL = 32_767
ROWS_A_SHEET = 1_048_576
SAMPLE_ROWS = 100
NARROWEST, WIDEST = 8, 48
MOMENT_FORMAT = "yyyy-mm-dd hh:mm:ss.000"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
NOT_IN_XML = re.compile("[\ufffe\uffff]")


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows, which are read once. A cell that is a tuple holds several texts;
    where a file's cell can hold only one they are joined. `moments` names the columns of dates."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]
    moments: frozenset[str] = frozenset()


def write(table: Table, form: Format) -> Pieces:
    """The table's file, piece by piece. Where rows cannot be had, the first piece cannot."""
    match form:
        case Format.CSV:
            return _csv(table)
        case Format.XLSX:
            return _xlsx(table)
        case Format.JSON:
            return _json(table)


def _csv(table: Table) -> Pieces:
    """RFC 4180 in UTF-8, with the mark by which spreadsheets know that."""
    rows = iter(table.rows)
    some = list(islice(rows, CHUNK_ROWS))
    yield codecs.BOM_UTF8 + _lines([table.columns, *some])
    while some := list(islice(rows, CHUNK_ROWS)):
        yield _lines(some)


def _lines(rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_defused(_written(cell)) for cell in _plain(row)] for row in rows)
    return buffer.getvalue().encode()


def _json(table: Table) -> Pieces:
    """An array of objects, one a line; several texts are an array of their own."""
    rows = iter(table.rows)
    before = b"[\n"
    while some := list(islice(rows, CHUNK_ROWS)):
        documents = (_document(table.columns, row) for row in some)
        yield before + b",\n".join(documents)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _document(columns: Sequence[str], row: Row) -> bytes:
    named = dict(zip(columns, row, strict=True))
    return orjson.dumps(named, _written, orjson.OPT_PASSTHROUGH_DATETIME)


def _xlsx(table: Table) -> Pieces:
    """A workbook, finished on disk before its first piece is given: its directory comes last."""
    with TemporaryDirectory(prefix="voxpop-export-") as folder:
        path = Path(folder) / "export.xlsx"
        _write_workbook(table, path)
        with path.open("rb") as file:
            yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK_BYTES):
        yield piece


def _write_workbook(table: Table, path: Path) -> None:
    rows = iter(table.rows)
    some = list(islice(rows, SAMPLE_ROWS))  # if none can be had, no workbook is left to clear away
    book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    book.use_zip64()
    try:
        _fill(book, table, chain(some, rows), _widths(table, some))
        book.close()
    except FileCreateError as error:
        raise error.__context__ or error from None  # what the disk said of itself
    finally:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()


def _fill(book: Workbook, table: Table, rows: Iterator[Row], widths: Sequence[int]) -> None:
    head = [f"{name} (UTC)" if name in table.moments else name for name in table.columns]
    moment = book.add_format({"num_format": MOMENT_FORMAT, "align": "left"})
    name = table.name
    while True:
        sheet = book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        is_full = _write_sheet(sheet, head, rows, moment)
        ahead = list(islice(rows, 1)) if is_full else []
        if not ahead:
            return
        rows = chain(ahead, rows)
        name = f"{table.name} {len(book.worksheets()) + 1}"


def _widths(table: Table, some: Sequence[Row]) -> list[int]:
    """How wide the columns are, in characters, by their names and some rows."""
    lines = [table.columns, *(map(_written, _plain(row)) for row in some)]
    longest = (max(len(str(cell)) for cell in column) for column in zip(*lines, strict=False))
    return [max(NARROWEST, min(length + 2, WIDEST)) for length in longest]


def _write_sheet(sheet: Worksheet, head: Row, rows: Iterator[Row], moment: CellFormat) -> bool:
    """Fill a sheet; True if it is full, so that there may be more rows."""
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, head, moment)
    place = 0
    for place, row in enumerate(islice(rows, ROWS_A_SHEET - 1), start=1):
        _write_row(sheet, place, row, moment)
    return place == ROWS_A_SHEET - 1


def _write_row(sheet: Worksheet, place: int, row: Row, moment: CellFormat) -> None:
    for column, cell in enumerate(_plain(row)):
        if isinstance(cell, datetime):
            on_no_clock = cell.astimezone(UTC).replace(tzinfo=None)
            sheet.write_datetime(place, column, on_no_clock, moment)
        elif not isinstance(cell, str):
            sheet.write_number(place, column, cell)
        elif cell:
            text = NOT_IN_XML.sub("\ufffd", cell)[:LONGEST_CELL]
            sheet.write_string(place, column, text)


def _plain(row: Row) -> list[Plain]:
    """The row as a spreadsheet can hold it: a text, a number or a moment in each cell."""
    return [cell if isinstance(cell, int | float | datetime) else _text(cell) for cell in row]


def _text(cell: str | tuple[str, ...] | None) -> str:
    return JOINT.join(cell) if isinstance(cell, tuple) else cell or ""


def _written(cell: Plain) -> str | int | float:
    """The cell where a file has no moments: they are written in UTC, to the millisecond."""
    if not isinstance(cell, datetime):
        return cell
    return f"{cell.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _defused(cell: str | int | float) -> str | int | float:
    """The cell with an apostrophe wherever a formula could begin, whatever voters and owners have
    written. Only CSV needs it: a workbook says by itself which cells are texts."""
    return FORMULA_START.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell
