"""The audit log's page."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from service.domain import edits, keys, owners, polls
from service.records import OPERATOR, AuditEvent, Owner, Permission, Role, Schedule, Status
from service.stores import Stores
from service.web.admin.changed import Change, Reader
from tests.conftest import NOON
from tests.support.ballots import make_poll
from tests.web.admin.conftest import DEMO, Browser

LOG = f"{DEMO}/audit"


def event(stores: Stores, site: str = "demo", **fields: Any) -> AuditEvent:
    site_id = stores.sites.ensure(site, "", "", "", NOON)
    values = {"actor": "operator", "action": "poll.edit", "subject": "poll:x", "at": NOON}
    return AuditEvent(site_id=site_id, **{**values, **fields})


def entries(page: Any) -> list[str]:
    """The log's sentences without their markup."""
    found = re.findall(r'<p>\s*(<a href="[^"]+" class="who">.*?)</p>', page.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for text in found]


def test_an_event_is_a_sentence_with_who_did_what(
    browser: Browser, make_owner: Callable[..., Owner], stores: Stores, site_id: int
) -> None:
    me = make_owner()
    admin = browser.become(me)
    key, _ = keys.create(stores, me.actor, site_id, "feed", [Permission.POLLS_READ], None, NOON)
    stores.audit.add(
        event(stores, actor=f"key:{key.prefix}", action="poll.close"),
        event(stores, actor="owner:999", action="ballot.void", subject="poll:y"),
        event(stores, actor=f"owner:{me.id}", action="comet.catch", subject="comet:z"),
    )
    assert entries(admin.get(LOG))[:4] == [
        "admin@news.test did “comet.catch” to z",
        "A former owner (number 999) voided ballots in the poll y",
        f"The API key {key.prefix} closed the poll x",
        f"admin@news.test made the API key {key.prefix}",
    ]


def test_there_is_a_sentence_for_every_act_on_a_poll(admin: Browser, stores: Stores) -> None:
    make_poll(stores, "crops", schedule=Schedule(Status.DRAFT))
    make_poll(stores, "plan", schedule=Schedule(Status.DRAFT, NOON + timedelta(days=1)))
    for status in (Status.OPEN, Status.DRAFT):
        edits.set_status(stores, OPERATOR, "plan", status, NOON)
    for status in (Status.OPEN, Status.CLOSED, Status.OPEN):
        edits.set_status(stores, OPERATOR, "crops", status, NOON)
    poll = polls.managed(stores, OPERATOR, "crops")
    draft = replace(polls.draft_of(poll), title="Other crops")
    edits.edit(stores, OPERATOR, "crops", draft, poll.row_version, NOON)
    for status in (Status.CLOSED, Status.ARCHIVED, Status.CLOSED, Status.ARCHIVED):
        edits.set_status(stores, OPERATOR, "crops", status, NOON)
    polls.duplicate(stores, OPERATOR, "crops", NOON)
    polls.delete(stores, OPERATOR, "crops", NOON)
    told = entries(admin.get(LOG))
    assert [entry for entry in told if "did “" in entry] == []
    assert "The operator deleted the poll crops" in told
    title = polls.managed(stores, OPERATOR, "plan").title
    assert f"The operator made a draft again of the poll “{title}”" in told
    assert told.count("The operator closed the poll crops") == 2
    assert told.count("The operator took out of the archive the poll crops") == 1
    assert "<del>Crops</del>" in admin.get(LOG).text


def test_an_event_tells_its_moment_on_the_sites_clocks(admin: Browser, stores: Stores) -> None:
    stores.audit.add(event(stores, at=NOON + timedelta(seconds=5)))
    assert "24 Nov 2026, 17:30:05" in admin.get(LOG).text


def test_what_changed_stands_beside_what_was(admin: Browser, stores: Stores) -> None:
    stores.audit.add(event(stores, before={"title": "Old"}, after={"title": "<b>New</b>"}))
    page = admin.get(LOG).text
    assert "<del>Old</del>" in page
    assert "<ins>&lt;b&gt;New&lt;/b&gt;</ins>" in page


