"""Voting and looking at results, as most readers do."""

import re

import pytest
from playwright.sync_api import expect

from tests.widget.newsroom import Newsroom, question, several
from tests.widget.reader import Reader

TWO_QUESTIONS = (
    question("Do you read us daily?", ["Yes", "No"]),
    several("Which sections?", ["World", "Sport", "Arts"], most=3, code="q2", required=False),
)


def test_reader_votes_and_sees_the_results_with_the_own_choice_marked(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.vote("East Asia")
    widget.says("You have voted")
    widget.says("1 reader has voted")
    widget.says("Readers who chose to take part; not a scientific sample.")
    expect(widget.row("East Asia")).to_have_text("Your choice: East Asia1 vote100.0% of voters")
    expect(widget.row("Eurasia")).to_have_text("Eurasia0 votes0.0% of voters")
    expect(widget.results.get_by_text("Your choice:")).to_have_count(1)
    assert reader.ballots(slug) == 1


def test_form_asks_the_question_and_offers_its_choices_as_one_group(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll())
    group = widget.element.get_by_role("group", name="Which region news you interested in most?")
    expect(group.get_by_role("radio")).to_have_count(8)
    expect(group).to_have_accessible_description("Choose one")


def test_results_can_be_viewed_before_voting_and_left_again_with_the_mark_kept(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll())
    widget.choose("Caucasus")
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    expect(widget.row("Caucasus")).to_have_text("Caucasus0 votes0.0% of voters")
    widget.button("Back to vote").click()
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_checked()


def test_voting_without_a_choice_says_so_at_the_field_and_leads_there(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.vote()
    group = widget.element.get_by_role("group")
    expect(group).to_have_accessible_description("Choose an answer, then vote")
    expect(widget.element.get_by_text("Choose an answer, then vote")).to_have_attribute(
        "aria-live", "polite"
    )
    first = widget.element.get_by_role("radio", name="Middle East")
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-invalid", "true")
    widget.choose("Middle East")
    expect(group).to_have_accessible_description("Choose one")
    expect(first).not_to_have_attribute("aria-invalid", "true")
    assert reader.ballots(slug) == 0


def test_double_click_on_vote_counts_once(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    sent = []
    reader.page.on("request", lambda request: sent.append(request.method))
    widget.choose("Eurasia")
    widget.vote_button.dblclick()
    widget.says("You have voted")
    assert sent.count("POST") == 1
    assert reader.ballots(slug) == 1


def test_returning_reader_sees_the_results_and_the_own_choice_at_once(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll())
    widget.vote("South Asia")
    widget.says("You have voted")
    reader.page.reload()
    widget.says("You have voted")
    expect(widget.row("South Asia")).to_contain_text("Your choice:")
    expect(widget.vote_button).to_have_count(0)


def test_reader_who_voted_elsewhere_with_the_same_token_is_told_so(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.vote("South Asia")
    widget.says("You have voted")
    reader.page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('voxpop:ballot:'))"
        ".forEach(key => localStorage.removeItem(key))"
    )
    reader.page.reload()
    widget.vote("East Asia")
    widget.says("You have already voted in this poll. This choice was not counted.")
    expect(widget.row("South Asia")).to_contain_text("1 vote")
    reader.expects_trouble()
    assert reader.ballots(slug) == 1


def test_reader_who_voted_in_another_tab_is_told_that_this_choice_is_not_counted(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    first = reader.opens(slug)
    other = Reader(reader.page.context.new_page(), newsroom)
    second = other.opens(slug)
    second.shows_form()
    first.vote("Eurasia")
    first.says("You have voted")
    second.vote("Caucasus")
    second.says("You have already voted in this poll. This choice was not counted.")
    expect(second.row("Eurasia")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1


def test_several_choices_are_counted_and_the_percentages_are_of_voters(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll(several("What to build?", ["A", "B", "C"], most=2)))
    widget.says("Choose up to 2")
    widget.vote("A", "B")
    expect(widget.row("A")).to_contain_text("100.0% of voters")
    expect(widget.row("B")).to_contain_text("100.0% of voters")
    expect(widget.results.get_by_text("Your choice:")).to_have_count(2)


@pytest.mark.parametrize(
    ("least", "most", "chosen", "hint"),
    [
        (1, 2, ["A", "B", "C"], "Choose up to 2"),
        (2, 3, ["A"], "Choose 2 to 3"),
        (2, 2, ["A"], "Choose 2"),
        (1, 4, [], "Choose an answer, then vote"),
    ],
)
def test_too_few_and_too_many_choices_are_refused_at_the_field(
    reader: Reader, newsroom: Newsroom, least: int, most: int, chosen: list[str], hint: str
) -> None:
    choices = ["A", "B", "C", "D"]
    slug = newsroom.poll(several("What to build?", choices, least=least, most=most))
    widget = reader.opens(slug)
    widget.vote(*chosen)
    expect(widget.element.get_by_text(hint, exact=True)).to_have_class(re.compile("bad"))
    assert reader.ballots(slug) == 0


def test_poll_with_two_questions_is_one_ballot(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll(*TWO_QUESTIONS)
    widget = reader.opens(slug)
    expect(widget.element.get_by_role("group")).to_have_count(2)
    widget.says("Choose as many as you like (optional)")
    widget.vote("Yes", "World", "Arts")
    widget.says("You have voted")
    expect(widget.results).to_have_count(2)
    expect(widget.row("Arts")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1


def test_optional_question_may_be_left_open(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll(*TWO_QUESTIONS)
    widget = reader.opens(slug)
    widget.vote("No")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_keyboard_alone_is_enough_to_vote(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.shows_form()
    keyboard = reader.page.keyboard
    keyboard.press("Tab")
    expect(widget.element.get_by_role("radio", name="Middle East")).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    expect(widget.vote_button).to_be_focused()
    keyboard.press("Enter")
    expect(widget.element.get_by_role("heading")).to_be_focused()
    expect(widget.row("South Asia")).to_contain_text("Your choice:")


def test_enter_in_a_field_votes(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.choose("Eurasia")
    reader.page.keyboard.press("Enter")
    widget.says("You have voted")


def test_results_are_announced_once_and_take_the_focus(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.choose("Eurasia")
    widget.button("View Results").click()
    expect(widget.element.get_by_role("status")).to_have_text("The results are shown.")
    expect(widget.element.get_by_role("heading")).to_be_focused()
    widget.button("Back to vote").click()
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_focused()
    widget.vote_button.click()
    expect(widget.element.get_by_role("status")).to_have_text(
        "Your vote is counted. The results are shown."
    )


def test_ballot_names_the_page_without_its_query(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    address = newsroom.page_with(slug)
    reader.page.goto(f"{address}?reader=jane#poll")
    widget = reader.widget()
    widget.choose("Eurasia")
    with reader.page.expect_request(lambda request: request.method == "POST") as sent:
        widget.vote_button.click()
    body = sent.value.post_data_json
    assert body
    assert body["page"] == address
    assert re.fullmatch(r"[\w-]{22,128}", body["voter"])
    assert body["answers"] == {"q1": ["c7"]}
