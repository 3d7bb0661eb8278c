"""The demo site and its poll: the one on every page of a news site about Asian affairs."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from service.domain import polls
from service.errors import SlugTaken
from service.origins import normalised
from service.records import Choice, PollDraft, Question
from service.stores import Stores

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
        "demo", "Centre for the Study of Asian Affairs", "en", "Asia/Kolkata", now
    )
    for origin in origins:
        stores.sites.allow(site_id, normalised(origin))
    with suppress(SlugTaken):
        polls.create(stores, site_id, REGION_INTEREST, now)
