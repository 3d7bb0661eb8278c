"""Whether this process can do its work."""

from flask import Blueprint, Response, jsonify

from service.web import current

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when SQL answers; TemporarilyUnavailable is raised otherwise."""
    current.stores().polls.ping()
    return jsonify(status="ok")
