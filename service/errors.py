"""What can go wrong, by name. Nothing here knows of HTTP.

VoxpopError
├── MalformedJson
├── BodyTooLarge
├── UnsupportedMediaType
├── FormatNotOffered
├── ValidationError
│   ├── InvalidChoice
│   ├── BallotIdReused
│   └── IdempotencyKeyReused
├── NotFound
│   ├── PollNotFound
│   │   └── PollReplaced
│   ├── SiteNotFound
│   ├── BallotNotFound
│   ├── KeyNotFound
│   ├── SigningKeyNotFound
│   └── OwnerNotFound
├── NotSignedIn
├── SignInFailed
├── FormExpired
├── NotAllowed
├── Conflict
│   ├── SlugTaken
│   ├── EmailTaken
│   ├── LastAdmin
│   ├── SigningKeysFull
│   ├── PollHasBallots
│   ├── StatusConflict
│   └── StillUnderWay
├── StaleEdit
├── VersionMissing
├── OriginNotAllowed
├── ResultsHidden
├── VoterUnknown
│   ├── VoterTokenMissing
│   ├── VoterTokenExpired
│   └── VoterTokenInvalid
├── AlreadyVoted
├── PollNotOpen
├── PollClosed
└── TryLater
    ├── RateLimited
    └── TemporarilyUnavailable
        └── PollChanged
"""

from dataclasses import dataclass, field
from typing import ClassVar, cast

from service.phrases import Phrase


class VoxpopError(Exception):
    """The root. `code` is stable and public; `detail` is one sentence for the caller."""

    code: ClassVar[str]
    detail: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.detail)

    def __str__(self) -> str:
        return cast(str, self.args[0])  # the very text, which may be a Phrase


class MalformedJson(VoxpopError):
    """The body is not one well-formed JSON document."""

    code = "malformed_json"
    detail = "The body is not well-formed JSON."


class BodyTooLarge(VoxpopError):
    """The body is longer than any ballot can be."""

    code = "body_too_large"
    detail = "The body is larger than 64 kB."


class UnsupportedMediaType(VoxpopError):
    """The body is not declared as JSON."""

    code = "unsupported_media_type"
    detail = "Send the body as application/json in UTF-8."


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `pointer` is its JSON pointer (RFC 6901) in the body.

    `rule` names what is broken where forms say it in words of their own.
    """

    pointer: str
    detail: str
    rule: str = field(default="", compare=False)


class FormatNotOffered(VoxpopError):
    """The answer is asked for in a format that there is not."""

    code = "format_not_offered"
    detail = "The answer comes as json or xml."


class ValidationError(VoxpopError):
    """Fields are missing, unknown or of the wrong type."""

    code = "validation_error"
    detail = "Some fields are not as they must be."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(errors[0].detail if len(errors) == 1 else None)
        self.errors = errors


class InvalidChoice(ValidationError):
    """The answers do not follow the poll's rules."""

    code = "invalid_choice"
    detail = Phrase("The answers do not fit the poll's questions.")


class BallotIdReused(ValidationError):
    """The ballot id stands for another ballot already."""

    code = "ballot_id_reused"
    detail = "This ballot id stands for another ballot."

    def __init__(self) -> None:
        super().__init__(FieldError("/ballot_id", self.detail))


class IdempotencyKeyReused(ValidationError):
    """The idempotency key stands for another call already."""

    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was sent with another request."

    def __init__(self) -> None:
        super().__init__(FieldError("", self.detail))


class NotFound(VoxpopError):
    """There is no such thing, or not for whoever asks: the two are told in the same words."""


class PollNotFound(NotFound):
    """There is no such poll, or it is not public."""

    code = "poll_not_found"
    detail = Phrase("There is no such poll.")


class PollReplaced(PollNotFound):
    """The poll that was known under its slug is gone, and by now the slug is another one's."""


class SiteNotFound(NotFound):
    """There is no such site for this actor."""

    code = "site_not_found"
    detail = Phrase("There is no such site.")


class BallotNotFound(NotFound):
    """The poll has no such ballot."""

    code = "ballot_not_found"
    detail = "There is no such ballot."


class KeyNotFound(NotFound):
    """There is no such API key for this actor."""

    code = "key_not_found"
    detail = "There is no such key."


class SigningKeyNotFound(NotFound):
    """There is no such signing key for this actor."""

    code = "signing_key_not_found"
    detail = "There is no such signing key."


class OwnerNotFound(NotFound):
    """There is no such owner for this actor."""

    code = "owner_not_found"
    detail = "There is no such owner."


class NotSignedIn(VoxpopError):
    """Nobody known asks: no session, or no valid key."""

    code = "not_signed_in"
    detail = "Send a valid API key: Authorization: Bearer <key>."


