"""In which language a page shows a poll."""

from flask import request

from service.domain import translations
from service.records import Poll


def in_asked_language(poll: Poll) -> Poll:
    """The poll as it reads in the language that the page's address asks for as `locale`."""
    return translations.reading(poll, translations.locale_for(poll, request.args.get("locale")))
