"""Sites, on SQLite and on PostgreSQL; the demo's site is there as the noise."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import sites
from service.errors import NotAllowed, SiteNotFound, SlugTaken, StaleEdit, ValidationError
from service.records import OPERATOR, AuditEvent, Role, Site, SiteDraft
from service.stores import Stores
from tests.conftest import NOON
from tests.support.actors import logged, member

DRAFT = SiteDraft(
    slug="tribune",
    name="The Tribune",
    locale="pt-BR",
    timezone="Asia/Kolkata",
    theme={"--voxpop-accent": "#2a6bd0"},
    origins=("https://tribune.example",),
)


@pytest.fixture
def site(stores: Stores) -> Site:
    return sites.create(stores, OPERATOR, DRAFT, NOON)


def faults(**fields: Any) -> list[str]:
    try:
        sites.checked(replace(DRAFT, **fields))
    except ValidationError as error:
        return [fault.pointer for fault in error.errors]
    return []


def edits_told(stores: Stores) -> list[AuditEvent]:
    return [event for event in logged(stores, "site.edit") if event.subject == "site:tribune"]


def test_a_site_is_kept_as_it_was_decided_and_the_log_says_so(stores: Stores, site: Site) -> None:
    assert sites.draft_of(site) == DRAFT
    assert sites.find(stores, OPERATOR, "tribune") == site
    [event] = logged(stores, "site.create")
    assert (event.site_id, event.actor, event.subject) == (site.id, "operator", "site:tribune")


def test_only_the_operator_makes_sites(stores: Stores, site: Site) -> None:
    with pytest.raises(NotAllowed):
        sites.create(stores, member(site.id, Role.ADMIN), replace(DRAFT, slug="more"), NOON)


def test_a_slug_is_one_sites_only(stores: Stores, site: Site) -> None:
    with pytest.raises(SlugTaken):
        sites.create(stores, OPERATOR, replace(DRAFT, slug="demo"), NOON)
    with pytest.raises(SlugTaken):
        sites.edit(stores, OPERATOR, "tribune", replace(DRAFT, slug="demo"), NOON)
    assert sites.find(stores, OPERATOR, "tribune") == site


def test_an_actor_sees_its_own_sites_only(stores: Stores, site: Site) -> None:
    viewer = member(site.id, Role.VIEWER)
    assert sites.list_for(stores, viewer) == [site]
    assert sites.find(stores, viewer, "tribune") == site
    for slug in ("demo", "nowhere", "a\0b"):
        with pytest.raises(SiteNotFound):
            sites.find(stores, viewer, slug)
    assert [each.slug for each in sites.list_for(stores, OPERATOR)] == ["demo", "tribune"]


def test_only_an_admin_edits_a_site(stores: Stores, site: Site) -> None:
    for role in (Role.VIEWER, Role.EDITOR):
        with pytest.raises(NotAllowed):
            sites.edit(stores, member(site.id, role), "tribune", DRAFT, NOON)
    with pytest.raises(SiteNotFound):
        sites.edit(stores, member(site.id, Role.ADMIN), "demo", DRAFT, NOON)


def test_an_edit_is_logged_with_what_changed_and_nothing_else(stores: Stores, site: Site) -> None:
    demo = sites.find(stores, OPERATOR, "demo")
    wanted = replace(DRAFT, name="Tribune", origins=("HTTPS://Tribune.Example:443/", "http://b:80"))
    edited = sites.edit(stores, member(site.id, Role.ADMIN), "tribune", wanted, NOON)
    assert edited.origins == ("https://tribune.example", "http://b")
    assert sites.find(stores, OPERATOR, "tribune") == edited
    [event] = edits_told(stores)
    assert (event.site_id, event.actor) == (site.id, "owner:7")
    assert event.before == {"name": "The Tribune", "origins": ["https://tribune.example"]}
    assert event.after == {"name": "Tribune", "origins": ["https://tribune.example", "http://b"]}
    assert sites.find(stores, OPERATOR, "demo") == demo


def test_an_edit_that_changes_nothing_is_not_logged(stores: Stores, site: Site) -> None:
    assert sites.edit(stores, OPERATOR, "tribune", DRAFT, NOON) == site
    assert edits_told(stores) == []


def test_of_two_edits_of_what_both_saw_the_second_is_told(stores: Stores, site: Site) -> None:
    first = sites.edit(stores, OPERATOR, "tribune", replace(DRAFT, name="A"), NOON, seen=site)
    with pytest.raises(StaleEdit):
        sites.edit(stores, OPERATOR, "tribune", replace(DRAFT, name="B"), NOON, seen=site)
    assert sites.find(stores, OPERATOR, "tribune") == first


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"slug": ""}, "/slug"),
        ({"slug": "Tri bune"}, "/slug"),
        ({"name": " "}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"locale": "english language"}, "/locale"),
        ({"locale": "en_GB"}, "/locale"),
        ({"locale": ""}, "/locale"),
        ({"timezone": "IST"}, "/timezone"),
        ({"timezone": "../etc/passwd"}, "/timezone"),
        ({"origins": ("https://a.example", "https://b.example/x")}, "/origins/1"),
        ({"origins": tuple(f"https://a{n}.example" for n in range(101))}, "/origins"),
        ({"theme": {"--voxpop-max-width": "red"}}, "/theme/--voxpop-max-width"),
        ({"theme": {"background": "red"}}, "/theme/background"),
        ({"theme": {"a/b~": "red"}}, "/theme/a~1b~0"),
        *[
            ({"theme": {"--voxpop-bar": value}}, "/theme/--voxpop-bar")
            for value in (
                "",
                7,
                "#12",
                "banana",
                "red; background: url(//evil.example)",
                "url(//evil.example)",
                "var(--x)",
                "expression(alert(1))",
                "color-mix(in srgb, red, blue)",
                "rgb(1)",
                "rgb(1, 2, url(x))",
                "red}",
                "red/**/",
            )
        ],
    ],
)
def test_a_fault_is_told_by_its_place(fields: dict[str, Any], pointer: str) -> None:
    assert faults(**fields) == [pointer]


@pytest.mark.parametrize(
    "colour",
    [
        "#fff",
        "#2A6BD0",
        "#2a6bd080",
        "rebeccapurple",
        "rgb(1, 2, 3)",
        "rgb(1 2 3 / 50%)",
        "hsl(210deg 50% 40%)",
        "oklch(60% .15 250)",
        "rgba(1,2,3,.5)",
    ],
)
def test_a_plain_colour_is_allowed(colour: str) -> None:
    assert faults(theme={"--voxpop-on-accent": colour}) == []


@pytest.mark.parametrize("locale", ["en", "pt-BR", "zh-Hant-TW", "de-CH-1996", "es-419"])
def test_a_language_tag_is_allowed(locale: str) -> None:
    assert faults(locale=locale) == []


def test_all_faults_are_told_at_once() -> None:
    assert faults(slug="", name="", origins=("x", "y")) == [
        "/slug",
        "/name",
        "/origins/0",
        "/origins/1",
    ]
