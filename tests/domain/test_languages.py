"""Languages are those that there are, by tags in their usual letters."""

import pytest

from service.domain import languages


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("pt-br", "pt-BR"),
        ("ZH-hANT-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("awa", "awa"),
        ("ckb", "ckb"),
    ],
)
def test_a_tag_is_written_in_its_usual_letters(tag: str, usual: str) -> None:
    assert languages.normal(tag) == usual


@pytest.mark.parametrize(
    "tag", ["", "xx", "french", "fr_FR", "fr-", "fr-Xxxx", "fr-QX", "fr-x-a", "und", "fr\n", "ﬀ"]
)
def test_what_names_no_language_is_no_tag(tag: str) -> None:
    assert languages.normal(tag) is None


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("ja", "Japanese"),
        ("pt-BR", "Brazilian Portuguese"),
        ("fr-MA", "French (Morocco)"),
        ("uz-Arab-AF", "Uzbek (Arabic, Afghanistan)"),
        ("xx", "xx"),
    ],
)
def test_a_language_has_a_name(tag: str, name: str) -> None:
    assert languages.name(tag) == name


@pytest.mark.parametrize("tag", ["ar", "fa", "ur", "he", "ps", "ckb", "pa-PK", "uz-Arab", "dv"])
def test_some_run_from_right_to_left(tag: str) -> None:
    assert languages.direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["en", "ja", "pa", "uz", "tr", "xx", ""])
def test_most_run_from_left_to_right(tag: str) -> None:
    assert languages.direction(tag) == "ltr"


def test_the_languages_to_choose_from_are_tags_with_names_in_order() -> None:
    listed = dict(languages.listed())
    assert listed["zh-Hant"] == "Traditional Chinese"
    assert listed["ar"] == "Arabic"
    assert "und" not in listed
    assert list(listed.values()) == sorted(listed.values())
