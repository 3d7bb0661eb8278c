"""Which language somebody gets who asks for one."""

import pytest

from service.domain import locales

OURS = ("en", "ar", "zh", "pt-BR", "id", "ms")


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("ar", "ar"),
        ("ar-EG", "ar"),
        ("AR-eg", "ar"),
        ("ar_EG", "ar"),
        ("ar-Arab-EG-u-nu-latn", "ar"),
        ("pt-BR", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh-Hans-SG", "zh"),
        ("zh-Hant", "zh"),
        ("zh-TW", "zh"),
        ("in", "id"),
        ("zsm", "ms"),
    ],
)
def test_the_nearest_that_there_is_is_found(asked: str, best: str) -> None:
    assert locales.match(asked, OURS) == best


@pytest.mark.parametrize(
    ("asked", "best"),
    [("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hans")],
)
def test_a_place_says_in_which_script_its_chinese_is_written(asked: str, best: str) -> None:
    assert locales.match(asked, ("zh-Hant", "zh-Hans")) == best
    assert locales.match(asked, ("zh-Hans", "zh-Hant")) == best


@pytest.mark.parametrize(
    ("asked", "available", "best"),
    [
        ("zh-TW", "zh-Hans zh-Hant-TW", "zh-Hant-TW"),
        ("zh-HK", "zh-Hans zh-Hant-TW", "zh-Hant-TW"),
        ("zh-Hant", "zh-Hans zh-Hant-TW", "zh-Hant-TW"),
        ("cmn-Hant", "zh-Hans zh-Hant-TW", "zh-Hant-TW"),
        ("zh-HK", "zh-CN zh-TW", "zh-TW"),
        ("zh-Hant", "zh-CN zh-TW", "zh-TW"),
        ("zh-Hant", "zh zh-HK", "zh-HK"),
        ("zh-SG", "zh-TW zh-CN", "zh-CN"),
        ("zh-Hans-HK", "zh-HK zh-CN", "zh-CN"),
        ("zh-Hans-TW", "zh-Hant zh-Hans", "zh-Hans"),
        ("zh", "zh-TW zh-CN", "zh-CN"),
        ("zh-CN", "zh zh-Hans-SG", "zh"),
        ("zh-Hant-HK", "zh-TW zh-HK", "zh-HK"),
        ("zh-HK", "zh-CN", "zh-CN"),
    ],
)
def test_chinese_in_the_same_script_comes_before_that_in_another(
    asked: str, available: str, best: str
) -> None:
    assert locales.match(asked, available.split()) == best


@pytest.mark.parametrize(
    "asked", ["de", "a", "arabic", "", "*", "ar-", "ar\n", "ar;q=1", "ärz", "ar" + "-x" * 99]
)
def test_nothing_is_found_for_another_language_or_for_what_is_no_tag(asked: str) -> None:
    assert locales.match(asked, OURS) is None


def test_whoever_asks_for_odd_tags_fills_no_memory() -> None:
    for number in range(2 * locales.MOST_KEPT):
        locales.match(f"ar-x-{number}", OURS)
    assert locales._match.cache_info().currsize == locales.MOST_KEPT
