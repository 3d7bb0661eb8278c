"""A poll in a frame."""

import pytest
from flask.testing import FlaskClient

from service.domain import sites
from service.records import OPERATOR, Schedule, Status
from service.stores import Stores
from service.stores.fresh import Fresh
from tests.conftest import NOON
from tests.web.conftest import MakePoll


def test_only_the_sites_pages_and_ours_may_frame_it(client: FlaskClient) -> None:
    answer = client.get("/embed/region-interest")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "frame-ancestors 'self' https://news.test" in policy
    assert "frame-ancestors 'none'" not in policy
    assert "script-src 'self'" in policy


def test_it_is_the_widget_with_a_link_to_the_poll_inside(client: FlaskClient) -> None:
    page = client.get("/embed/region-interest").text
    assert '<vox-pop poll="region-interest"' in page
    assert 'href="/polls/region-interest"' in page


def test_it_is_the_same_for_every_reader(client: FlaskClient) -> None:
    answer = client.get("/embed/region-interest")
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    again = client.get("/embed/region-interest", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_new_page_that_may_frame_it_reaches_those_who_have_it(
    client: FlaskClient, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fresh, "_is_old", lambda *_: True)
    had = client.get("/embed/region-interest").headers["ETag"]
    sites.allow(stores, OPERATOR, "demo", ["https://new.test"], NOON)
    answer = client.get("/embed/region-interest", headers={"If-None-Match": had})
    assert answer.status_code == 200
    assert "https://new.test" in answer.headers["Content-Security-Policy"]


def test_a_draft_and_what_is_not_there_have_none(client: FlaskClient, make_poll: MakePoll) -> None:
    make_poll(schedule=Schedule(Status.DRAFT))
    assert client.get("/embed/made").status_code == 404
    assert client.get("/embed/nothing").status_code == 404
