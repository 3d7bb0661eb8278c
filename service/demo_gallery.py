# ruff: noqa: RUF001 (the texts are of many languages)
"""The polls of the gallery: few, each for what the poll of the demo's news pages does not show."""

from datetime import datetime, timedelta
from uuid import uuid4

from service.domain import ballots, edits, polls
from service.domain.ballots import Submission
from service.domain.voters import Secrets
from service.errors import SlugTaken
from service.records import (
    OPERATOR,
    Choice,
    PollDraft,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Status,
)
from service.stores import Stores

SUMMIT = PollDraft(
    slug="gallery-summit",
    title="Summit",
    results_visibility=ResultsVisibility.AFTER_CLOSE,
    questions=(
        Question(
            code="q1",
            text="Will this week’s river summit agree on a date for the treaty?",
            choices=(Choice("c1", "Yes"), Choice("c2", "No"), Choice("c3", "Too early to say")),
        ),
    ),
)
SOURCES = PollDraft(
    slug="gallery-sources",
    title="Sources",
    results_order=ResultsOrder.BY_VOTES,
    thank_you="Thank you. We read every answer.",
    questions=(
        Question(
            code="q1",
            text="Where do you read about Asia?",
            help="Here and elsewhere.",
            type=QuestionType.MULTIPLE_CHOICE,
            max_choices=3,
            choices=(
                Choice("c1", "Newspapers"),
                Choice("c2", "Radio and podcasts"),
                Choice("c3", "Newsletters"),
                Choice("c4", "Social networks"),
                Choice("c5", "Elsewhere", is_other=True),
            ),
        ),
    ),
)
HOMEWORK = PollDraft(
    slug="gallery-homework",
    title="Homework",
    percent_only=True,
    questions=(
        Question(
            code="q1",
            text="Should schools give homework over the holidays?",
            choices=(Choice("c1", "Yes"), Choice("c2", "No"), Choice("c3", "Only reading")),
        ),
    ),
)
HOMEWORK_VOTES = {"c1": 4, "c2": 11, "c3": 8}


def _alphabet(code: str, english: str, **translations: str) -> Choice:
    return Choice(code, english, translations=_texts(translations))


def _texts(translations: dict[str, str]) -> dict[str, dict[str, str]]:
    return {locale: {"text": text} for locale, text in translations.items()}


ALPHABET = PollDraft(
    slug="gallery-alphabet",
    title="Which script would you learn next?",
    questions=(
        Question(
            code="q1",
            text="Which script would you learn next?",
            translations=_texts(
                {
                    "ar": "أي كتابة تودّ أن تتعلمها؟",
                    "es": "¿Qué escritura aprendería ahora?",
                    "fa": "دوست دارید کدام خط را بیاموزید؟",
                    "fr": "Quelle écriture apprendriez-vous ?",
                    "hi": "आप अब कौन-सी लिपि सीखना चाहेंगे?",
                    "id": "Aksara mana yang ingin Anda pelajari?",
                    "ms": "Tulisan manakah yang ingin anda pelajari?",
                    "ru": "Какую письменность вы бы выучили?",
                    "tr": "Sırada hangi yazıyı öğrenmek isterdiniz?",
                    "zh": "您接下来想学习哪种文字?",
                }
            ),
            choices=(
                _alphabet(
                    "c1",
                    "Arabic",
                    ar="العربية",
                    es="La árabe",
                    fa="عربی",
                    fr="L’arabe",
                    hi="अरबी",
                    id="Arab",
                    ms="Arab",
                    ru="Арабскую",
                    tr="Arap",
                    zh="阿拉伯文",
                ),
                _alphabet(
                    "c2",
                    "Devanagari",
                    ar="الديوناكرية",
                    es="La devanagari",
                    fa="دیواناگری",
                    fr="La devanagari",
                    hi="देवनागरी",
                    id="Dewanagari",
                    ms="Dewanagari",
                    ru="Деванагари",
                    tr="Devanagari",
                    zh="天城文",
                ),
                _alphabet(
                    "c3",
                    "Chinese",
                    ar="الصينية",
                    es="La china",
                    fa="چینی",
                    fr="La chinoise",
                    hi="चीनी",
                    id="Han",
                    ms="Cina",
                    ru="Китайскую",
                    tr="Çin",
                    zh="汉字",
                ),
            ),
        ),
    ),
)
POLLS = (SUMMIT, SOURCES, ALPHABET)


def create(stores: Stores, site_id: int, now: datetime) -> None:
    """Make what is missing of them. One is over; its votes are made up, for nobody cast any."""
    for draft in POLLS:
        _make(stores, site_id, draft, now)
    if _make(stores, site_id, HOMEWORK, now):
        _vote(stores, now)
        edits.set_status(stores, OPERATOR, HOMEWORK.slug, Status.CLOSED, now)


def _make(stores: Stores, site_id: int, draft: PollDraft, now: datetime) -> bool:
    try:
        polls.create(stores, site_id, draft, now - timedelta(minutes=1))
    except SlugTaken:
        return False
    return True


def _vote(stores: Stores, now: datetime) -> None:
    poll = polls.find(stores, HOMEWORK.slug)
    keys = Secrets(network=b"gallery", signing=b"")
    for choice, votes in HOMEWORK_VOTES.items():
        for _ in range(votes):
            ballot_id = uuid4()
            submission = Submission(
                ballot_id=ballot_id,
                voter=ballot_id.hex,
                answers={"q1": [choice]},
                page=None,
                network="gallery",
            )
            ballots.cast(stores, poll, submission, keys, now)
