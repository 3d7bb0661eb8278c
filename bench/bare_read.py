"""The limit for reads: Flask views that return a constant of the same size and headers."""

import os

from flask import Flask, Response

application = Flask("bare_read")
POLL = b"x" * int(os.environ.get("POLL_BYTES", "600"))
RESULTS = b"x" * int(os.environ.get("RESULTS_BYTES", "700"))


@application.get("/v1/polls/<slug>")
def poll(slug: str) -> Response:
    """A constant the size of a poll."""
    return Response(POLL, mimetype="application/json")


@application.get("/v1/polls/<slug>/results")
def results(slug: str) -> Response:
    """A constant the size of results."""
    return Response(RESULTS, mimetype="application/json")
