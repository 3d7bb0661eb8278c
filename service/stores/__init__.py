"""Where everything is kept: SQL, which judges, and Redis, which shields."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from service.clock import Clock, ticks
from service.config import Settings
from service.stores.ballot_box import BallotBox
from service.stores.ballots import Ballots
from service.stores.breakdowns import Breakdowns
from service.stores.changes import Changes
from service.stores.counting import Counting
from service.stores.other_texts import OtherTexts
from service.stores.places import Places
from service.stores.polls import Polls
from service.stores.recounts import Recounts
from service.stores.redis.connection import Shelter, connect
from service.stores.redis.limits import Limits
from service.stores.redis.shield import Shield
from service.stores.redis.sign_ins import SignIns
from service.stores.redis.tallies import Board
from service.stores.sql.archive import ArchiveStore
from service.stores.sql.audit import AuditStore
from service.stores.sql.ballot_log import BallotLog
from service.stores.sql.breakdowns import BreakdownStore
from service.stores.sql.db import prepare
from service.stores.sql.keys import KeyStore
from service.stores.sql.long_reads import LongReads
from service.stores.sql.other_texts import OtherTextStore
from service.stores.sql.owners import OwnerStore
from service.stores.sql.places import PlaceStore
from service.stores.sql.poll_lists import PollListStore
from service.stores.sql.polls import PollStore
from service.stores.sql.repeats import RepeatStore
from service.stores.sql.sessions import SessionStore
from service.stores.sql.signing_keys import SigningKeyStore
from service.stores.sql.sites import SiteStore
from service.stores.sql.tallies import TallyStore
from service.stores.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Stores:
    """What the domain is handed."""

    sites: SiteStore
    polls: Polls
    places: Places
    tallies: Tallies
    ballot_box: BallotBox
    ballots: Ballots
    other_texts: OtherTexts
    recounts: Recounts
    breakdowns: Breakdowns
    archive: ArchiveStore
    audit: AuditStore
    keys: KeyStore
    signing_keys: SigningKeyStore
    limits: Limits
    repeats: RepeatStore
    owners: OwnerStore
    sessions: SessionStore
    sign_ins: SignIns


def open_stores(
    settings: Settings, engine: sa.Engine, clock: Clock, ticks: Callable[[], float] = ticks
) -> Stores:
    """Wire the stores; nothing is connected before it is used. `ticks` is what the age of all that
    they remember is measured by."""
    prepare(engine)
    client = connect(settings.redis_url)
    shelter = Shelter(client.ping, ticks)
    board = Board(client, shelter)
    tallies = Tallies(TallyStore(engine), board, ticks)
    limit = settings.vote_rate_limit
    shield = Shield(client, shelter, counts_networks=limit is not None)
    long_reads, changes = LongReads(engine), Changes(engine, tallies)
    places = Places(PlaceStore(engine), ticks, clock)
    counting = Counting(engine, shield, tallies, limit, clock)
    return Stores(
        sites=SiteStore(engine),
        polls=Polls(PollStore(engine), PollListStore(engine), places, ticks),
        places=places,
        tallies=tallies,
        ballot_box=BallotBox(counting.judge, room=max(1, settings.web_threads // 2)),
        ballots=Ballots(BallotLog(engine, long_reads), changes),
        other_texts=OtherTexts(OtherTextStore(engine), changes, ticks),
        recounts=Recounts(long_reads, changes),
        breakdowns=Breakdowns(BreakdownStore(engine), ticks),
        archive=ArchiveStore(engine),
        audit=AuditStore(engine),
        keys=KeyStore(engine),
        signing_keys=SigningKeyStore(engine),
        limits=Limits(client, shelter),
        repeats=RepeatStore(engine),
        owners=OwnerStore(engine),
        sessions=SessionStore(engine),
        sign_ins=SignIns(client, shelter),
    )
