import re
from itertools import islice

import pytest

from service.domain import slugs


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Which region news you interested in most?", "which-region-news-you-interested-in-most"),
        ("  Tea -- or coffee?! ", "tea-or-coffee"),
        ("Ça, c'était où ?", "ca-c-etait-ou"),
        ("Große Straße, smørrebrød, łódź", "grosse-strasse-smorrebrod-lodz"),
        ("Какой регион?", "kakoi-region"),
        ("भारत", "bharata"),
        ("さくら", "sakura"),
        ("Україна", "ukraina"),
        ("Αθήνα 2026", "2026"),
        ("کون سا", "poll"),
        ("50 % of what?", "50-of-what"),
        ("٪ ¿?", "poll"),
        ("你好", "poll"),
        ("New", "poll"),
        ("", "poll"),
    ],
)
def test_a_slug_speaks_the_questions_words_in_latin_letters(text: str, slug: str) -> None:
    assert slugs.of(text, "poll") == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("एशिया समाचार", "eshiya-samachara"),
        ("क्या मेट्रो समय पर बनेगी?", "kya-metro-samaya-para-banegi"),
        ("हिंदी", "hindi"),
        ("कृष्ण", "krishna"),
        ("२०२६ में", "2026-men"),
        ("উৎসব", "utsaba"),
        ("লোক", "loka"),
        ("தமிழ்", "tamil"),
        ("சென்னை", "chennai"),
        ("తెలుగు", "telugu"),
        ("ಬೆಂಗಳೂರು", "bengaluru"),
        ("മലയാളം", "malayalam"),
        ("പൗരൻ", "pauran"),
        ("ગુજરાત", "gujarata"),
        ("ਅੰਮ੍ਰਿਤਸਰ", "anmritasara"),
        ("ଓଡ଼ିଶା", "odisha"),
    ],
)
def test_a_slug_speaks_the_vowels_of_the_scripts_of_india(text: str, slug: str) -> None:
    assert slugs.of(text, "poll") == slug


@pytest.mark.parametrize("text", ["word " * 40, "x" * 200])
def test_a_long_question_makes_a_slug_that_fits(text: str) -> None:
    made = slugs.of(text, "poll")
    assert len(made) <= slugs.LONGEST
    assert not list(slugs.faults("/slug", made))


def test_a_long_slug_is_cut_between_words() -> None:
    assert slugs.of("word " * 40, "poll").split("-") == ["word"] * 13


def test_the_next_candidates_are_numbered_and_fit_too() -> None:
    assert list(islice(slugs.candidates("tea"), 3)) == ["tea", "tea-2", "tea-3"]
    long = list(slugs.candidates("x" * 64))
    assert all(not list(slugs.faults("/slug", slug)) for slug in long)
    assert len(set(long)) == len(long)
    assert re.fullmatch(r"x+-[0-9a-f]{16}", long[-1])


@pytest.mark.parametrize("slug", ["", "Tea", "tea or", "té", "a" * 65, "a/b", "a.b", "new", "a\n"])
def test_what_is_no_slug_is_refused(slug: str) -> None:
    [fault] = slugs.faults("/slug", slug)
    assert fault.pointer == "/slug"
