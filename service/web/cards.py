"""What a poll's page tells those who show a link to it: search engines, social networks, chats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from service.domain import questions
from service.phrases import Phrase
from service.records import Poll, Question, Status
from service.web import oembed, pictures
from service.web.addresses import page_address
from service.web.writing import Writing

LONGEST = 200
LEADS = {
    Status.SCHEDULED: Phrase("Voting has not opened yet"),
    Status.OPEN: Phrase("Vote in this poll"),
    Status.CLOSED: Phrase("Voting has closed"),
    Status.ARCHIVED: Phrase("Voting has closed"),
}
BETWEEN_CHOICES = Phrase(", ")


@dataclass(frozen=True, slots=True)
class Card:
    """A link's title and text, the addresses of the page in its languages, of its picture and its
    oEmbed forms, and the same as schema.org has it. Only the picture tells results, and says as of
    when: those who keep a card show it for months."""

    title: str
    description: str
    address: str
    alternates: Mapping[str, str]
    image: str
    image_alt: str
    oembed_json: str
    oembed_xml: str
    data: dict[str, Any]


def of_poll(original: Poll, poll: Poll, now: datetime, public_url: str, writing: Writing) -> Card:
    """The card, as of now, of the poll as it reads in the page's language, in our words as the page
    writes them."""
    alternates = _alternates(original, page_address(poll, public_url))
    address, subject = alternates[poll.locale], writing.said(poll.subject_at(now))
    other = poll.locale if poll.locale != original.locale else None
    image = pictures.card_address(public_url, poll.slug, other)
    return Card(
        title=subject,
        description=_description(poll, now, writing),
        address=address,
        alternates=alternates,
        image=image,
        image_alt=writing.said(Phrase("{poll} The poll as a picture.", poll=subject)),
        oembed_json=oembed.address(public_url, address, "json"),
        oembed_xml=oembed.address(public_url, address, "xml"),
        data=_linked_data(poll, now, address, image, writing),
    )


def _alternates(poll: Poll, address: str) -> dict[str, str]:
    """Where the poll is in each language that it has texts in. A page on which only our own words
    are in another one is no page of its own to a search engine."""
    others = {locale: f"{address}?{urlencode({'locale': locale})}" for locale in poll.locales}
    return {**others, poll.locale: address}


def _description(poll: Poll, now: datetime, writing: Writing) -> str:
    """Where the poll stands, and what its first question offers."""
    lead = writing.said(LEADS[poll.status_at(now)])
    if poll.says_nothing_at(now):
        return writing.said(Phrase("A poll for readers. {lead}.", lead=lead))
    offered = [choice.text for choice in questions.offered(poll)[0].choices]
    choices = writing.said(BETWEEN_CHOICES).join(offered)
    whole = writing.said(Phrase("{lead}: {choices}", lead=lead, choices=choices))
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1].rstrip()}…"


def _linked_data(
    poll: Poll, now: datetime, address: str, image: str, writing: Writing
) -> dict[str, Any]:
    """A page about questions. It is no QAPage: nobody writes answers there, and the one with most
    votes is not the right one. Of voting schema.org knows the act, which ends with the poll."""
    page = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": writing.said(poll.subject_at(now)),
        "image": image,
        "inLanguage": poll.locale,
    }
    if poll.says_nothing_at(now):
        return page
    return page | {"mainEntity": _questions(questions.offered(poll))} | _act(poll, now, address)


def _questions(offered: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "Question",
            "name": question.text,
            "suggestedAnswer": [
                {"@type": "Answer", "text": choice.text} for choice in question.choices
            ],
        }
        for question in offered
    ]


def _act(poll: Poll, now: datetime, address: str) -> dict[str, Any]:
    if poll.status_at(now) not in (Status.SCHEDULED, Status.OPEN):
        return {}
    bounds = {"startTime": poll.schedule.opens_at, "endTime": poll.schedule.closes_at}
    times = {name: moment.isoformat() for name, moment in bounds.items() if moment}
    return {"potentialAction": {"@type": "VoteAction", "target": address, **times}}
