"""What voters wrote for `is_other` choices: read for the poll's owners, shown and hidden."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from service.records import AuditEvent, OtherText, OtherTextStatus
from service.stores.changes import Changes
from service.stores.fresh import Fresh
from service.stores.sql import other_texts
from service.stores.sql.other_texts import OtherTextStore

SHOWN_SECONDS = 1.0


class OtherTexts:
    """What owners do with texts, and those that readers see: from this process's memory, read from
    SQL anew every second."""

    def __init__(self, sql: OtherTextStore, changes: Changes, ticks: Callable[[], float]) -> None:
        self._sql = sql
        self._changes = changes
        self._shown = Fresh(sql.shown, SHOWN_SECONDS, ticks)

    def shown(self, poll_id: int) -> Mapping[str, Sequence[OtherText]]:
        """The texts that owners let show, by question, most votes first. Raises
        TemporarilyUnavailable if none can be had."""
        return self._shown.get(poll_id)

    def page(
        self, poll_id: int, statuses: Iterable[OtherTextStatus], after: OtherText | None, limit: int
    ) -> list[OtherText]:
        """Texts that have votes, those with the most first, behind `after` if it is given."""
        return self._sql.page(poll_id, statuses, after, limit)

    def unknown(self, poll_id: int, question: str, texts: Sequence[str]) -> set[str]:
        """Those of the texts that nobody has written."""
        possible = [text for text in texts if "\0" not in question + text]  # PostgreSQL has no NUL
        return set(texts) - self._sql.known(poll_id, question, possible)

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
        changed = self._changes.make(
            poll_id,
            lambda sql: other_texts.decide(sql, poll_id, question, texts, status),
            event,
            lambda changed: {"question": question, "texts": list(changed)},
        )
        self._shown.forget(poll_id)
        return changed
