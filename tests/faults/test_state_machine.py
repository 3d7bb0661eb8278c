"""Whatever readers, owners and Redis do, in whatever order: the service is what its model is."""

from service.records import Ruling
from tests.faults import acting
from tests.support.redis import RedisServer

EXAMPLES = 8


def test_the_service_is_what_its_model_is(database_url: str, empty_redis: RedisServer) -> None:
    with acting.a_world(database_url, empty_redis) as world:
        figures = acting.run(world, EXAMPLES, same_each_time=True)
        assert world.told[Ruling.REPEATED] > 0
    assert figures.counted > 0
    assert figures.refused > 0
