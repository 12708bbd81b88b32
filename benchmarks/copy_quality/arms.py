"""The ways of writing that are compared: all of Adlib, and with a part of it switched off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from creative.channels import channel
from creative.domain import Brief, Line, Sampling
from creative.drafting.angles import plan_angles
from creative.drafting.drafter import Drafter
from creative.drafting.job import Job
from creative.drafting.prompting import messages_for
from creative.drafting.seeds import derived_seed
from creative.engine.protocol import Engine, Request, Row, RowFinished
from creative.studio.drafting import template_for
from creative.studio.models import Models
from creative.templates import Template, Templates


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What every arm writes: so many lines of a field for a brief."""

    brief: Brief
    field: str
    count: int
    seed: int


class Writers:
    """One model, written with in several ways."""

    def __init__(self, models: Models, templates: Templates) -> None:
        self._templates = templates
        choice, self._engine = models.in_use()
        self._profile = choice.profile

    def full(self, asked: Assignment) -> Iterator[str]:
        """Write as the studio does."""
        drafter = Drafter(self._engine, self._templates, self._profile)
        yield from _texts(drafter, self._job(asked))

    def unranked(self, asked: Assignment) -> Iterator[str]:
        """Keep the first line that passes: one candidate instead of the best of several."""
        drafter = Drafter(self._engine, self._templates, self._profile)
        one = Sampling(candidates_per_line=1)
        yield from _texts(drafter, replace(self._job(asked), sampling=one))

    def ungrounded(self, asked: Assignment) -> Iterator[str]:
        """Allow any word, not only those of the brief and of the model's vocabulary."""
        profile = replace(self._profile, grounded=False)
        yield from _texts(Drafter(self._engine, self._templates, profile), self._job(asked))

    def raw(self, asked: Assignment) -> Iterator[str]:
        """Take what the model says: no constraint, no check, no choice."""
        yield from _raw(self._engine, self._request(asked))

    def _job(self, asked: Assignment) -> Job:
        place = channel(asked.brief.channel)
        field = place.field(asked.field)
        return Job(
            brief=asked.brief,
            channel=place,
            field=field,
            count=asked.count,
            seed=asked.seed,
            template=self._template(asked),
        )

    def _template(self, asked: Assignment) -> Template:
        return template_for(self._templates, channel(asked.brief.channel), asked.field, None)

    def _request(self, asked: Assignment) -> Request:
        field = channel(asked.brief.channel).field(asked.field)
        angles = plan_angles(asked.brief, asked.count, asked.seed)
        rows = tuple(
            Row(
                messages=messages_for(
                    self._templates,
                    self._template(asked),
                    asked.brief,
                    limit=field.target or 0,
                    angle=angle,
                    is_typed=self._profile.is_typed,
                ),
                seed=derived_seed(asked.seed, asked.field, at, 0, 0),
            )
            for at, angle in enumerate(angles)
        )
        return Request(
            id="raw",
            rows=rows,
            temperature=self._profile.temperature,
            top_p=self._profile.top_p,
            max_new_tokens=64,
        )


ARMS: dict[str, Callable[[Writers, Assignment], Iterator[str]]] = {
    "full": Writers.full,
    "no_ranking": Writers.unranked,
    "no_grounding": Writers.ungrounded,
    "raw": Writers.raw,
}


def _texts(drafter: Drafter, job: Job) -> Iterator[str]:
    for item in drafter.draft(job):
        if isinstance(item, Line):
            yield item.text


def _raw(engine: Engine, request: Request) -> Iterator[str]:
    rows = [event for event in engine.submit(request) if isinstance(event, RowFinished)]
    yield from (row.text for row in sorted(rows, key=lambda row: row.row))
