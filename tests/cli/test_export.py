"""`flask poll export`."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.stores import Stores
from tests.cli.conftest import Run
from tests.support.ballots import cast, make_poll


@pytest.fixture(autouse=True)
def polls(stores: Stores) -> None:
    """A poll with two ballots, beside another one."""
    cast(stores, make_poll(stores, "noise"), "c3")
    crops = make_poll(stores, "crops")
    cast(stores, crops, "c2")
    cast(stores, crops, "c2", q2=("c1",))


def test_results_go_to_standard_output_as_csv_unless_told(run: Run) -> None:
    done = run("poll", "export", "crops")
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout_bytes.decode("utf-8-sig"), newline="")))
    assert [(row["choice_text"], row["votes"], row["base"]) for row in rows[:3]] == [
        ("Rice", "0", "2"),
        ("Tea", "2", "2"),
        ("Salt", "0", "2"),
    ]
    assert done.stderr == ""  # a bar is for terminals


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "exports"
    path.mkdir()
    return path


def test_ballots_go_to_a_file(run: Run, folder: Path) -> None:
    path = folder / "ballots.json"
    done = run(
        *("poll", "export", "crops", "--what", "ballots", "--format", "json"),
        *("--output", str(path)),
    )
    assert (done.exit_code, done.output) == (0, "")
    assert [row["q1"] for row in json.loads(path.read_bytes())] == ["c2", "c2"]
    assert list(folder.iterdir()) == [path]


def test_a_workbook_can_be_opened(run: Run, folder: Path) -> None:
    path = folder / "ballots.xlsx"
    words = ("--what", "ballots", "--format", "xlsx", "--output", str(path))
    assert run("poll", "export", "crops", *words).exit_code == 0
    sheet = load_workbook(path)["ballots"]
    assert sheet.max_row == 3


def test_an_unknown_poll_is_said_in_a_line_and_leaves_no_file(run: Run, folder: Path) -> None:
    done = run("poll", "export", "nothing", "--output", str(folder / "x"))
    assert (done.exit_code, done.stderr) == (1, "Error: There is no such poll.\n")
    assert list(folder.iterdir()) == []
