"""What the service says while SQL is away: votes are to come again, results are shown as they were,
and whoever looks after it is told."""

import secrets
import time
from contextlib import closing
from http.client import HTTPConnection

from tests.faults.crowd import Answer
from tests.faults.stage import PATIENCE_SECONDS, Scene
from tests.faults.voting import Voting

EVERY_SECONDS = 0.2
AWAY = {"vote": (503, "2"), "results": (200, None), "health": (503, "2")}

Said = tuple[int, str | None]
"""An answer's status, and in how many seconds to come again."""


def says_so(scene: Scene) -> None:
    """Hold the service to it as long as the fault lasts, once at least."""
    ends = time.monotonic() + scene.seconds
    while True:
        said = {
            "vote": _vote(scene),
            "results": _look(scene, f"/v1/polls/{scene.poll.slug}/results"),
            "health": _look(scene, "/healthz"),
        }
        assert said == AWAY, f"while SQL is away: {said}"
        if time.monotonic() >= ends:
            return
        time.sleep(EVERY_SECONDS)


def _look(scene: Scene, path: str) -> Said:
    return _ask(scene, "GET", path, b"")[0]


def _vote(scene: Scene) -> Said:
    """One more vote, which is tried again with all the others that were in the dark."""
    url = scene.stage.service.url
    cast = Voting(scene.poll.slug, url, scene.record).ballot(secrets.token_urlsafe(18))
    body = cast.request.partition(b"\r\n\r\n")[2]
    sent_at = time.time()
    said, text = _ask(scene, "POST", f"/v1/polls/{scene.poll.slug}/ballots", body)
    scene.record.note(cast, Answer(said[0], text, sent_at, time.time()))
    return said


def _ask(scene: Scene, method: str, path: str, body: bytes) -> tuple[Said, bytes]:
    service = scene.stage.service
    connection = HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
    headers = {"Content-Type": "application/json", "Origin": service.url}
    with closing(connection):
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            return (answer.status, answer.headers["Retry-After"]), answer.read()
