"""Both limits behind one address, as the service has them: votes are posted, all else is read."""

from collections.abc import Callable, Iterable
from typing import Any

from bench import bare_read, bare_vote


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Hand the request on."""
    if environ["REQUEST_METHOD"] == "POST":
        return bare_vote.application(environ, start_response)
    return bare_read.application(environ, start_response)
