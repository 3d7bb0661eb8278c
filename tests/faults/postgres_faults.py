"""What can go wrong with PostgreSQL and on the way to it. Votes wait, or have an unknown end."""

from functools import partial

from tests.faults.outage import says_so
from tests.faults.stage import Fault, Scene
from tests.support.rules import CutsBefore, Delays, LosesAnswer, Rule, Swallows, commit

RECOVERS_WITHIN = 10.0
SLOW_SECONDS = 0.02
FELT_AFTER_SECONDS = 5.0  # by then a statement or a new connection has waited in vain


def _killed(scene: Scene) -> None:
    scene.stage.postgres.kill()
    scene.last()
    scene.stage.postgres.start()


def _frozen(scene: Scene) -> None:
    scene.stage.postgres.freeze()
    try:
        scene.last()
    finally:
        scene.stage.postgres.thaw()


def _sessions_ended(scene: Scene) -> None:
    for _ in range(3):
        scene.stage.postgres.end_sessions("voxpop")
        scene.go_on(50)


def _takes_no_writes(scene: Scene) -> None:
    with scene.stage.postgres.read_only("voxpop"):
        scene.last()
        scene.go_on()


def _cut(scene: Scene) -> None:
    for _ in range(3):
        scene.stage.to_postgres.cut()
        scene.go_on(50)


def _refused(scene: Scene) -> None:
    with scene.stage.to_postgres.refusing():
        says_so(scene)


def _swallowed(scene: Scene) -> None:
    with scene.stage.to_postgres.fault(Swallows()):
        if scene.seconds > FELT_AFTER_SECONDS:
            says_so(scene)
        else:
            scene.last()


def _linked(rule: Rule, scene: Scene) -> None:
    with scene.stage.to_postgres.fault(rule):
        scene.last()


FAULTS = tuple(
    Fault(f"PostgreSQL {name}", act, RECOVERS_WITHIN)
    for name, act in (
        ("killed and restarted", _killed),
        ("frozen", _frozen),
        ("sessions ended", _sessions_ended),
        ("takes no writes", _takes_no_writes),
        ("link cut", _cut),
        ("link refused", _refused),
        ("link slow", partial(_linked, Delays(SLOW_SECONDS))),
        ("link a black hole", _swallowed),
        ("link cut before COMMIT", partial(_linked, CutsBefore(commit))),
        ("link loses COMMIT's answer", partial(_linked, LosesAnswer(commit))),
    )
)
