"""Web processes that died are replaced before readers have waited long."""

import os
import signal

from tests.faults.station import Station
from tests.support.ports import wait_until
from tests.support.processes import cpu_seconds
from tests.support.service import RunningService


def test_a_web_process_is_there_again_without_loading_the_code_once_more(
    sqlite_service: RunningService,
) -> None:
    before = sqlite_service.workers()
    os.kill(before[0], signal.SIGKILL)
    wait_until(Station.of(sqlite_service).is_shown_by_all, "another one serves")
    [new] = set(sqlite_service.workers()) - set(before)
    assert cpu_seconds(new) < cpu_seconds(sqlite_service.pid) / 2
