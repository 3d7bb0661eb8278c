"""What the service says while SQL is away: votes are to come again, results are shown as they were,
and whoever looks after it is told."""

import time

from tests.faults.stage import Scene

EVERY_SECONDS = 0.2
AWAY = {"vote": (503, "2"), "results": (200, None), "health": (503, "2")}


def says_so(scene: Scene) -> None:
    """Hold the service to it as long as the fault lasts, once at least."""
    ends, station = time.monotonic() + scene.seconds, scene.station
    while True:
        said = {
            "vote": station.vote(),
            "results": station.look(f"{station.path}/results"),
            "health": station.look("/healthz"),
        }
        assert said == AWAY, f"while SQL is away: {said}"
        if time.monotonic() >= ends:
            return
        time.sleep(EVERY_SECONDS)
