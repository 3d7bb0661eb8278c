"""The form in which a site is made and changed."""

import hashlib
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from service.domain import sites, themes
from service.errors import ValidationError
from service.records import Site, SiteDraft
from service.web import catalogues
from service.web.admin import form

LABELS = {
    "name": "Name",
    "slug": "Short name",
    "locale": "Language",
    "timezone": "Time zone",
    "origins": "Origins",
    "theme/--voxpop-accent": "Accent",
    "theme/--voxpop-on-accent": "Text on the accent",
    "theme/--voxpop-bar": "Bars",
    "theme/--voxpop-line": "Lines",
    "theme/--voxpop-error": "Errors",
}
TAKEN = "Another site has this short name."
IN_WORDS = {"reserved": "This short name has another use. Choose another."}
# Languages to choose from: those of our own words, and some in which polls are often written.
LOCALES = sorted({*catalogues.LOCALES, "bn", "de", "ja", "pt-BR", "ur"})


def choices() -> dict[str, Any]:
    """What the form offers to choose from."""
    return {
        "timezones": sorted(available_timezones()),
        "locales": LOCALES,
        "colours": [name for name in LABELS if name.startswith("theme/")],
        "labels": LABELS,
    }


def values_of(draft: SiteDraft) -> dict[str, str]:
    """The draft as the form's fields say it."""
    return {
        "name": draft.name,
        "slug": draft.slug,
        "locale": draft.locale,
        "timezone": draft.timezone,
        "origins": "\n".join(draft.origins),
        **{f"theme/{name}": str(value) for name, value in draft.theme.items()},
    }


def draft_of(fields: Mapping[str, str]) -> SiteDraft:
    """What the form's fields say."""
    colours = {name: fields.get(f"theme/{name}", "").strip() for name in themes.PROPERTIES}
    return SiteDraft(
        slug=fields.get("slug", ""),
        name=fields.get("name", ""),
        locale=fields.get("locale", "").strip(),
        timezone=fields.get("timezone", "").strip(),
        theme={name: colour for name, colour in colours.items() if colour},
        origins=_lines(fields),
    )


def errors_of(error: ValidationError, fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field; of the origins, which line."""
    faults = form.errors_of(error, IN_WORDS)
    for place, line in enumerate(_lines(fields)):
        if detail := faults.pop(f"origins/{place}", None):
            faults.setdefault("origins", f"{line}: {detail}")
    return faults


def version_of(site: Site) -> str:
    """Names what stands decided about the site, to see whether it is otherwise by now."""
    return hashlib.sha256(repr(sites.draft_of(site)).encode()).hexdigest()[:16]


def _lines(fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in fields.get("origins", "").splitlines() if line.strip())
