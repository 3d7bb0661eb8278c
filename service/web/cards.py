"""What a poll's page tells those who show a link to it: search engines, social networks, chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain import questions
from service.records import Poll, Question, Status
from service.web import oembed, pictures

LONGEST = 200
LEADS = {
    Status.SCHEDULED: "Voting has not opened yet",
    Status.OPEN: "Vote in this poll",
    Status.CLOSED: "Voting has closed",
    Status.ARCHIVED: "Voting has closed",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A link's title and text, the addresses of its picture and its oEmbed forms, and the same as
    schema.org has it. Only the picture tells results, and says as of when: those who keep a card
    show it for months."""

    title: str
    description: str
    address: str
    image: str
    image_alt: str
    oembed_json: str
    oembed_xml: str
    data: dict[str, Any]


def of_poll(poll: Poll, now: datetime, public_url: str) -> Card:
    """The poll's card as of now."""
    address, subject = f"{public_url}/polls/{poll.slug}", poll.subject_at(now)
    image = pictures.card_address(public_url, poll.slug)
    return Card(
        title=subject,
        description=_description(poll, now),
        address=address,
        image=image,
        image_alt=f"{subject} The poll as a picture.",
        oembed_json=oembed.address(public_url, address, "json"),
        oembed_xml=oembed.address(public_url, address, "xml"),
        data=_linked_data(poll, now, address, image),
    )


def _description(poll: Poll, now: datetime) -> str:
    """Where the poll stands, and what its first question offers."""
    lead = LEADS[poll.status_at(now)]
    if poll.says_nothing_at(now):
        return f"A poll for readers. {lead}."
    offered = ", ".join(choice.text for choice in questions.offered(poll)[0].choices)
    whole = f"{lead}: {offered}"
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1].rstrip()}…"


def _linked_data(poll: Poll, now: datetime, address: str, image: str) -> dict[str, Any]:
    """A page about questions. It is no QAPage: nobody writes answers there, and the one with most
    votes is not the right one. Of voting schema.org knows the act, which ends with the poll."""
    page = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": poll.subject_at(now),
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
