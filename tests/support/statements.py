"""What SQL is asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from service.stores.sql.hot import HotStatement


@contextmanager
def noted(engine: sa.Engine, wanted: Callable[[str], bool] = lambda _: True) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, with those that the driver is handed past
    SQLAlchemy."""
    sent: list[str] = []
    run = HotStatement.rows

    def note(text: str) -> None:
        if wanted(text):
            sent.append(text)

    def rows(hot: HotStatement, connection: sa.Connection, values: Mapping[str, Any]) -> Any:
        if connection.dialect.name == "postgresql":
            note(hot._compiled(connection.dialect)[0].decode())
        return run(hot, connection, values)

    def execute(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        note(text)

    sa.event.listen(engine, "before_cursor_execute", execute)
    try:
        with patch.object(HotStatement, "rows", rows):
            yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", execute)
