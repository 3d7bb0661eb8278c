"""In which language a page shows a poll."""

from flask import request

from service.domain import translations
from service.records import Poll


def in_asked_language(poll: Poll) -> Poll:
    """The poll as it reads in the language that the page's address asks for as `locale`."""
    return in_language(poll, request.args.get("locale"))


def in_language(poll: Poll, asked: str | None) -> Poll:
    """The poll as it reads in the best language for the asked one."""
    return translations.reading(poll, translations.locale_for(poll, asked))


def query_of(poll: Poll) -> str:
    """What asks in an address of the poll for the language that it reads in here; nothing where
    that is its site's own."""
    locale = other_locale(poll)
    return f"?locale={locale}" if locale else ""


def other_locale(poll: Poll) -> str | None:
    """The language that the poll reads in here, where that is not its site's own."""
    own = poll.locale_of(poll.site_name)
    return poll.locale if poll.locale != own else None
