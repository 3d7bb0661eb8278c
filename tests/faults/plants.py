"""Ten bugs of voting services, as changes to ours: each must turn a named test red."""

# ruff: noqa: E501 - texts of other files are quoted as they stand
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FAULTS = "tests/faults/test_one_fault_after_another.py::test_nothing_is_lost_or_doubled_and_nothing_drifts"
RACE = "tests/faults/test_races.py::test_of_200_parallel_ballots_of_one_voter_exactly_one_counts"
COUNTING = "service/stores/counting.py"
CASTING = "service/stores/sql/casting.py"


@dataclass(frozen=True)
class Change:
    """A text of a file, which must be there once, and what is put in its place."""

    file: str
    old: str
    new: str

    def fits(self, root: Path) -> bool:
        """Whether the text is there once."""
        return (root / self.file).read_text().count(self.old) == 1

    def make(self, root: Path) -> None:
        """Change the file."""
        assert self.fits(root), f"{self.file} has not exactly once: {self.old}"
        path = root / self.file
        path.write_text(path.read_text().replace(self.old, self.new))


@dataclass(frozen=True)
class Plant:
    """A bug, and the test that must see it."""

    bug: str
    test: str
    changes: Sequence[Change]


PLANTS = (
    Plant(
        "Redis is told before the commit",
        f"{FAULTS}[PostgreSQL link cut before COMMIT]",
        [
            Change(
                COUNTING,
                """                connection.rollback()  # nothing changed, so neither does the revision
        if tally is not None:
            self._tallies.keep(poll_id, tally)
        if stamps:
            self._shield.tell(poll_id, stamps, tally)
""",
                """                connection.rollback()
            if stamps:
                self._shield.tell(poll_id, stamps, tally)
        if tally is not None:
            self._tallies.keep(poll_id, tally)
""",
            )
        ],
    ),
    Plant(
        "no unique key of poll and voter",
        f"{RACE}[postgres]",
        [
            Change(
                "service/stores/sql/models/ballots.py",
                '        sa.UniqueConstraint("poll_id", "voter_key"),\n',
                "",
            ),
            Change(
                "migrations/versions/0001_the_first_tables.py",
                '        sa.UniqueConstraint("poll_id", "voter_key", '
                'name=op.f("uq_ballots_poll_id_voter_key")),\n',
                "",
            ),
        ],
    ),
    Plant(
        "the tally is counted in a transaction of its own",
        f"{FAULTS}[web process killed before COMMIT's answer]",
        [
            Change(CASTING, 'if connection.dialect.name == "postgresql":', "if not ballots:"),
            Change(
                CASTING,
                "        tally = tallies.add_and_read(connection, poll_id, answers, now, revision)\n",
                """        with connection.engine.begin() as other:
            tally = tallies.add_and_read(other, poll_id, answers, now, revision)
""",
            ),
        ],
    ),
    Plant(
        "the close is not looked for in the transaction",
        "tests/web/test_ballots.py::TestOpening"
        "::test_a_close_counts_at_once_though_the_definition_is_remembered",
        [Change(COUNTING, "            if status is Status.OPEN:\n", "            if status:\n")],
    ),
    Plant(
        "X-Forwarded-For is believed without a proxy",
        "tests/web/test_ballots.py::TestRateLimit"
        "::test_a_forged_forwarding_header_is_another_network_for_nobody",
        [
            Change(
                "service/app.py",
                "    if settings.trusted_proxies:\n        hops = settings.trusted_proxies\n",
                "    if hops := settings.trusted_proxies or 1:\n",
            )
        ],
    ),
    Plant(
        "an older tally is published over a newer one",
        "tests/stores/test_shield.py"
        "::test_the_tally_is_told_with_the_voters_unless_a_newer_one_stands",
        [
            Change(
                "service/stores/redis/lua/publish_tally.lua",
                "if standing > tonumber(revision) and not by_force then",
                "if false then",
            )
        ],
    ),
    Plant(
        "the widget makes a new ballot id when it tries again",
        "tests/widget/test_failures.py::test_lost_answer_then_reload_sends_the_same_ballot_again",
        [
            Change(
                "service/widget/ballots.js",
                'pending: () => read("pending"),',
                'pending: () => read("pending") && { ...read("pending"), id: uuid() },',
            )
        ],
    ),
    Plant(
        "a vote is answered before its commit",
        f"{FAULTS}[web process killed before COMMIT]",
        [
            Change(
                COUNTING,
                "            batch.settle(_once_more_if_stale("
                "lambda: self._transact(batch.poll_id, gather)))\n",
                """            import threading

            taken = batch.open
            threading.Thread(target=self._transact, args=(batch.poll_id, lambda _: taken)).start()
            batch.settle([Ruling.COUNTED for _ in taken])
""",
            )
        ],
    ),
    Plant(
        "the shield calls a retry a duplicate",
        f"{FAULTS}[Redis link slow]",
        [
            Change(
                COUNTING,
                "            if stamp == ballot.stamp:\n",
                "            if stamp is None and ballot.stamp is None:\n",
            ),
            Change(
                COUNTING,
                "elif _is_anothers(stamp, ballot) and not ballot.known_by_network:",
                "elif stamp is not None:",
            ),
        ],
    ),
    Plant(
        "a refused ballot is counted in the tally",
        f"{RACE}[postgres]",
        [
            Change(
                CASTING,
                "answers = [ballot.answers for ballot in counted]",
                "answers = [ballot.answers for ballot in ballots]",
            )
        ],
    ),
)
