"""The tables. The rules that must hold whatever the code does are constraints here."""

from service.stores.sql.models.audit import AuditEvent
from service.stores.sql.models.ballots import NOT_COUNTED, Ballot
from service.stores.sql.models.keys import ApiKey
from service.stores.sql.models.other_texts import SHOWN, OtherText
from service.stores.sql.models.owners import Membership, Owner
from service.stores.sql.models.places import CurrentPoll
from service.stores.sql.models.polls import Poll, PollKey
from service.stores.sql.models.questions import Choice, Question
from service.stores.sql.models.repeats import IdempotentAnswer
from service.stores.sql.models.sessions import OwnerSession
from service.stores.sql.models.signing_keys import SigningKey
from service.stores.sql.models.sites import Origin, Site
from service.stores.sql.models.tallies import Tally

__all__ = [
    "NOT_COUNTED",
    "SHOWN",
    "ApiKey",
    "AuditEvent",
    "Ballot",
    "Choice",
    "CurrentPoll",
    "IdempotentAnswer",
    "Membership",
    "Origin",
    "OtherText",
    "Owner",
    "OwnerSession",
    "Poll",
    "PollKey",
    "Question",
    "SigningKey",
    "Site",
    "Tally",
]
