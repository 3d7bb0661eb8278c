"""The owners' results, ballots, readers' texts, keys and audit log in a real browser."""

import json
import os
import re
import sqlite3
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners import signed_in
from tests.browser.soundness import expect_sound
from tests.support.ports import wait_until
from tests.support.service import ROOT, RunningService
from tests.support.voters import Remote, ballot, new_token

SITE = "/admin/sites/demo"
CROPS = {
    "title": "Which crop?",
    "status": "open",
    "questions": [
        {
            "text": "Which crop do you grow?",
            "choices": [{"text": "Rice"}, {"text": "Tea"}, {"text": "Another", "is_other": True}],
        }
    ],
}
CHOICES = {"c1": 7, "c2": 4, "c3": 3}
SCREENS = {"results": 1360, "ballots": 800, "texts": 800}
"""The screens of a poll, and how high each is in its picture."""
PAGES = [f"https://news.example/{name}" for name in ("fields", "fields", "fields", "rain", "seeds")]


@pytest.fixture(scope="session")
def secret(live: RunningService) -> str:
    """A key that makes polls."""
    words = ("key", "create", "--site", "demo", "--name", "tests", "--scope", "polls:write")
    return live.command(*words).split()[-1]


@pytest.fixture
def poll(live: RunningService, secret: str) -> str:
    """The slug of a poll of the test's own, in which readers have voted."""
    slug = f"crops-{uuid4().hex[:8]}"
    answer = call(live, secret, "/v1/polls", {**CROPS, "slug": slug})
    assert answer["slug"] == slug
    for choice, votes in CHOICES.items():
        for number in range(votes):
            texts = {"q1": ("Millet", "Rye")[number % 2]} if choice == "c3" else {}
            vote(live, slug, choice, other_texts=texts)
    return slug


