"""Words, figures and moments are written as readers of a language write them."""

from datetime import UTC, datetime

import pytest

from service.phrases import Phrase
from service.web import writing

AFTERNOON = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "site", "figure", "share", "moment"),
    [
        ("en", "en", "12,345", "40.7%", "24 November 2026, 15:05 UTC"),
        ("en", "en-US", "12,345", "40.7%", "November 24, 2026, 3:05\u202fPM UTC"),
        ("ar", "ar", "12,345", "40.7\u200e%\u200e", "24 نوفمبر 2026، 3:05 م UTC"),
        ("ar", "ar-EG", "١٢٬٣٤٥", "٤٠٫٧٪\u061c", "٢٤ نوفمبر ٢٠٢٦، ٣:٠٥ م UTC"),
        ("fa", "fa", "۱۲٬۳۴۵", "۴۰٫۷٪", "۳ آذر ۱۴۰۵، ساعت ۱۵:۰۵ UTC"),
        ("fr", "fr", "12\u202f345", "40,7\xa0%", "24 novembre 2026, 15:05 UTC"),
        ("hi", "hi", "12,345", "40.7%", "24 नवंबर 2026, 3:05 pm UTC"),
        ("id", "id", "12.345", "40,7%", "24 November 2026 15.05 UTC"),
        ("tr", "tr", "12.345", "%40,7", "24 Kasım 2026 15:05 UTC"),
        ("zh", "zh-CN", "12,345", "40.7%", "2026年11月24日 15:05 UTC"),
        ("es", "fr", "12.345", "40,7\xa0%", "24 de noviembre de 2026, 15:05 UTC"),
        ("ru", "no such", "12\xa0345", "40,7\xa0%", "24 ноября 2026\u202fг., 15:05 UTC"),
    ],
)
def test_figures_and_moments(tag: str, site: str, figure: str, share: str, moment: str) -> None:
    written = writing.of(tag, site)
    assert written.figure(12345) == figure
    assert written.share(40.7) == share
    assert written.moment(AFTERNOON) == moment


def test_another_zone_is_named_or_its_distance_told() -> None:
    english = writing.ENGLISH
    paris, kolkata = english.moment(AFTERNOON, "Europe/Paris"), "Asia/Kolkata"
    assert paris == "24 November 2026, 16:05 (Central European Standard Time)"
    assert english.moment(AFTERNOON, kolkata) == "24 November 2026, 20:35 (GMT+05:30)"


@pytest.mark.parametrize(
    ("tag", "site", "figures"),
    [
        ("es", "es", ["999", "9999", "10.000"]),
        ("es", "es-ES", ["999", "9999", "10.000"]),
        ("es", "es-MX", ["999", "9,999", "10,000"]),
        ("es", "es-419", ["999", "9,999", "10,000"]),
        ("es", "es-AR", ["999", "9.999", "10.000"]),
        ("ru", "ru-UA", ["999", "9999", "10\xa0000"]),
        ("ru", "ru", ["999", "9\xa0999", "10\xa0000"]),
    ],
)
def test_a_figure_of_four_digits_is_parted_where_readers_part_it(
    tag: str, site: str, figures: list[str]
) -> None:
    written = writing.of(tag, site)
    assert [written.figure(number) for number in (999, 9999, 10000)] == figures


def test_a_phrase_is_english_until_somebody_says_it() -> None:
    phrase = Phrase("Choose at least {n}.", n=2)
    assert phrase == "Choose at least 2."
    assert writing.of("ar", "ar-EG").said(phrase) == "الحد الأدنى للاختيارات: ٢."
    assert writing.of("ar", "ar").said("Vote") == "Vote", "another's text stays as it is"


def test_what_is_put_in_stays_words_on_a_page() -> None:
    said = writing.of("ar", "ar").say("Polls of {site}", site="<b>{n}</b>")
    assert said == "استطلاعات &lt;b&gt;{n}&lt;/b&gt;"
