"""Tables as files: CSV, XLSX and JSON, made row by row, so that any number of rows fits."""

import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import orjson
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | tuple[str, ...] | None
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
    where a file's cell can hold only one they are joined."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]


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
    """RFC 4180 in UTF-8 without a byte order mark."""
    rows = iter(table.rows)
    some = list(islice(rows, CHUNK_ROWS))
    yield _lines([table.columns, *some])
    while some := list(islice(rows, CHUNK_ROWS)):
        yield _lines(some)


def _lines(rows: Iterable[Row]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([_defused(cell) for cell in _plain(row)] for row in rows)
    return buffer.getvalue().encode()


def _json(table: Table) -> Pieces:
    """An array of objects, one a line; several texts are an array of their own."""
    rows = iter(table.rows)
    before = b"[\n"
    while some := list(islice(rows, CHUNK_ROWS)):
        documents = (orjson.dumps(dict(zip(table.columns, row, strict=True))) for row in some)
        yield before + b",\n".join(documents)
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


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
    some = list(islice(rows, 1))  # where none can be had, there is no workbook to clear away
    book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    book.use_zip64()
    try:
        _fill(book, table, some, rows)
        book.close()
    except FileCreateError as error:
        raise error.__context__ or error from None  # what the disk said of itself
    finally:
        for sheet in book.worksheets():
            sheet.row_data_fh.close()


def _fill(book: Workbook, table: Table, some: list[Row], rows: Iterator[Row]) -> None:
    name = table.name
    while _write_sheet(book.add_worksheet(name), table.columns, chain(some, rows)):
        some = list(islice(rows, 1))
        if not some:
            break
        name = f"{table.name} {len(book.worksheets()) + 1}"


def _write_sheet(sheet: Worksheet, columns: Row, rows: Iterator[Row]) -> bool:
    """Fill a sheet; True if it is full, so that there may be more rows."""
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, columns)
    place = 0
    for place, row in enumerate(islice(rows, ROWS_A_SHEET - 1), start=1):
        _write_row(sheet, place, row)
    return place == ROWS_A_SHEET - 1


def _write_row(sheet: Worksheet, place: int, row: Row) -> None:
    for column, cell in enumerate(_plain(row)):
        if not isinstance(cell, str):
            sheet.write_number(place, column, cell)
        elif cell:
            text = NOT_IN_XML.sub("\ufffd", cell)[:LONGEST_CELL]
            sheet.write_string(place, column, text)


def _plain(row: Row) -> list[str | int | float]:
    """The row as a spreadsheet can hold it, a text or a number in each cell."""
    return [cell if isinstance(cell, int | float) else _text(cell) for cell in row]


def _text(cell: str | tuple[str, ...] | None) -> str:
    return JOINT.join(cell) if isinstance(cell, tuple) else cell or ""


def _defused(cell: str | int | float) -> str | int | float:
    """The cell with an apostrophe wherever a formula could begin, whatever voters and owners have
    written. Only CSV needs it: a workbook says by itself which cells are texts."""
    return FORMULA_START.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell
