"""How often a program may ask."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from service.config import Settings
from service.stores import Stores
from tests.conftest import FakeClock
from tests.support.programs import Program, secret_for
from tests.support.redis import RedisServer
from tests.web.test_errors import assert_problem


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, api_rate_limit=3)


def test_a_key_that_asks_too_often_is_told_when_it_may_again(
    client: FlaskClient, stores: Stores, clock: FakeClock
) -> None:
    clock.moment = clock.moment.replace(second=20)
    program, other = (Program(client, secret_for(stores)) for _ in range(2))
    assert [program.get("/v1/polls").status_code for _ in range(3)] == [200] * 3
    refused = program.post("/v1/polls", {})
    assert_problem(refused, 429, "rate_limited")
    assert refused.headers["Retry-After"] == "40"
    assert "key" in refused.json["detail"], "it speaks of the key, not of votes"
    assert other.get("/v1/polls").status_code == 200, "each key is counted by itself"
    clock.moment = clock.moment.replace(minute=1, second=0)
    assert program.get("/v1/polls").status_code == 200


def test_a_wrong_key_uses_up_nothing(client: FlaskClient, stores: Stores) -> None:
    secret = secret_for(stores)
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for _ in range(5):
        assert_problem(Program(client, wrong).get("/v1/polls"), 401, "not_signed_in")
    assert Program(client, secret).get("/v1/polls").status_code == 200


def test_without_redis_programs_are_not_held_up(
    client: FlaskClient, stores: Stores, empty_redis: RedisServer
) -> None:
    program = Program(client, secret_for(stores))
    empty_redis.kill()
    try:
        assert {program.get("/v1/polls").status_code for _ in range(5)} == {200}
    finally:
        empty_redis.start()
