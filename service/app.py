"""The one file that knows every layer: it opens the stores and registers the web."""

from collections.abc import Callable
from threading import RLock
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request
from flask_migrate import Migrate
from flask_smorest import Api, Blueprint
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from service import clock
from service.config import Settings
from service.stores import open_stores
from service.stores.sql.db import db, engine_options
from service.web import (
    admin,
    archive,
    assets,
    blueprints,
    bodies,
    confirming,
    current,
    demo,
    docs,
    errors,
    feed,
    forms,
    frames,
    gallery,
    headers,
    health,
    html,
    manage,
    mount,
    oembed,
    origins,
    pages,
    pictures,
    places,
    public,
)
from service.web.bodies import LARGEST_BYTES
from service.web.lane import Lane
from service.web.mount import Mount

Function = TypeVar("Function", bound=Callable[..., Any])


class OurFlask(Flask):
    """Flask without a look, six times a request, whether our functions are coroutines, and without
    the caller's word for who we are."""

    def ensure_sync(self, func: Function) -> Function:
        """The function itself: none of ours is a coroutine."""
        return func

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Lead to an address with its last slash by the path alone: the Host that Werkzeug would
        name with it is whatever was sent. What stands before our path is put there for all."""
        error = request.routing_exception
        if isinstance(error, RequestRedirect):
            parts = urlsplit(error.new_url)
            own = parts.path.removeprefix(request.root_path.rstrip("/"))
            error.new_url = parts._replace(scheme="", netloc="", path=own).geturl()
        super().raise_routing_exception(request)


class OurApi(Api):
    """flask-smorest without its own error answers: web/errors.py makes them all, and each route
    documents its own. The document is made when somebody first asks for it: that takes four
    times as long as all else at the app's start."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        self._undocumented: list[Blueprint] = []
        self._documenting = RLock()
        super().__init__(app)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Serve the blueprint's routes, which will stand in the document."""
        self._app.register_blueprint(blueprint)
        self._undocumented.append(blueprint)

    @property
    def spec(self) -> Any:
        """The document, with all routes in it."""
        with self._documenting:
            while self._undocumented:
                self._document(self._undocumented.pop(0))
            return self._spec

    @spec.setter
    def spec(self, spec: Any) -> None:
        self._spec = spec

    def _document(self, blueprint: Blueprint) -> None:
        name = blueprint.name
        blueprint.register_views_in_doc(self, self._app, self._spec, name=name, parameters=None)
        self._spec.tag({"name": name, "description": blueprint.description})

    def _register_error_handlers(self) -> None:
        pass


def create_app(settings: Settings, *, now: clock.Clock = clock.now) -> Flask:
    """The service as a WSGI application. `now` is the clock that all of it goes by."""
    app = _make_web(settings)
    service = _open_stores(app, settings, now)
    pictures.register(app)
    app.wsgi_app = Lane(app.wsgi_app, service)  # type: ignore[method-assign]
    if settings.public_path:
        app.wsgi_app = Mount(app.wsgi_app, settings.public_path)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def _make_web(settings: Settings) -> Flask:
    """All routes and what is around them: nothing that is kept, and no stores behind them yet."""
    app = OurFlask("service", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=LARGEST_BYTES,
        MAX_FORM_PARTS=1000,
        API_TITLE="Voxpop",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            **blueprints.SPEC_OPTIONS,
            "servers": [{"url": settings.public_path or "/"}],
        },
    )
    app.url_map.merge_slashes = False
    _register_web(app, settings)
    return app


def _open_stores(app: Flask, settings: Settings, now: clock.Clock) -> current.Service:
    db.init_app(app)
    Migrate(app, db, directory="migrations", render_as_batch=True)  # type: ignore[no-untyped-call]
    with app.app_context():
        stores = open_stores(settings, db.engine, now)
    service = current.Service(settings, stores, now)
    current.install(app, service)
    return service


def _register_web(app: Flask, settings: Settings) -> None:
    errors.register(app)
    html.register(app)  # names pages by their headers too: what is registered later is done before
    headers.register(app)
    bodies.register(app)
    mount.register(app)
    origins.register(app)
    api = OurApi(app)
    for documented in (public.blueprint, places.api_blueprint, *manage.BLUEPRINTS):
        api.register_blueprint(documented)
    admin.register(app, settings)
    for module in (
        health,
        assets,
        pages,
        places,
        pictures,
        archive,
        feed,
        frames,
        oembed,
        forms,
        confirming,
        docs,
        demo,
        gallery,
        admin,
    ):
        app.register_blueprint(module.blueprint)
