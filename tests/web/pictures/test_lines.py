# ruff: noqa: RUF001 (the texts are of many scripts)
"""Texts in pictures: whole, in lines, in fonts that have their letters."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
import uharfbuzz as hb
from flask import Flask

from service.web import catalogues
from service.web.pictures import directions, drawing, fonts, lines, rendering
from service.web.pictures.scene import Row, Scene

TEXTS = {
    "en": "Which region news you interested in most?",
    "ar": "أي أخبار المناطق تهمك أكثر؟",
    "id": "Berita kawasan mana yang paling Anda minati?",
    "ms": "Berita rantau manakah yang paling anda minati?",
    "zh": "您最关注哪个地区的新闻？（東亞、南亞）",
    "tr": "En çok hangi bölgenin haberleriyle ilgileniyorsunuz?",
    "fa": "اخبار کدام منطقه را بیشتر دنبال می‌کنید؟ ۱۲۳",
    "ru": "Новости какого региона интересуют вас больше всего?",
    "fr": "Les nouvelles de quelle région vous intéressent le plus ? Œuvre, « 50 % »",
    "es": "¿Las noticias de qué región le interesan más? Ñandú",
    "hi": "आप किस क्षेत्र की खबरों में सबसे अधिक रुचि रखते हैं?",
}
QUESTION = TEXTS["en"]


@pytest.mark.parametrize("locale", TEXTS)
@pytest.mark.parametrize("bold", [False, True])
def test_our_fonts_have_every_letter_and_shape(locale: str, bold: bool) -> None:
    text = TEXTS[locale]
    assert fonts.are_enough_for(text)
    for run in fonts.runs(text, bold=bold):
        assert run.face is not None
        buffer = hb.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        hb.shape(run.face.font, buffer)
        assert 0 not in [glyph.codepoint for glyph in buffer.glyph_infos]


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_our_fonts_have_all_letters_of_our_own_words(locale: str) -> None:
    ours = catalogues.catalogue(locale)
    forms = [form for plural in ours.plurals.values() for form in plural.values()]
    assert fonts.are_enough_for("".join([*ours.texts.values(), *forms]))


def test_words_of_a_script_keep_their_signs() -> None:
    assert [run.text for run in fonts.runs("दक्षिण-पूर्व BBC")] == ["दक्षिण", "-", "पूर्व ", "BBC"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("40 पाठक", "Noto Sans Devanagari"),
        ("BBC أخبار", "Noto Sans Arabic"),
        ("40 BBC", "Noto Sans"),
    ],
)
def test_a_text_is_begun_in_the_font_whose_letters_change_places(text: str, first: str) -> None:
    assert fonts.lead(text) == first


def test_two_texts_in_a_line_are_smaller_where_they_must_be() -> None:
    crowded = replace(scene("Rice", "Tea"), status="9 voted " * 6, moment="as of now " * 4)
    drawn = drawing.draw(crowded, drawing.CARD)
    status, moment = (text for text in drawn.texts if text.text.startswith(("9 voted ", "as of")))
    assert status.size == moment.size < 12.5
    assert (
        fonts.width(status.text, status.size, bold=True) + fonts.width(moment.text, moment.size)
        <= 544
    )


def test_for_a_script_that_we_have_no_font_of_the_machine_is_asked() -> None:
    assert not fonts.are_enough_for("ภาษาไทย")
    assert fonts.width("ภาษาไทย", 10) == pytest.approx(7 * 6)


def test_the_large_font_is_read_only_where_it_is_needed() -> None:
    assert not [path for path in fonts.files_for(QUESTION) if "CJK" in path]
    assert len(fonts.files_for(TEXTS["zh"])) == 2


@pytest.mark.parametrize("locale", TEXTS)
@pytest.mark.parametrize("room", [60, 150, 300])
def test_no_line_is_wider_than_its_room_and_none_of_the_text_is_lost(
    locale: str, room: float
) -> None:
    written = lines.wrapped(TEXTS[locale], room, 15, 99)
    assert max(fonts.width(line, 15) for line in written) <= room * 1.02
    assert "".join("".join(written).split()) == "".join(TEXTS[locale].split())


def test_a_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    assert lines.wrapped(QUESTION, 150, 15, 2) == ["Which region news", "you interested in…"]
    assert lines.wrapped(QUESTION, 1000, 15, 1) == [QUESTION]


def test_a_word_that_no_line_has_room_for_is_broken() -> None:
    assert lines.wrapped("Donaudampfschiff", 60, 15, 9) == ["Donaud", "ampfsc", "hiff"]


@pytest.mark.parametrize("text", ["abcdefg" * 70, "السلام" * 80, "कमल" * 160])
def test_of_a_long_word_no_more_is_measured_than_is_drawn(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    width = fonts.width

    def measure(part: str, size: float, *, bold: bool = False) -> float:
        measured.append(part)
        return width(part, size, bold=bold)

    monkeypatch.setattr(fonts, "width", measure)
    assert len(lines.wrapped(text, 500, 15, 3)) == 3
    assert len(measured) < 60


def test_no_line_begins_with_a_closing_sign() -> None:
    written = lines.wrapped("您最关注哪个地区的新闻？" * 4, 150, 15, 99)
    assert len(written) > 3
    assert not [line for line in written if line.startswith("？")]


@pytest.mark.parametrize(("text", "left"), [("أي (BBC)", True), ("BBC", False), ("12 अब", False)])
def test_a_picture_runs_as_its_question_does(text: str, left: bool) -> None:
    assert directions.runs_left(text) is left


def scene(*labels: str, runs_left: bool = False) -> Scene:
    """Results with these labels, the first one ahead."""
    rows = tuple(
        Row(label, 100 / place, f"{100 / place:.1f}%", str(100 // place), place == 1)
        for place, label in enumerate(labels, start=1)
    )
    return Scene("News", QUESTION, rows, False, "9 voted", "", "", "", None, runs_left)


@pytest.mark.parametrize("runs_left", [False, True])
@pytest.mark.parametrize("form", [drawing.CARD, drawing.COLUMN])
@pytest.mark.parametrize("labels", [["Rice", "Tea"], ["A long choice " * 9] * 20])
def test_all_is_within_the_margins(runs_left: bool, form: drawing.Form, labels: list[str]) -> None:
    drawn = drawing.draw(scene(*labels, runs_left=runs_left), form)
    for text in drawn.texts:
        wide = fonts.width(text.text, text.size, bold=text.bold)
        left = text.x - wide if text.ends else text.x
        assert left >= 27.5
        assert left + wide <= 572.5
        assert 0 < text.y < drawn.height
    for box in drawn.boxes:
        assert box.x + 0.01 >= 28
        assert box.x + box.width <= 572.01
        assert 0 <= box.y < drawn.height - 45


def test_a_card_shows_those_with_most_votes_where_not_all_fit() -> None:
    labels = [f"Choice {place}" for place in range(1, 21)]
    said = [text.text for text in drawing.draw(scene(*reversed(labels)), drawing.CARD).texts]
    shown = [text for text in said if re.match("Choice", text)]
    assert shown[0] == "Choice 20"
    assert f"and {20 - len(shown)} more" in said
    column = drawing.draw(scene(*labels), drawing.COLUMN).texts
    assert [text.text for text in column if text.text in labels] == labels


def test_a_column_of_very_many_shows_those_with_most_votes() -> None:
    labels = [f"Choice {place}" for place in range(1, 101)]
    drawn = drawing.draw(scene(*labels), drawing.COLUMN)
    said = [text.text for text in drawn.texts]
    assert [text for text in said if text in labels] == labels[:24]
    heights = {text.text: text.y for text in drawn.texts}
    assert heights["9 voted"] - heights["and 76 more"] > 20


def test_what_xml_cannot_hold_is_left_out_of_a_picture(app: Flask) -> None:
    with app.test_request_context():
        picture = rendering.draw(scene("Ri\ufffece", "T\uffffea"), drawing.CARD)
    assert picture.png.startswith(b"\x89PNG")


def test_lines_do_not_run_into_each_other() -> None:
    drawn = drawing.draw(scene(*["A long choice " * 9] * 20), drawing.COLUMN)
    heights = sorted({text.y for text in drawn.texts})
    assert min(after - before for before, after in pairwise(heights)) > 12
