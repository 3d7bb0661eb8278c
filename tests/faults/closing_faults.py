"""What owners and time do to an open poll while readers vote: no ballot is counted that was cast
while it was closed, by its schedule and by the moments that the audit log names."""

from dataclasses import replace
from datetime import timedelta

from service import clock
from service.domain import edits, polls
from service.records import OPERATOR, Status
from tests.faults.stage import Fault, Scene
from tests.faults.station import PATIENCE_SECONDS
from tests.support.ports import wait_until

RECOVERS_WITHIN = 2.0
SOON, LATE = timedelta(seconds=1.5), timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def _by_its_owner(scene: Scene) -> None:
    stores, slug = scene.stage.keeping.stores, scene.poll.slug
    closed = edits.set_status(stores, OPERATOR, slug, Status.CLOSED, clock.now())
    _is_felt(scene)
    opened = edits.set_status(stores, OPERATOR, slug, Status.OPEN, clock.now())
    # the last ballot before the close may bear its very moment
    scene.closed.append((closed.updated_at + INSTANT, opened.updated_at))


def _by_its_time(scene: Scene) -> None:
    _close_in(scene, SOON)
    _is_felt(scene)
    _close_in(scene, LATE)


def _by_its_time_which_is_moved(scene: Scene) -> None:
    for _ in range(3):
        _close_in(scene, SOON)
        scene.go_on(10)
        _close_in(scene, LATE)
        scene.go_on(10)
    _by_its_time(scene)


def _close_in(scene: Scene, wait: timedelta) -> None:
    """Move the poll's end, which opens it again if it has ended."""
    stores, now = scene.stage.keeping.stores, clock.now()
    poll = polls.managed(stores, OPERATOR, scene.poll.slug)
    schedule = replace(poll.schedule, closes_at=now + wait)
    draft = replace(polls.draft_of(poll), schedule=schedule)
    opened = edits.edit(stores, OPERATOR, poll.slug, draft, poll.row_version, now)
    ended = poll.schedule.closes_at
    if ended is not None and ended < opened.updated_at:
        scene.closed.append((ended, opened.updated_at))


def _is_felt(scene: Scene) -> None:
    """Readers are told that the poll is closed, and go on trying."""
    wait_until(
        lambda: any(told.word == "poll_closed" for told in scene.record.told[-100:]),
        "readers are told that the poll is closed",
        PATIENCE_SECONDS,
    )
    scene.go_on()


FAULTS = tuple(
    Fault(f"poll closed {name}", act, RECOVERS_WITHIN)
    for name, act in (
        ("by its owner", _by_its_owner),
        ("by its time", _by_its_time),
        ("by its time, which is moved", _by_its_time_which_is_moved),
    )
)
