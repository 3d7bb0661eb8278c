"""Our HTML pages: how they are made, and the words and figures in them written."""

from typing import cast
from urllib.parse import urlencode

from flask import Flask, Response, redirect, render_template, request
from werkzeug.http import generate_etag

from service.domain import languages, locales
from service.phrases import Phrase
from service.web import current, mount, words, writing, zones
from service.web.writing import Writing

NO_STORE = "no-store"
# Where a request keeps how its page is written, and in which language that was asked for.
LANGUAGE = "voxpop.language"
ASKED_LOCALE = "voxpop.asked_locale"


def register(app: Flask) -> None:
    """Teach the templates to write words, figures and moments in the page's language, and the
    page's public address; and name the pages once they are whole."""
    app.after_request(_name)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        at=at,
        language=language,
        _=lambda text, **values: language().say(text, **values),
        ngettext=lambda one, other, number: language().count(one, other, number),
    )
    app.jinja_env.tests["ours"] = lambda text: isinstance(text, Phrase)
    app.jinja_env.filters.update(
        moment=lambda value, zone="UTC": language().moment(value, zone),
        figure=lambda value: language().figure(value),
        share=lambda percent: language().share(percent),
        local=zones.local,
        local_second=zones.local_second,
        local_input=zones.local_input,
    )
    app.context_processor(
        lambda: {
            "public_url": current.settings().public_url,
            "asked_locale": request.environ.get(ASKED_LOCALE),
        }
    )


def speak(site_locale: str) -> None:
    """Have the page speak the language that the request asks for, else the site's."""
    asked = words.asked_locale(request.query_string.decode("latin-1"))
    best = words.best_locale(asked or "", site_locale)
    request.environ[LANGUAGE] = writing.of(best, site_locale)
    request.environ[ASKED_LOCALE] = asked if asked and _names_a_language(asked) else None


def language() -> Writing:
    """How the page's language is written."""
    return cast(Writing, request.environ.get(LANGUAGE, writing.ENGLISH))


def at(path: str, **query: str) -> str:
    """The address of another of our pages, in the language that this one was asked for in."""
    if locale := request.environ.get(ASKED_LOCALE):
        query["locale"] = locale
    return f"{path}?{urlencode(query)}" if query else path


def page(
    template: str, *, status: int = 200, cache_control: str = NO_STORE, **values: object
) -> Response:
    """The template's page."""
    body = mount.in_page(render_template(template, **values))
    response = Response(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = cache_control
    return response


def see_other(address: str) -> Response:
    """Have the browser go to the address, with GET, after a form."""
    response = cast(Response, redirect(address, 303, Response))
    response.headers["Cache-Control"] = NO_STORE
    return response


def _names_a_language(tag: str) -> bool:
    return locales.is_tag(tag) and not languages.is_none(tag)


def _name(response: Response) -> Response:
    """Give a page that may be kept an ETag of its bytes and of what it may do: a cache that is told
    that its page still stands goes on with the policy that it has."""
    is_page = response.status_code == 200 and response.mimetype == "text/html"
    if is_page and response.cache_control.public:
        policy = response.headers["Content-Security-Policy"]
        response.set_etag(generate_etag(response.get_data() + policy.encode()))
        response.make_conditional(request)
    return response
