"""Votes between drafts, and experiments with their arms, result files and results."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("run") as run:
        for name in ("angles", "liked", "disliked"):
            run.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "experiment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "metric",
            sa.Enum(
                "clicks",
                "conversions",
                "revenue",
                name=op.f("ck_experiment_metric"),
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "any day",
                "planned end",
                name=op.f("ck_experiment_rule"),
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("is_simulated", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "running",
                "stopped",
                "decided",
                "archived",
                name=op.f("ck_experiment_state"),
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("plans", sa.JSON(), nullable=False),
        sa.Column("challenged", sa.JSON(), nullable=False),
        sa.Column("foretold", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days >= 0 AND per_day >= 0", name=op.f("ck_experiment_length")),
        sa.CheckConstraint("rate > 0 AND rate < 1", name=op.f("ck_experiment_rate")),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["brief.id"], name=op.f("fk_experiment_brief_id_brief")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment")),
    )
    op.create_index(op.f("ix_experiment_brief_id"), "experiment", ["brief_id"], unique=False)
    op.create_index(op.f("ix_experiment_state"), "experiment", ["state"], unique=False)
    op.create_table(
        "result_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiment.id"],
            name=op.f("fk_result_file_experiment_id_experiment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_file")),
    )
    op.create_index(
        op.f("ix_result_file_experiment_id"), "result_file", ["experiment_id"], unique=False
    )
    op.create_table(
        "arm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.CheckConstraint("share >= 0", name=op.f("ck_arm_share")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_arm_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name=op.f("fk_arm_experiment_id_experiment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arm")),
    )
    op.create_index(op.f("ix_arm_draft_id"), "arm", ["draft_id"], unique=False)
    op.create_index(op.f("ix_arm_experiment_id"), "arm", ["experiment_id"], unique=False)
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "first",
                "second",
                "both good",
                "both bad",
                name=op.f("ck_vote_choice"),
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_vote_two_drafts")),
        sa.ForeignKeyConstraint(["first_id"], ["draft.id"], name=op.f("fk_vote_first_id_draft")),
        sa.ForeignKeyConstraint(["second_id"], ["draft.id"], name=op.f("fk_vote_second_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_first_id"), "vote", ["first_id"], unique=False)
    op.create_index(op.f("ix_vote_second_id"), "vote", ["second_id"], unique=False)
    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("arm_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("impressions", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=True),
        sa.Column("conversions", sa.Double(), nullable=True),
        sa.Column("revenue", sa.Double(), nullable=True),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.CheckConstraint("impressions >= 0", name=op.f("ck_result_impressions")),
        sa.ForeignKeyConstraint(["arm_id"], ["arm.id"], name=op.f("fk_result_arm_id_arm")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["result_file.id"], name=op.f("fk_result_file_id_result_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
    )
    op.create_index(
        op.f("ix_result_arm_id_day_file_id"), "result", ["arm_id", "day", "file_id"], unique=False
    )
    op.create_index(op.f("ix_result_file_id"), "result", ["file_id"], unique=False)
