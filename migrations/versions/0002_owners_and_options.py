"""Owners, API keys, the audit log, and the options that owners set."""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPEND_ONLY = "audit events are only ever added"


def upgrade() -> None:
    op.create_table(
        "owners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sa.UniqueConstraint("email", name=op.f("uq_owners_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memberships",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'editor', 'viewer')", name=op.f("ck_memberships_role")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["owners.id"],
            name=op.f("fk_memberships_owner_id_owners"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_memberships_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "site_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_site_id"), "memberships", ["site_id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["owners.id"],
            name=op.f("fk_sessions_owner_id_owners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_owner_id"), "sessions", ["owner_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_api_keys_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    op.create_index(op.f("ix_api_keys_site_id"), "api_keys", ["site_id"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_site_id_id", "audit_events", ["site_id", "id"])
    _refuse_changes()
    op.create_table(
        "idempotent_answers",
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotent_answers")),
    )
    op.create_index(op.f("ix_idempotent_answers_created_at"), "idempotent_answers", ["created_at"])
    op.create_table(
        "other_texts",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question_code", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_other_texts_votes")),
        sa.CheckConstraint(
            "status IN ('pending', 'shown', 'hidden')", name=op.f("ck_other_texts_status")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_other_texts_poll_id_polls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("poll_id", "question_code", "text", name=op.f("pk_other_texts")),
    )
    shown = sa.text("status = 'shown'")
    op.create_index(
        "ix_other_texts_shown",
        "other_texts",
        ["poll_id"],
        sqlite_where=shown,
        postgresql_where=shown,
    )
    op.add_column("choices", sa.Column("image_alt", sa.Text(), nullable=True))
    op.add_column("ballots", sa.Column("other_texts", JSON, nullable=True))
    op.create_index("ix_ballots_poll_id_cast_at", "ballots", ["poll_id", "cast_at", "id"])
    not_counted = sa.text("status <> 'counted'")
    op.create_index(
        "ix_ballots_not_counted",
        "ballots",
        ["poll_id", "status"],
        sqlite_where=not_counted,
        postgresql_where=not_counted,
    )
    _number_polls_once()
    op.create_index(
        "ix_polls_site_id_status_opened_at", "polls", ["site_id", "status", "opened_at"]
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "algorithm IN ('HS256', 'ES256', 'RS256', 'EdDSA')",
            name=op.f("ck_signing_keys_algorithm"),
        ),
        sa.CheckConstraint(
            "(algorithm = 'HS256') = (public_key IS NULL)", name=op.f("ck_signing_keys_public_key")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_signing_keys_site_id_sites"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_index(op.f("ix_signing_keys_site_id"), "signing_keys", ["site_id"])
    op.create_table(
        "current_polls",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites.id"],
            name=op.f("fk_current_polls_site_id_sites"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"],
            ["polls.id"],
            name=op.f("fk_current_polls_poll_id_polls"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_current_polls")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_current_polls_poll_id")),
    )


def _number_polls_once() -> None:
    """Have SQLite never give a deleted poll's id to another, as PostgreSQL does by itself: ballots
    on their way, caches and receipts know a poll by its id. The table must be made anew for it."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    listed = "SELECT sql FROM sqlite_master WHERE name = 'polls'"
    table = connection.exec_driver_sql(listed).scalar_one()
    numbered = "id INTEGER NOT NULL CONSTRAINT pk_polls PRIMARY KEY AUTOINCREMENT"
    table = re.sub(r"\bid INTEGER NOT NULL(?! CONSTRAINT)", numbered, table, count=1)
    table = re.sub(r"CONSTRAINT pk_polls PRIMARY KEY \(id\),\s*", "", table)
    op.execute(table.replace("polls", "new_polls", 1))
    op.execute("INSERT INTO new_polls SELECT * FROM polls")
    op.execute("DROP TABLE polls")
    op.execute("ALTER TABLE new_polls RENAME TO polls")
    op.create_index("ix_polls_site_id_id", "polls", ["site_id", "id"])


def _refuse_changes() -> None:
    """Have the database keep the audit log as it is."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_no_{change.lower()} BEFORE {change} ON audit_events "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
    )


def downgrade() -> None:
    op.drop_table("current_polls")
    op.drop_table("signing_keys")
    op.drop_index("ix_polls_site_id_status_opened_at", "polls")
    op.drop_index("ix_ballots_not_counted", "ballots")
    op.drop_index("ix_ballots_poll_id_cast_at", "ballots")
    op.drop_column("ballots", "other_texts")
    op.drop_column("choices", "image_alt")
    op.drop_table("other_texts")
    op.drop_table("idempotent_answers")
    op.drop_table("audit_events")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_table("api_keys")
    op.drop_table("sessions")
    op.drop_table("memberships")
    op.drop_table("owners")
