"""The service in its own processes with a link on each way, and one fault after another on it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from service.records import Poll
from tests.faults.invariants import Checker, Closed, Figures
from tests.faults.keeping import Keeping
from tests.faults.poll import new_poll
from tests.faults.record import Record
from tests.faults.station import PATIENCE_SECONDS, READERS, Station
from tests.faults.watcher import Watcher
from tests.support.links import Link
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.processes import age
from tests.support.redis import RedisServer
from tests.support.service import RunningService

WEB_PROCESSES = 2
WARM = 100
# As many as a web process keeps waiting for a transaction that takes longer than a second. When
# Redis falls silent one may wait for it, and then for another process that waits for it with the
# poll locked: half a second, and on a busy machine that second is soon over.
ROOM = 32
YOUNG_SECONDS = 5.7  # granian counts 5.5 from just before the process begins


@dataclass
class Stage:
    """The service; `to_web`, `to_postgres` and `to_redis` are the links on its ways."""

    service: RunningService
    postgres: Postgres
    redis: RedisServer
    keeping: Keeping
    to_web: Link
    to_postgres: Link
    to_redis: Link

    def station(self, *, linked: bool = False, readers: int = READERS) -> Station:
        """A poll that nobody has voted in; voters come past the link to the service or over it."""
        port = self.to_web.port if linked else self.service.port
        return Station(self.service, self.keeping, new_poll(self.keeping.stores), port, readers)


@contextmanager
def staged(*, fsync: bool) -> Iterator[Stage]:
    """The service with two web processes, on a PostgreSQL and a Redis of its own."""
    with ExitStack() as stack:
        postgres, redis = Postgres(fsync=fsync), RedisServer()
        stack.callback(postgres.stop)
        stack.callback(redis.stop)
        to_postgres, to_redis = Link(postgres.port), Link(redis.port)
        stack.callback(to_postgres.close)
        stack.callback(to_redis.close)
        database_url = postgres.create_database("voxpop")
        service = RunningService(
            database_url.replace(str(postgres.port), str(to_postgres.port)),
            redis.url.replace(str(redis.port), str(to_redis.port)),
            WEB_PROCESSES=str(WEB_PROCESSES),
        ).start()
        stack.callback(service.stop)
        to_web = Link(service.port)
        stack.callback(to_web.close)
        keeping = Keeping(database_url, redis.url)
        yield Stage(service, postgres, redis, keeping, to_web, to_postgres, to_redis)


@dataclass
class Scene:
    """What a fault finds: the stage, the poll that is voted in, how long it may last; and what it
    leaves: when it kept the poll `closed`."""

    stage: Stage
    station: Station
    seconds: float
    random: Random
    closed: list[Closed] = field(default_factory=list)

    @property
    def poll(self) -> Poll:
        return self.station.poll

    @property
    def record(self) -> Record:
        return self.station.record

    def last(self) -> None:
        """Let the fault last its time."""
        time.sleep(self.seconds)

    def go_on(self, requests: int = 100) -> None:
        """Wait until so many more requests were answered, as they may be during the fault."""
        goal = self.record.requests + requests
        wait_until(lambda: self.record.requests >= goal, "requests are answered", PATIENCE_SECONDS)


Act = Callable[[Scene], None]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: it begins and ends within `act`. `linked` readers come over the
    link to the service. Votes are accepted again within `recovers_within` seconds. What `kills` web
    processes waits until none of them is young: the server takes one that dies in its first seconds
    for one that cannot live, and ends. One that is `unfelt` leaves no request unanswered, of as
    many at once as there is room for in either web process. What is long has `seconds` of its own.
    """

    name: str
    act: Act
    recovers_within: float
    linked: bool = False
    kills: bool = False
    unfelt: bool = False
    seconds: float | None = None

    def lasting(self, seconds: float) -> "Fault":
        """The same for a longer time."""
        return replace(self, name=f"{self.name} for {seconds:g} s", seconds=seconds)


def run(stage: Stage, fault: Fault, *, requests: int, seconds: float, random: Random) -> Figures:
    """Put the fault in the midst of votes; `requests` at least are sent in all, it may last
    `seconds`. Give the figures once all is checked."""
    readers = ROOM if fault.unfelt else READERS
    station = stage.station(linked=fault.linked, readers=readers)
    poll, record = station.poll, station.record
    wait_until(station.is_shown_by_all, "all web processes show it", PATIENCE_SECONDS)
    if fault.kills:
        wait_until(lambda: _none_is_young(stage.service), "no web process is young")
    scene = Scene(stage, station, fault.seconds or seconds, random)
    watcher = Watcher(stage.service.port, poll.slug, stage.keeping, poll.id)
    with watcher:
        ended, recovered = _under_votes(scene, fault, requests)
    also_refused = ["poll_closed"] if scene.closed else []
    checker = Checker(stage.keeping, poll, record, also_refused=also_refused, closed=scene.closed)
    checker.redis_knows_nobody_else()
    settled = _settle(station)
    _try_again(station)
    _settle(station)
    figures = checker.figures(station.remote, watcher.faults)
    if fault.unfelt and figures.unknown:
        figures.broken.append(f"{figures.unknown} requests were not answered")
    figures.note_seconds(recovered - ended, fault.recovers_within, settled)
    return figures


def _none_is_young(service: RunningService) -> bool:
    return all(age(pid) > YOUNG_SECONDS for pid in service.workers())


def _under_votes(scene: Scene, fault: Fault, requests: int) -> tuple[float, float]:
    """Have voters vote while the fault begins, is and ends, and then until they are counted again:
    when it ended, and when the first was counted."""
    record = scene.record
    with scene.station.under_votes():
        wait_until(lambda: record.requests >= WARM, "voters vote", PATIENCE_SECONDS)
        scene.go_on(scene.random.randrange(max(1, requests // 2)))
        fault.act(scene)
        ended = time.time()
        wait_until(lambda: record.last_counted_sent_at >= ended, "votes go on", PATIENCE_SECONDS)
        recovered = record.first_counted_after(ended)
        wait_until(lambda: record.requests >= requests, "all is sent", 10 * PATIENCE_SECONDS)
    return ended, recovered


def _try_again(station: Station) -> None:
    """Readers who were left in the dark ask again, and then all who were counted."""
    record = station.record
    station.cast_until_told(record.unresolved)
    casts = record.casts  # of a long fault they are many, and made anew each time
    station.cast_until_told([casts[each] for each in record.counted])


def _settle(station: Station) -> float:
    """The seconds until the board and the results show what SQL holds."""
    began = time.monotonic()
    keeping, poll_id = station.keeping, station.poll.id

    def agree() -> bool:
        kept = keeping.tally(poll_id)
        shown = {station.remote.results()["revision"] for _ in range(4)}
        return shown == {kept.revision} and keeping.shown_by_redis(poll_id) == kept

    wait_until(agree, "Redis and the results show what SQL holds", PATIENCE_SECONDS)
    return time.monotonic() - began
