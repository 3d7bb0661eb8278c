"""What happens between two queries of one read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def after_reading(engine: sa.Engine, part: str, act: Callable[[], object]) -> Iterator[None]:
    """Do the act, once, right after the first query that has this part: rows have been read, and
    what belongs to them has not."""
    done = False

    def notice(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        nonlocal done
        if not done and statement.startswith("SELECT") and part in statement:
            done = True
            act()

    sa.event.listen(engine, "after_cursor_execute", notice)
    try:
        yield
    finally:
        sa.event.remove(engine, "after_cursor_execute", notice)
    assert done, f"no query had {part!r}"
