"""Voxpop's own words, in each language that we have them in."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote_plus

from service.domain import locales
from service.web import catalogues
from service.web.catalogues import Catalogue

Text = str | Mapping[str, str]
"""A text; or its forms by the number in it, as CLDR names the kinds of numbers in its language."""
Texts = Mapping[str, Text]
"""The widget's texts by their keys; `locale` is the language that they are in."""

ASKED = re.compile(r"(?:^|&)locale=([^&]*)")
ENGLISH: Texts = json.loads(
    (Path(__file__).parent.parent / "widget/texts.json").read_text(encoding="utf-8")
)


@cache
def of_widget(locale: str) -> Texts:
    """The widget's words in one of our languages."""
    ours = catalogues.catalogue(locale)
    said = {key: _said(ours, text) for key, text in ENGLISH.items()}
    return said | {"locale": locale}


def best_locale(asked: str, site_locale: str) -> str:
    """The best of our languages for a tag, whatever that is: else the site's, else English."""
    for tag in (asked, site_locale):
        if found := locales.match(tag, catalogues.LOCALES):
            return found
    return catalogues.SOURCE


def asked_locale(query: str) -> str | None:
    """What a query asks for as `locale`; None where it asks for none."""
    if not query:
        return None
    asked = ASKED.search(query)
    return unquote_plus(asked[1]) if asked else None


def _said(catalogue: Catalogue, text: Text) -> Text:
    if isinstance(text, str):
        return catalogue.text(text)
    return catalogue.forms(text["one"], text["other"])
