"""The limit for reads: Flask views that return a constant as large as the service's answer."""

import os

from flask import Flask, Response, request

application = Flask("bare_read")
POLL = b"x" * int(os.environ["POLL_BYTES"])
RESULTS = b"x" * int(os.environ["RESULTS_BYTES"])


@application.get("/v1/polls/<slug>")
def poll(slug: str) -> Response:
    """A constant the size of a poll."""
    return Response(POLL, mimetype="application/json")


@application.get("/v1/polls/<slug>/results")
def results(slug: str) -> Response:
    """A constant the size of results, or nothing for whoever says that they have it."""
    if "If-None-Match" in request.headers:
        return Response(status=304)
    return Response(RESULTS, mimetype="application/json")
