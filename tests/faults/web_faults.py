"""Web processes that die at each moment of a vote, and the way between readers and them."""

import os
import signal
from functools import partial

from service.records import Poll
from service.stores.redis import keys
from tests.faults.stage import Fault, Scene
from tests.support.links import Link
from tests.support.processes import owner_of
from tests.support.rules import (
    Delays,
    Holds,
    LosesAnswer,
    Rule,
    Swallows,
    Wanted,
    begin,
    commit,
    holding,
)

RECOVERS_WITHIN = 2.0
SLOW_SECONDS = 0.02


def _one_killed(scene: Scene) -> None:
    os.kill(scene.random.choice(scene.stage.service.workers()), signal.SIGKILL)


def _all_killed(scene: Scene) -> None:
    for pid in scene.stage.service.workers():
        os.kill(pid, signal.SIGKILL)


def _killed_while(link: Link, rule: Holds, scene: Scene) -> None:
    """Kill the process whose request, or whose answer, the link holds back."""
    with link.fault(rule):
        port = rule.wait().client_port
        os.kill(owner_of(port, link.port, scene.stage.service.workers()), signal.SIGKILL)


def _killed_before_the_transaction(scene: Scene) -> None:
    _killed_while(scene.stage.to_postgres, Holds(begin), scene)


def _killed_before_commit(scene: Scene) -> None:
    _killed_while(scene.stage.to_postgres, Holds(commit), scene)


def _killed_before_commits_answer(scene: Scene) -> None:
    _killed_while(scene.stage.to_postgres, Holds(commit, answers=True), scene)


def tells_redis(poll: Poll) -> Wanted:
    """What tells Redis of ballots of the poll that are committed."""
    tally = keys.tally(poll.id).encode()
    return lambda _pipe, chunk: tally in chunk and b"EVAL" in chunk


def _killed_before_it_tells_redis(scene: Scene) -> None:
    _killed_while(scene.stage.to_redis, Holds(tells_redis(scene.poll)), scene)


def _killed_before_its_answer(scene: Scene) -> None:
    """The answer has left the process and does not arrive: any may have been the one."""
    rule = Holds(holding(b"POST "), answers=True)
    with scene.stage.to_web.fault(rule):
        rule.wait()
        _one_killed(scene)


def _cut(scene: Scene) -> None:
    for _ in range(3):
        scene.stage.to_web.cut()
        scene.go_on(50)


def _refused(scene: Scene) -> None:
    with scene.stage.to_web.refusing():
        scene.last()


def _linked(rule: Rule, scene: Scene) -> None:
    with scene.stage.to_web.fault(rule):
        scene.last()


KILLED = (
    *(
        Fault(f"web process killed {name}", act, RECOVERS_WITHIN, kills=True)
        for name, act in (
            ("at any moment", _one_killed),
            ("before its transaction", _killed_before_the_transaction),
            ("before COMMIT", _killed_before_commit),
            ("before COMMIT's answer", _killed_before_commits_answer),
            ("before it tells Redis", _killed_before_it_tells_redis),
        )
    ),
    Fault(
        "web process killed before its answer",
        _killed_before_its_answer,
        RECOVERS_WITHIN,
        linked=True,
        kills=True,
    ),
    Fault("all web processes killed", _all_killed, RECOVERS_WITHIN, kills=True),
)
LINKED = tuple(
    Fault(name, act, RECOVERS_WITHIN, linked=True)
    for name, act in (
        ("readers' link cut", _cut),
        ("readers' link refused", _refused),
        ("readers' link slow", partial(_linked, Delays(SLOW_SECONDS))),
        ("readers' link a black hole", partial(_linked, Swallows())),
        ("readers' link loses answers", partial(_linked, LosesAnswer(holding(b"POST ")))),
    )
)
