"""How long anything waits: the document says what is set, and each wait fits in the one around."""

import re

from service import up
from service.cli import serving
from service.stores import ballot_box, counting, polls
from service.stores.redis import connection
from service.stores.sql import db, long_reads
from tests.support.documents import rows
from tests.support.service import ROOT

OPTIONS = db.engine_options("postgresql://")
ARGUMENTS = OPTIONS["connect_args"]
LIMITS = {name: int(ms) / 1000 for name, ms in re.findall(r"(\w+)=(\d+)", ARGUMENTS["options"])}
WIDGET = (ROOT / "service" / "widget" / "service.js").read_text()
[GIVEN_UP] = re.findall(r"TIME_LIMIT = ([\d_]+)", WIDGET)
REDIS_SECONDS = 0.25  # as it is set; tests themselves give a busy machine's Redis more
SET = [
    REDIS_SECONDS,
    connection.REST_SECONDS,
    OPTIONS["pool_timeout"],
    ARGUMENTS["connect_timeout"],
    LIMITS["lock_timeout"],
    LIMITS["statement_timeout"],
    db.SILENCE_SECONDS,
    db.engine_options("sqlite://")["connect_args"]["timeout"],
    LIMITS["idle_in_transaction_session_timeout"],
    ballot_box.HANGING_SECONDS,
    polls.DOUBT_SECONDS,
    ballot_box.LEADING_SECONDS,
    ballot_box.PATIENCE_SECONDS,
    int(GIVEN_UP) / 1000,
    serving.STOP_SECONDS,
]
RUNNING = (ROOT / "docs" / "running.md").read_text()
SECTION = RUNNING.partition("### How long anything waits")[2].partition("\n## ")[0]


def test_the_document_says_what_is_set() -> None:
    documented = [float(seconds) for _, seconds, *_ in rows(SECTION)[2:]]
    assert documented == SET
    source = (ROOT / "service" / "stores" / "redis" / "connection.py").read_text()
    assert f"TIMEOUT_SECONDS = {REDIS_SECONDS}\n" in source
    assert f"fails within {counting.STALE_SECONDS} seconds" in SECTION
    assert f"says when, {db.RETRY_AFTER_SECONDS} seconds" in SECTION
    assert f"{serving.MOST_WAITING:,}" in SECTION


def test_the_document_gives_a_role_behind_pgbouncer_the_same_time_outs() -> None:
    given = re.findall(r"ALTER ROLE voxpop SET (\w+) = '(\d+)s';", SECTION)
    assert {name: float(seconds) for name, seconds in given} == LIMITS
    assert f"at most {OPTIONS['pool_size'] + OPTIONS['max_overflow']} connections" in SECTION
    assert f"{long_reads.AT_ONCE} more" in SECTION


def test_postgres_says_what_is_wrong_before_its_silence_does() -> None:
    assert LIMITS["lock_timeout"] < LIMITS["statement_timeout"] < db.SILENCE_SECONDS


def test_what_begins_late_is_answered_before_the_widget_gives_up() -> None:
    assert ballot_box.LEADING_SECONDS + db.SILENCE_SECONDS <= ballot_box.PATIENCE_SECONDS
    assert int(GIVEN_UP) / 1000 > ballot_box.PATIENCE_SECONDS


def test_a_web_process_that_is_told_to_stop_has_time_for_all_that_wait() -> None:
    assert serving.STOP_SECONDS > ballot_box.PATIENCE_SECONDS
    assert up.STOP_SECONDS > serving.STOP_SECONDS
