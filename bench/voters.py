"""Voters who have voted, known by their numbers; bench/repeat.lua makes the same ones."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

VOTERS = 2000
SENDERS = 16
SAME, OTHER = "00000000", "10000000"
"""What the ids of the ballots begin with that they cast, and of others that they try to cast."""


def ballot(voter: int, begins: str = SAME) -> dict[str, object]:
    """The ballot of the voter of that number."""
    return {
        "ballot_id": f"{begins}-0000-4000-8000-{voter:012d}",
        "voter": f"bench-voter-{voter:012d}",
        "answers": {"q1": [f"c{voter % 8 + 1}"]},
        "page": None,
    }


def let_vote(url: str, path: str) -> None:
    """Have all of them vote; those who have are not asked again."""
    with ThreadPoolExecutor(SENDERS) as pool:
        statuses = list(pool.map(lambda first: list(_send(url, path, first)), range(SENDERS)))
    assert all(status in (200, 201) for several in statuses for status in several)


def _send(url: str, path: str, first: int) -> Iterator[int]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
    headers = {"Content-Type": "application/json", "Origin": url}
    for voter in range(first, VOTERS, SENDERS):
        connection.request("POST", path, json.dumps(ballot(voter)), headers)
        answer = connection.getresponse()
        answer.read()
        yield answer.status
    connection.close()
