"""What can go wrong with Redis and on the way to it. Votes go on through all of it."""

from functools import partial

from redis import ResponseError

from tests.faults.stage import Fault, Scene
from tests.support.rules import CutsBefore, Delays, LosesAnswer, Rule, Swallows, anything

RECOVERS_WITHIN = 5.0
SLOW_SECONDS = 0.05
LITTLE = "1mb"  # less than the server needs for itself


def _killed(scene: Scene) -> None:
    scene.stage.redis.kill()
    try:
        scene.go_on()
    finally:
        scene.stage.redis.start()


def _restarted_stale(scene: Scene) -> None:
    scene.stage.redis.snapshot()
    scene.go_on()
    scene.stage.redis.restart()


def _flushed(scene: Scene) -> None:
    scene.stage.redis.client.flushall()


def _scripts_flushed(scene: Scene) -> None:
    for _ in range(5):
        scene.stage.redis.client.script_flush()
        scene.go_on(20)


def _keys_deleted(scene: Scene) -> None:
    client = scene.stage.redis.client
    for _ in range(5):
        keys = sorted(client.keys(f"*{{{scene.poll.id}*"))
        if keys:
            client.delete(scene.random.choice(keys))
        scene.go_on(20)


def _full(policy: str, scene: Scene) -> None:
    client = scene.stage.redis.client
    before = client.info("stats")["evicted_keys"]
    client.config_set("maxmemory-policy", policy)
    client.config_set("maxmemory", LITTLE)
    try:
        scene.go_on()
        scene.last()
    finally:
        client.config_set("maxmemory", "0")
    evicted = client.info("stats")["evicted_keys"] - before
    assert bool(evicted) is (policy != "noeviction"), f"{evicted} keys were evicted"
    _takes_writes(scene)


def _takes_writes(scene: Scene) -> None:
    try:
        scene.stage.redis.client.set("voxpop:probe", 1, ex=1)
    except ResponseError as error:
        raise AssertionError("Redis is still full") from error


def _frozen(scene: Scene) -> None:
    scene.stage.redis.freeze()
    try:
        scene.go_on()
        scene.last()
    finally:
        scene.stage.redis.thaw()


def _cut(scene: Scene) -> None:
    for _ in range(3):
        scene.stage.to_redis.cut()
        scene.go_on(50)


def _refused(scene: Scene) -> None:
    with scene.stage.to_redis.refusing():
        scene.go_on()
        scene.last()


def _linked(rule: Rule, scene: Scene) -> None:
    with scene.stage.to_redis.fault(rule):
        scene.go_on()
        scene.last()


FAULTS = tuple(
    Fault(f"Redis {name}", act, RECOVERS_WITHIN, unfelt=True)
    for name, act in (
        ("killed and started empty", _killed),
        ("killed and started stale", _restarted_stale),
        ("flushed", _flushed),
        ("without its scripts", _scripts_flushed),
        ("without single keys", _keys_deleted),
        ("full, evicting any key", partial(_full, "allkeys-random")),
        ("full, refusing writes", partial(_full, "noeviction")),
        ("frozen", _frozen),
        ("link cut", _cut),
        ("link refused", _refused),
        ("link slow", partial(_linked, Delays(SLOW_SECONDS))),
        ("link a black hole", partial(_linked, Swallows())),
        ("link cut before a request", partial(_linked, CutsBefore(anything))),
        ("link loses answers", partial(_linked, LosesAnswer())),
    )
)
