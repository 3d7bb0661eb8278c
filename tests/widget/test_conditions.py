"""Bad networks, forbidden storage, other versions: a poll still shows, a vote is counted once."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.widget.newsroom import Newsroom
from tests.widget.reader import Answer, Reader, problem, unreachable
from tests.widget.test_embedding import STORAGE_DENIED

DELAYS = """window.delays = [];
const { setTimeout: later } = window;
window.setTimeout = (act, delay) => {
    delays.push(delay);
    return later(act, delay);
};"""
WAITING = "No connection. Your vote is kept, and sent by itself as soon as there is one."


@pytest.fixture
def offline(reader: Reader) -> Iterator[Reader]:
    """A reader who may lose the connection, and has it again in the end."""
    yield reader
    reader.page.context.set_offline(False)


def votes_offline(reader: Reader, newsroom: Newsroom) -> str:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.choose("Eurasia")
    reader.page.context.set_offline(True)
    widget.vote_button.click()
    widget.says(WAITING)
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_disabled()
    assert reader.ballots(slug) == 0
    return slug


def test_vote_that_is_cast_offline_is_sent_by_itself_once_when_the_way_is_back(
    offline: Reader, newsroom: Newsroom
) -> None:
    slug = votes_offline(offline, newsroom)
    offline.page.context.set_offline(False)
    offline.widget().says("You have voted")
    expect(offline.widget().row("Eurasia")).to_contain_text("Your choice:")
    assert offline.ballots(slug) == 1
    offline.expects_trouble("ERR_INTERNET_DISCONNECTED")


def test_vote_that_is_cast_offline_is_sent_at_the_next_visit_however_far_down_the_poll_is(
    offline: Reader, newsroom: Newsroom
) -> None:
    slug = votes_offline(offline, newsroom)
    offline.page.goto("about:blank")
    offline.page.context.set_offline(False)
    assert offline.ballots(slug) == 0
    with offline.page.expect_response("**/ballots"):
        far = f'{"<p>The story goes on.</p>" * 200}<vox-pop poll="{slug}"></vox-pop>'
        offline.page.goto(newsroom.page(far))
    offline.widget().says("You have voted")
    assert offline.ballots(slug) == 1
    offline.expects_trouble("ERR_INTERNET_DISCONNECTED")


def test_vote_waits_while_the_service_is_away_and_is_sent_once_it_is_back(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.clock.install()
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.shows_form()
    reader.answers(slug, unreachable, path="/results")
    widget.vote("Eurasia")
    widget.says(WAITING)
    with reader.page.expect_response("**/ballots"):
        reader.page.clock.run_for(12_000)
    widget.says("You have voted")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_two_tabs_with_the_same_ballot_count_it_once_and_both_end_well(
    offline: Reader, newsroom: Newsroom
) -> None:
    slug = votes_offline(offline, newsroom)
    other = Reader(offline.page.context.new_page(), newsroom)
    other.page.context.set_offline(False)
    offline.widget().says("You have voted")
    other.opens(slug).says("You have voted")
    assert offline.ballots(slug) == 1
    offline.expects_trouble("ERR_INTERNET_DISCONNECTED")


def test_poll_shows_from_the_browsers_cache_while_the_service_is_away(
    offline: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    offline.opens(slug).shows_form()
    offline.page.context.set_offline(True)
    offline.page.evaluate(
        """() => {
            const ask = window.fetch;
            window.fetch = (address, options) => options.cache
                ? ask(address, options)
                : Promise.reject(new TypeError("Failed to fetch"));
            const element = document.querySelector("vox-pop");
            element.replaceWith(element.cloneNode());
        }"""
    )
    offline.widget().shows_form()


def test_vote_waits_in_memory_where_storage_is_denied(offline: Reader, newsroom: Newsroom) -> None:
    offline.page.add_init_script(STORAGE_DENIED)
    slug = votes_offline(offline, newsroom)
    offline.page.context.set_offline(False)
    offline.widget().says("You have voted")
    assert offline.ballots(slug) == 1
    offline.expects_trouble("ERR_INTERNET_DISCONNECTED")


def changed(change: dict[str, Any], *gone: str) -> Answer:
    """The service's answer as another version of it would give it."""

    def answer(route: Route) -> None:
        real = route.fetch()
        document = {**real.json(), **change}
        for name in gone:
            document.pop(name, None)
        for question in document["questions"]:
            question["colour"] = "unknown"
            if "hint" in gone:
                del question["hint"]
        route.fulfill(response=real, json=document)

    return answer


def test_newer_service_with_fields_and_texts_that_this_script_does_not_know_is_understood(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    texts = {**newsroom.words("en"), "sample": "Take {part}.", "news": {"other": "{n}"}}
    reader.answers(slug, changed({"texts": texts, "news": [1]}), path="")
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_older_service_without_newer_fields_and_texts_is_understood(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    texts = {key: newsroom.words("en")[key] for key in ("locale", "vote", "voted", "viewResults")}
    older = changed({"texts": texts}, "hint", "why_hidden", "refresh_seconds", "theme")
    reader.answers(slug, older, path="")
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("You have voted")
    expect(widget.element).not_to_contain_text("undefined")
    assert reader.ballots(slug) == 1


def test_service_that_brings_no_words_is_pointed_to(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, changed({"title": "Regions"}, "texts"), path="")
    link = reader.opens(slug).element.get_by_role("link", name="Regions")
    expect(link).to_have_attribute("href", f"{newsroom.service.url}/polls/{slug}")


def test_results_are_asked_for_as_often_as_the_poll_says(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.add_init_script(DELAYS)
    reader.answers(slug, changed({"refresh_seconds": 60}), path="")
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("1 reader has voted")
    reader.page.wait_for_function("delays.some((delay) => delay > 40_000 && delay <= 72_000)")
    assert not reader.page.evaluate("delays.some((delay) => delay > 3_000 && delay < 7_000)")


def token(account: str, **claims: Any) -> str:
    """What a publisher's page says of its reader, as far as the widget reads it."""
    body = json.dumps({"sub": account, **claims}).encode()
    return f"e30.{base64.urlsafe_b64encode(body).decode().rstrip('=')}.c2ln"


def test_two_signed_in_readers_of_one_device_are_two_voters(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    sent: list[Any] = []
    reader.page.on("request", lambda request: sent.append(request.post_data_json))
    body = '<vox-pop poll="{}" voter="{}"></vox-pop>'
    ada = reader.reads(body.format(slug, token("ada")))
    ada.vote("Eurasia")
    ada.says("You have voted")
    reader.reads(body.format(slug, token("ben"))).shows_form()
    reader.reads(body.format(slug, token("ada", exp=1))).says("You have voted")
    assert [ballot["voter_token"] for ballot in sent if ballot] == [token("ada")]


def test_fresh_token_of_the_same_reader_leaves_what_is_marked(
    reader: Reader, newsroom: Newsroom
) -> None:
    body = f'<vox-pop poll="{newsroom.poll()}" voter="{token("ada")}"></vox-pop>'
    widget = reader.reads(body)
    widget.choose("Eurasia")
    set_voter = "(element, token) => element.setAttribute('voter', token)"
    widget.element.evaluate(set_voter, token("ada", exp=2))
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    widget.element.evaluate(set_voter, token("ben"))
    expect(widget.element.get_by_role("radio", name="Eurasia")).not_to_be_checked()


def test_service_that_is_away_for_a_moment_is_asked_again(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, problem(503, "temporarily_unavailable"), path="")
    reader.opens(slug).shows_form()
    reader.expects_trouble()
