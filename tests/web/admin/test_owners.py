"""The owners of a site on their page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from service.domain import owners
from service.records import OPERATOR, Owner, Role
from service.stores import Stores
from tests.conftest import NOON
from tests.web.admin.conftest import Browser

OWNERS = "/admin/sites/demo/owners"
MakeOwner = Callable[..., Owner]


@pytest.fixture
def ann(make_owner: MakeOwner) -> Owner:
    return make_owner(Role.ADMIN, "ann@news.test")


@pytest.fixture
def page(app: Flask, ann: Owner) -> Browser:
    return Browser(app).become(ann)


def role_of(stores: Stores, email: str) -> Role | None:
    return owners.find_by_email(stores, email).roles.get(stores.sites.find("demo").id)


def test_who_is_new_gets_a_password_that_is_shown_once(page: Browser, stores: Stores) -> None:
    answer = page.post(OWNERS, {"email": "Bob@news.test", "role": "editor"})
    shown = re.search(r"<code>(\S+)</code>", answer.text)
    assert (answer.status_code, role_of(stores, "bob@news.test")) == (200, Role.EDITOR)
    assert shown
    assert owners.authenticate(stores, "bob@news.test", shown[1], NOON)
    listed = page.get(OWNERS).text
    assert "bob@news.test can make and run polls on this site now." in answer.text
    assert "bob@news.test" in listed
    assert shown[1] not in listed


def test_who_is_known_joins(page: Browser, stores: Stores) -> None:
    stores.owners.create(OPERATOR, "bob@news.test", "", {}, NOON)
    answer = page.post(OWNERS, {"email": "bob@news.test", "role": "viewer"})
    assert (answer.status_code, answer.location) == (303, OWNERS)
    assert role_of(stores, "bob@news.test") is Role.VIEWER
    said = "bob@news.test can view this site now, with the password they have."
    assert said in page.get(OWNERS).text


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"email": "nobody", "role": "editor"}, 422, "This is no e-mail address."),
        ({"email": "bob@news.test", "role": "king"}, 422, "Choose a role."),
        ({"email": "ann@news.test", "role": "viewer"}, 409, "This is an owner of the site already"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    page: Browser, form: dict[str, str], status: int, words: str
) -> None:
    answer = page.post(OWNERS, form)
    assert answer.status_code == status
    assert words in answer.text


def test_a_role_is_changed(page: Browser, stores: Stores, make_owner: MakeOwner) -> None:
    bob = make_owner(Role.VIEWER, "bob@news.test")
    assert page.post(f"{OWNERS}/{bob.id}/role", {"role": "editor"}).location == OWNERS
    assert role_of(stores, bob.email) is Role.EDITOR
    assert page.post(f"{OWNERS}/{bob.id}/role", {"role": "king"}).status_code == 422


def test_an_owner_is_removed(page: Browser, stores: Stores, make_owner: MakeOwner) -> None:
    bob = make_owner(Role.VIEWER, "bob@news.test")
    asked = page.get(f"{OWNERS}/{bob.id}/remove").text
    assert "Remove bob@news.test?" in asked
    assert page.post(f"{OWNERS}/{bob.id}/remove").location == OWNERS
    assert "bob@news.test was removed." in page.get(OWNERS).text
    assert role_of(stores, bob.email) is None
    assert page.post(f"{OWNERS}/{bob.id}/remove").status_code == 404


def test_the_last_admin_cannot_leave(page: Browser, stores: Stores, ann: Owner) -> None:
    for act, form in (("role", {"role": "viewer"}), ("remove", {})):
        answer = page.post(f"{OWNERS}/{ann.id}/{act}", form)
        assert answer.status_code == 409
        assert "You are the only admin: make somebody else admin first." in answer.text
    asked = page.get(f"{OWNERS}/{ann.id}/remove").text
    assert "You are the only admin: make somebody else admin first." in asked
    assert role_of(stores, ann.email) is Role.ADMIN


def test_an_admin_who_steps_down_is_led_where_they_may_be(
    page: Browser, stores: Stores, ann: Owner, make_owner: MakeOwner
) -> None:
    make_owner(Role.ADMIN, "bob@news.test")
    answer = page.post(f"{OWNERS}/{ann.id}/role", {"role": "viewer"})
    assert answer.location == "/admin"
    assert page.get(OWNERS).status_code == 403


@pytest.mark.parametrize("owner_id", ["999", "9" * 30])
def test_an_owner_of_another_site_is_out_of_reach(page: Browser, owner_id: str) -> None:
    assert page.post(f"{OWNERS}/{owner_id}/remove").status_code == 404
    assert page.post(f"{OWNERS}/{owner_id}/role", {"role": "viewer"}).status_code == 404
