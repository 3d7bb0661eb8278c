"""A small cache in the process's memory, for what all readers share."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from service.errors import TemporarilyUnavailable
from service.stores.background import Background

Key = TypeVar("Key")
Value = TypeVar("Value")
RESTS = 10
"""How many times as long as its loading took a value is not renewed."""


@dataclass(slots=True)
class _Entry(Generic[Value]):
    value: Value
    fresh_at: float
    rests_until: float = 0.0
    source_is_away: bool = False
    asked_at: float = 0.0
    loading: Lock = field(default_factory=Lock)


def _always(_key: object, _value: object) -> bool:
    return True


class Fresh(Generic[Key, Value]):
    """Values that are loaded again once they are older than `seconds`, and `has_changed` says that
    their source has another by now.

    One thread loads a value, its first too. The others go on with the old one until it is twice as
    old; then they wait for the new one, but only until its source has taken `seconds`. While the
    source is known to be away, an old value serves on and nobody waits for the next question to it,
    of which there is one at a time for all values. At most `size` are kept, those loaded last.
    """

    def __init__(
        self,
        load: Callable[[Key], Value],
        seconds: float,
        ticks: Callable[[], float],
        size: int = 1000,
        has_changed: Callable[[Key, Value], bool] = _always,
    ) -> None:
        self._load = load
        self._has_changed = has_changed
        self._seconds = seconds
        self._ticks = ticks
        self._size = size
        self._entries: OrderedDict[Key, _Entry[Value]] = OrderedDict()
        self._order = Lock()
        self._first_turns: dict[Key, Lock] = {}
        self._background = Background()

    def get(self, key: Key) -> Value:
        """The value, at most `seconds` old, but for the time a reload takes. What the loader raises
        is raised to whoever finds no older value."""
        entry = self._entries.get(key)
        if entry is None:
            return self._get_first(key)
        is_old = self._is_old(entry, self._seconds)
        if is_old and entry.loading.acquire(timeout=self._patience(entry)):
            if not entry.source_is_away:
                self._reload(key, entry, self._seconds)
            elif not self._background.start(partial(self._reload_apart, key, entry)):
                entry.loading.release()
        return entry.value

    def renew(self, key: Key, seconds: float) -> Value:
        """The value for whom it does not do: loaded again where it is older than so many seconds,
        but so seldom that a tenth of the time goes to loading it, however many ask. One thread
        loads it, which the others wait for until it has taken as long; an old value does where its
        source is away. What else the loader raises is raised."""
        entry = self._entries.get(key)
        if entry is None:
            return self._get_first(key)
        rests = entry.source_is_away or self._ticks() < entry.rests_until
        may_ask = not rests and self._is_old(entry, seconds)
        if may_ask and entry.loading.acquire(timeout=self._left(entry, seconds)):
            self._reload(key, entry, seconds)
        return entry.value

    def catch_up(self, key: Key, is_recent: Callable[[Value], bool]) -> Value:
        """The value after its source is known to have gone on: loaded again unless it `is_recent`.
        One thread loads it for all who wait for it. What the loader raises is raised."""
        entry = self._entries.get(key)
        if entry is None:
            return self._get_first(key)
        if not is_recent(entry.value) and entry.loading.acquire(timeout=self._seconds):
            try:
                if not is_recent(entry.value):
                    self._ask(key, entry)
            finally:
                entry.loading.release()
        return entry.value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value that is known to be fresh."""
        with self._order:
            self._entries[key] = _Entry(value, self._ticks())
            self._make_room(key)

    def amend(self, key: Key, value: Value) -> None:
        """Put it in the place of the value that is kept, if one is, as if it were no younger."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.value = value

    def peek(self, key: Key) -> Value | None:
        """The value as it is, however old, or None."""
        entry = self._entries.get(key)
        return None if entry is None else entry.value

    def forget(self, key: Key) -> None:
        """Load the value anew when it is next asked for."""
        with self._order:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Load every value anew when it is next asked for."""
        with self._order:
            self._entries.clear()

    def _get_first(self, key: Key) -> Value:
        """A value that nobody has yet: whoever comes while one loads it waits for that one first,
        so that a process that has just started does not ask for the same with all its threads."""
        turn = self._first_turns.setdefault(key, Lock())
        has_turn = turn.acquire(timeout=self._seconds)
        try:
            entry = self._entries.get(key)
            if entry is None:
                loaded = _Entry(self._load(key), self._ticks())
                with self._order:
                    entry = self._entries.setdefault(key, loaded)
                    self._make_room(key)
            return entry.value
        finally:
            self._first_turns.pop(key, None)
            if has_turn:
                turn.release()

    def _make_room(self, key: Key) -> None:
        """Drop what was loaded longest ago, now that there is a new value of the key."""
        if key in self._entries:
            self._entries.move_to_end(key)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def _is_old(self, entry: _Entry[Value], seconds: float) -> bool:
        return self._ticks() - entry.fresh_at >= seconds

    def _patience(self, entry: _Entry[Value]) -> float:
        """The seconds to wait for whoever loads the value."""
        if entry.source_is_away or not self._is_old(entry, 2 * self._seconds):
            return 0.0
        return self._left(entry, self._seconds)

    def _left(self, entry: _Entry[Value], seconds: float) -> float:
        """What is left of the seconds since its source was asked for the value."""
        is_being_asked = entry.asked_at > entry.fresh_at  # else by one who is about to ask
        taken = self._ticks() - entry.asked_at if is_being_asked else 0.0
        return max(0.0, seconds - taken)

    def _reload_apart(self, key: Key, entry: _Entry[Value]) -> None:
        """Reload where nobody waits. What the loader raises, the next one to ask is told. A source
        that is back is back for all values."""
        with suppress(Exception):
            self._reload(key, entry, self._seconds)
        if not entry.source_is_away:
            with self._order:
                for each in self._entries.values():
                    each.source_is_away = False

    def _reload(self, key: Key, entry: _Entry[Value], seconds: float) -> None:
        try:
            if self._is_old(entry, seconds):  # or another thread has just loaded it
                with suppress(TemporarilyUnavailable):  # an old answer is better than none
                    self._ask(key, entry)
        finally:
            entry.loading.release()

    def _ask(self, key: Key, entry: _Entry[Value]) -> None:
        """Ask the source for the value, by one who has the entry's turn."""
        entry.asked_at = self._ticks()
        try:
            if self._has_changed(key, entry.value):
                self._replace(key, entry)
        except TemporarilyUnavailable:
            entry.source_is_away, entry.fresh_at = True, self._ticks()
            raise
        except Exception:
            self.forget(key)
            raise
        entry.source_is_away, entry.fresh_at = False, self._ticks()
        with self._order:
            self._make_room(key)

    def _replace(self, key: Key, entry: _Entry[Value]) -> None:
        began = self._ticks()
        entry.value = self._load(key)
        ended = self._ticks()
        entry.rests_until = ended + RESTS * (ended - began)
