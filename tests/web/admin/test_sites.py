"""Sites and their settings on pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from service.domain import sites
from service.records import OPERATOR, Owner, Role
from service.stores import Stores
from tests.web.admin.conftest import Browser, SignedIn

SETTINGS = "/admin/sites/demo/settings"
VERSION = re.compile(r'name="version" value="([^"]+)"')
NEW = {"name": "Tea News", "locale": "en", "timezone": "Asia/Kolkata", "origins": ""}


def form(browser: Browser, **changes: str) -> dict[str, Any]:
    """The settings' form as it stands, with changes."""
    found = VERSION.search(browser.get(SETTINGS).text)
    assert found
    return {
        "name": "Centre",
        "slug": "demo",
        "locale": "en",
        "timezone": "Asia/Kolkata",
        "version": found[1],
        **changes,
    }


class TestSettings:
    def test_what_is_saved_stands(self, admin: Browser, stores: Stores) -> None:
        changes = {
            "origins": "https://NEWS.example.org/\r\n\r\nhttps://www.example.org:443\r\n",
            "theme/--voxpop-accent": "#b3261e",
            "theme/--voxpop-bar": "",
        }
        answer = admin.post(SETTINGS, form(admin, **changes))
        assert (answer.status_code, answer.location) == (303, SETTINGS)
        assert "The settings are saved." in admin.get(SETTINGS).text
        site = stores.sites.find("demo")
        assert site.name == "Centre"
        assert site.origins == ("https://news.example.org", "https://www.example.org")
        assert site.theme == {"--voxpop-accent": "#b3261e"}
        assert stores.audit.list_before([site.id], None, 1)[0].action == "site.edit"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("name", " ", "Must not be empty."),
            ("slug", "No Slug", "Must be 1 to 64 of a-z, 0-9 and -."),
            ("locale", "english!", "Must be a language tag"),
            ("locale", "hindi", "Must be a language tag"),
            ("timezone", "Mars/Olympus", "Must be a time zone&#39;s name"),
            ("theme/--voxpop-accent", "url(//evil.test)", "Must be a CSS colour"),
            ("origins", "https://a.test\r\nnews.test/page", "news.test/page: Must be an origin"),
            ("origins", "https://a.test/<b>", "https://a.test/&lt;b&gt;: Must be an origin"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_keeps_what_was_typed(
        self, admin: Browser, stores: Stores, field: str, value: str, words: str
    ) -> None:
        before = stores.sites.find("demo")
        answer = admin.post(SETTINGS, form(admin, **{field: value}))
        assert answer.status_code == 422
        ident = field.replace("/", "-")
        error = answer.text.split(f'id="{ident}-error">')[1].split("</p>")[0]
        assert words in error
        control = answer.text.split(f'id="{ident}"')[1]
        described = control.split('aria-describedby="')[1].split('"')[0].split()
        noted = [f"{ident}-error", f"{ident}-help"]
        assert described == [each for each in noted if f'id="{each}"' in answer.text]
        assert f'href="#{ident}"' in answer.text
        assert stores.sites.find("demo") == before

    def test_somebody_elses_settings_are_shown_and_not_overwritten(
        self, admin: Browser, stores: Stores
    ) -> None:
        mine = form(admin, name="Mine")
        admin.post(SETTINGS, form(admin, name="Theirs"))
        answer = admin.post(SETTINGS, mine)
        assert answer.status_code == 412
        assert "Somebody else has saved" in answer.text
        assert "<dd>Theirs</dd>" in answer.text
        assert 'value="Mine"' in answer.text
        assert stores.sites.find("demo").name == "Theirs"
        found = VERSION.search(answer.text)
        assert found
        assert admin.post(SETTINGS, {**mine, "version": found[1]}).status_code == 303
        assert stores.sites.find("demo").name == "Mine"

    def test_a_short_name_that_is_taken_is_said_so(self, admin: Browser, stores: Stores) -> None:
        admin.post("/admin/sites", {**NEW, "slug": "tea"})
        answer = admin.post(SETTINGS, form(admin, slug="tea"))
        assert answer.status_code == 409
        assert "Another site has this short name." in answer.text

    def test_a_new_short_name_leads_to_the_new_address(self, admin: Browser) -> None:
        answer = admin.post(SETTINGS, form(admin, slug="centre"))
        assert answer.location == "/admin/sites/centre/settings"
        assert admin.get(answer.location).status_code == 200
        assert admin.get(SETTINGS).status_code == 404


class TestNewSite:
    def test_who_makes_a_site_becomes_its_admin(
        self, app: Flask, make_owner: Callable[..., Owner], stores: Stores
    ) -> None:
        ann = make_owner(Role.ADMIN)
        answer = Browser(app).become(ann).post("/admin/sites", {**NEW, "slug": "tea"})
        assert (answer.status_code, answer.location) == (303, "/admin/sites/tea/")
        site = stores.sites.find("tea")
        known = stores.owners.find(ann.id)
        assert known is not None
        assert known.roles[site.id] is Role.ADMIN
        assert stores.audit.list_before([site.id], None, 1)[0].actor == ann.actor.name

    def test_without_a_short_name_it_is_made_from_the_name(
        self, admin: Browser, stores: Stores
    ) -> None:
        assert admin.post("/admin/sites", NEW).location == "/admin/sites/tea-news/"

    def test_sites_whose_names_make_the_same_short_name_are_numbered(self, admin: Browser) -> None:
        made = [
            admin.post("/admin/sites", {**NEW, "name": name}) for name in ("新闻", "日报", "日报")
        ]
        paths = [answer.location for answer in made]
        assert paths == ["/admin/sites/site/", "/admin/sites/site-2/", "/admin/sites/site-3/"]

    def test_a_taken_short_name_keeps_what_was_typed(self, admin: Browser) -> None:
        answer = admin.post("/admin/sites", {**NEW, "slug": "demo"})
        assert answer.status_code == 409
        assert 'value="Tea News"' in answer.text

    def test_only_an_admin_is_offered_one(self, signed_in: SignedIn) -> None:
        offer = 'href="/admin/sites/new"'
        assert offer in signed_in(Role.ADMIN).get("/admin/sites").text
        assert offer not in signed_in(Role.EDITOR).get("/admin/sites").text


def test_an_owner_sees_their_sites_and_no_others(
    app: Flask, admin: Browser, stores: Stores
) -> None:
    admin.post("/admin/sites", {**NEW, "name": "Tea <News>"})
    page = admin.get("/admin/sites").text
    assert "Tea &lt;News&gt;" in page
    assert "Centre for the Study" in page
    assert [site.name for site in sites.list_for(stores, OPERATOR)] == [
        "Centre for the Study of Asian Affairs",
        "Tea <News>",
    ]


def test_an_owner_of_no_site_is_told_what_to_do(app: Flask, stores: Stores) -> None:
    lone = stores.owners.create(
        OPERATOR, "lone@news.test", "", {}, stores.sites.find("demo").created_at
    )
    browser = Browser(app).become(lone)
    page = browser.get("/admin", follow_redirects=True)
    assert page.status_code == 200
    assert "Ask an admin of a site" in page.text
