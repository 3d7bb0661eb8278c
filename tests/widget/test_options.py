"""What an owner decides about a poll, as readers meet it."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect

from service.domain import others
from service.records import (
    OPERATOR,
    Choice,
    ChoiceOrder,
    Question,
    ResultsOrder,
    ResultsVisibility,
    WhenClosed,
)
from tests.conftest import NOON
from tests.support.ports import wait_until
from tests.support.voters import Remote, ballot
from tests.widget.measures import LAYOUT_SHIFTS, MARGIN, WIDTHS, finds_nothing, height
from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader, Widget
from tests.widget.test_states import OVER

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 2'><path d='M0 0h1v2z'/></svg>"
WITH_OTHER = Question(
    "q1", "Which?", (Choice("c1", "Rice"), Choice("c2", "Else", is_other=True), Choice("c3", "Tea"))
)
PICTURED = Question(
    "q1",
    "Which?",
    tuple(
        Choice(f"c{place}", text, f"https://pictures.test/{place}.svg", f"Picture of {text}")
        for place, text in enumerate(("rice", "barley from the north"), start=1)
    ),
)


def offered(widget: Widget) -> list[str]:
    widget.shows_form()
    return widget.element.locator("label").all_inner_texts()


def show(route: Route) -> None:
    route.fulfill(body=PICTURE, content_type="image/svg+xml")


class TestOrder:
    def test_shuffled_choices_are_in_the_readers_own_order_at_every_look(
        self, reader: Reader, newsroom: Newsroom, browser: Browser
    ) -> None:
        slug = newsroom.poll(choice_order=ChoiceOrder.SHUFFLED)
        first = offered(reader.opens(slug))
        reader.page.reload()
        assert offered(reader.widget()) == first
        orders = {tuple(first)}
        for _ in range(3):
            context = browser.new_context()
            orders.add(tuple(offered(Reader(context.new_page(), newsroom).opens(slug))))
            context.close()
        assert len(orders) > 1
        assert len({tuple(sorted(order)) for order in orders}) == 1

    def test_shuffled_choices_end_with_the_other_one(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(WITH_OTHER, choice_order=ChoiceOrder.SHUFFLED)
        assert offered(reader.opens(slug))[-1].strip() == "Else"

    def test_alphabetical_choices_and_their_results_stand_by_the_alphabet(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(
            question("Which?", ["Rice", "apples", "Éclair"]), choice_order=ChoiceOrder.ALPHABETICAL
        )
        widget = reader.opens(slug)
        assert offered(widget) == ["apples", "Éclair", "Rice"]
        widget.button("View Results").click()
        rows = widget.results.get_by_role("listitem")
        expect(rows).to_contain_text(["apples", "Éclair", "Rice"])

    def test_results_by_votes_have_the_most_votes_first(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(results_order=ResultsOrder.BY_VOTES)
        assert Remote(newsroom.service.url, slug).cast(ballot("c7"))[0] == 201
        widget = reader.opens(slug)
        widget.button("View Results").click()
        rows = widget.results.get_by_role("listitem")
        expect(rows.first).to_contain_text("Eurasia")
        expect(rows.nth(1)).to_contain_text("Middle East")


def test_percentages_alone_show_no_count(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll(percent_only=True))
    widget.vote("Eurasia")
    widget.says("You have voted")
    expect(widget.row("Eurasia")).to_have_text("Your choice: Eurasia100.0% of voters")
    expect(widget.element.get_by_text("share of voters")).to_be_visible()
    expect(widget.element.get_by_text(re.compile("votes|reader has"))).to_have_count(0)


def test_voter_is_thanked_in_the_owners_words_and_nothing_moves(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll(thank_you="Thank you!\nWe read every answer."))
    widget.shows_form()
    thanks = widget.element.locator(".thanks")
    expect(thanks).to_be_hidden()
    before = height(widget.element)
    widget.vote("Eurasia")
    expect(thanks).to_be_visible()
    assert height(widget.element) == pytest.approx(before, abs=0.5)
    expect(widget.element.get_by_role("status")).to_contain_text("Thank you!")


class TestOtherTexts:
    def test_reader_writes_an_answer_of_their_own_which_marks_its_choice(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(WITH_OTHER)
        widget = reader.opens(slug)
        widget.element.get_by_role("textbox", name="In your own words").fill("Oats")
        expect(widget.element.get_by_role("radio", name="Else")).to_be_checked()
        with reader.page.expect_request(lambda request: request.method == "POST") as sent:
            widget.vote_button.click()
        widget.says("You have voted")
        body: Any = sent.value.post_data_json
        assert (body["answers"], body["other_texts"]) == ({"q1": ["c2"]}, {"q1": "Oats"})
        expect(widget.row("Else")).to_contain_text("1 vote")

    def test_other_choice_keeps_its_distance_from_the_rule_above_it(
        self, newsroom: Newsroom, reader: Reader
    ) -> None:
        widget = reader.opens(newsroom.poll(WITH_OTHER))
        expect(widget.button("Vote")).to_be_visible()
        above = "row => row.querySelector('bdi').offsetTop"
        rice, other, _ = (row.evaluate(above) for row in widget.element.locator(".row").all())
        assert abs(rice - other) <= 3

    def test_marked_other_choice_asks_for_its_words(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(WITH_OTHER)
        widget = reader.opens(slug)
        widget.vote("Else")
        widget.says("Write your answer, then vote")
        text = widget.element.get_by_role("textbox")
        expect(text).to_be_focused()
        text.fill("x" * 201)
        expect(text).to_have_value("x" * 200)
        assert reader.ballots(slug) == 0

    def test_words_are_kept_through_a_look_at_the_results(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        widget = reader.opens(newsroom.poll(WITH_OTHER))
        widget.element.get_by_role("textbox").fill("Oats")
        widget.button("View Results").click()
        widget.button("Back to vote").click()
        expect(widget.element.get_by_role("textbox")).to_have_value("Oats")
        expect(widget.element.get_by_role("radio", name="Else")).to_be_checked()

    def test_words_of_a_choice_that_is_not_marked_are_not_sent(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(WITH_OTHER)
        widget = reader.opens(slug)
        widget.element.get_by_role("textbox").fill("Oats")
        widget.vote("Tea")
        widget.says("You have voted")
        assert reader.ballots(slug) == 1

    def test_texts_that_an_owner_lets_show_stand_under_the_choice(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(WITH_OTHER)
        remote = Remote(newsroom.service.url, slug)
        for text in ("Oats", "Oats", "<b>Rye</b>"):
            assert remote.cast(ballot("c2", other_texts={"q1": text}))[0] == 201
        others.show(newsroom.stores, OPERATOR, slug, "q1", ["Oats", "<b>Rye</b>"], NOON)
        wait_until(
            lambda: bool(remote.results()["questions"][0].get("other_texts")), "the texts show"
        )
        widget = reader.opens(slug)
        widget.button("View Results").click()
        widget.element.get_by_text("What readers wrote").click()
        texts = widget.results.get_by_role("list").get_by_role("listitem")
        expect(texts).to_have_text(["Oats 2", "<b>Rye</b> 1"])


class TestPictures:
    def test_pictures_are_lazy_described_and_move_nothing(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        page = reader.page
        held: list[Route] = []
        page.route("https://pictures.test/**", lambda route: held.append(route))
        page.add_init_script(f"{LAYOUT_SHIFTS} watch();")
        newsroom.images = "https://pictures.test"
        slug = newsroom.poll(PICTURED)
        widget = reader.reads(f'<vox-pop poll="{slug}" choices="2" images></vox-pop>')
        widget.shows_form()
        images = widget.element.get_by_role("img")
        expect(images).to_have_count(2)
        for image in images.all():
            expect(image).to_have_attribute("loading", "lazy")
            expect(image).to_have_attribute("referrerpolicy", "no-referrer")
        expect(images.first).to_have_attribute("alt", "Picture of rice")
        before = height(widget.element)
        while held:
            show(held.pop())
        expect(images.first).to_have_js_property("complete", True)
        widget.button("View Results").click()
        widget.says("No reader has voted yet")
        assert height(widget.element) == pytest.approx(before, abs=0.5)
        assert [shift for shift in page.evaluate("shifts") if len(shift) > 2] == []

    @pytest.mark.parametrize("width", WIDTHS)
    def test_room_is_kept_for_pictures_where_the_page_says_so(
        self, reader: Reader, newsroom: Newsroom, width: int
    ) -> None:
        reader.page.set_viewport_size({"width": width + MARGIN, "height": 900})
        reader.page.route("https://pictures.test/**", show)
        newsroom.images = "https://pictures.test"
        short = Question(
            "q1",
            "Which?",
            tuple(
                Choice(one.code, text, one.image_url, one.image_alt)
                for one, text in zip(PICTURED.choices, ("A", "B"), strict=True)
            ),
        )
        slug = newsroom.poll(short)
        heights: list[float] = []

        def measured(route: Route) -> None:
            heights.append(height(reader.widget().element))
            route.continue_()

        reader.answers(slug, measured, path="")
        widget = reader.reads(
            f'<div data-voxpop="{slug}" data-voxpop-choices="2" data-voxpop-images></div>'
        )
        widget.shows_form()
        assert heights == [pytest.approx(height(widget.element), abs=0.5)]


class TestWhenClosed:
    def test_question_shows_its_choices_without_figures_and_asks_for_none(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        asked: list[str] = []
        reader.page.on("request", lambda request: asked.append(request.url))
        widget = reader.opens(newsroom.poll(schedule=OVER, when_closed=WhenClosed.QUESTION))
        widget.says("Voting has closed")
        expect(widget.element.get_by_text("Eurasia")).to_be_visible()
        expect(widget.element.locator(".percent")).to_have_count(0)
        expect(widget.element.get_by_role("button")).to_have_count(0)
        assert not [url for url in asked if url.endswith("/results")]

    def test_nothing_shows_but_that_it_is_over(self, reader: Reader, newsroom: Newsroom) -> None:
        widget = reader.opens(newsroom.poll(schedule=OVER, when_closed=WhenClosed.NOTHING))
        widget.says("Voting has closed")
        expect(widget.element.get_by_text("Eurasia")).to_have_count(0)
        expect(widget.element.get_by_role("heading")).to_have_count(0)

    def test_figures_go_when_the_poll_closes_while_they_are_seen(
        self, reader: Reader, newsroom: Newsroom
    ) -> None:
        slug = newsroom.poll(when_closed=WhenClosed.QUESTION)
        reader.page.clock.install()
        widget = reader.opens(slug)
        widget.vote("Eurasia")
        widget.says("1 reader has voted")

        def closed(route: Route) -> None:
            answer = route.fetch()
            route.fulfill(response=answer, json={**answer.json(), "status": "closed"})

        def hidden(route: Route) -> None:
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(status=403, json={"code": "results_hidden"}, headers=headers)

        reader.answers(slug, closed, path="")
        reader.answers(slug, hidden, path="/results")
        reader.page.clock.run_for(6_000)
        widget.says("You have voted · Voting has closed")
        expect(widget.element.locator(".percent")).to_have_count(0)
        reader.expects_trouble()


def test_axe_finds_nothing_in_what_options_show(
    reader: Reader, newsroom: Newsroom, axe: Axe
) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    reader.page.route("https://pictures.test/**", show)
    newsroom.images = "https://pictures.test"
    slugs = [
        newsroom.poll(WITH_OTHER),
        newsroom.poll(PICTURED, thank_you="Thank you."),
        newsroom.poll(percent_only=True),
        newsroom.poll(schedule=OVER, when_closed=WhenClosed.QUESTION),
        newsroom.poll(schedule=OVER, when_closed=WhenClosed.NOTHING),
        newsroom.poll(results_visibility=ResultsVisibility.AFTER_CLOSE),
    ]
    voted = Remote(newsroom.service.url, slugs[0]).cast(ballot("c2", other_texts={"q1": "Oats"}))
    assert voted[0] == 201
    others.show(newsroom.stores, OPERATOR, slugs[0], "q1", ["Oats"], NOON)
    reader.reads("".join(f'<vox-pop poll="{slug}"></vox-pop>' for slug in slugs))
    for place in range(len(slugs)):
        expect(reader.widget(place).element.locator(".actions")).to_be_visible()
    finds_nothing(axe, reader.page)
    reader.widget(0).button("View Results").click()
    reader.widget(0).element.get_by_text("What readers wrote").click()
    reader.widget(1).vote("rice")
    reader.widget(1).says("Thank you.")
    reader.widget(2).button("View Results").click()
    expect(reader.widget(2).element.get_by_text("share of voters")).to_be_visible()
    finds_nothing(axe, reader.page)
