"""A poll's texts in other languages: what may be one, and how the poll reads in it."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain import changes, drafts, languages, revisions, translations
from service.errors import PollHasBallots, ValidationError
from service.records import Cast, Choice, Poll, PollDraft, Question, Translations

FRENCH: Translations = {"fr": {"text": "Thé"}}
TEA, COFFEE = Choice("c1", "Tea", translations=FRENCH), Choice("c2", "Coffee")
QUESTION = Question(
    "q1",
    "Tea or coffee?",
    (TEA, COFFEE),
    help="One.",
    translations={"fr": {"text": "Thé ou café ?"}},
)
DRAFT = PollDraft(
    slug="tea",
    title="Drinks",
    thank_you="Thanks.",
    translations={"fr": {"title": "Boissons", "thank_you": "Merci.\nÀ demain."}},
    questions=(QUESTION,),
)
VOTED = Cast(
    has_ballots=True,
    ballots=1,
    first_vote_at=datetime(2026, 11, 24, tzinfo=UTC),
    last_vote_at=datetime(2026, 11, 24, tzinfo=UTC),
    marked=frozenset({("q1", ""), ("q1", "c1")}),
    last_codes={"": 1, "q1": 2},
)


def poll(draft: PollDraft = DRAFT) -> Poll:
    """The draft as a poll of an English site; what else a site decides is none of these tests'."""
    decided = {field.name: getattr(draft, field.name) for field in fields(PollDraft)}
    site = {field.name: None for field in fields(Poll) if field.default is MISSING}
    known: dict[str, Any] = {**site, "locale": "en", "site_name": "News", **decided}
    return Poll(**known | {"in_other_locales": {}})


def choices(*given: Choice) -> PollDraft:
    return replace(DRAFT, questions=(replace(QUESTION, choices=given),))


def in_poll(translations: Any) -> PollDraft:
    return replace(DRAFT, translations=translations)


def in_choice(translations: Any, **fields: Any) -> PollDraft:
    return choices(replace(TEA, translations=translations, **fields), COFFEE)


def faults(draft: PollDraft, own_locale: str | None = "en") -> list[str]:
    try:
        drafts.checked(draft, own_locale)
    except ValidationError as error:
        return [fault.pointer for fault in error.errors]
    return []


def test_sound_translations_pass_as_they_are() -> None:
    assert drafts.checked(DRAFT, "en") == DRAFT


def test_translations_are_tidied_as_their_originals_are() -> None:
    given = {"pt-br": {"title": " Bebidas\t", "thank_you": "Um\r\ndois"}, "de": {"title": "  "}}
    checked = drafts.checked(in_poll(given))
    assert checked.translations == {"pt-BR": {"title": "Bebidas", "thank_you": "Um\ndois"}}
    assert drafts.checked(in_choice({"fr": {"text": "Un\nthé", "image_alt": None}})) == in_choice(
        {"fr": {"text": "Un thé"}}
    )


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (in_poll({"xx": {"title": "X"}}), "/translations/xx"),
        (in_poll({"a/b~": {"title": "X"}}), "/translations/a~1b~0"),
        (in_poll({"EN": {"title": "X"}}), "/translations/en"),
        (in_poll({"fr": {"title": "X"}, "FR": {"title": "Y"}}), "/translations/FR"),
        (in_poll({"fr": {"title": "x" * 301}}), "/translations/fr/title"),
        (in_poll({"fr": {"title": "\u200d"}}), "/translations/fr/title"),
        (in_poll({"fr": {"thank_you": "\0"}}), "/translations/fr/thank_you"),
        (in_poll({"fr": {"text": "X"}}), "/translations/fr/text"),
        (
            replace(DRAFT, thank_you=None),
            "/translations/fr/thank_you",
        ),
        (
            in_choice({"fr": {"image_alt": "Une tasse"}}),
            "/questions/0/choices/0/translations/fr/image_alt",
        ),
        (
            in_choice({"fr": {"text": "x" * 501}}),
            "/questions/0/choices/0/translations/fr/text",
        ),
        (
            choices(TEA, replace(COFFEE, translations={"fr": {"text": "THÉ "}})),
            "/questions/0/choices/1/translations/fr/text",
        ),
        (
            in_choice({"fr": {"text": "coffee"}}),
            "/questions/0/choices/0/translations/fr/text",
        ),
    ],
)
def test_a_fault_is_told_by_its_place(draft: PollDraft, pointer: str) -> None:
    assert faults(draft) == [pointer]


def test_choices_may_read_alike_in_two_languages() -> None:
    assert faults(choices(TEA, replace(COFFEE, translations={"de": {"text": "Thé"}}))) == []


def test_a_poll_has_so_many_languages_at_most() -> None:
    tags = [tag for tag, _ in languages.listed() if tag not in ("en", "fr")]
    others = {tag: {"title": tag} for tag in tags[: translations.MOST_LOCALES]}
    assert faults(in_poll(others)) == ["/translations"], "with the French of the question"
    others.popitem()
    assert faults(in_poll(others)) == []