class SignInFailed(VoxpopError):
    """No owner has this e-mail address with this password; which of the two is not said."""

    code = "sign_in_failed"
    detail = "The e-mail address or the password is not right."


class FormExpired(VoxpopError):
    """A form of the admin pages came without the token of its owner's session."""

    code = "form_expired"
    detail = "This form is out of date. Go back, reload the page and send it again."


class NotAllowed(VoxpopError):
    """The actor sees the site but may not do this there."""

    code = "not_allowed"
    detail = "You may not do this."


class Conflict(VoxpopError):
    """What is asked for does not fit what stands."""


class SlugTaken(Conflict):
    """Another poll or site of this deployment has the slug."""

    code = "slug_taken"
    detail = "This slug is taken."


class EmailTaken(Conflict):
    """Another owner has the e-mail address."""

    code = "email_taken"
    detail = "Another owner has this e-mail address."


class LastAdmin(Conflict):
    """The site would be left without an admin."""

    code = "last_admin"
    detail = "A site needs at least one admin."


class SigningKeysFull(Conflict):
    """The site has as many signing keys as it may have."""

    code = "signing_keys_full"
    detail = "A site has at most two signing keys. Remove the one that is not used any more."


class PollHasBallots(Conflict):
    """The change would falsify ballots that are cast."""

    code = "poll_has_ballots"
    detail = "Readers have voted: this change would falsify their ballots."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(errors[0].detail if len(errors) == 1 else None)
        self.errors = errors


class StatusConflict(Conflict):
    """The poll cannot go from its status to the one asked for."""

    code = "status_conflict"
    detail = "The poll cannot have this status now."


class StillUnderWay(Conflict):
    """The first call with this idempotency key has not been answered yet."""

    code = "still_under_way"
    detail = "The first call with this Idempotency-Key is still under way."


class StaleEdit(VoxpopError):
    """Somebody else has edited the poll since; nothing of this edit was done."""

    code = "stale_edit"
    detail = "Somebody else has saved this meanwhile. Nothing of yours was saved."


class VersionMissing(VoxpopError):
    """An edit does not say which version it has seen."""

    code = "version_missing"
    detail = "Send the ETag of the version that you edit as If-Match."


class OriginNotAllowed(VoxpopError):
    """The page that asks is not on the site's list of origins."""

    code = "origin_not_allowed"
    detail = Phrase("Votes from this page's origin are not accepted.")


class ResultsHidden(VoxpopError):
    """The poll does not show its results to this reader now."""

    code = "results_hidden"
    detail = Phrase("The results of this poll are not shown now.")


class VoterUnknown(VoxpopError):
    """The poll takes one ballot of each account, and the publisher does not vouch for this one."""


class VoterTokenMissing(VoterUnknown):
    """The ballot has no token of the publisher's."""

    code = "voter_token_missing"
    detail = "In this poll each account has one vote. Sign in to vote."


class VoterTokenExpired(VoterUnknown):
    """The publisher vouched for the voter, but not for this moment."""

    code = "voter_token_expired"
    detail = "Your sign-in has run out on this page. Reload the page, then vote again."


class VoterTokenInvalid(VoterUnknown):
    """The token is none that the publisher signed for this site; `errors` says to its developers
    what is wrong with it."""

    code = "voter_token_invalid"
    detail = "Your account could not be recognised. Reload the page, then vote again."

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(detail)
        self.errors = (FieldError("/voter_token", reason),)


class AlreadyVoted(VoxpopError):
    """Another ballot of this voter stands in the poll."""

    code = "already_voted"
    detail = Phrase("You have already voted in this poll.")


class PollNotOpen(VoxpopError):
    """The poll has not opened yet."""

    code = "poll_not_open"
    detail = Phrase("This poll is not open yet.")


class PollClosed(VoxpopError):
    """The poll takes no more ballots."""

    code = "poll_closed"
    detail = Phrase("This poll is closed.")


class TryLater(VoxpopError):
    """Nothing was done; the same request may succeed after `retry_after_seconds`."""

    def __init__(self, retry_after_seconds: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class RateLimited(TryLater):
    """Too many votes came from one network."""

    code = "rate_limited"
    detail = Phrase("Too many votes came from your network. Please try again in a moment.")


class TemporarilyUnavailable(TryLater):
    """The store that must keep or tell it cannot be reached."""

    code = "temporarily_unavailable"
    detail = Phrase("This could not be done just now. Please try again in a moment.")


class PollChanged(TemporarilyUnavailable):
    """The poll was edited after the ballot was checked by its rules: check it again, cast again."""


def kinds(error: BaseException) -> str:
    """The kinds of errors only, for the log: their texts may quote a ballot."""
    cause = error.__cause__ or getattr(error, "orig", None)
    return type(error).__name__ + (f" ({type(cause).__name__})" if cause else "")
