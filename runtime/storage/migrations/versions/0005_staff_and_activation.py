"""Staff, their sessions and sign-offs; activated rules and their files"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activation",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'proposed') = (completed_at IS NULL)", name=op.f("ck_activation_completed")),
        sa.CheckConstraint("state IN ('proposed','complete','refused')", name=op.f("ck_activation_state")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_activation")),
    )
    op.create_index("ix_activation_effective", "activation", ["tenant", "kind", "state", "effective_from"], unique=False)
    op.create_table(
        "content",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name=op.f("pk_content")),
    )
    op.create_table(
        "staff_part",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("part IN ('proposed','edited','owned')", name=op.f("ck_staff_part_part")),
        sa.PrimaryKeyConstraint("tenant", "subject", "staff", "part", name=op.f("pk_staff_part")),
    )
    op.create_table(
        "staff_user",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("totp_secret", sa.String(length=256), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_staff_user")),
    )
    op.create_table(
        "activation_sign_off",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("activation", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value IN ('approve','refuse')", name=op.f("ck_activation_sign_off_value")),
        sa.ForeignKeyConstraint(
            ["tenant", "activation"],
            ["activation.tenant", "activation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "staff"],
            ["staff_user.tenant", "staff_user.name"],
        ),
        sa.PrimaryKeyConstraint("tenant", "activation", "staff", name=op.f("pk_activation_sign_off")),
    )
    op.create_table(
        "sign_off",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("proposal", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value IN ('approve','refuse')", name=op.f("ck_sign_off_value")),
        sa.ForeignKeyConstraint(
            ["tenant", "proposal"],
            ["proposal.tenant", "proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "staff"],
            ["staff_user.tenant", "staff_user.name"],
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("tenant", "proposal", "staff", "role", name=op.f("uq_sign_off_tenant_proposal_staff_role")),
    )
    op.create_table(
        "staff_session",
        sa.Column("tenant", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "staff"],
            ["staff_user.tenant", "staff_user.name"],
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_tenant_staff"), "staff_session", ["tenant", "staff"], unique=False)
