"""The ballots of one poll that are judged together."""

from collections.abc import Iterable, Sequence

from service.records import Ballot
from service.stores.ballot_box import Verdict


class Batch:
    """Ballots of one poll in the order they came in, with their verdicts as these become known."""

    def __init__(self) -> None:
        self._judged: list[tuple[Ballot, Verdict | None]] = []
        self._preceded: set[int] = set()

    @property
    def poll_id(self) -> int:
        """The poll's, once there are ballots."""
        return self._judged[0][0].poll_id

    @property
    def open(self) -> list[Ballot]:
        """Those without a verdict."""
        return [ballot for ballot, verdict in self._judged if verdict is None]

    @property
    def preceded(self) -> list[Ballot]:
        """The open ones that will not be counted, as another ballot was in their voter's name. One
        whose id a ballot has that may be counted yet is not among them: it may be that ballot, sent
        again."""
        if not self._preceded:
            return []
        coming = {ballot.id for ballot in self.open if id(ballot) not in self._preceded}
        return [
            ballot
            for ballot in self.open
            if id(ballot) in self._preceded and ballot.id not in coming
        ]

    def add(
        self,
        ballots: Sequence[Ballot],
        verdicts: Sequence[Verdict | None],
        preceded: Iterable[Ballot],
    ) -> None:
        """Take ballots in, with the verdicts that are known, and which were preceded by others."""
        self._judged += zip(ballots, verdicts, strict=True)
        self._preceded.update(map(id, preceded))

    def settle(self, verdicts: Sequence[Verdict]) -> None:
        """Give the open ballots their verdicts, in their order."""
        self._give(self.open, verdicts)

    def settle_preceded(self, verdicts: Sequence[Verdict]) -> None:
        """Give those that are preceded their verdicts, in their order."""
        self._give(self.preceded, verdicts)

    def verdicts(self) -> list[Verdict]:
        """All verdicts, once none is open."""
        return [verdict for _, verdict in self._judged if verdict is not None]

    def _give(self, ballots: Sequence[Ballot], verdicts: Sequence[Verdict]) -> None:
        given = {id(one): verdict for one, verdict in zip(ballots, verdicts, strict=True)}
        self._judged = [(one, verdict or given.get(id(one))) for one, verdict in self._judged]
