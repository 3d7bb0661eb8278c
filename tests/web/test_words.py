"""A poll brings our own words along, in the language that is asked for."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.web import catalogues, public, wording, words
from tests.support.service import ROOT

POLL = "/v1/polls/region-interest"
ENGLISH = json.loads((ROOT / "service/widget/texts.json").read_text())


def test_a_poll_has_our_words_only_for_who_asks_for_a_language(client: FlaskClient) -> None:
    without, english = client.get(POLL), client.get(f"{POLL}?locale=en")
    worded = wording.worded(json.loads(without.data), "en")
    assert json.loads(english.data) == worded
    assert worded["texts"] == ENGLISH
    assert english.headers["ETag"] != without.headers["ETag"]
    assert english.headers["Cache-Control"] == without.headers["Cache-Control"]


def test_each_language_is_an_answer_of_its_own(client: FlaskClient) -> None:
    answers = [client.get(f"{POLL}?locale={locale}") for locale in catalogues.LOCALES]
    assert [texts(answer)["locale"] for answer in answers] == list(catalogues.LOCALES)
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert {frozenset(texts(answer)) for answer in answers} == {frozenset(ENGLISH)}


@pytest.mark.parametrize(
    ("asked", "forms"),
    [
        ("ar-EG", {"zero", "one", "two", "few", "many", "other"}),
        ("ru", {"one", "few", "many", "other"}),
        ("fr-CA", {"one", "many", "other"}),
        ("fa", {"one", "other"}),
        ("zh-TW", {"other"}),
    ],
)
def test_what_depends_on_a_number_has_the_forms_that_the_language_has(
    client: FlaskClient, asked: str, forms: set[str]
) -> None:
    said = texts(client.get(f"{POLL}?locale={asked}"))
    assert all(set(said[key]) == forms for key in ("votes", "readers", "busyFor"))


@pytest.mark.parametrize(
    ("asked", "site", "best"),
    [("ms-MY", "fr", "ms"), ("tlh", "fr-CA", "fr"), ("", "ru", "ru"), ("tlh", "sw", "en")],
)
def test_what_we_do_not_speak_is_answered_in_the_sites_language_or_in_english(
    asked: str, site: str, best: str
) -> None:
    assert words.best_locale(asked, site) == best


@pytest.mark.parametrize(
    "query",
    [
        "locale=en-IN",
        "locale=EN_in",
        "x=1&locale=en%2DIN",
        "locale=",
        "locale=tlh",
        "locale=%00%FF",
        "locale=en&locale=%ff",
        f"locale={'x' * 5000}",
    ],
)
def test_odd_languages_are_no_error_and_are_rendered_as_the_one_they_get(
    client: FlaskClient, query: str
) -> None:
    kept = client.get(f"{POLL}?locale=en")
    rendered = len(public.poll_renderings)
    answer = client.get(f"{POLL}?{query}")
    assert (answer.status_code, answer.data) == (200, kept.data)
    assert len(public.poll_renderings) == rendered


def texts(answer: TestResponse) -> dict[str, Any]:
    """The words in the answer."""
    found: dict[str, Any] = json.loads(answer.data)["texts"]
    return found