NAMES = {"poll:x": "Crops?", "poll:x/q1": "Which?", "poll:x/q1/c1": "Rice", "poll:x/q1/c2": "Tea"}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, {}, []),
        ({}, {"theme": {}, "closes_at": None}, []),
        ({"title": "a"}, {"title": "a"}, []),
        (
            {"closes_at": None},
            {"closes_at": "2026-11-24T12:00:00+00:00"},
            [Change("Closes", "(nothing)", "24 Nov 2026, 17:30:00")],
        ),
        ({}, {"scopes": ["b", "a"]}, [Change("Scopes", "(nothing)", "b, a")]),
        (
            {"duplicate_policy": "device"},
            {"duplicate_policy": "network"},
            [Change("Voting twice", "One ballot a browser", "One ballot a network")],
        ),
        (
            {"percent_only": False},
            {"percent_only": True},
            [Change("Percentages only", "no", "yes")],
        ),
        (
            {"questions/q1/choices/c2/text": "Te", "questions/q1/choices/c2/retired": False},
            {"questions/q1/choices/c2/text": "Tea", "questions/q1/choices/c2/retired": True},
            [Change("Choice “Tea”", "Te", "Tea"), Change("Choice “Tea”, retired", "no", "yes")],
        ),
        (
            {"questions/q1/choices/c2/translations/fr/text": "Te"},
            {
                "translations/pt-BR/title": "Qual?",
                "questions/q1/translations/fr/help": "Un seul.",
                "questions/q1/choices/c2/translations/fr/text": "Thé",
            },
            [
                Change("Choice “Tea”, in French", "Te", "Thé"),
                Change("Name, in Brazilian Portuguese", "(nothing)", "Qual?"),
                Change("“Which?”, explanation, in French", "(nothing)", "Un seul."),
            ],
        ),
        (
            {"questions/q1/choices": ["c1", "c2"]},
            {"questions/q1/choices": ["c2", "c1"]},
            [Change("“Which?”, choices", "Rice, Tea", "Tea, Rice")],
        ),
    ],
)
def test_changes_are_named_and_written_as_the_forms_do_it(
    before: dict[str, Any], after: dict[str, Any], changes: list[Change]
) -> None:
    assert Reader("poll:x", NAMES, "Asia/Kolkata").changes(before, after) == changes


def test_a_site_has_the_names_of_its_own_form() -> None:
    after = {"slug": "news", "theme": {"--voxpop-accent": "#123"}}
    assert Reader("site:demo", {}, "UTC").changes({}, after) == [
        Change("Short name", "(nothing)", "news"),
        Change("Accent", "(nothing)", "#123"),
    ]


def test_ballots_are_told_by_their_number_and_the_reason_and_a_poll_by_its_title(
    admin: Browser, stores: Stores
) -> None:
    make_poll(stores, "crops")
    one = {"reason": "sent by a script", "ballots": ["0b3f"]}
    two = {"ballots": ["0b3f", "0b40"]}
    stores.audit.add(
        event(stores, action="ballot.void", subject="poll:crops", after=one),
        event(stores, action="ballot.restore", subject="poll:crops", after=two),
    )
    page = admin.get(LOG)
    assert entries(page)[:2] == [
        "The operator restored 2 ballots in the poll “Crops”",
        "The operator voided 1 ballot in the poll “Crops”: sent by a script",
    ]
    assert "0b3f" not in page.text


def test_the_log_is_read_page_by_page_and_by_actor_and_subject(
    admin: Browser, stores: Stores
) -> None:
    stores.audit.add(*[event(stores, subject=f"poll:p{n}") for n in range(60)])
    stores.audit.add(event(stores, actor="key:vp_1", subject="poll:p7"))
    first = admin.get(LOG)
    assert len(entries(first)) == 50
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = admin.get(unescape(older))
    assert entries(second)[0] == "The operator edited the poll p10"
    assert len(set(entries(first) + entries(second))) >= 61
    assert entries(admin.get(f"{LOG}?by=key:vp_1")) == ["The API key vp_1 edited the poll p7"]
    assert entries(admin.get(f"{LOG}?about=poll:p7")) == [
        "The API key vp_1 edited the poll p7",
        "The operator edited the poll p7",
    ]
    assert "Nothing here" in admin.get(f"{LOG}?by=nobody").text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣", ""])
def test_a_page_that_is_none_is_refused(admin: Browser, before: str) -> None:
    assert admin.get(f"{LOG}?before={before}").status_code == 422


def test_an_owner_who_has_left_keeps_their_name_in_the_log(
    admin: Browser, make_owner: Callable[..., Owner], stores: Stores, site_id: int
) -> None:
    owner = make_owner(Role.VIEWER, "gone@news.test")
    owners.remove(stores, OPERATOR, site_id, owner.id, NOON)
    assert "The operator took from the owners of this site: gone@news.test" in entries(
        admin.get(LOG)
    )


def test_the_log_of_another_site_is_not_shown(
    admin: Browser, stores: Stores, stranger: Browser
) -> None:
    stores.audit.add(event(stores, site="other", subject="poll:theirs"))
    assert "theirs" not in admin.get(LOG).text
    assert stranger.get(LOG).status_code == 404


def test_only_admins_read_the_log(editor: Browser, viewer: Browser) -> None:
    assert [desk.get(LOG).status_code for desk in (editor, viewer)] == [403, 403]
