"""Bodies as the web server hands them on, which no test client does."""

import json
import socket
from typing import Any

import pytest

from tests.support.service import RunningService
from tests.support.voters import ballot


def send_in_chunks(service: RunningService, body: bytes) -> tuple[int, Any]:
    """Post a ballot without saying how long it is; status and document of the answer."""
    head = (
        "POST /v1/polls/region-interest/ballots HTTP/1.1\r\n"
        f"Host: 127.0.0.1\r\nOrigin: {service.url}\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    chunks = [body[at : at + 1000] for at in range(0, len(body), 1000)] + [b""]
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        connection.sendall(head.encode())
        for chunk in chunks:
            connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        answer = connection.makefile("rb").read()
    status, _, document = answer.partition(b"\r\n\r\n")
    return int(status.split()[1]), json.loads(document)


@pytest.mark.parametrize(("length", "status"), [(64 * 1024, 201), (64 * 1024 + 1, 413)])
def test_a_body_in_chunks_is_read_whole_or_refused(
    live: RunningService, length: int, status: int
) -> None:
    body = json.dumps(ballot()).encode()
    found, document = send_in_chunks(live, body + b" " * (length - len(body)))
    assert (found, document.get("code")) == (status, None if status == 201 else "body_too_large")
