"""What the credentials inside an enrolled credential hang on.

Credentials enrolled before this are watched as they were, and the log says how many there are: they are sealed
with a key that a migration has not. To watch what is inside one, remove it and enrol it anew.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

log = logging.getLogger(__name__)


def upgrade() -> None:
    for table in ("watched_entries", "alerts"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("member", sa.String(), server_default="", nullable=False))
    op.create_table(
        "watched_issuers",
        sa.Column("enrolment_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enrolment_id", "position"),
    )
    with op.batch_alter_table("watched_issuers", schema=None) as batch_op:
        batch_op.create_index("ix_watched_issuers_did", ["did"], unique=False)
    before = op.get_bind().scalar(sa.text("SELECT count(*) FROM enrolments"))
    if before:
        log.warning(
            "credentials enrolled already: %d. What is inside one of them is not watched"
            " unless it is removed and enrolled anew",
            before,
        )
