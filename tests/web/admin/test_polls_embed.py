"""The page of snippets, and the preview's JSON."""

from typing import Any

import pytest

from service.records import Role
from tests.support.voters import OWN_ORIGIN
from tests.web.admin.conftest import Browser, SignedIn
from tests.web.admin.test_polls_form import NEW, REGION, SITE, new_form, send, written


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


def test_has_every_way_onto_a_page(editor: Browser) -> None:
    page = editor.get(f"{REGION}/embed").text
    assert "&lt;vox-pop poll=&#34;region-interest&#34;&gt;" in page
    assert "&lt;div data-voxpop=&#34;region-interest&#34;&gt;" in page
    assert f"{OWN_ORIGIN}/widget.js" in page
    assert f"&lt;amp-iframe src=&#34;{OWN_ORIGIN}/embed/region-interest&#34;" in page
    assert f"&lt;img src=&#34;{OWN_ORIGIN}/polls/region-interest/picture.png&#34;" in page
    assert f"&lt;a href=&#34;{OWN_ORIGIN}/polls/region-interest/confirm?q1=c8&#34;" in page
    assert f"{OWN_ORIGIN}/polls/region-interest" in page


def test_says_which_pages_may_vote_and_who_can_add_one(
    editor: Browser, signed_in: SignedIn
) -> None:
    assert "<code>https://news.test</code>" in editor.get(f"{REGION}/embed").text
    assert f'href="{SITE}/settings"' not in editor.get(f"{REGION}/embed").text
    assert f'href="{SITE}/settings"' in signed_in(Role.ADMIN).get(f"{REGION}/embed").text


def test_a_drafts_page_says_that_readers_do_not_see_it(editor: Browser) -> None:
    send(editor, NEW, written(new_form(editor)), "draft")
    assert "This poll is a draft" in editor.get(f"{SITE}/polls/tea/embed").text


def test_the_qr_code_is_a_picture_that_runs_nothing(editor: Browser) -> None:
    answer = editor.get(f"{REGION}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.text.startswith("<?xml")
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


class TestCurrentPoll:
    def test_is_chosen_and_left_to_be_the_latest(self, editor: Browser) -> None:
        page = editor.get(f"{REGION}/embed").text

        assert "&lt;vox-pop poll=&#34;current&#34; site=&#34;demo&#34;&gt;" in page
        assert f"{OWN_ORIGIN}/sites/demo/current" in page
        assert "None is chosen" in page
        page = editor.post(f"{REGION}/current", {"chosen": "yes"}, follow_redirects=True).text
        assert "This poll is the current one" in page
        assert '<span class="under">Current poll</span>' in editor.get(f"{SITE}/").text
        page = editor.post(f"{REGION}/current", {"chosen": "no"}, follow_redirects=True).text
        assert "None is chosen" in page
        assert "Current poll</span>" not in editor.get(f"{SITE}/").text

    def test_that_is_another_is_named(self, editor: Browser) -> None:
        send(editor, NEW, written(new_form(editor)), "draft")
        editor.post(f"{SITE}/polls/tea/current", {"chosen": "yes"})
        assert f'<a href="{SITE}/polls/tea/embed">' in editor.get(f"{REGION}/embed").text

    def test_is_not_for_viewers_to_choose(self, signed_in: SignedIn) -> None:
        viewer = signed_in(Role.VIEWER)
        assert "Make this the current poll" not in viewer.get(f"{REGION}/embed").text
        assert viewer.post(f"{REGION}/current", {"chosen": "yes"}).status_code == 403


class TestPreview:
    def look(self, editor: Browser, view: str = "question", **fields: Any) -> dict[str, Any]:
        form = new_form(editor).fill(**fields)
        answer = editor.post(f"{SITE}/poll-preview", {**form.fields, "view": view})
        assert answer.status_code == 200
        shown = answer.get_json()
        assert isinstance(shown, dict)
        return shown

    def test_of_an_empty_form_has_words_to_look_at(self, editor: Browser) -> None:
        question = self.look(editor)["poll"]["questions"][0]
        assert question["text"] == "Your question"
        assert [choice["text"] for choice in question["choices"]] == ["Choice 1", "Choice 2"]

    def test_shows_what_is_written_so_far(self, editor: Browser) -> None:
        shown = self.look(editor, n1__text="Tea?", n1__n2__text="No", opens_at="nonsense")
        question = shown["poll"]["questions"][0]
        assert question["text"] == "Tea?"
        assert [choice["text"] for choice in question["choices"]] == ["No", "Choice 2"]

    def test_has_figures_that_add_up(self, editor: Browser) -> None:
        shown = self.look(editor, "results")
        result = shown["results"]["questions"][0]
        votes = [choice["votes"] for choice in result["choices"]]
        assert shown["voted"] is True
        assert sum(votes) == result["answered"] == shown["results"]["ballots"]

    def test_of_the_closed_poll_is_closed(self, editor: Browser) -> None:
        shown = self.look(editor, "closed")
        assert (shown["poll"]["status"], shown["results"]["status"]) == ("closed", "closed")

    def test_keeps_nothing(self, editor: Browser) -> None:
        self.look(editor, n1__text="Tea?", n1__n1__text="Yes", n1__n2__text="No")
        assert editor.get(f"{SITE}/polls/tea").status_code == 404

    def test_says_what_each_part_holds(self, editor: Browser) -> None:
        said = self.look(
            editor, n1__type="multiple_choice", n1__max_choices="2", results_visibility="owners"
        )["summaries"]
        assert said["n1-rules"] == "Up to 2 choices"
        assert said["results-part"] == "Not shown to readers, as listed"
        assert said["schedule-part"] == "Opens when you say so, no end"
