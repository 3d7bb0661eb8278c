"""Sites, polls, ballots and tallies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("theme", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("slug", name=op.f("uq_sites_slug")),
    )
    op.create_table(
        "origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_origins_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origins")),
        sa.UniqueConstraint("site_id", "origin", name=op.f("uq_origins_site_id_origin")),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_visibility", sa.String(length=16), nullable=False),
        sa.Column("duplicate_policy", sa.String(length=32), nullable=False),
        sa.Column("network_limit", sa.Integer(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("translations", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "duplicate_policy <> 'device_and_network' OR network_limit IS NOT NULL",
            name=op.f("ck_polls_network_policy_has_limit"),
        ),
        sa.CheckConstraint(
            "duplicate_policy IN ('device', 'network', 'device_and_network', 'account', 'none')",
            name=op.f("ck_polls_duplicate_policy"),
        ),
        sa.CheckConstraint(
            "results_visibility IN ('always', 'after_vote', 'after_close', 'owners')",
            name=op.f("ck_polls_results_visibility"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'archived')", name=op.f("ck_polls_status")
        ),
        sa.CheckConstraint("network_limit > 0", name=op.f("ck_polls_network_limit")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_polls_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_polls_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("slug", name=op.f("uq_polls_slug")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index("ix_polls_site_id_id", ["site_id", "id"], unique=False)

    op.create_table(
        "ballots",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("network_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('counted', 'held', 'void')", name=op.f("ck_ballots_status")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_ballots_poll_id_polls")),
        sa.PrimaryKeyConstraint("poll_id", "id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("poll_id", "voter_key", name=op.f("uq_ballots_poll_id_voter_key")),
    )
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ballots_poll_id_network_key",
            ["poll_id", "network_key"],
            unique=False,
            sqlite_where=sa.text("network_key IS NOT NULL"),
            postgresql_where=sa.text("network_key IS NOT NULL"),
        )

    op.create_table(
        "poll_keys",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_secret", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_poll_keys_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_keys")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("visible_if", JSON, nullable=True),
        sa.Column("translations", JSON, nullable=False),
        sa.CheckConstraint(
            "type IN ('single_choice', 'multiple_choice')", name=op.f("ck_questions_type")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_questions_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("poll_id", "code", name=op.f("uq_questions_poll_id_code")),
    )
    op.create_table(
        "tallies",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question_code", sa.String(length=32), nullable=False),
        sa.Column("choice_code", sa.String(length=32), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_tallies_votes")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_tallies_poll_id_polls")),
        sa.PrimaryKeyConstraint("poll_id", "question_code", "choice_code", name=op.f("pk_tallies")),
    )
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_other", sa.Boolean(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("translations", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_choices_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choices")),
        sa.UniqueConstraint("question_id", "code", name=op.f("uq_choices_question_id_code")),
    )


def downgrade() -> None:
    op.drop_table("choices")
    op.drop_table("tallies")
    op.drop_table("questions")
    op.drop_table("poll_keys")
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ballots_poll_id_network_key",
            sqlite_where=sa.text("network_key IS NOT NULL"),
            postgresql_where=sa.text("network_key IS NOT NULL"),
        )

    op.drop_table("ballots")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_index("ix_polls_site_id_id")

    op.drop_table("polls")
    op.drop_table("origins")
    op.drop_table("sites")
