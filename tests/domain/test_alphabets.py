"""Words stand where a reader of the language looks for them."""

import random

import pytest

from service.domain.alphabets import sort_key


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["1989", "apple", "Banana", "cherry", "Éclair", "fig"]),
        ("de-AT", ["Äpfel", "Birnen", "Öl", "Rüben", "Straße", "Zwiebeln"]),
        ("sv", ["apa", "zebra", "ål", "ärla", "öra"]),
        ("da", ["and", "zebra", "æble", "øre", "ål"]),
        ("es", ["nube", "nylon", "ñame", "oso"]),
        ("pl", ["lis", "łabędź", "mysz", "zebra", "źrebię", "żaba"]),
        ("tr", ["\N{LATIN SMALL LETTER DOTLESS I}lgaz", "ip", "İzmir", "oda", "öğle"]),
        ("ru", ["арбуз", "Груша", "лимон", "яблоко"]),
    ],
)
def test_words_stand_in_the_order_of_the_languages_alphabet(locale: str, words: list[str]) -> None:
    mixed = random.Random(1).sample(words, len(words))  # noqa: S311 - any mixed order will do
    assert sorted(mixed, key=lambda word: sort_key(word, locale)) == words


def test_marks_decide_only_where_the_letters_are_the_same() -> None:
    assert sort_key("resume", "en") < sort_key("résumé", "en") < sort_key("resumes", "en")
