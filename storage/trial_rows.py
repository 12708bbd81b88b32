"""The tables of votes and experiments; see rows.py for the habits of all tables.

A result names the file that it came from, so that undoing or correcting an import deletes nothing.
"""

import datetime as dt
from typing import Self

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from creative.trials import (
    Arm,
    Choice,
    Decision,
    Experiment,
    ExperimentState,
    Metric,
    Result,
    ResultFile,
    Rule,
    SharePlan,
    Vote,
)
from storage.columns import choice
from storage.rows import Row, now
from storage.snapshots import Json


class VoteRow(Row):
    """One blind choice between two drafts."""

    __tablename__ = "vote"
    __table_args__ = (CheckConstraint("first_id <> second_id", name="two_drafts"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("draft.id"), index=True)
    choice: Mapped[Choice] = mapped_column(choice(Choice, "choice"))
    voter: Mapped[str]
    created_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]

    def to_vote(self) -> Vote:
        return Vote(
            id=self.id,
            first=self.first_id,
            second=self.second_id,
            choice=self.choice,
            voter=self.voter,
            created_at=self.created_at,
        )


class ArmRow(Row):
    """A line under test; the first one by `place` is arm A."""

    __tablename__ = "arm"
    __table_args__ = (CheckConstraint("share >= 0", name="share"),)

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"), index=True)
    place: Mapped[int]
    text: Mapped[str]
    is_control: Mapped[bool]
    share: Mapped[float]
    aliases: Mapped[tuple[str, ...]]

    def take(self, arm: Arm, place: int) -> Self:
        self.draft_id = arm.draft_id
        self.place = place
        self.text = arm.text
        self.is_control = arm.is_control
        self.share = arm.share
        self.aliases = arm.aliases
        return self

    def to_arm(self) -> Arm:
        return Arm(
            id=self.id,
            draft_id=self.draft_id,
            text=self.text,
            is_control=self.is_control,
            share=self.share,
            aliases=self.aliases,
        )


class ExperimentRow(Row):
    """An experiment with its decision, if there is one."""

    __tablename__ = "experiment"
    __table_args__ = (
        CheckConstraint("rate > 0 AND rate < 1", name="rate"),
        CheckConstraint("days >= 0 AND per_day >= 0", name="length"),
    )

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id"), index=True)
    field: Mapped[str]
    name: Mapped[str]
    metric: Mapped[Metric] = mapped_column(choice(Metric, "metric"))
    rule: Mapped[Rule] = mapped_column(choice(Rule, "rule"))
    platform: Mapped[str]
    segment: Mapped[str]
    rate: Mapped[float]
    per_day: Mapped[int]
    days: Mapped[int]
    is_simulated: Mapped[bool]
    state: Mapped[ExperimentState] = mapped_column(choice(ExperimentState), index=True)
    plans: Mapped[Json] = mapped_column(JSON)
    challenged: Mapped[tuple[int, ...]]
    foretold: Mapped[Json] = mapped_column(JSON)  # chances by arm id
    decision: Mapped[Json] = mapped_column(JSON)
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]

    arms: Mapped[list[ArmRow]] = relationship(
        order_by=ArmRow.place, lazy="selectin", cascade="all, delete-orphan"
    )

    def take(self, experiment: Experiment) -> Self:
        """Take over everything but the arms."""
        self.brief_id = experiment.brief_id
        self.field = experiment.field
        self.name = experiment.name
        self.metric = experiment.metric
        self.rule = experiment.rule
        self.platform = experiment.platform
        self.segment = experiment.segment
        self.rate = experiment.rate
        self.per_day = experiment.per_day
        self.days = experiment.days
        self.is_simulated = experiment.is_simulated
        self.state = experiment.state
        self.plans = [_plan_to(plan) for plan in experiment.plans]
        self.challenged = experiment.challenged
        self.foretold = {str(arm): chance for arm, chance in experiment.foretold.items()}
        self.decision = _decision_to(experiment.decision)
        self.created_at = experiment.created_at or now()
        self.started_at = experiment.started_at
        self.stopped_at = experiment.stopped_at
        return self

    def to_experiment(self) -> Experiment:
        return Experiment(
            id=self.id,
            brief_id=self.brief_id,
            field=self.field,
            name=self.name,
            arms=tuple(row.to_arm() for row in self.arms),
            metric=self.metric,
            rule=self.rule,
            platform=self.platform,
            segment=self.segment,
            rate=self.rate,
            per_day=self.per_day,
            days=self.days,
            is_simulated=self.is_simulated,
            state=self.state,
            plans=tuple(map(_plan_from, self.plans)),
            challenged=self.challenged,
            foretold={int(arm): chance for arm, chance in self.foretold.items()},
            decision=_decision_from(self.decision),
            created_at=self.created_at,
            started_at=self.started_at,
            stopped_at=self.stopped_at,
        )


class ResultFileRow(Row):
    """A report that was imported."""

    __tablename__ = "result_file"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiment.id"), index=True)
    filename: Mapped[str]
    digest: Mapped[str]
    platform: Mapped[str]
    columns: Mapped[tuple[str, ...]]
    mapping: Mapped[Json] = mapped_column(JSON)
    rows: Mapped[int]
    created_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]

    def to_file(self) -> ResultFile:
        return ResultFile(
            id=self.id,
            experiment_id=self.experiment_id,
            filename=self.filename,
            digest=self.digest,
            platform=self.platform,
            columns=self.columns,
            mapping=self.mapping,
            rows=self.rows,
            created_at=self.created_at,
            undone_at=self.undone_at,
        )


class ResultRow(Row):
    """What one arm earned on one day, as one line of a file says."""

    __tablename__ = "result"
    __table_args__ = (
        Index(None, "arm_id", "day", "file_id"),
        CheckConstraint("impressions >= 0", name="impressions"),
    )

    file_id: Mapped[int] = mapped_column(ForeignKey("result_file.id"), index=True)
    arm_id: Mapped[int] = mapped_column(ForeignKey("arm.id"))
    day: Mapped[dt.date]
    impressions: Mapped[int]
    clicks: Mapped[int | None]
    conversions: Mapped[float | None]
    revenue: Mapped[float | None]
    cost: Mapped[float | None]
    currency: Mapped[str]
    segment: Mapped[str]
    sheet: Mapped[str]
    line: Mapped[int]

    def to_result(self) -> Result:
        return Result(
            arm_id=self.arm_id,
            day=self.day,
            impressions=self.impressions,
            clicks=self.clicks,
            conversions=self.conversions,
            revenue=self.revenue,
            cost=self.cost,
            currency=self.currency,
            segment=self.segment,
            sheet=self.sheet,
            line=self.line,
        )


def _plan_to(plan: SharePlan) -> Json:
    return {"day": plan.day.isoformat(), "shares": {str(k): v for k, v in plan.shares.items()}}


def _plan_from(data: Json) -> SharePlan:
    shares = {int(arm): share for arm, share in data["shares"].items()}
    return SharePlan(day=dt.date.fromisoformat(data["day"]), shares=shares)


def _decision_to(decision: Decision | None) -> Json:
    if decision is None:
        return {}
    made_at = decision.made_at.isoformat()
    return {"arm_id": decision.arm_id, "by": decision.by, "why": decision.why, "made_at": made_at}


def _decision_from(data: Json) -> Decision | None:
    return (
        Decision(**{**data, "made_at": dt.datetime.fromisoformat(data["made_at"])})
        if data
        else None
    )
