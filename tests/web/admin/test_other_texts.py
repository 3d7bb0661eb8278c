"""The page of readers' texts."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import others
from service.records import OPERATOR, Choice, OtherTextStatus, Poll, Question
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.support.ballots import make_poll
from tests.support.html_forms import Page
from tests.web.admin.conftest import DEMO, Browser

TEXTS = f"{DEMO}/polls/crops/texts"
OPEN = Question("q1", "Which crop?", (Choice("c1", "Rice"), Choice("c2", "Other", is_other=True)))


@pytest.fixture
def poll(app: Flask, stores: Stores) -> Poll:
    poll = make_poll(stores, "crops", OPEN)
    rows = [
        {"poll_id": poll.id, "question_code": "q1", "text": text, "votes": votes}
        for text, votes in (("Millet", 3), ("Rye: the best", 2), ("<b>Oats</b>", 1))
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.OtherText), rows)
    return poll


def statuses(stores: Stores) -> dict[str, OtherTextStatus]:
    items = others.list_for(stores, OPERATOR, "crops").items
    return {text.text: text.status for text in items}


def seen(desk: Browser) -> list[str]:
    """What the page says that readers see."""
    part = desk.get(TEXTS).text.split('id="seen"')[1]
    return [unescape(text) for text in re.findall(r"<bdi>(.*?)</bdi>", part)]


def test_texts_are_listed_with_their_votes_and_as_words(viewer: Browser, poll: Poll) -> None:
    page = viewer.get(TEXTS).text
    assert page.index("Millet") < page.index("Rye") < page.index("Oats")
    assert "<b>Oats" not in page
    assert "&lt;b&gt;Oats" in page


def test_one_text_is_shown_and_hidden_by_its_button(
    editor: Browser, stores: Stores, poll: Poll
) -> None:
    assert seen(editor) == []
    done = editor.post(TEXTS, {"show": "q1:Rye: the best", "status": "pending"})
    assert (done.status_code, done.headers["Location"]) == (303, f"{TEXTS}?status=pending")
    assert statuses(stores)["Rye: the best"] is OtherTextStatus.SHOWN
    assert seen(editor) == ["Rye: the best"]
    editor.post(TEXTS, {"hide": "q1:Rye: the best"})
    assert statuses(stores)["Rye: the best"] is OtherTextStatus.HIDDEN
    assert seen(editor) == []


def test_many_are_decided_at_once(editor: Browser, stores: Stores, poll: Poll) -> None:
    editor.post(TEXTS, {"act": "show", "text": ["q1:Millet", "q1:<b>Oats</b>"]})
    assert "2 texts are shown to readers." in editor.get(TEXTS).text
    assert seen(editor) == ["Millet", "<b>Oats</b>"]
    assert statuses(stores)["Rye: the best"] is OtherTextStatus.PENDING


def test_the_list_is_narrowed_by_status(editor: Browser, poll: Poll) -> None:
    editor.post(TEXTS, {"hide": "q1:Millet"})
    hidden = editor.get(f"{TEXTS}?status=hidden").text
    assert "Millet" in hidden
    assert "Rye" not in hidden
    assert "<h2>None</h2>" in editor.get(f"{TEXTS}?status=shown").text
    assert editor.get(f"{TEXTS}?status=lost").status_code == 422


def test_a_decision_leads_back_to_the_page_it_was_made_on_while_there_is_something_on_it(
    app: Flask, editor: Browser, poll: Poll
) -> None:
    rows = [
        {"poll_id": poll.id, "question_code": "q1", "text": f"Crop {number}", "votes": 9}
        for number in range(50)
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.OtherText), rows)
    first = editor.get(f"{TEXTS}?status=pending").text
    [older] = re.findall(r'<a href="([^"]+)" rel="next">', first)
    second = unescape(older)
    after = dict(Page(editor.get(second).text).form("show").fields)
    assert after["after"] != [""]
    answer = editor.post(TEXTS, {**after, "hide": "q1:Millet"})
    assert answer.location == second
    assert "Rye" in editor.get(second).text
    editor.post(TEXTS, {**after, "act": "hide", "text": ["q1:Rye: the best", "q1:<b>Oats</b>"]})
    answer = editor.get(second)
    assert (answer.status_code, answer.location) == (303, f"{TEXTS}?status=pending")


def test_nothing_selected_changes_nothing(editor: Browser, stores: Stores, poll: Poll) -> None:
    editor.post(TEXTS, {"act": "hide"})
    assert "Select texts first" in editor.get(TEXTS).text
    assert set(statuses(stores).values()) == {OtherTextStatus.PENDING}


@pytest.mark.parametrize(
    "form", [{"act": "burn", "text": ["q1:Millet"]}, {}, {"show": "q1:Never"}, {"show": "q9:Rye"}]
)
def test_a_form_that_is_not_ours_is_refused(
    editor: Browser, poll: Poll, form: dict[str, object]
) -> None:
    assert editor.post(TEXTS, form).status_code == 422


def test_a_poll_without_such_a_choice_has_no_texts(viewer: Browser, stores: Stores) -> None:
    make_poll(stores, "plain")
    page = viewer.get(f"{DEMO}/polls/plain/texts").text
    assert "No text yet" in page
    assert "/plain/texts" not in viewer.get(f"{DEMO}/polls/plain/ballots").text


def test_viewers_read_and_only_editors_decide(
    viewer: Browser, stranger: Browser, poll: Poll
) -> None:
    assert "<button name" not in viewer.get(TEXTS).text
    assert viewer.post(TEXTS, {"show": "q1:Millet"}).status_code == 403
    assert stranger.get(TEXTS).status_code == 404
    assert (
        stranger.post("/admin/sites/other/polls/crops/texts", {"show": "q1:x"}).status_code == 404
    )
