"""The texts of a poll in other languages: which there are, and one of them beside the original."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, request

from service.domain import edits, languages, locales, polls, translations, wordings
from service.errors import PollHasBallots, PollNotFound, StaleEdit, ValidationError
from service.records import Permission, Poll, Status
from service.web import catalogues, current, html, words
from service.web.admin import access, here
from service.web.admin.polls import language_form, preview
from service.web.admin.polls.language_form import Fields
from service.web.errors import STATUSES

SCREEN = "languages"
CLEAR = "clear"

blueprint = Blueprint("translating", __name__)


@blueprint.get(f"/polls/<slug>/{SCREEN}")
def show(site: str, slug: str) -> Response:
    """The poll's languages, or its texts in the one that is named."""
    poll = here.poll_here(slug, Permission.POLLS_WRITE)
    asked = request.args.get("locale", "")
    locale = _other(poll, asked)
    if locale is None:
        return _list(poll)
    return _page(poll, locale) if locale == asked else html.see_other(_address(poll, locale))


@blueprint.post(f"/polls/<slug>/{SCREEN}")
def change(site: str, slug: str) -> Response:
    """Save the texts in one language; or show them all empty, to be saved so."""
    poll, locale = _named()
    listed = wordings.of(poll, locale)
    base = request.form.get("base", "")
    if request.form.get("do") == CLEAR:
        empty = dict.fromkeys(language_form.saved(listed), "")
        return _page(poll, locale, empty, base=base, emptied=True)
    return _save(poll, locale, language_form.sent(request.form, listed), base)


@blueprint.post(f"/polls/<slug>/{SCREEN}-preview")
def show_preview(site: str, slug: str) -> Response:
    """What the fields say so far, for the widget beside them; nothing is kept."""
    poll, locale = _named()
    mine = language_form.sent(request.form, wordings.of(poll, locale))
    read = translations.reading(language_form.filled(poll, locale, mine), locale)
    view = request.form.get("view", preview.QUESTION)
    shown = preview.of_poll(read, current.now(), view)
    ours = words.of_widget(words.best_locale(locale, poll.locale))
    return jsonify({**shown, "poll": {**shown["poll"], "texts": ours}})


def _save(poll: Poll, locale: str, mine: Fields, base: str) -> Response:
    """Save what the editor has changed, and nothing else. Where somebody else has changed the same
    meanwhile, both are shown, and the editor's stands if it is sent again."""
    if differ := language_form.differences(base, wordings.of(poll, locale), mine):
        return _page(poll, locale, mine, differ=differ, status=STATUSES[StaleEdit])
    changed = language_form.changed(base, mine)
    draft = language_form.filled(polls.draft_of(poll), locale, changed)
    stores, actor, now = current.stores(), access.actor(), current.now()
    try:
        saved = edits.edit(stores, actor, poll.slug, draft, poll.row_version, now)
    except StaleEdit:  # in this very moment, so that both may well go together
        return _save(here.poll_of_form(poll.slug), locale, mine, base)
    except (ValidationError, PollHasBallots) as error:
        errors = language_form.errors_of(draft, error)
        return _page(poll, locale, mine, base=base, errors=errors, status=STATUSES[type(error)])
    flash(_told(saved, locale))
    return html.see_other(_address(saved, locale))


def _told(poll: Poll, locale: str) -> str:
    done, texts = wordings.counts(poll, locale)
    name = languages.name(locale)
    return f"Saved. {done} of {texts} texts are in {name}." if done else f"{name} is taken away."


def _named() -> tuple[Poll, str]:
    """The poll and the language of the form. Raises PollNotFound where there is no such language
    to put it into."""
    poll = here.poll_of_form(str((request.view_args or {})["slug"]))
    locale = _other(poll, request.form.get("locale", ""))
    if locale is None:
        raise PollNotFound
    return poll, locale


def _other(poll: Poll, tag: str) -> str | None:
    """The language of the tag, unless it is none or the site's own; a poll that was translated into
    that before the site took it up can be corrected in it."""
    locale = languages.normal(tag)
    if locale in poll.locales:
        return locale
    return locale if locale and locale.lower() != poll.locale.lower() else None


def _address(poll: Poll, locale: str) -> str:
    return f"{here.poll_path(poll.slug, SCREEN)}?locale={locale}"


def _list(poll: Poll) -> Response:
    """The languages that there are, and those to choose from."""
    open_ones = [one for one in languages.listed() if one[0] not in poll.locales]
    offered = [one for one in open_ones if _other(poll, one[0])]
    return html.page(
        "admin/polls/languages.html",
        **_about(poll),
        done=[(tag, languages.name(tag), *wordings.counts(poll, tag)) for tag in poll.locales],
        ours=[one for one in offered if one[0] in catalogues.LOCALES],
        offered=[one for one in offered if one[0] not in catalogues.LOCALES],
    )


def _page(
    poll: Poll,
    locale: str,
    fields: Fields | None = None,
    *,
    base: str | None = None,
    errors: Fields | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The texts in one language, as they are kept or as they were sent."""
    listed = wordings.of(poll, locale)
    shown = language_form.saved(listed) if fields is None else fields
    groups = language_form.rows(listed, shown, errors or {})
    return html.page(
        "admin/polls/language.html",
        status=status,
        **_about(poll),
        locale=locale,
        name=languages.name(locale),
        direction=languages.direction(locale),
        groups=groups,
        wrong=language_form.wrong(groups, errors or {}),
        done=sum(map(bool, shown.values())),
        texts=len(listed),
        base=language_form.base_of(listed) if base is None else base,
        has_words=locales.match(locale, catalogues.LOCALES) is not None,
        speaks=languages.name(words.best_locale(locale, poll.locale)),
        errors=errors or {},
        **values,
    )


def _about(poll: Poll) -> dict[str, Any]:
    standing = poll.status_at(current.now())
    return {
        "poll": poll,
        "own": languages.name(poll.locale),
        "is_own_translated": poll.locale in poll.locales,
        "standing": standing,
        "is_public": standing is not Status.DRAFT,
    }
