"""The demo site and its poll: the one on every page of a news site about Asian affairs."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from service import demo_gallery
from service.domain import owners, passwords, polls, sites
from service.errors import EmailTaken, SlugTaken
from service.origins import normalised
from service.records import OPERATOR, Choice, PollDraft, Question, Role
from service.stores import Stores

SITE = "demo"
FIRST_OWNER = "owner@demo.example"
REGIONS = (
    "Middle East",
    "South Asia",
    "Southeast Asia",
    "East Asia",
    "Central Asia",
    "Caucasus",
    "Eurasia",
    "Asia-Pacific",
)
REGION_INTEREST = PollDraft(
    slug="region-interest",
    title="Region interest",
    questions=(
        Question(
            code="q1",
            text="Which region news you interested in most?",
            choices=tuple(
                Choice(f"c{place}", region) for place, region in enumerate(REGIONS, start=1)
            ),
        ),
    ),
)


def create(stores: Stores, origins: Iterable[str], now: datetime) -> None:
    """Make what is missing of the demo; what is there, its votes above all, stays as it is.

    Raises ValueError for what is no origin.
    """
    site_id = stores.sites.ensure(
        SITE, "Centre for the Study of Asian Affairs", "en", "Asia/Kolkata", now
    )
    sites.allow(stores, OPERATOR, SITE, [normalised(origin) for origin in origins], now)
    with suppress(SlugTaken):
        polls.create(stores, site_id, REGION_INTEREST, now)


def create_gallery(stores: Stores, now: datetime) -> None:
    """Make what is missing of the polls that only the gallery shows."""
    demo_gallery.create(stores, stores.sites.find(SITE).id, now)


def create_first_owner(stores: Stores, now: datetime) -> str | None:
    """Make somebody admin of a demo site that nobody owns; their password, to be shown once."""
    site = stores.sites.find(SITE)
    if owners.list_all(stores, site.id):
        return None
    password, roles = passwords.make(), {site.id: Role.ADMIN}
    with suppress(EmailTaken):
        owners.create(stores, OPERATOR, FIRST_OWNER, password, roles, now)
        return password
    return None


def welcome(password: str, public_url: str) -> str:
    """What the operator is told of the first owner, once."""
    return (
        f"Sign in at {public_url}/admin as {FIRST_OWNER}\n"
        f"with the password {password} (shown only this once)"
    )
