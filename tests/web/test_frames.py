"""A poll in a frame."""

from flask.testing import FlaskClient

from service.records import Schedule, Status
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


def test_a_draft_and_what_is_not_there_have_none(client: FlaskClient, make_poll: MakePoll) -> None:
    make_poll(schedule=Schedule(Status.DRAFT))
    assert client.get("/embed/made").status_code == 404
    assert client.get("/embed/nothing").status_code == 404
