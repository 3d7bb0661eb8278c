"""Whether everybody can read the widget and use it, in each of its states."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.records import ResultsVisibility, Schedule, Status
from tests.support.axe import violations
from tests.widget.measures import dress, finds_nothing
from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader, Widget, problem, unreachable
from tests.widget.test_states import OVER
from tests.widget.test_voting import TWO_QUESTIONS

LATER = Schedule(Status.OPEN, opens_at=datetime(2199, 1, 4, 9, tzinfo=UTC))
PAPERS = [
    "html { color-scheme: light } body { color: #333; background: #f7f3ea }",
    "html { color-scheme: dark } body { color: #ddd; background: #121416 }",
]
TEA = (question("Tea?", ["Yes", "No"]),)
State = Callable[[Reader, Newsroom], Widget]


def loading(reader: Reader, newsroom: Newsroom) -> Widget:
    slug = newsroom.poll(*TEA)
    reader.answers(slug, *[lambda route: None] * 9, path="")
    widget = reader.opens(slug)
    widget.says("Loading ...")
    return widget


def not_loaded(reader: Reader, newsroom: Newsroom) -> Widget:
    slug = newsroom.poll(*TEA)
    reader.answers(slug, *[unreachable] * 9, path="")
    widget = reader.opens(slug)
    widget.says("This poll could not be loaded.")
    reader.expects_trouble()
    return widget


def form(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = reader.opens(newsroom.poll(*TEA))
    widget.shows_form()
    return widget


def nothing_chosen(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = form(reader, newsroom)
    widget.vote()
    widget.says("Choose an answer, then vote")
    return widget


def not_sent(reader: Reader, newsroom: Newsroom) -> Widget:
    slug = newsroom.poll(*TEA)
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.vote("No")
    widget.says("Your vote did not get through. Try again.")
    reader.expects_trouble()
    return widget


def busy(reader: Reader, newsroom: Newsroom) -> Widget:
    slug = newsroom.poll(*TEA)
    reader.answers(slug, problem(503, "temporarily_unavailable"))
    widget = reader.opens(slug)
    widget.vote("No")
    widget.says("Voting is very busy. Your choice is kept; try again in a moment.")
    reader.expects_trouble()
    return widget


def results(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = form(reader, newsroom)
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    return widget


def voted(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = form(reader, newsroom)
    widget.vote("No")
    widget.says("You have voted")
    return widget


def closed(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = reader.opens(newsroom.poll(*TEA, schedule=OVER))
    widget.says("Voting has closed")
    return widget


def hidden(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = reader.opens(newsroom.poll(*TEA, results_visibility=ResultsVisibility.AFTER_CLOSE))
    widget.vote("No")
    widget.says("You have voted")
    return widget


def not_open(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = reader.opens(newsroom.poll(*TEA, schedule=LATER))
    expect(widget.element.get_by_text("Voting opens on")).to_be_visible()
    return widget


def survey(reader: Reader, newsroom: Newsroom) -> Widget:
    widget = reader.opens(newsroom.poll(*TWO_QUESTIONS))
    widget.shows_form()
    return widget


SAMPLE = "- paragraph: Readers who chose to take part; not a scientific sample."
TEA_FORM = """
- group "Tea?":
  - heading "Tea?" [level=2]
  - paragraph: {hint}
  - radio "Yes"{marks}
  - text: "Yes"
  - radio "No"{own}{marks}
  - text: "No"
- button "{vote}"
- button "View Results"
"""


def tea_form(hint: str = "Choose one", note: str = SAMPLE, *, kept: bool = False) -> str:
    """The form as a screen reader has it; its answer stands fast where it is kept."""
    marks = {"marks": " [disabled]", "own": " [checked]"} if kept else {"marks": "", "own": ""}
    shown = TEA_FORM.format(hint=hint, vote="Try again" if kept else "Vote", **marks)
    return f"\n- status{shown}{note}\n"


TREES: dict[State, str] = {
    loading: """
- status: Loading ...
""",
    not_loaded: """
- status: This poll could not be loaded.
- button "Try again"
""",
    form: tea_form(),
    nothing_chosen: tea_form("Choose an answer, then vote"),
    not_sent: tea_form(note="- paragraph: Your vote did not get through. Try again.", kept=True),
    busy: tea_form(
        note="- paragraph: Voting is very busy. Your choice is kept; try again in a moment.",
        kept=True,
    ),
    results: f"""
- status: The results are shown.
- heading "Tea?" [level=2]
- list:
  - listitem: Yes 0 votes 0.0% of voters
  - listitem: No 0 votes 0.0% of voters
- paragraph: No reader has voted yet
- button "Back to vote"
{SAMPLE}
""",
    voted: f"""
- status: Your vote is counted. The results are shown.
- heading "Tea?" [level=2]
- list:
  - listitem: Yes 0 votes 0.0% of voters
  - listitem: "Your choice: No 1 vote 100.0% of voters"
- paragraph: You have voted
- paragraph: 1 reader has voted
{SAMPLE}
""",
    closed: f"""
- status
- heading "Tea?" [level=2]
- list:
  - listitem: Yes 0 votes 0.0% of voters
  - listitem: No 0 votes 0.0% of voters
- paragraph: Voting has closed
- paragraph: No reader has voted yet
{SAMPLE}
""",
    hidden: """
- status: Your vote is counted.
- heading "Tea?" [level=2]
- list:
  - listitem: "Yes"
  - listitem: "Your choice: No"
- paragraph: You have voted
- paragraph: Results are shown when voting has closed.
""",
    not_open: """
- status
- heading "Tea?" [level=2]
- list:
  - listitem: "Yes"
  - listitem: "No"
- paragraph: /Voting opens on .+/
- paragraph
""",
    survey: f"""
- status
- group "Do you read us daily?":
  - heading "Do you read us daily?" [level=2]
  - paragraph: Choose one
  - radio "Yes"
  - text: "Yes"
  - radio "No"
  - text: "No"
- group "Which sections?":
  - heading "Which sections?" [level=2]
  - paragraph: Choose as many as you like (optional)
  - checkbox "World"
  - text: World
  - checkbox "Sport"
  - text: Sport
  - checkbox "Arts"
  - text: Arts
- button "Vote"
- button "View Results"
{SAMPLE}
""",
}


@pytest.mark.parametrize("state", TREES)
def test_everybody_can_read_it_on_any_paper(
    reader: Reader, newsroom: Newsroom, axe: Axe, state: State
) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    widget = state(reader, newsroom)
    expect(widget.element).to_match_aria_snapshot(f"- /children: equal{TREES[state]}")
    finds_nothing(axe, reader.page)
    for paper in PAPERS:
        dress(reader.page, paper)
        assert violations(axe, reader.page, runOnly=["color-contrast"]) == []
