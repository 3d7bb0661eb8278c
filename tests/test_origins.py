"""One way of writing origins: the browsers' one."""

import pytest

from service.origins import normalised, policy_source


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://news.example.org", "https://news.example.org"),
        ("https://news.example.org/", "https://news.example.org"),
        (" HTTPS://News.Example.ORG ", "https://news.example.org"),
        ("https://news.example.org:443", "https://news.example.org"),
        ("http://news.example.org:80/", "http://news.example.org"),
        ("http://news.example.org:443", "http://news.example.org:443"),
        ("https://news.example.org:0443", "https://news.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://zeitung.köln.example", "https://zeitung.xn--kln-sna.example"),
        ("https://भारत.example", "https://xn--h2brj9c.example"),
        ("http://192.0.2.7:81", "http://192.0.2.7:81"),
        ("http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080"),
    ],
)
def test_an_origin_becomes_what_browsers_send(written: str, sent: str) -> None:
    assert normalised(written) == sent
    assert normalised(sent) == sent


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "null",
        "news.example.org",
        "//news.example.org",
        "ftp://news.example.org",
        "https://",
        "https:///news",
        "https://news.example.org/news",
        "https://news.example.org//",
        "https://news.example.org?x",
        "https://news.example.org/?",
        "https://news.example.org#top",
        "https://me@news.example.org",
        "https://me:pass@news.example.org",
        "https://news.example.org:0",
        "https://news.example.org:65536",
        "https://news.example.org:",
        "https://news.example.org:٤٤٣",
        "https://news example.org",
        "https://*.example.org",
        "https://-news.example.org",
        "https://news..example.org",
        "https://999.1.1.1",
        "https://[::g]",
        "https://news.example.org\\@evil.example",
        f"https://{'a' * 64}.example",
        f"https://{'.'.join(['a' * 60] * 5)}",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="Must be an origin"):
        normalised(written)


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://IMG.example.org:443/a.png", "https://img.example.org"),
        ("https://img.example.org:8443?a", "https://img.example.org:8443"),
        ("https://a_b.c_d.example.org:8443/", "https://*.example.org:8443"),
    ],
)
def test_a_policy_can_name_the_origin_of_an_address(address: str, source: str) -> None:
    assert policy_source(address) == source


@pytest.mark.parametrize(
    "address",
    [
        "http://img.example.org/a.png",
        "https://[::1]/a.png",
        "https://img.example.org./a.png",
        "https://my_site.org/a.png",
        "https://me@img.example.org/",
        "data:image/png;base64,AAAA",
    ],
)
def test_what_no_policy_can_name_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - who asks says what was wrong
        policy_source(address)
