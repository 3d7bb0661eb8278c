"""What is kept of the page that embeds a poll."""

import pytest

from service.domain.ballots import PAGE_LENGTH, _page


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, None),
        ("https://news.test/asia?reader=7#top", "https://news.test/asia"),
        ("HTTPS://News.Test:8443/asia", "https://news.test:8443/asia"),
        ("https://reader:secret@news.test/", "https://news.test/"),
        ("http://[2001:DB8::1]/x", "http://[2001:db8::1]/x"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://xn--e1afmkfd.test/", "http://xn--e1afmkfd.test/"),
    ],
)
def test_origin_and_path_are_kept(sent: str | None, kept: str | None) -> None:
    assert _page(sent) == kept


def test_of_a_page_that_is_too_long_the_beginning_is_kept() -> None:
    kept = _page("https://news.test/" + "x" * 60_000 + "?" + "y" * 3000)
    assert kept == ("https://news.test/" + "x" * 60_000)[:PAGE_LENGTH]
