"""The catalogues hold all that Voxpop says, whole, in every language."""

import re
import subprocess
import sys
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from service.web import catalogues
from service.web.catalogues import Catalogue, english, translated
from tests.support.service import ROOT

BABEL = (sys.executable, "-m", "babel.messages.frontend", "--quiet")
TRANSLATED = [locale for locale in catalogues.LOCALES if locale != catalogues.SOURCE]
# Numbers about which two rules for plurals could disagree.
NUMBERS = (*range(1, 1201), 100_000, 1_000_000, 1_000_001, 2_000_000)


def read(locale: str) -> Catalog:
    with catalogues.path(locale).open("rb") as file:
        return read_po(file, locale)


def messages(locale: str) -> list[Message]:
    return [message for message in read(locale) if message.id]


def test_there_are_the_languages_that_the_manual_names() -> None:
    manual = (ROOT / "docs" / "languages.md").read_text()
    assert set(re.findall(r"\| `(\w+)` \|", manual)) == set(catalogues.LOCALES)


def test_the_catalogues_are_up_to_date_with_the_code(tmp_path: Path) -> None:
    pot = str(tmp_path / "messages.pot")
    made = [
        "-F",
        "service/translations/babel.cfg",
        "-k",
        "Phrase",
        "--add-location=file",
        "--no-wrap",
        "-o",
        pot,
    ]
    subprocess.run([*BABEL, "extract", *made, "service"], cwd=ROOT, check=True)
    update = ["-i", pot, "-d", "service/translations", "--no-fuzzy-matching", "--ignore-obsolete"]
    check = ["--no-wrap", "--ignore-pot-creation-date", "--check"]
    checked = subprocess.run([*BABEL, "update", *update, *check], cwd=ROOT, check=False)
    assert checked.returncode == 0, "run `make translations`, translate what is new, commit it"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_everything_is_translated_and_has_a_place_for_what_is_put_in(locale: str) -> None:
    for message in messages(locale):
        said, meant = translated(message), english(message)
        assert all(said), meant
        assert not message.fuzzy
        assert message.pluralizable or names(said[0]) == names(meant[0]), said


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_form_names_its_number_unless_it_is_for_one_number_alone(locale: str) -> None:
    language = Locale.parse(locale)
    kinds = catalogues.kinds_of_numbers(language)
    alone = [sum(language.plural_form(n) == kind for n in range(101)) == 1 for kind in kinds]
    for message in messages(locale):
        if message.pluralizable:
            for form, may_be_words in zip(translated(message), alone, strict=True):
                lost = names(english(message)[1]) ^ names(form)
                assert not lost or (may_be_words and lost == {"n"}), form


@pytest.mark.parametrize("locale", TRANSLATED)
def test_gettext_counts_as_cldr_does(locale: str) -> None:
    catalogue, language = read(locale), Locale.parse(locale)
    kinds = catalogues.kinds_of_numbers(language)
    assert catalogue.num_plurals == len(kinds)
    form_of = c2py(catalogue.plural_expr)
    assert [kinds[form_of(n)] for n in NUMBERS] == [language.plural_form(n) for n in NUMBERS]


def test_what_is_not_translated_stays_english() -> None:
    nothing = Catalogue(Locale.parse("ar"))
    assert nothing.text("Vote") == "Vote"
    assert [nothing.form("vote", "votes", n) for n in (0, 1, 2)] == ["votes", "vote", "votes"]


def names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
