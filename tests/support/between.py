"""What happens between two queries of one read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


@contextmanager
def after_reading(engine: sa.Engine, table: str, act: Callable[[], object]) -> Iterator[None]:
    """Do the act, once, as soon as rows of the table have been read and before what belongs to
    them is."""
    done = False

    def notice(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        nonlocal done
        if not done and statement.startswith("SELECT") and f"FROM {table}" in statement:
            done = True
            act()

    sa.event.listen(engine, "after_cursor_execute", notice)
    try:
        yield
    finally:
        sa.event.remove(engine, "after_cursor_execute", notice)
    assert done, f"no row of {table} was read"
