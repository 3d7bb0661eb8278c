"""What becomes of a poll by its buttons: opened, closed, scheduled, archived, copied, deleted."""

from datetime import timedelta

import pytest

from service.domain import polls
from service.errors import PollNotFound
from service.records import OPERATOR, Role, Status
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.accounts import new_secret, open_poll_of_accounts
from tests.support.html_forms import Page
from tests.support.voters import Api, ballot
from tests.web.admin.conftest import Browser, SignedIn
from tests.web.admin.test_polls_form import NEW, REGION, SITE, new_form, send, the_form, written


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


def press(editor: Browser, path: str, button: str) -> str:
    """Press a button of the page and give what the page after it says."""
    form = Page(editor.get(path).text).form(button)
    answer = editor.post(form.action or path, form.press(button))
    assert answer.status_code == 303, answer.text
    return editor.get(answer.location).text


def status(stores: Stores, now: FakeClock, slug: str = "region-interest") -> Status:
    return polls.managed(stores, OPERATOR, slug).status_at(now())


def test_a_poll_is_closed_reopened_and_archived(
    editor: Browser, stores: Stores, clock: FakeClock
) -> None:
    assert "Voting on “Region interest” is closed." in press(editor, REGION, "closed")
    assert status(stores, clock) is Status.CLOSED
    assert "Your poll “Region interest” is open." in press(editor, REGION, "open")
    assert status(stores, clock) is Status.OPEN
    press(editor, REGION, "closed")
    assert "in the archive" in press(editor, REGION, "archived")
    assert status(stores, clock) is Status.ARCHIVED
    press(editor, REGION, "closed")
    assert status(stores, clock) is Status.CLOSED


def test_who_opens_a_poll_in_which_nobody_can_vote_is_told_so(
    editor: Browser, stores: Stores
) -> None:
    path = f"{SITE}/polls/{open_poll_of_accounts(stores).slug}"
    press(editor, path, "closed")
    assert "is open, but nobody can vote yet: the site has no signing key." in press(
        editor, path, "open"
    )
    new_secret(stores)
    press(editor, path, "closed")
    assert "nobody can vote" not in press(editor, path, "open")


def test_the_lists_button_leads_back_to_the_list(
    editor: Browser, stores: Stores, clock: FakeClock
) -> None:
    page = press(editor, f"{SITE}/", "closed")
    assert "<h1>Polls</h1>" in page
    assert status(stores, clock) is Status.CLOSED


def test_a_poll_is_scheduled_in_the_sites_time_zone_and_opened_before(
    editor: Browser, stores: Stores, clock: FakeClock
) -> None:
    form = written(new_form(editor)).fill(opens_at="2026-11-25T09:00")
    answer = send(editor, NEW, form, "open")
    assert "opens on 25 November 2026, 09:00 (Asia/Kolkata)" in editor.get(answer.location).text
    assert status(stores, clock, "tea") is Status.SCHEDULED
    poll = polls.managed(stores, OPERATOR, "tea")
    assert poll.schedule.opens_at == NOON + timedelta(hours=15, minutes=30)
    path = f"{SITE}/polls/tea"
    assert the_form(editor.get(path))["opens_at"] == "2026-11-25T09:00"
    press(editor, path, "open")
    assert status(stores, clock, "tea") is Status.OPEN


def test_an_end_in_the_past_closes_an_open_poll_and_says_so(
    editor: Browser, stores: Stores, clock: FakeClock
) -> None:
    form = the_form(editor.get(REGION)).fill(closes_at="2026-11-24T09:00")
    answer = send(editor, REGION, form, "save")
    said = "Saved. Voting is closed, because its end is in the past."
    assert said in editor.get(answer.location).text
    assert status(stores, clock) is Status.CLOSED
    form = the_form(editor.get(REGION)).fill(closes_at="")
    answer = send(editor, REGION, form, "save")
    assert "Saved. Voting is open again." in editor.get(answer.location).text


def test_the_schedule_says_of_the_past_that_it_is_past(editor: Browser, clock: FakeClock) -> None:
    form = written(new_form(editor)).fill(opens_at="2026-11-24T18:00", closes_at="2026-12-01T18:00")
    path = send(editor, NEW, form, "open").location.removesuffix("/embed")
    begin = "24 November 2026, 18:00"
    assert f"Opens {begin}, closes 1 December 2026, 18:00" in editor.get(path).text
    clock.moment = NOON + timedelta(days=1)
    assert f"Opened {begin}, closes 1 December 2026, 18:00" in editor.get(path).text
    closed = press(editor, path, "closed")
    assert f"Opened {begin}, closed by hand" in closed
    sent = {name: values[0] for name, values in the_form(editor.get(path)).fields.items()}
    preview = editor.post(f"{SITE}/poll-preview", sent).get_json()
    assert preview["summaries"]["schedule-part"] == f"Opened {begin}, closed by hand"
    assert "Opened by hand, no end" in editor.get(REGION).text


