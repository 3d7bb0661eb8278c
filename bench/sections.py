"""What is measured of the running service: sections by name, each of one or more contests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial

from bench import voters
from bench.contests import HEADLINE, Contest, Entry
from bench.load import run
from bench.stage import BALLOTS, POLL, RESULTS, Stage

VOTES_REACH = 0.9
REPEATS_REACH = 1.0
READS_REACH = 1.5
AWAY_REACH = 0.7
SETTLING_SECONDS = 1


def _votes(stage: Stage) -> Iterator[Contest]:
    limit = _bare(stage, "bare WSGI app, same transaction", POLL, "vote.lua", _origin(stage))
    yield Contest([_new_votes(stage, "votes")], limit, VOTES_REACH)


def _repeats(stage: Stage) -> Iterator[Contest]:
    words = (_origin(stage), str(voters.VOTERS))
    entries = [
        _service(stage, name, POLL, "repeat.lua", *words, ids, status)
        for name, ids, status in (
            ("repeat votes, same ballot", voters.SAME, "200"),
            ("repeat votes, other ballot", voters.OTHER, "409"),
        )
    ]
    let_vote = partial(voters.let_vote, stage.service.url, BALLOTS)
    yield Contest(entries, _new_votes(stage, "new votes"), REPEATS_REACH, prepare=let_vote)


def _poll(stage: Stage) -> Iterator[Contest]:
    limit = _bare(stage, "constant Flask view", POLL, "read.lua")
    yield Contest([_service(stage, "poll", POLL, "read.lua")], limit, READS_REACH)


def _results(stage: Stage) -> Iterator[Contest]:
    limit = _bare(stage, "constant Flask view", RESULTS, "read.lua")
    yield Contest([_service(stage, "results", RESULTS, "read.lua")], limit, READS_REACH)


def _unchanged(stage: Stage) -> Iterator[Contest]:
    def etag() -> Sequence[str]:
        return [stage.etag()]

    ours = Entry(
        "results, unchanged",
        f"{stage.service.url}{RESULTS}",
        stage.service_meter,
        "unchanged.lua",
        etag,
    )
    limit = _bare(stage, "constant Flask view", RESULTS, "unchanged.lua", '"1"')
    yield Contest([ours], limit, READS_REACH)


def _mixed(stage: Stage) -> Iterator[Contest]:
    words = (POLL, "mixed.lua", _origin(stage))
    ours = _service(stage, "100 reads to 1 vote", *words)
    yield Contest([ours], _bare(stage, "the bare apps", *words), None)


def _away(stage: Stage) -> Iterator[Contest]:
    dead = partial(_without, stage, stage.redis.kill, stage.redis.start)
    silent = partial(_without, stage, stage.redis.freeze, stage.redis.thaw)
    entries = [
        _new_votes(stage, "votes, Redis dead", dead),
        _new_votes(stage, "votes, Redis silent", silent),
    ]
    yield Contest(entries, _new_votes(stage, "votes with Redis"), AWAY_REACH, [HEADLINE])


SECTIONS: Mapping[str, Callable[[Stage], Iterator[Contest]]] = {
    "votes": _votes,
    "repeats": _repeats,
    "poll": _poll,
    "results": _results,
    "unchanged": _unchanged,
    "mixed": _mixed,
    "away": _away,  # Redis forgets who has voted: after whatever needs it
}


def _service(stage: Stage, name: str, path: str, script: str, *words: str) -> Entry:
    return Entry(name, f"{stage.service.url}{path}", stage.service_meter, script, lambda: words)


def _bare(stage: Stage, name: str, path: str, script: str, *words: str) -> Entry:
    return Entry(name, f"{stage.bare.url}{path}", stage.bare_meter, script, lambda: words)


def _new_votes(
    stage: Stage, name: str, condition: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Entry:
    entry = _service(stage, name, POLL, "vote.lua", _origin(stage))
    return replace(entry, condition=condition)


def _origin(stage: Stage) -> str:
    return stage.service.url


@contextmanager
def _without(stage: Stage, take: Callable[[], None], give: Callable[[], None]) -> Iterator[None]:
    """While people vote Redis goes, and a second later that counts; then it comes back likewise."""
    take()
    try:
        _let_vote(stage)
        yield
    finally:
        give()
        _let_vote(stage)


def _let_vote(stage: Stage) -> None:
    run(f"{stage.service.url}{POLL}", "vote.lua", HEADLINE, SETTLING_SECONDS, _origin(stage))
