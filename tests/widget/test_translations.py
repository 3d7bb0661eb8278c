"""A poll that an owner has put into other languages, on pages in these."""

from playwright.sync_api import expect

from service.records import Choice, ChoiceOrder, Question
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, Widget

WHICH = Question(
    "q1",
    "Which one?",
    (
        Choice("c1", "Apples", translations={"fr": {"text": "Pommes"}, "ja": {"text": "りんご"}}),
        Choice("c2", "Pears", translations={"fr": {"text": "Des poires"}}),
        Choice("c3", "Plums", translations={"fr": {"text": "Les prunes"}}),
    ),
    translations={"fr": {"text": "Lesquelles ?"}, "ja": {"text": "どれですか"}},
)


def offered(widget: Widget) -> list[str]:
    return widget.element.locator("label.row bdi").all_inner_texts()


def test_a_poll_is_read_and_voted_in_in_the_language_of_the_page(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(WHICH, choice_order=ChoiceOrder.ALPHABETICAL)
    widget = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>', lang="fr-CA")
    expect(widget.element.get_by_role("heading")).to_have_text("Lesquelles ?")
    assert offered(widget) == ["Des poires", "Les prunes", "Pommes"]
    widget.choose("Les prunes")
    widget.button("Voter").click()
    rows = widget.results.get_by_role("listitem").locator("bdi[lang=fr]")
    expect(rows).to_have_text(["Des poires", "Les prunes", "Pommes"])
    assert reader.ballots(slug) == 1


def test_where_we_have_no_words_the_polls_own_are_read_with_english_ones(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(WHICH)
    widget = reader.reads(f'<vox-pop poll="{slug}" locale="ja"></vox-pop>')
    widget.shows_form()
    expect(widget.element.get_by_role("heading").locator("bdi")).to_have_attribute("lang", "ja")
    assert offered(widget) == ["りんご", "Pears", "Plums"]
