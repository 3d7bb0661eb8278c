"""Forms that came too late, or while a store was away, kept until they can be sent again.

A session may end while somebody writes, or a sign-in in another tab make the token of their page an
old one. The answer then holds the form's fields, and a button sends them to where they were going.
No store is asked for that page. They came from our own pages, which `access.guard` sees to first.
No form with a password is kept.
"""

from collections.abc import Sequence

from flask import Response, request

from service.web import html

Fields = Sequence[tuple[str, str]]
PREFIX = "kept."
TOKEN = "csrf_token"  # noqa: S105 (a field's name)
PASSWORDS = frozenset({"password", "current_password", "new_password", "again"})


def sent() -> Fields:
    """The fields of the form that was sent, if it may be kept."""
    if not PASSWORDS.isdisjoint(request.form):
        return ()
    return [field for field in request.form.items(multi=True) if field[0] != TOKEN]


def carried() -> Fields:
    """The fields of an earlier form that this one carries along."""
    return [
        (name.removeprefix(PREFIX), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(PREFIX)
    ]


def page(fields: Fields, to: str, *, status: int, heading: str, **words: str) -> Response:
    """The page that sends the fields at the press of a button; `lead`, `note` and `button` say what
    that does where it is not to save what was written."""
    return html.page(
        "admin/again.html", status=status, fields=fields, to=to, heading=heading, words=words
    )
