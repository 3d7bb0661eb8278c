"""A poll's texts one by one, beside what each is in another language."""

from dataclasses import replace

import pytest

from service.domain import wordings
from service.records import Choice, PollDraft, Question

TEA = Choice(
    "c1",
    "Tea",
    image_url="https://pictures.test/tea.png",
    image_alt="A cup",
    translations={"fr": {"text": "Thé"}},
)
GONE = Choice("c2", "Mate", retired=True)
QUESTION = Question("q1", "Tea or coffee?", (TEA, GONE, Choice("c3", "Coffee")), help="One.")
DRAFT = PollDraft(
    slug="tea", title="Drinks", translations={"fr": {"title": "Boissons"}}, questions=(QUESTION,)
)


def test_each_text_that_there_is_can_be_translated() -> None:
    listed = wordings.of(DRAFT, "fr")
    assert [(each.path, each.original, each.translation) for each in listed] == [
        (("title",), "Drinks", "Boissons"),
        (("q1", "text"), "Tea or coffee?", ""),
        (("q1", "help"), "One.", ""),
        (("q1", "c1", "text"), "Tea", "Thé"),
        (("q1", "c1", "image_alt"), "A cup", ""),
        (("q1", "c2", "text"), "Mate", ""),
        (("q1", "c3", "text"), "Coffee", ""),
    ]
    assert [each.place for each in listed[3:]] == [1, 1, 2, 3]
    assert [each.path for each in listed if each.retired] == [("q1", "c2", "text")]
    assert [each.path for each in listed if each.in_lines] == [("q1", "help")]
    assert wordings.counts(DRAFT, "fr") == (2, 7)


def test_a_name_that_is_the_question_is_no_text_of_its_own() -> None:
    named_after = replace(DRAFT, title="Tea or coffee?")
    assert ("title",) in [each.path for each in wordings.of(named_after, "fr")], "translated once"
    assert ("title",) not in [each.path for each in wordings.of(named_after, "de")]
    its_own = replace(DRAFT, title="Tea")
    assert ("title",) in [each.path for each in wordings.of(its_own, "de")]


def test_texts_are_put_in_and_emptied_one_by_one() -> None:
    given = wordings.given(DRAFT, "fr", {("q1", "c1", "text"): " ", ("q1", "help"): "Un seul."})
    assert given.questions[0].translations == {"fr": {"help": "Un seul."}}
    assert given.questions[0].choices[0].translations == {}
    assert given.translations == DRAFT.translations
    assert wordings.given(DRAFT, "fr", {}) == DRAFT


def test_a_translation_that_was_left_behind_is_found() -> None:
    later = replace(DRAFT, title="Hot drinks")
    assert wordings.outdated(DRAFT, later) == ["fr"]
    followed = replace(later, translations={"fr": {"title": "Boissons chaudes"}})
    assert wordings.outdated(DRAFT, followed) == []
    other = replace(QUESTION, text="Tea, or coffee?")
    assert wordings.outdated(DRAFT, replace(DRAFT, questions=(other,))) == [], "not translated"


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/translations/fr/title", ("title",)),
        ("/questions/0/translations/fr/text", ("q1", "text")),
        ("/questions/0/choices/2/translations/fr/text", ("q1", "c3", "text")),
        ("/translations", ("translations",)),
        ("/questions/0/choices", ("q1", "choices")),
        ("/questions", ("questions",)),
    ],
)
def test_a_fault_is_led_back_to_its_text(pointer: str, path: tuple[str, ...]) -> None:
    assert wordings.path_of(DRAFT, pointer) == path
