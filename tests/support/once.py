"""What all the apps that tests make have in common, made once for a test process."""

from collections import defaultdict
from collections.abc import Callable
from copy import copy
from typing import Any

from flask import Config, Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

import service.app
from service.config import Settings


def compile_routes() -> None:
    """Compile each route once for all apps: Werkzeug does so anew for each, which is nine tenths
    of the time that an app takes to make."""
    compiled: dict[tuple[object, ...], Callable[..., object]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., object]:
        key = (rule.rule, rule.endpoint, str(rule.methods), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[assignment, method-assign]


def register_views() -> None:
    """Register the views once for all apps of the same settings: that takes nine tenths of the
    time that an app takes to make, and most of it has no stores and no clock in it."""
    made: dict[Settings, Flask] = {}
    make_web = service.app._make_web

    def make_once(settings: Settings) -> Flask:
        if settings not in made:
            made[settings] = make_web(settings)
        return _twin(made[settings])

    service.app._make_web = make_once


def _twin(app: Flask) -> Flask:
    """Another app with all that was registered with this one, and that may get more."""
    twin = copy(app)
    vars(twin).update({name: _own(value) for name, value in vars(app).items()})
    return twin


def _own(registered: Any) -> Any:
    """The lists and tables, and those in them, as copies."""
    kind = type(registered)
    if kind is list:
        return list(registered)
    if kind is Config:
        return copy(registered)
    if kind not in (dict, defaultdict):
        return registered
    own = copy(registered)
    own.update({name: _own(value) for name, value in registered.items()})
    return own


def make_engines() -> None:
    """Give each app of a database the engine that the first one made: a new one compiles every
    statement anew, which takes longer than to run it."""
    made: dict[str, Engine] = {}
    make_engine = SQLAlchemy._make_engine

    def make_once(self: SQLAlchemy, key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        url = str(options["url"])
        if url not in made:
            made[url] = make_engine(self, key, options, app)
        return made[url]

    SQLAlchemy._make_engine = make_once  # type: ignore[assignment, method-assign]


class Templates(BytecodeCache):
    """Compiled templates in memory, by their names and sources."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what an earlier app compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for later apps."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def compile_templates() -> None:
    """Compile each template once for all apps: that takes five times as long as to render it."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}