def call(live: RunningService, secret: str, path: str, body: Any) -> Any:
    """Post to the API for programs."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    request = urllib.request.Request(live.url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def vote(live: RunningService, slug: str, choice: str = "c1", **fields: Any) -> None:
    """Cast a ballot as another reader, somewhere else."""
    page = f"{live.url}/demo"
    status, said = Remote(live.url, slug).cast(ballot(choice, page=page, **fields))
    assert status == 201, said


def path_of(slug: str, screen: str) -> str:
    return f"{SITE}/polls/{slug}/{screen}"


def total(page: Page) -> Any:
    return page.locator(".totals .most")


class TestResults:
    def test_a_vote_elsewhere_appears_without_a_reload_and_takes_no_focus(
        self, owners_page: Page, live: RunningService, poll: str
    ) -> None:
        page = owners_page
        page.clock.install()
        page.goto(live.url + path_of(poll, "results"))
        expect(total(page)).to_have_text("14")
        page.evaluate("window.untouched = true")
        row = page.get_by_role("row", name=re.compile("^Tea"))
        expect(row.get_by_role("cell").nth(0)).to_have_text("4")
        held = row.element_handle()
        link = page.get_by_role("link", name="Ballots")
        link.focus()
        vote(live, poll, "c2")
        page.clock.run_for(2000)
        expect(total(page)).to_have_text("15")
        expect(row.get_by_role("cell").nth(0)).to_have_text("5")
        expect(row.get_by_role("cell").nth(1)).to_have_text("33.3%")
        expect(page.get_by_role("status").get_by_text("15 ballots counted.")).to_be_attached()
        expect(link).to_be_focused()
        assert page.evaluate("window.untouched") is True
        assert held
        assert held.evaluate("row => row.isConnected"), "the row was changed, not replaced"

    def test_it_asks_no_more_once_voting_is_over(
        self, owners_page: Page, live: RunningService, poll: str
    ) -> None:
        page, asked = owners_page, list[str]()
        page.on("request", lambda request: asked.append(request.url.split("/")[-1]))
        page.clock.install()
        page.goto(live.url + path_of(poll, "results"))
        page.clock.run_for(5000)
        expect(page.get_by_text("Voting goes on until you close it.")).to_be_visible()
        assert "figures" in asked
        live.command("poll", "close", poll)
        wait_until(lambda: Remote(live.url, poll).results()["status"] == "closed", "it is closed")
        page.clock.run_for(5000)
        expect(page.get_by_text("Voting is closed.")).to_be_visible()
        asked.clear()
        page.clock.run_for(20_000)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.evaluate("fetch('/healthz').then((answer) => answer.text())")
        assert "healthz" in asked
        assert "figures" not in asked

    def test_it_says_when_the_session_has_ended_and_asks_no_more(
        self, owners_page: Page, live: RunningService, poll: str
    ) -> None:
        page, asked = owners_page, list[str]()
        page.on("request", lambda request: asked.append(request.url.split("/")[-1]))
        page.clock.install(time=datetime(2026, 11, 24, 14, 3, tzinfo=UTC))
        page.goto(live.url + path_of(poll, "results"))
        expect(total(page)).to_have_text("14")
        page.context.clear_cookies()
        with page.expect_console_message(lambda said: "401" in said.text):
            page.clock.run_for(2000)
        told = page.get_by_role("alert")
        expect(told).to_contain_text("You are signed out: these are the figures of 19:33.")
        link = told.get_by_role("link", name="Sign in").get_attribute("href")
        assert link == f"/admin/sign-in?next={path_of(poll, 'results')}"
        asked.clear()
        page.clock.run_for(60_000)
        page.evaluate("fetch('/healthz').then((answer) => answer.text())")
        assert "healthz" in asked
        assert "figures" not in asked
        errors: list[str] = getattr(page, "voxpop_errors")  # noqa: B009 - set by the fixture
        assert all("401" in error for error in errors), errors
        errors.clear()

    def test_the_chart_is_drawn_under_the_pages_policy_and_the_table_says_the_same(
        self, viewed_page: Page, live: RunningService, poll: str
    ) -> None:
        page = viewed_page
        page.goto(live.url + path_of(poll, "results"))
        canvas = page.locator(".drawing canvas")
        expect(canvas).to_be_visible()
        page.wait_for_function(
            """() => {
                const canvas = document.querySelector(".drawing canvas");
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                const bar = getComputedStyle(canvas).getPropertyValue("--bar").trim();
                const [r, g, b] = bar.match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16));
                let seen = 0;
                for (let at = 0; at < data.length; at += 4)
                    if (data[at] === r && data[at + 1] === g && data[at + 2] === b) seen += 1;
                return seen > 100;
            }"""
        )
        page.get_by_text("The same figures as a table").click()
        table = page.get_by_role("region", name="Ballots over time").last
        counts = table.get_by_role("cell").all_text_contents()
        assert sum(int(count) for count in counts) == 14

    def test_the_axis_of_a_chart_of_one_minute_spans_some_minutes_and_none_to_come(
        self, owners_page: Page, live: RunningService, poll: str
    ) -> None:
        page = owners_page
        page.add_init_script(
            """window.written = [];
            const write = CanvasRenderingContext2D.prototype.fillText;
            CanvasRenderingContext2D.prototype.fillText = function (words, ...place) {
                window.written.push(words);
                return write.call(this, words, ...place);
            };"""
        )
        minute = int(datetime(2026, 11, 24, 12, 4, tzinfo=UTC).timestamp())
        drawn = {"step_seconds": 60, "times": [minute], "labels": ["17:34"], "ballots": [14]}
        page.route("**/over-time", lambda route: route.fulfill(json=drawn))
        page.goto(live.url + path_of(poll, "results"))
        expect(page.locator(".drawing canvas")).to_be_visible()
        page.wait_for_function("() => window.written.length")
        clocks = {word for word in page.evaluate("window.written") if ":" in word}
        assert clocks <= {f"17:{number}" for number in range(23, 36)}
        assert {"17:25", "17:30", "17:35"} <= clocks

    def test_without_script_the_page_shows_the_same_figures(
        self, browser: Browser, live: RunningService, poll: str
    ) -> None:
        page = plain_page(browser, live)
        page.goto(live.url + path_of(poll, "results"))
        expect(total(page)).to_have_text("14")
        expect(page.get_by_role("row", name=re.compile("Rice 7 50.0%"))).to_be_visible()
        page.context.close()


class TestBallots:
    def test_to_void_from_the_log_changes_the_totals_seen_in_another_window(
        self, owners_page: Page, live: RunningService, poll: str
    ) -> None:
        log, window = owners_page, owners_page.context.new_page()
        window.clock.install()
        window.goto(live.url + path_of(poll, "results"))
        expect(total(window)).to_have_text("14")
        log.goto(live.url + path_of(poll, "ballots"))
        log.get_by_label("Choice").select_option("Tea")
        log.get_by_role("button", name="Filter").press("Enter")
        log.get_by_role("checkbox", name="Select all on this page").press("Space")
        expect(log.get_by_text("4 selected")).to_be_visible()
        log.get_by_role("button", name="Void the selected").press("Enter")
        expect(log.get_by_role("heading", level=1)).to_have_text("Void 4 ballots?")
        expect(log.get_by_role("row", name="Tea 4 0 28.6% 0.0%")).to_be_visible()
        log.get_by_label("Reason").press_sequentially("sent by a script")
        log.keyboard.press("Enter")
        expect(log.get_by_text("4 ballots are voided.")).to_be_visible()
        expect(log.get_by_text("sent by a script").first).to_be_visible()
        window.clock.run_for(2000)
        expect(total(window)).to_have_text("10")
        expect(window.locator(".totals dd").last).to_have_text("4")

    def test_without_script_ballots_are_voided_and_restored(
        self, browser: Browser, live: RunningService, poll: str
    ) -> None:
        page = plain_page(browser, live)
        page.goto(live.url + path_of(poll, "ballots"))
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Void the selected").click()
        page.get_by_label("Reason").fill("test")
        page.get_by_role("button", name="Void 1 ballot").click()
        expect(page.get_by_text("1 ballot is voided.")).to_be_visible()
        page.get_by_label("Status").select_option("void")
        page.get_by_role("button", name="Filter").click()
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Restore the selected").click()
        page.get_by_role("button", name="Restore 1 ballot").click()
        expect(page.get_by_text("1 ballot is restored.")).to_be_visible()
        assert Remote(live.url, poll).results()["ballots"] == 14
        page.context.close()


def test_a_text_that_an_owner_shows_is_in_the_results(
    owners_page: Page, live: RunningService, poll: str
) -> None:
    owners_page.goto(live.url + path_of(poll, "texts"))
    expect(owners_page.get_by_text("and none of the texts")).to_be_visible()
    owners_page.get_by_role("button", name="Show Millet").press("Enter")
    expect(owners_page.get_by_text("1 text is shown to readers.")).to_be_visible()
    seen = owners_page.get_by_role("region", name="What readers see")
    expect(seen.get_by_text("Millet")).to_be_visible()
    (question,) = Remote(live.url, poll).results()["questions"]
    assert [text["text"] for text in question["other_texts"]] == ["Millet"]


def test_enter_in_a_box_publishes_nothing(
    owners_page: Page, live: RunningService, poll: str
) -> None:
    page = owners_page
    page.goto(live.url + path_of(poll, "texts"))
    page.get_by_label("Millet").check()
    page.get_by_label("Millet").press("Enter")
    expect(page.get_by_text("Press Show or Hide: nothing was changed.")).to_be_visible()
    expect(page.get_by_text("and none of the texts")).to_be_visible()


def test_a_key_is_made_with_a_preset_copied_and_revoked(
    browser: Browser, live: RunningService
) -> None:
    context = signed_in(browser, live)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    name = f"feed {new_token()}"
    page.goto(f"{live.url}{SITE}/keys")
    page.get_by_label("Name").fill(name)
    page.get_by_role("link", name="an editor").press("Enter")
    assert page.get_by_role("checkbox", checked=True).count() == 6
    expect(page.get_by_label("Name")).to_have_value(name)
    page.get_by_role("button", name="Make the key").press("Enter")
    secret = page.locator("#secret").inner_text()
    assert secret not in page.url
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.get_by_role("link", name="to the keys").click()
    assert secret not in page.content()
    page.get_by_role("link", name=f"Revoke {name}").click()
    page.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("it opens nothing any more")).to_be_visible()
    page.goto(f"{live.url}{SITE}/audit")
    expect(page.get_by_text("revoked the API key").first).to_be_visible()
    context.close()


class TestLook:
    @pytest.mark.parametrize("screen", SCREENS)
    def test_a_screen_of_a_poll_is_sound(
        self, owners_page: Page, live: RunningService, axe: Axe, poll: str, screen: str
    ) -> None:
        owners_page.goto(live.url + path_of(poll, screen))
        expect_sound(owners_page, axe)

    def test_the_question_before_voiding_is_sound(
        self, owners_page: Page, live: RunningService, axe: Axe, poll: str
    ) -> None:
        owners_page.goto(live.url + path_of(poll, "ballots"))
        owners_page.get_by_role("checkbox").nth(1).check()
        owners_page.get_by_role("button", name="Void the selected").click()
        expect(owners_page.get_by_label("Reason")).to_be_focused()
        expect_sound(owners_page, axe)

    def test_on_a_phone_no_column_and_no_code_is_out_of_sight(
        self, browser: Browser, live: RunningService, poll: str
    ) -> None:
        context = signed_in(browser, live, "phone")
        page = context.new_page()
        for path in (*(path_of(poll, name) for name in ("ballots", "texts", "embed")), "keys"):
            page.goto(live.url + (path if "/" in path else f"{SITE}/{path}"))
            parts = page.locator(".wide, pre").evaluate_all(
                "parts => parts.map((part) => part.scrollWidth - part.clientWidth)"
            )
            assert parts, path
            assert max(parts) == 0, path
        context.close()

    def test_keys_and_the_audit_log_are_sound(
        self, owners_page: Page, live: RunningService, axe: Axe, secret: str
    ) -> None:
        prefix = secret[:11]
        for path in ("keys", "audit", f"keys/{prefix}/revoke"):
            owners_page.goto(f"{live.url}{SITE}/{path}")
            if path == "audit":
                owners_page.get_by_text("Details", exact=True).first.click()
            expect_sound(owners_page, axe)
        owners_page.goto(f"{live.url}{SITE}/keys")
        owners_page.get_by_label("Name").fill("sound")
        owners_page.get_by_role("button", name="Make the key").click()
        expect(owners_page.locator("#secret")).to_be_visible()
        expect_sound(owners_page, axe)


def test_the_screens_can_be_pictured(
    browser: Browser, live: RunningService, poll: str, tmp_path: Path
) -> None:
    for number in range(180):
        vote(live, poll, ("c1", "c2", "c1", "c1", "c2")[number % 5])
    spread(live, poll)
    context = signed_in(browser, live)
    page = context.new_page()
    folder = ROOT / "docs" / "pictures" if os.environ.get("UPDATE_PICTURES") else tmp_path
    for screen, height in SCREENS.items():
        page.set_viewport_size({"width": 1280, "height": height})
        page.goto(live.url + path_of(poll, screen))
        if screen == "results":
            expect(page.locator(".drawing canvas")).to_be_visible()
        picture = page.screenshot(path=folder / f"admin-{screen}.png", animations="disabled")
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert 10_000 < len(picture) < 400_000
    context.close()


def spread(live: RunningService, slug: str) -> None:
    """Have the poll's ballots be cast over two days and on several pages."""
    path = live.environment["DATABASE_URL"].removeprefix("sqlite:///")
    found = "SELECT ballots.id FROM ballots JOIN polls ON polls.id = ballots.poll_id WHERE slug = ?"
    with closing(sqlite3.connect(path, timeout=30)) as base, base:
        ids = base.execute(found, (slug,)).fetchall()
        rows = [
            (f"{hours_ago(number):%Y-%m-%d %H:%M:%S.%f}", PAGES[number % len(PAGES)], ballot_id)
            for number, (ballot_id,) in enumerate(ids)
        ]
        base.executemany("UPDATE ballots SET cast_at = ?, page = ? WHERE id = ?", rows)


def hours_ago(number: int) -> datetime:
    """Moments as readers come: fewer by night, many at once when the story is shared."""
    hours = 2 + number * 37 % 40 if number % 3 else 12 + number * 17 % 7
    return datetime.now(UTC) - timedelta(hours=hours, minutes=number * 13 % 60)


def plain_page(browser: Browser, live: RunningService) -> Page:
    """A page of the signed-in admin whose browser runs no scripts."""
    context = signed_in(browser, live)
    state = context.storage_state()
    context.close()
    return browser.new_context(storage_state=state, java_script_enabled=False).new_page()