@pytest.mark.parametrize(
    ("opens_at", "words"),
    [("2026-11-25T09:00", "Schedule the poll"), ("2026-11-24T09:00", "Open the poll")],
)
def test_the_button_says_whether_a_new_poll_opens_now_or_later(
    editor: Browser, opens_at: str, words: str
) -> None:
    form = new_form(editor).fill(opens_at=opens_at)
    assert f">{words}</button>" in send(editor, NEW, form, "open").text
    sent = {name: values[0] for name, values in form.fields.items()}
    preview = editor.post(f"{SITE}/poll-preview", sent).get_json()
    assert preview["opens_later"] is (words == "Schedule the poll")


def test_a_poll_whose_end_has_passed_says_so_at_the_end(editor: Browser, clock: FakeClock) -> None:
    form = written(new_form(editor)).fill(closes_at="2026-11-25T09:00")
    send(editor, NEW, form, "open")
    clock.moment = NOON + timedelta(days=2)
    page = Page(editor.get(f"{SITE}/polls/tea").text).form("open")
    answer = editor.post(page.action, page.press("open"))
    assert answer.status_code == 422
    assert 'id="closes_at-error"' in answer.text


@pytest.mark.parametrize(("button", "said"), [("save", "Saved."), ("open", "is open.")])
@pytest.mark.parametrize("closed_by", ["its schedule", "an owner"])
def test_a_poll_whose_end_has_passed_is_reopened_in_the_form_that_says_so(
    editor: Browser, stores: Stores, clock: FakeClock, closed_by: str, button: str, said: str
) -> None:
    form = written(new_form(editor)).fill(closes_at="2026-11-25T09:00")
    send(editor, NEW, form, "open")
    clock.moment = NOON + timedelta(days=2)
    path = f"{SITE}/polls/tea"
    if closed_by == "an owner":
        press(editor, path, "archived")
        press(editor, path, "closed")
    answer = editor.post(f"{path}/status", {"status": "open"})
    form = the_form(answer).fill(closes_at="", q1__text="More tea?")
    assert form.action == path
    answer = send(editor, form.action, form, button)
    assert (answer.status_code, answer.location) == (303, path)
    assert said in editor.get(path).text
    assert polls.managed(stores, OPERATOR, "tea").questions[0].text == "More tea?"
    reopened = button == "open" or closed_by == "its schedule"
    assert status(stores, clock, "tea") is (Status.OPEN if reopened else Status.CLOSED)


def test_what_cannot_be_is_said_and_changes_nothing(
    editor: Browser, stores: Stores, clock: FakeClock
) -> None:
    answer = editor.post(f"{REGION}/status", {"status": "draft"})
    assert "A poll that is open cannot become draft." in editor.get(answer.location).text
    assert status(stores, clock) is Status.OPEN


def test_a_copy_is_a_draft_of_its_own(editor: Browser, stores: Stores, clock: FakeClock) -> None:
    answer = editor.post(f"{REGION}/duplicate")
    assert "This is a copy, saved as a draft. It has no votes." in editor.get(answer.location).text
    assert status(stores, clock, "region-interest-2") is Status.DRAFT
    listed = editor.get(f"{SITE}/").text
    assert '<span class="under">/polls/region-interest-2</span>' in listed
    assert '<span class="under">/polls/region-interest</span>' in listed


class TestDeleting:
    def test_says_how_many_ballots_are_lost(self, editor: Browser, api: Api) -> None:
        api.cast(ballot("c1"))
        assert "<strong>1 ballot</strong>" in editor.get(f"{REGION}/delete").text

    def test_needs_the_address_typed(self, editor: Browser, stores: Stores) -> None:
        answer = editor.post(f"{REGION}/delete", {"slug": "region"})
        assert answer.status_code == 422
        assert "Nothing is deleted." in answer.text
        assert polls.managed(stores, OPERATOR, "region-interest")

    def test_of_a_draft_without_ballots_needs_no_address(
        self, editor: Browser, stores: Stores
    ) -> None:
        copy = editor.post(f"{REGION}/duplicate").location
        assert 'name="slug"' not in editor.get(f"{copy}/delete").text
        assert editor.post(f"{copy}/delete").status_code == 303
        with pytest.raises(PollNotFound):
            polls.managed(stores, OPERATOR, "region-interest-2")

    def test_takes_the_poll_away(self, editor: Browser, stores: Stores) -> None:
        answer = editor.post(f"{REGION}/delete", {"slug": "region-interest"})
        assert "“Region interest” is deleted." in editor.get(answer.location).text
        with pytest.raises(PollNotFound):
            polls.managed(stores, OPERATOR, "region-interest")
