"""What Redis remembers of voters: all that it was told, in small buckets, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Any
from uuid import UUID

import pytest

from service.records import Ballot, Tally
from service.stores.redis import keys
from service.stores.redis.connection import Shelter
from service.stores.redis.shield import Shield, Sight
from service.stores.redis.tallies import Board
from tests.conftest import NOON
from tests.support.redis import RedisServer

POLL = 7
MINUTE = int(NOON.timestamp()) // 60
LARGEST_LIST = 512
TALLY = Tally(5, {("", ""): 3}, NOON)


def key_of(number: int) -> bytes:
    return blake2b(number.to_bytes(8, "big"), digest_size=16).digest()


def stamp_for(number: int) -> bytes:
    return key_of(number + 1)[:12]


def ballot_of(number: int, network: bytes = b"school") -> Ballot:
    return Ballot(
        UUID(int=number), POLL, key_of(number), None, None, {}, stamp_for(number), None, network
    )


class Redis:
    """A server that was told of voters by their numbers."""

    def __init__(self, server: RedisServer) -> None:
        self.client = server.client
        self.shelter = Shelter(self.client.ping, lambda: 0.0)
        self.shield = Shield(self.client, self.shelter, counts_networks=True)

    def tell(self, numbers: range, tally: Tally | None = None) -> None:
        for first in range(0, len(numbers), 500):
            some = numbers[first : first + 500]
            stamps = {key_of(number): stamp_for(number) for number in some}
            self.shield.tell(POLL, stamps, tally)

    def look(self, *ballots: Ballot) -> Sight:
        return self.shield.look(POLL, ballots, NOON)

    def known(self, numbers: range) -> list[int]:
        """Those of the numbers whose voters are known, each by the stamp that was told."""
        ballots = [ballot_of(number) for number in numbers]
        stamps = self.look(*ballots).stamps
        found = [(one, stamp) for one, stamp in zip(ballots, stamps, strict=True) if stamp]
        assert all(ballot.stamp == stamp for ballot, stamp in found)
        return [ballot.id.int for ballot, _ in found]

    def buckets(self) -> list[bytes | str]:
        return list(self.client.scan_iter(f"{keys.voters(POLL)}:*"))

    def reads(self) -> int:
        """The requests that the server has read."""
        return int(self.client.info("stats")["total_reads_processed"])

    def lifetimes(self, pattern: str = "*") -> set[int]:
        return {self.client.ttl(key) for key in self.client.scan_iter(pattern)}

    def used_memory(self) -> int:
        return int(self.client.info("memory")["used_memory"])


@pytest.fixture
def redis(empty_redis: RedisServer) -> Iterator[Redis]:
    yield Redis(empty_redis)
    empty_redis.flush()


def test_a_voter_is_known_by_the_stamp_that_was_told_and_a_stranger_is_not(redis: Redis) -> None:
    redis.tell(range(1, 3))
    assert redis.look(*map(ballot_of, (2, 3, 1))).stamps == [stamp_for(2), None, stamp_for(1)]
    assert redis.shield.look(POLL + 1, [ballot_of(1)], NOON).stamps == [None]


@pytest.mark.parametrize("voters", [1, 63, 64, 65, 127, 128, 500, 5_000, 20_000])
def test_all_are_known_however_many_they_are_and_in_small_buckets(
    redis: Redis, voters: int
) -> None:
    redis.tell(range(voters))
    assert redis.known(range(voters + 100)) == list(range(voters))
    buckets = redis.buckets()
    assert len(buckets) == voters // 64 + 1
    assert sum(map(redis.client.hlen, buckets)) == voters
    assert {redis.client.object("encoding", bucket) for bucket in buckets} == {b"listpack"}


def test_whoever_is_told_of_again_takes_no_more_room(redis: Redis) -> None:
    for _ in range(3):
        redis.tell(range(100))
    assert redis.client.get(keys.voters(POLL)) == b"100"
    assert len(redis.buckets()) == 2


def test_a_ballot_that_takes_the_place_of_another_is_the_one_that_is_known(redis: Redis) -> None:
    redis.tell(range(100))
    redis.shield.tell(POLL, {key_of(50): b"another one!"}, None)
    assert redis.look(ballot_of(50)).stamps == [b"another one!"]


def test_every_key_has_its_lifetime_anew(redis: Redis) -> None:
    redis.tell(range(1_000))
    for key in redis.client.scan_iter():
        redis.client.expire(key, 60)
    redis.tell(range(1_000, 5_000))
    assert min(redis.lifetimes()) > keys.VOTERS_SECONDS - 60


def test_a_lost_bucket_makes_strangers_of_its_voters_only(redis: Redis) -> None:
    redis.tell(range(1_000))
    [lost, *_] = redis.buckets()
    held = redis.client.hlen(lost)
    redis.client.delete(lost)
    assert len(redis.known(range(1_000))) == 1_000 - held
    redis.tell(range(2_000))
    assert redis.known(range(2_000)) == list(range(2_000))


def test_a_lost_number_of_voters_makes_strangers_until_they_are_told_of_again(
    redis: Redis,
) -> None:
    redis.tell(range(3_000))
    for _ in range(3):
        redis.client.delete(keys.voters(POLL))
        assert len(redis.known(range(3_000))) <= LARGEST_LIST
        redis.tell(range(3_000, 6_000))
        assert set(range(3_000, 6_000)) <= set(redis.known(range(6_000)))
    redis.tell(range(6_000))
    assert redis.known(range(6_000)) == list(range(6_000))


def test_a_lost_number_of_voters_comes_back_with_the_next_ballot_and_finds_all(
    redis: Redis,
) -> None:
    redis.tell(range(3_000))
    for told in range(3_001, 3_006):
        redis.client.delete(keys.voters(POLL))
        redis.tell(range(told - 1, told), replace(TALLY, revision=told, counts={("", ""): told}))
        assert redis.known(range(told)) == list(range(told))
    assert max(map(redis.client.hlen, redis.buckets())) <= 128


@pytest.mark.parametrize("foreign", [b"many", b"-5", b"1e9", b"0.5", b"inf"])
def test_another_number_of_voters_than_was_told_makes_strangers_only(
    redis: Redis, foreign: bytes
) -> None:
    redis.tell(range(500))
    redis.client.set(keys.voters(POLL), foreign)
    redis.known(range(500))
    redis.tell(range(500))
    assert redis.known(range(500)) == list(range(500))


@pytest.mark.parametrize("foreign", [b"1000000000000000000", b"-1", b"1e999", b"9" * 400])
def test_a_number_that_no_poll_has_is_taken_for_none(redis: Redis, foreign: bytes) -> None:
    redis.tell(range(500))
    redis.client.set(keys.voters(POLL), foreign)
    redis.tell(range(500))
    assert redis.known(range(500)) == list(range(500))
    assert int(redis.client.get(keys.voters(POLL)) or 0) <= 500
    assert len(redis.buckets()) == 500 // 64 + 1


@pytest.mark.parametrize("place", [keys.voters(POLL), f"{keys.voters(POLL)}:0", keys.tally(POLL)])
def test_what_is_not_ours_gives_way_and_redis_is_not_left_alone(redis: Redis, place: str) -> None:
    board = Board(redis.client, redis.shelter)
    redis.client.lpush(place, "other")
    assert (redis.look(ballot_of(1)).stamps, board.read(POLL)) == ([None], None)
    redis.tell(range(3), TALLY)
    assert redis.known(range(3)) == [0, 1, 2]
    assert board.read(POLL) == TALLY


def test_what_is_not_ours_gives_way_to_a_bucket_that_is_new_and_one_that_is_split(
    redis: Redis,
) -> None:
    for bucket in (1, 2):
        redis.client.lpush(f"{keys.voters(POLL)}:{bucket}", "other")
    redis.tell(range(63))
    redis.client.delete(f"{keys.voters(POLL)}:0")
    redis.client.set(f"{keys.voters(POLL)}:0", "other")
    redis.tell(range(63, 200))
    redis.tell(range(200))
    assert redis.known(range(200)) == list(range(200))


@pytest.mark.parametrize("foreign", [b"many", b"1e999"])
def test_a_tally_gives_way_whose_revision_is_no_number(redis: Redis, foreign: bytes) -> None:
    redis.client.hset(keys.tally(POLL), "revision", foreign)
    redis.tell(range(3), TALLY)
    assert Board(redis.client, redis.shelter).read(POLL) == TALLY


def test_networks_are_counted_anew_where_something_else_stands(redis: Redis) -> None:
    redis.client.set(keys.rate(b"school", MINUTE), "many")
    redis.client.lpush(keys.rate(b"office", MINUTE), "other")
    crowd = [ballot_of(1, b"school"), ballot_of(2, b"office")]
    assert [redis.look(*crowd).votes_before for _ in range(2)] == [
        {b"school": 0, b"office": 0},
        {b"school": 1, b"office": 1},
    ]


def test_a_full_redis_loses_no_bucket_to_what_it_refuses(redis: Redis) -> None:
    redis.tell(range(3))
    redis.client.config_set("maxmemory", 1)
    try:
        redis.tell(range(3, 6))
    finally:
        redis.client.config_set("maxmemory", 0)
    assert redis.client.hlen(f"{keys.voters(POLL)}:0") == 3


def test_networks_are_counted_in_the_same_look(redis: Redis) -> None:
    crowd = [ballot_of(number, b"school") for number in range(3)]
    sights = [redis.look(*crowd, ballot_of(9, b"office")), redis.look(*crowd)]
    assert [sight.votes_before for sight in sights] == [
        {b"school": 0, b"office": 0},
        {b"school": 3},
    ]
    assert {sight.seconds_left for sight in sights} == {60}
    assert [redis.client.get(keys.rate(one, MINUTE)) for one in (b"school", b"office")] == [
        b"6",
        b"1",
    ]
    assert min(redis.lifetimes("voxpop:rate:*")) > 2 * 60 - 30


def test_networks_are_not_counted_where_nothing_limits_them(redis: Redis) -> None:
    shield = Shield(redis.client, redis.shelter, counts_networks=False)
    assert shield.look(POLL, [ballot_of(1)], NOON).votes_before == {}
    assert redis.client.keys() == []


def test_a_look_and_a_telling_are_one_request_each(redis: Redis) -> None:
    crowd = [ballot_of(number, bytes([number])) for number in range(20)]
    redis.look(*crowd)  # by which it connects
    before = redis.reads()
    redis.look(*crowd)
    assert redis.reads() - before == 2, "the look and the question how many there were"
    redis.tell(range(20), TALLY)
    assert redis.reads() - before == 4


def test_the_tally_is_told_with_the_voters_unless_a_newer_one_stands(redis: Redis) -> None:
    board = Board(redis.client, redis.shelter)
    redis.tell(range(3))
    assert board.read(POLL) is None
    redis.tell(range(3, 6), TALLY)
    assert board.read(POLL) == TALLY
    redis.tell(range(6, 9), replace(TALLY, revision=4))
    assert board.read(POLL) == TALLY
    redis.tell(range(9, 12), replace(TALLY, revision=6))
    assert board.read(POLL) == replace(TALLY, revision=6)
    assert redis.client.ttl(keys.tally(POLL)) > keys.TALLY_SECONDS - 60


def test_a_voter_takes_no_more_than_32_bytes_in_a_large_poll(redis: Redis) -> None:
    redis.tell(range(1))
    before = redis.used_memory()
    redis.tell(range(200_000))
    assert (redis.used_memory() - before) / 200_000 <= 32


@pytest.mark.parametrize(("voters", "most"), [(1_000, 32), (100, 40)])
def test_nor_many_more_in_a_small_one(redis: Redis, voters: int, most: int) -> None:
    redis.tell(range(voters))
    taken = [redis.client.memory_usage(key) or 0 for key in redis.client.scan_iter()]
    assert sum(taken) / voters <= most


class OddClient:
    """A client of a server that answers whatever it likes."""

    def __init__(self, answer: object) -> None:
        self._answer = answer
        self.connection_pool = self

    def ping(self) -> None:
        """Answer to that as one should."""

    def get_connection(self) -> "OddClient":
        return self

    def connect(self) -> None:
        """It is always there."""

    def can_read(self) -> bool:
        return False

    def send_command(self, *_: object) -> None:
        """Take any."""

    def read_response(self) -> object:
        return self._answer


@pytest.mark.parametrize(
    "answer",
    [b"OK", 1, None, [], [[b"stamp"]], [[], []], [[7], []], [["stamp"], []], [[None], [1, 2]], {}],
    ids=repr,
)
def test_an_answer_of_another_shape_makes_nobody_known_and_keeps_nobody_out(answer: object) -> None:
    client: Any = OddClient(answer)
    shield = Shield(client, Shelter(client.ping, lambda: 0.0), counts_networks=False)
    sight = shield.look(POLL, [ballot_of(1)], NOON)
    assert (list(sight.stamps), sight.is_blind) == ([None], True)