def test_a_poll_reads_in_another_language_text_by_text() -> None:
    read = translations.reading(poll(), "fr")
    assert (read.locale, read.title, read.thank_you) == ("fr", "Boissons", "Merci.\nÀ demain.")
    question = read.questions[0]
    assert (question.text, question.help) == ("Thé ou café ?", "One.")
    assert [choice.text for choice in question.choices] == ["Thé", "Coffee"]
    assert [choice.code for choice in question.choices] == ["c1", "c2"]


def test_each_text_knows_the_language_that_it_is_in() -> None:
    read = translations.reading(poll(), "fr")
    assert [read.locale_of(text) for text in ("Thé", "Coffee", "One.", "News", "Boissons")] == [
        "fr",
        "en",
        "en",
        "en",
        "fr",
    ]
    assert poll().locale_of("Coffee") == "en"


def test_without_a_language_a_poll_reads_as_it_is() -> None:
    assert translations.reading(poll(), None) == poll()


def test_a_poll_that_is_named_after_its_question_is_so_in_each_language() -> None:
    named = replace(DRAFT, title="Tea or coffee?", translations={})
    read = translations.reading(poll(named), "fr")
    assert read.title == "Thé ou café ?"
    assert read.heading == poll(named).heading == "Poll"


def voted(new: PollDraft, old: PollDraft = DRAFT) -> list[str]:
    """What is refused of the edit once the first choice is marked."""
    try:
        revisions.revised(old, new, VOTED)
    except PollHasBallots as error:
        return [fault.pointer for fault in error.errors]
    return []


@pytest.mark.parametrize(
    "new",
    [
        in_choice({"fr": {"text": "thé !"}}),
        in_choice({}),
        in_choice({**FRENCH, "de": {"text": "Tee"}}),
        choices(TEA, replace(COFFEE, translations={"fr": {"text": "Café"}})),
        in_poll({"fr": {"title": "Quelle boisson", "thank_you": "Au revoir."}}),
    ],
)
def test_a_translation_of_what_has_votes_may_be_corrected_added_and_taken_away(
    new: PollDraft,
) -> None:
    assert voted(new) == []


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        (
            in_choice({"fr": {"text": "Café"}}),
            "/questions/0/choices/0/translations/fr/text",
        ),
        (
            replace(
                DRAFT,
                questions=(replace(QUESTION, translations={"fr": {"text": "Eau ou vin ?"}}),),
            ),
            "/questions/0/translations/fr/text",
        ),
    ],
)
def test_a_translation_of_what_has_votes_does_not_become_another(
    new: PollDraft, pointer: str
) -> None:
    assert voted(new) == [pointer]


def test_a_slip_does_not_make_one_choice_read_like_another() -> None:
    old = choices(
        replace(TEA, translations={"fr": {"text": "Poisson"}}),
        replace(COFFEE, translations={"fr": {"text": "Poissons"}}),
    )
    new = choices(
        replace(TEA, translations={"fr": {"text": "Poissons"}}),
        replace(COFFEE, translations={"fr": {"text": "Boissons"}}),
    )
    assert voted(new, old) == ["/questions/0/choices/0/translations/fr/text"]


def test_the_log_tells_each_text_that_changes() -> None:
    before, after = changes.between(DRAFT, in_choice({"de": {"text": "Tee"}}))
    assert before == {"questions/q1/choices/c1/translations/fr/text": "Thé"}
    assert after == {"questions/q1/choices/c1/translations/de/text": "Tee"}


def test_what_is_edited_elsewhere_keeps_its_translations_as_far_as_they_have_originals() -> None:
    milk = Choice("n1", "Milk")
    bare = replace(
        DRAFT,
        title="",
        thank_you=None,
        translations={},
        questions=(
            replace(
                QUESTION,
                text="Or tea?",
                translations={},
                choices=(milk, COFFEE, replace(TEA, translations={})),
            ),
            Question("n1", "Why?", (milk,)),
        ),
    )
    carried = translations.carried(bare, DRAFT)
    assert carried.translations == {"fr": {"title": "Boissons"}}
    assert carried.questions[0].translations == QUESTION.translations
    assert carried.questions[0].choices == (milk, COFFEE, TEA)
    assert carried.questions[1] == bare.questions[1]


def test_a_title_with_which_the_question_begins_is_one_of_its_own() -> None:
    named = replace(DRAFT, title="Tea", translations={})
    assert translations.reading(poll(named), "fr").title == "Tea"


def test_a_poll_that_is_named_after_a_long_question_is_so_in_each_language() -> None:
    long = replace(DRAFT.questions[0], text="Tea? " * 100, translations={"fr": {"text": "T" * 400}})
    named = replace(DRAFT, title="Tea? " * 59 + "Tea?", translations={}, questions=(long,))
    assert translations.reading(poll(named), "fr").title == "T" * 300
