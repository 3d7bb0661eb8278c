"""Hosted pages speak the language of their address, else the site's."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain import sites
from service.records import OPERATOR, ResultsVisibility, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.conftest import MakePoll

ARABIC = '<html lang="ar" dir="rtl">'


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send the form as a browser does, which keeps the cookie and sends the form again."""
    headers = {"Origin": OWN_ORIGIN, "Accept": "text/html"}
    answer = client.post(path, data=data, headers=headers)
    if answer.status_code == 307:
        answer = client.post(answer.headers["Location"], data=data, headers=headers)
    return answer


@pytest.fixture
def arabic_site(stores: Stores) -> None:
    """The site of the polls is Egyptian."""
    site = sites.find(stores, OPERATOR, "demo")
    draft = replace(sites.draft_of(site), locale="ar-EG")
    sites.edit(stores, OPERATOR, "demo", draft, NOON)


@pytest.mark.usefixtures("arabic_site")
@pytest.mark.parametrize("path", ["", "/results", "/confirm?q1=c1"])
def test_a_polls_pages_speak_its_sites_language(
    client: FlaskClient, make_poll: MakePoll, path: str
) -> None:
    page = client.get(make_poll() + path).text
    assert ARABIC in page
    assert "كل الاستطلاعات" in page
    assert "Vote" not in page.split("<body")[1]
    assert " voted" not in page.split("<body")[1]


@pytest.mark.usefixtures("arabic_site")
def test_results_are_written_in_the_sites_figures(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll()
    for choice in ("c1", "c1", "c2"):
        Api(client, "made").cast(ballot(choice))
    page = client.get(f"{path}/results").text
    assert "<strong>٦٦٫٧٪" in page
    assert "صوّت ٣ قراء" in page
    assert "٢٤ نوفمبر ٢٠٢٦" in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/polls/made", "Voter</button>"),
        ("/polls/made/results", "Personne n’a encore voté"),
        ("/embed/made", '<html lang="fr" dir="ltr">'),
        ("/polls/made/confirm?q1=c1&", "Rien n’est encore compté"),
        ("/polls", "Rechercher</button>"),
        ("/polls/nothing", "Ce sondage n’existe pas."),
    ],
)
def test_an_address_asks_for_another_language(
    client: FlaskClient, make_poll: MakePoll, path: str, said: str
) -> None:
    make_poll()
    asking = path if path.endswith("&") else f"{path}?"
    french = client.get(f"{asking}locale=fr-CA", headers={"Accept": "text/html"}).text
    english = client.get(path.rstrip("&"), headers={"Accept": "text/html"}).text
    assert said in french
    assert said not in english
    assert '<html lang="en" dir="ltr">' in english


def test_the_language_that_was_asked_for_goes_along(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll(results_visibility=ResultsVisibility.AFTER_VOTE)
    page = client.get(f"{path}?locale=fr-CA").text
    action = f"{path}/ballots?locale=fr-CA"
    assert f'action="{action}"' in page
    assert 'href="/polls?locale=fr-CA"' in page
    voted = send(client, action, q1="c1")
    assert "&locale=fr-CA#voted" in voted.headers["Location"]
    assert "Votre vote est compté." in client.get(voted.headers["Location"]).text


@pytest.mark.parametrize("asked", ["und", "MUL", "zxx-Latn"])
def test_no_language_in_particular_is_none_that_is_asked_for(
    client: FlaskClient, make_poll: MakePoll, asked: str
) -> None:
    path = make_poll()
    for page in (path, f"{path}/results", "/embed/made"):
        assert client.get(f"{page}?locale={asked}").text == client.get(page).text


@pytest.mark.parametrize("asked", ["tlh", "", "%22%3E%3Cb%3E", "x" * 40])
def test_what_is_no_language_of_ours_changes_nothing_but_is_asked_for_again(
    client: FlaskClient, make_poll: MakePoll, asked: str
) -> None:
    path = make_poll()
    page = client.get(f"{path}?locale={asked}").text
    again = page.replace(f"?locale={asked}", "").replace(f'locale="{asked}"', 'locale="en"')
    assert asked == "" or again == client.get(path).text
    assert "<b>" not in page


@pytest.mark.usefixtures("arabic_site")
def test_refusals_are_in_the_language_too(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll()
    empty = send(client, f"{path}/ballots")
    assert (empty.status_code, "يُرجى اختيار إجابة." in empty.text) == (422, True)
    send(client, f"{path}/ballots", q1="c1")
    again = send(client, f"{path}/ballots", q1="c2")
    assert (again.status_code, "سبق أن أدليت بصوتك" in again.text) == (409, True)


@pytest.mark.usefixtures("arabic_site")
def test_a_refusal_by_a_page_of_its_own_too(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(schedule=Schedule(Status.CLOSED))
    refused = send(client, f"{path}/ballots", q1="c1")
    assert refused.status_code == 409
    assert ARABIC in refused.text
    assert "هذا الاستطلاع مغلق." in refused.text
    problem = Api(client, "made").cast(ballot("c1")).json
    assert problem["detail"] == "This poll is closed."


def test_only_languages_that_the_poll_is_in_are_pages_of_their_own_to_search_engines(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll(translations={"fr": {"title": "Faite"}})
    address = f"{OWN_ORIGIN}{path}"
    for asked, own in (
        ("", address),
        ("?locale=ar", address),
        ("?locale=fr", f"{address}?locale=fr"),
    ):
        page = client.get(path + asked).text
        assert f'<link rel="canonical" href="{own}">' in page
        assert f'<link rel="alternate" hreflang="en" href="{address}">' in page
        assert f'<link rel="alternate" hreflang="fr" href="{address}?locale=fr">' in page
        assert page.count("hreflang") == 3  # and that of the documentation
