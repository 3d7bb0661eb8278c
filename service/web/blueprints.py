"""Blueprints whose views are documented: the OpenAPI document is made from them."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import marshmallow as ma
from flask import current_app, request
from flask_smorest import Blueprint

from service.domain.permissions import require
from service.records import Permission
from service.web import auth, queries
from service.web.bodies import StrictParser, View
from service.web.errors import problem_example
from service.web.schemas.headers import IdempotencyKey, IfMatch, IfNoneMatch
from service.web.schemas.problems import ProblemSchema

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

BEARER = "key"
SPEC_OPTIONS = {
    "info": {
        "description": "Polls for news sites: what readers' browsers call, which needs no key, "
        "and what owners' programs call, under an API key of one site.",
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "components": {
        "securitySchemes": {
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key: `vp_`, 8 hexadecimal digits, `_`, 43 characters.",
            }
        }
    },
}
NO_QUERY = ma.Schema()


def _header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


REQUEST_ID = {"X-Request-Id": _header("Finds the error in the log.")}
RETRY_AFTER = {"Retry-After": _header("Seconds to wait.", "integer")}
CHALLENGE = {"WWW-Authenticate": _header("`Bearer`.")}
ETAG = {"ETag": _header("Names this version.")}
LOCATION = {"Location": _header("The path of what was made.")}
LINK = {"Link": _header('The next page, with `rel="next"`; none after the last one.')}
PROBLEM_HEADERS: Mapping[int, dict[str, Any]] = {
    401: CHALLENGE,
    412: ETAG,
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}
EVERYWHERE = {
    "p401": "`not_signed_in`",
    "p403": "`not_allowed`",
    "p422": "`validation_error`",
    "p429": "`rate_limited`, with `Retry-After`",
    "p503": "`temporarily_unavailable`, with `Retry-After`",
}
WITH_BODY = {
    "p400": "`malformed_json`",
    "p413": "`body_too_large`",
    "p415": "`unsupported_media_type`",
}


# What stands in the paths, for the document.
PLACEHOLDERS: Mapping[str, tuple[str, str]] = {
    "slug": ("The poll's slug.", "region-interest"),
    "site": ("The site's slug.", "demo"),
    "place": ("`latest`, `current` or `random`.", "current"),
    "key": ("The key's id: its prefix.", "vp_3f9a1c22"),
    "signing_key": ("The signing key's id.", "sk_3f9a1c22d04b7e65"),
    "owner": ("The owner's id.", "7"),
}


class ApiParser(StrictParser):
    """Reads queries as strictly as bodies."""

    def use_args(
        self, schema: ma.Schema, location: str = "json", **_: Any
    ) -> Callable[[View], View]:
        """Hand the view what the schema loads from the body or the query."""
        if location == "query":
            return queries.use(schema)
        return super().use_args(schema)


class ApiBlueprint(Blueprint):
    """Reads bodies and queries strictly, and documents what its views answer."""

    ARGUMENTS_PARSER = ApiParser()

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        """Add the route, and document what stands in its path."""
        path = f"{self.url_prefix}{rule}"
        named = [name for name in PLACEHOLDERS if f"<{name}>" in path]
        options["parameters"] = list(map(_placeholder, named))
        super().add_url_rule(rule, *args, **options)

    def answers(self, *good: Decorator, **problems: str) -> Decorator:
        """Document a view's answers; the problems by status, as `p404="poll_not_found"`.

        flask-smorest's decorators would also wrap the view, each of them, at every request; our
        views make their responses themselves, so only the documentation is taken.
        """
        bad = [self._problem(int(status[1:]), codes) for status, codes in problems.items()]

        def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
            named = self.doc(operationId=view.__name__)
            documented = reduce(lambda inner, outer: outer(inner), (*bad, *good, named), view)
            view._apidoc = documented._apidoc  # type: ignore[attr-defined]
            return view

        return decorator

    def _problem(self, status: int, codes: str) -> Decorator:
        decorator: Decorator = self.alt_response(
            status,
            schema=ProblemSchema,
            content_type="application/problem+json",
            description=codes,
            example=problem_example(codes.split("`")[1]),
            headers={**REQUEST_ID, **PROBLEM_HEADERS.get(status, {})},
        )
        return decorator


class ProgramsBlueprint(ApiBlueprint):
    """Views for programs: each asks for a valid key, and says which scope the key needs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before_request(_admit)

    def needs(self, scope: Permission, *good: Decorator, **problems: str) -> Decorator:
        """Have the view need the scope, and document its answers as `answers` does; what any of
        these views may answer needs no mention."""
        secured: Decorator = self.doc(
            security=[{BEARER: [scope.value]}], description=f"Needs the scope `{scope}`."
        )

        def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
            places = _argument_places(view)
            usual = {**EVERYWHERE, **(WITH_BODY if "json" in places else {})}
            view = self.answers(*good, secured, **{**usual, **problems})(view)
            view.scope = scope  # type: ignore[attr-defined]
            view.takes_query = "query" in places  # type: ignore[attr-defined]
            # Pages of other origins have no business here: no preflight is answered, and none of
            # these routes answers in the place of a public one at the same path.
            view.provide_automatic_options = False  # type: ignore[attr-defined]
            return view

        return decorator

    def shows(
        self, schema: type[ma.Schema], description: str, headers: Mapping[str, Any] | None = None
    ) -> Decorator:
        """Document a read: 200, or 304 for whoever has it."""
        return _all(
            self.response(
                200, schema, description=description, headers={**ETAG, **(headers or {})}
            ),
            self.alt_response(304, description="You have this version.", success=True),
            self.arguments(IfNoneMatch, location="headers"),
        )

    def lists(self, schema: type[ma.Schema], description: str) -> Decorator:
        """Document a read of one page of a list."""
        return self.shows(schema, description, LINK)

    def edits(self, schema: type[ma.Schema], description: str) -> Decorator:
        """Document an edit: 200 with what stands now, by `If-Match`."""
        return _all(
            self.response(200, schema, description=description, headers=ETAG),
            *self._versioned(),
        )

    def makes(
        self, scope: Permission, schema: type[ma.Schema], description: str, **problems: str
    ) -> Decorator:
        """As `needs`, for a call that makes something: 201, once for each `Idempotency-Key`."""
        return self.needs(
            scope,
            self.response(201, schema, description=description, headers={**ETAG, **LOCATION}),
            self.arguments(IdempotencyKey, location="headers"),
            p409=", ".join(filter(None, (problems.pop("p409", ""), "`still_under_way`"))),
            p422="`validation_error`, `idempotency_key_reused`",
            **problems,
        )

    def removes(self, description: str, *, versioned: bool = False) -> Decorator:
        """Document an act with nothing to tell; `versioned` asks for `If-Match`."""
        told = self.response(204, description=description)
        return _all(told, *(self._versioned() if versioned else ()))

    def _versioned(self) -> tuple[Decorator, ...]:
        return (
            self._problem(412, "`stale_edit`, with the `ETag` that stands"),
            self._problem(428, "`version_missing`"),
            self.arguments(IfMatch, location="headers"),
        )


def _placeholder(name: str) -> dict[str, Any]:
    description, example = PLACEHOLDERS[name]
    schema = {"type": "string", "minLength": 1}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _argument_places(view: Callable[..., Any]) -> set[str]:
    """Where the view takes arguments from: `json`, `query`."""
    documented: dict[str, Any] = getattr(view, "_apidoc", {}).get("arguments", {})
    return {parameter["in"] for parameter in documented.get("parameters", ())}


def _all(*decorators: Decorator) -> Decorator:
    return lambda view: reduce(lambda inner, outer: outer(inner), decorators, view)


def _admit() -> None:
    """Let the request in, before anything of it is looked at; the domain asks again.

    Raises NotSignedIn, RateLimited, NotAllowed, ValidationError.
    """
    view: Any = current_app.view_functions[request.endpoint or ""]
    require(auth.actor(), view.scope, auth.site_id())
    if not view.takes_query:
        queries.read(NO_QUERY)
