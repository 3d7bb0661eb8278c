"""A poll brings our own words along, in the language that is asked for."""

import json

import pytest
from flask.testing import FlaskClient

from service.web import public
from tests.support.service import ROOT

POLL = "/v1/polls/region-interest"
ENGLISH = json.loads((ROOT / "service/widget/texts.json").read_text())


def test_a_poll_has_our_words_only_for_who_asks_for_a_language(client: FlaskClient) -> None:
    without, english = client.get(POLL), client.get(f"{POLL}?locale=en")
    assert json.loads(english.data) == {**json.loads(without.data), "texts": ENGLISH}
    assert english.headers["ETag"] != without.headers["ETag"]
    assert english.headers["Cache-Control"] == without.headers["Cache-Control"]


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
