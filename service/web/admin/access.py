"""Who is signed in, and which site they are at: sessions, their cookie, and the guard of /admin.

The cookie is Flask's signed one. It names a session that SQL keeps: once that has ended, no copy
of the cookie is of use.
"""

import hashlib
from datetime import timedelta
from typing import cast

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.datastructures import MultiDict

from service.config import Settings
from service.domain import sessions, sites
from service.errors import FieldError, FormExpired, NotSignedIn, ValidationError
from service.records import Actor, Owner, Permission, Site
from service.web import current, origins

IDLE = timedelta(hours=12)
LARGEST_FORM = 500_000
# Whatever a poll's definition may hold, 2 MB: each byte is three where a form sends it (`%E0`).
LARGEST_POLL_FORM = 8_000_000
POLL_FORMS = ("admin.polls.editing.", "admin.polls.translating.")
ROOM_FOR_NAMES = 50_000  # what the names of its fields take more where it is carried along
OPEN_TO_ALL = frozenset({"admin.sign_in.show", "admin.sign_in.enter"})
FOREIGN_PAGE = "This was sent from a page that is not ours. Nothing was done."
csrf = CSRFProtect()


class SignedIn(UserMixin):
    """An owner in a session of theirs, as Flask-Login knows them."""

    def __init__(self, owner: Owner, session_name: str) -> None:
        self.owner = owner
        self._session_name = session_name

    def get_id(self) -> str:
        """What the cookie says."""
        return self._session_name


class AdminSessions(SecureCookieSessionInterface):
    """Sessions for the admin pages alone: no answer to a reader sets a cookie or varies by one."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of an admin page; an empty one that is never kept elsewhere."""
        if current.is_admin():
            return super().open_session(app, request)
        return self.session_class()

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """A page that only looks by itself whether something is new does not prolong a session."""
        return super().should_set_cookie(app, session) and not g.get("looks_by_itself", False)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session of an admin page."""
        if current.is_admin():
            super().save_session(app, session, response)


def register(app: Flask, settings: Settings) -> None:
    """Give the app its sessions; forms are checked by `guard`, not everywhere."""
    secure = settings.public_url.startswith("https:")
    # Browsers take a cookie of this name from the whole host alone.
    at_root = secure and not settings.public_path
    app.secret_key = hashlib.sha256(f"voxpop.session\0{settings.secret_key}".encode()).hexdigest()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-voxpop" if at_root else "voxpop_session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH=settings.public_path or "/",
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # `origins.refuse_foreign_pages` asks the same of all requests
    )
    app.session_interface = AdminSessions()
    csrf.init_app(app)
    manager = LoginManager()
    manager.session_protection = None  # it would keep a digest of the owner's address
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def guard() -> None:
    """Before every admin view: somebody is signed in, and forms come from our own pages.

    Raises NotSignedIn, OriginNotAllowed, FormExpired, ValidationError.
    """
    sends = request.method not in ("GET", "HEAD", "OPTIONS")
    if sends:
        _bound_form()
        origins.refuse_foreign_pages(FOREIGN_PAGE)
    if request.endpoint not in OPEN_TO_ALL and not is_signed_in():
        raise NotSignedIn
    if sends and (request.endpoint or "").startswith(POLL_FORMS):
        _allow(LARGEST_POLL_FORM)
    _refuse_nul(request.args)
    if not sends:
        return
    try:
        csrf.protect()
    except CSRFError as error:
        raise FormExpired from error
    _refuse_nul(request.form)


def _bound_form() -> None:
    """Let forms be as large as they need from whom nobody knows yet; the sign-in may carry one that
    came too late."""
    carries = request.endpoint in OPEN_TO_ALL
    _allow(LARGEST_FORM + (ROOM_FOR_NAMES if carries else 0))


def _allow(most: int) -> None:
    """Take a form of so many bytes, however it is encoded."""
    request.max_content_length = request.max_form_memory_size = most


def _refuse_nul(given: MultiDict[str, str]) -> None:
    """No person types NUL, and PostgreSQL cannot be asked about it. Raises ValidationError."""
    if any("\0" in text for _, text in given.items(multi=True)):
        raise ValidationError(FieldError("", "Send this without NUL."))


def sign_in(owner: Owner) -> None:
    """Begin a session of the owner's, with nothing in it of what was before."""
    sign_out()
    name = sessions.begin(current.stores(), owner, current.now())
    login_user(SignedIn(owner, name))
    session.pop("_id", None)  # a digest of the owner's address and browser
    session.permanent = True


def sign_out() -> None:
    """End this session, if there is one."""
    if name := session.get("_user_id"):
        sessions.end(current.stores(), str(name))
    logout_user()
    session.clear()


def is_signed_in() -> bool:
    """Whether an owner asks."""
    return bool(current_user.is_authenticated)


def current_owner() -> Owner:
    """The owner who asks. Raises NotSignedIn."""
    if not is_signed_in():
        raise NotSignedIn
    return cast(Owner, current_user.owner)


def known_owner() -> Owner | None:
    """The owner who asks, if that was already found out: no store is asked, so that even the page
    that says the database is away can be made."""
    return cast(Owner | None, g.get("owner"))


def actor() -> Actor:
    """The owner who asks, as whoever acts. Raises NotSignedIn."""
    return current_owner().actor


def current_site() -> Site:
    """The site of the address, `<site>` in the route, or the one of the form that is sent, whose
    short name may be another by now. Raises SiteNotFound, NotSignedIn."""
    if "site" not in g:
        g.site = _site_of_form() or _site_of_address()
    return cast(Site, g.site)


def _site_of_form() -> Site | None:
    sent = request.form.get("site_id")
    own = sites.list_for(current.stores(), actor()) if sent else ()
    return next((site for site in own if str(site.id) == sent), None)


def _site_of_address() -> Site:
    slug = str((request.view_args or {}).get("site"))
    return sites.find(current.stores(), actor(), slug)


def may(permission: str) -> bool:
    """Whether the owner may do this on the current site: `{% if may("polls:write") %}`."""
    return actor().may(Permission(permission), current_site().id)


def _load(session_name: str) -> SignedIn | None:
    """The owner in the session of that name, unless it has ended."""
    owner = sessions.owner_of(current.stores(), session_name, current.now())
    if owner is None:
        return None
    g.owner = owner
    return SignedIn(owner, session_name)
