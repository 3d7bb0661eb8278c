"""The service under a path of a news site, behind the nginx that docs/running.md describes."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.support import nginx
from tests.support.ports import free_port, wait_until
from tests.support.processes import end
from tests.support.redis import RedisServer
from tests.support.service import ROOT, RunningService
from tests.web.test_mount import PREFIX, links

ARTICLE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>
<script async src="/voxpop/widget.js"></script>
<h1>News</h1><vox-pop poll="region-interest"></vox-pop></html>"""
NEWS = """
pid /tmp/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    server {{
        listen 127.0.0.1:{port};
        location = /favicon.ico {{ return 204; }}
        location = /article {{ default_type text/html; return 200 '{article}'; }}
        {documented}
    }}
}}
"""


@pytest.fixture(scope="module")
def news() -> Iterator[str]:
    """A news site's origin, with the service under its path."""
    with tempfile.TemporaryDirectory(prefix="voxpop-news-") as name:
        folder, port, redis = Path(name), free_port(), RedisServer()
        folder.chmod(0o755)
        origin = f"http://127.0.0.1:{port}"
        database = f"sqlite:///{folder / 'voxpop.sqlite3'}"
        settings = {"PUBLIC_URL": origin + PREFIX, "TRUSTED_PROXIES": "1", "WEB_PROCESSES": "1"}
        service = RunningService(database, redis.url, **settings).start()
        service.command("demo", "--gallery")
        words, user = nginx.command(_configuration(port, service.url), folder)
        proxy = subprocess.Popen(words, start_new_session=True, **user)
        wait_until(lambda: _answers(f"{origin}{PREFIX}/healthz"), "the news site answers")
        yield origin
        end(proxy)
        service.stop()
        redis.stop()


def _configuration(port: int, service: str) -> str:
    text = (ROOT / "docs" / "running.md").read_text()
    documented = text.split("```nginx\n")[1].split("```")[0]
    assert "http://10.0.0.7:8080/" in documented
    return NEWS.format(
        port=port,
        article=ARTICLE.replace("\n", " "),
        documented=documented.replace("http://10.0.0.7:8080", service),
    )


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_readers_vote_on_the_news_sites_own_page_and_ask_no_other_host(
    page: Page, news: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{news}/article")
    page.get_by_label("South Asia", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You have voted")).to_be_visible()
    own = [f"{news}/article", f"{news}/favicon.ico"]
    assert [url for url in asked if url not in own and not url.startswith(f"{news}/voxpop/")] == []
    page.goto(f"{news}{PREFIX}/polls/region-interest")
    expect(page.get_by_text("You have voted")).to_be_visible()


def test_no_public_page_leads_out_of_the_path(news: str) -> None:
    starts = ("/", "/polls", "/demo", "/docs", "/embed/region-interest", "/sites/demo/current")
    left, seen = [f"{PREFIX}{start}" for start in starts], set[str]()
    while left:
        address = left.pop()
        if address in seen:
            continue
        assert address.startswith(f"{PREFIX}/"), (address, seen)
        seen.add(address)
        headers = {"Accept": "text/html"}
        answer = requests.get(news + address.replace("&amp;", "&"), headers=headers, timeout=10)
        assert answer.status_code == 200, address
        assert urlsplit(answer.url).path.startswith(f"{PREFIX}/")
        if answer.headers["Content-Type"].startswith("text/html"):
            left += {link.removeprefix(news) for link in links(answer.text, news)}
    assert len(seen) > 25
