"""What voters wrote for `is_other` choices: read for the poll's owners, shown and hidden."""

from collections.abc import Iterable, Sequence

from service.records import AuditEvent, OtherText, OtherTextStatus
from service.stores.changes import Changes
from service.stores.sql import other_texts
from service.stores.sql.other_texts import OtherTextStore


class OtherTexts:
    """What owners do with texts."""

    def __init__(self, sql: OtherTextStore, changes: Changes) -> None:
        self._sql = sql
        self._changes = changes

    def page(
        self, poll_id: int, statuses: Iterable[OtherTextStatus], after: OtherText | None, limit: int
    ) -> list[OtherText]:
        """Texts that have votes, those with the most first, behind `after` if it is given."""
        return self._sql.page(poll_id, statuses, after, limit)

    def unknown(self, poll_id: int, question: str, texts: Sequence[str]) -> set[str]:
        """Those of the texts that nobody has written."""
        return self._sql.unknown(poll_id, question, texts)

    def decide(
        self,
        poll_id: int,
        question: str,
        texts: Sequence[str],
        status: OtherTextStatus,
        event: AuditEvent,
    ) -> Sequence[str]:
        """Give the texts the status; give those whose status it was not. The poll's revision grows,
        so that its results are shown anew."""
        return self._changes.make(
            poll_id,
            lambda sql: other_texts.decide(sql, poll_id, question, texts, status),
            event,
            lambda changed: {"question": question, "texts": list(changed)},
        )
