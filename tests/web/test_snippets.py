"""What is pasted to have a poll somewhere."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from service.domain import polls
from service.records import Choice, Question, Schedule, Status
from service.stores import Stores
from service.web import amp, snippets
from tests.conftest import NOON
from tests.support.voters import OWN_ORIGIN
from tests.web.conftest import MakePoll

MADE = f"{OWN_ORIGIN}/polls/made"


def mail(stores: Stores) -> str:
    return snippets.mail(polls.find(stores, "made"), NOON, OWN_ORIGIN)


class TestMail:
    def test_it_is_the_picture_and_a_link_for_each_choice(
        self, stores: Stores, make_poll: MakePoll
    ) -> None:
        make_poll()
        links = re.findall(r'<a href="([^"]+)"[^>]*>([^<]*)', mail(stores))
        assert [(address, text.strip()) for address, text in links] == [
            (MADE, ""),
            (f"{MADE}/confirm?q1=c1", "Rice"),
            (f"{MADE}/confirm?q1=c2", "Tea"),
            (f"{MADE}/confirm?q1=c3", "Salt"),
        ]
        assert f'<img src="{MADE}/picture.png" width="600" alt="Which one?"' in mail(stores)

    def test_every_address_in_it_is_there(
        self, client: FlaskClient, stores: Stores, make_poll: MakePoll
    ) -> None:
        make_poll()
        for address in re.findall(r'(?:href|src)="([^"]+)"', mail(stores)):
            path = unescape(address).removeprefix(OWN_ORIGIN)
            assert client.get(path).status_code == 200, path

    def test_of_a_poll_that_is_over_the_picture_is_left(
        self, stores: Stores, make_poll: MakePoll
    ) -> None:
        make_poll(schedule=Schedule(Status.CLOSED))
        assert "picture.png" in mail(stores)
        assert "confirm" not in mail(stores)

    def test_it_runs_as_the_question_does(self, stores: Stores, make_poll: MakePoll) -> None:
        make_poll(Question("q1", "أي منطقة؟", (Choice("c1", "أ"), Choice("c2", "ب"))))
        assert mail(stores).startswith('<div dir="rtl"')

    def test_no_word_of_a_poll_becomes_markup(self, stores: Stores, make_poll: MakePoll) -> None:
        evil = '"><script>alert(1)</script>&amp;'
        make_poll(Question("q1", evil, (Choice("c1", evil), Choice("c2", "b"))))
        tags = re.findall("<([a-z]+)", mail(stores))
        assert set(tags) == {"div", "a", "img"}


class TestAmp:
    @pytest.mark.parametrize(
        ("host", "called"),
        [
            ("example.com", "example-com"),
            ("foo.example.com", "foo-example-com"),
            ("foo-example.com", "foo--example-com"),
            ("xn--57hw060o.com", "xn---com-p33b41770a"),
            ("en-us.example.com", "0-en--us-example-com-0"),
        ],
    )
    def test_a_host_is_called_what_the_caches_call_it(self, host: str, called: str) -> None:
        assert amp.subdomain(host) == called

    @pytest.mark.parametrize(
        "host",
        [
            "localhost",
            f"{'a' * 60}.example.org",
            "xn--99999999.example",
            "xn--ls8h999999999.example",
        ],
    )
    def test_a_host_that_makes_no_label_is_called_by_its_hash(self, host: str) -> None:
        assert re.fullmatch("[a-z2-7]{52}", amp.subdomain(host))

    def test_pages_on_a_port_or_without_encryption_are_in_no_cache(self) -> None:
        origins = ["https://a.test:8443", "http://a.test", "https://[::1]", "https://news.test"]
        assert list(amp.cache_origins(origins)) == [
            "https://news-test.cdn.ampproject.org",
            "https://news-test.bing-amp.com",
        ]

    def test_the_sites_pages_may_frame_the_poll_from_there(self, client: FlaskClient) -> None:
        policy = client.get("/embed/region-interest").headers["Content-Security-Policy"]
        assert policy.endswith(
            "frame-ancestors 'self' https://news.test"
            " https://news-test.cdn.ampproject.org https://news-test.bing-amp.com"
        )
