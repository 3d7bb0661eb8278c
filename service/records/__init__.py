"""The service's nouns as plain frozen values, shared by every layer.

A record knows what it means (is this poll open at that moment?), never where it is kept.
"""

from service.records.archive import ArchiveEntry, ArchivePage, ArchiveQuery
from service.records.audit import AuditEvent
from service.records.ballots import (
    Answers,
    Ballot,
    BallotFilter,
    BallotPlace,
    BallotStatus,
    LoggedBallot,
    OtherTexts,
    Ruling,
    stamp_of,
)
from service.records.breakdowns import CountsByMoment, Share, Shares
from service.records.keys import ApiKey
from service.records.listing import Cast, PollPage, PollQuery, PollSummary, Revision
from service.records.others import OtherText, OtherTextStatus
from service.records.owners import OPERATOR, ROLE_PERMISSIONS, Actor, Owner, Permission, Role
from service.records.places import CurrentPoll, Place, PlacedPoll, SitePolls
from service.records.polls import (
    Choice,
    ChoiceOrder,
    DuplicatePolicy,
    Edition,
    Poll,
    PollDraft,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    Status,
    Translations,
    WhenClosed,
)
from service.records.repeats import Call, Claim, KeptAnswer
from service.records.signing_keys import SigningAlgorithm, SigningKey
from service.records.sites import Site, SiteDraft
from service.records.tallies import ALL_BALLOTS, Difference, Tally, VoteKey, votes_of

__all__ = [
    "ALL_BALLOTS",
    "OPERATOR",
    "ROLE_PERMISSIONS",
    "Actor",
    "Answers",
    "ApiKey",
    "ArchiveEntry",
    "ArchivePage",
    "ArchiveQuery",
    "AuditEvent",
    "Ballot",
    "BallotFilter",
    "BallotPlace",
    "BallotStatus",
    "Call",
    "Cast",
    "Choice",
    "ChoiceOrder",
    "Claim",
    "CountsByMoment",
    "CurrentPoll",
    "Difference",
    "DuplicatePolicy",
    "Edition",
    "KeptAnswer",
    "LoggedBallot",
    "OtherText",
    "OtherTextStatus",
    "OtherTexts",
    "Owner",
    "Permission",
    "Place",
    "PlacedPoll",
    "Poll",
    "PollDraft",
    "PollPage",
    "PollQuery",
    "PollSummary",
    "Question",
    "QuestionType",
    "ResultsOrder",
    "ResultsVisibility",
    "Revision",
    "Role",
    "Ruling",
    "Schedule",
    "Share",
    "Shares",
    "SigningAlgorithm",
    "SigningKey",
    "Site",
    "SiteDraft",
    "SitePolls",
    "Status",
    "Tally",
    "Translations",
    "VoteKey",
    "WhenClosed",
    "stamp_of",
    "votes_of",
]
