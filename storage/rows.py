"""The tables.  `take` and `to_…` are the only bridges to creative.domain.

Nothing is ever deleted: what a person removes gets a `removed_at` and leaves the lists, so briefs,
drafts and their history stay whole.  docs/storage.md draws the tables and explains the indices.
"""

import unicodedata
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from creative.domain import (
    Angle,
    Audience,
    Brand,
    Brief,
    Draft,
    DraftState,
    Edit,
    ExportRecord,
    Line,
    Product,
    Rating,
    Run,
    RunState,
    Sampling,
    Taste,
)
from storage.columns import Items, PlainText, UtcTime, choice
from storage.snapshots import Json, claims_from, claims_to, findings_from, findings_to

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def folded(text: str) -> str:
    """Return the form in which texts are searched: equal for every mix of cases."""
    return unicodedata.normalize("NFC", text.casefold())


class Row(DeclarativeBase):
    """Every table has a number as its key, handed out in the order of insertion."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: PlainText,
        datetime: UtcTime,
        tuple[str, ...]: Items,
        tuple[int, ...]: Items,
    }

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


class BrandRow(Row):
    """Who speaks."""

    __tablename__ = "brand"

    name: Mapped[str]
    voice: Mapped[str]
    banned_words: Mapped[tuple[str, ...]]
    required_words: Mapped[tuple[str, ...]]
    removed_at: Mapped[datetime | None]

    def take(self, brand: Brand) -> Self:
        self.name = brand.name
        self.voice = brand.voice
        self.banned_words = brand.banned_words
        self.required_words = brand.required_words
        return self

    def to_brand(self) -> Brand:
        return Brand(
            id=self.id,
            name=self.name,
            voice=self.voice,
            banned_words=self.banned_words,
            required_words=self.required_words,
        )


class ProductRow(Row):
    """What is sold."""

    __tablename__ = "product"

    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"), index=True)
    name: Mapped[str]
    description: Mapped[str]
    benefits: Mapped[tuple[str, ...]]
    features: Mapped[tuple[str, ...]]
    proof: Mapped[tuple[str, ...]]
    offer: Mapped[str]
    price: Mapped[str]
    url: Mapped[str]
    removed_at: Mapped[datetime | None]

    def take(self, product: Product) -> Self:
        self.brand_id = product.brand_id
        self.name = product.name
        self.description = product.description
        self.benefits = product.benefits
        self.features = product.features
        self.proof = product.proof
        self.offer = product.offer
        self.price = product.price
        self.url = product.url
        return self

    def to_product(self) -> Product:
        return Product(
            id=self.id,
            brand_id=self.brand_id,
            name=self.name,
            description=self.description,
            benefits=self.benefits,
            features=self.features,
            proof=self.proof,
            offer=self.offer,
            price=self.price,
            url=self.url,
        )


class AudienceRow(Row):
    """Whom the ad speaks to."""

    __tablename__ = "audience"

    name: Mapped[str]
    pains: Mapped[tuple[str, ...]]
    removed_at: Mapped[datetime | None]

    def take(self, audience: Audience) -> Self:
        self.name = audience.name
        self.pains = audience.pains
        return self

    def to_audience(self) -> Audience:
        return Audience(id=self.id, name=self.name, pains=self.pains)


class BriefRow(Row):
    """One job for the writer; follows later changes of its brand, product and audience."""

    __tablename__ = "brief"

    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), index=True)
    channel: Mapped[str]
    objective: Mapped[str]
    tone: Mapped[str]
    language: Mapped[str]
    keywords: Mapped[tuple[str, ...]]
    call_to_action: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    brand: Mapped[BrandRow] = relationship(lazy="joined", innerjoin=True)
    product: Mapped[ProductRow] = relationship(lazy="joined", innerjoin=True)
    audience: Mapped[AudienceRow] = relationship(lazy="joined", innerjoin=True)

    def take(self, brief: Brief) -> Self:
        """Take over what is the brief's own; its brand, product and audience are set apart."""
        self.channel = brief.channel
        self.objective = brief.objective
        self.tone = brief.tone
        self.language = brief.language
        self.keywords = brief.keywords
        self.call_to_action = brief.call_to_action
        return self

    def to_brief(self) -> Brief:
        return Brief(
            id=self.id,
            brand=self.brand.to_brand(),
            product=self.product.to_product(),
            audience=self.audience.to_audience(),
            channel=self.channel,
            objective=self.objective,
            tone=self.tone,
            language=self.language,
            keywords=self.keywords,
            call_to_action=self.call_to_action,
            created_at=self.created_at,
        )


class RunRow(Row):
    """One drafting job, with the brief as it stood then (docs/decisions/0004)."""

    __tablename__ = "run"

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id"), index=True)
    brief_then: Mapped[Json] = mapped_column(JSON)
    wanted: Mapped[Json] = mapped_column(JSON)  # lines by field id
    templates: Mapped[Json] = mapped_column(JSON)  # `id@version` by field id
    model: Mapped[str]
    temperature: Mapped[float | None]
    top_p: Mapped[float | None]
    candidates_per_line: Mapped[int | None]
    angles: Mapped[tuple[str, ...]] = mapped_column(server_default="[]")
    liked: Mapped[tuple[str, ...]] = mapped_column(server_default="[]")
    disliked: Mapped[tuple[str, ...]] = mapped_column(server_default="[]")
    seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[RunState] = mapped_column(choice(RunState), index=True)
    message: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    def take(self, run: Run) -> Self:
        self.brief_id = run.brief_id
        self.wanted = dict(run.wanted)
        self.templates = dict(run.templates)
        self.model = run.model
        self.temperature = run.sampling.temperature
        self.top_p = run.sampling.top_p
        self.candidates_per_line = run.sampling.candidates_per_line
        self.angles = run.angles
        self.liked = run.taste.liked
        self.disliked = run.taste.disliked
        self.seed = run.seed
        self.state = run.state
        self.message = run.message
        self.created_at = run.created_at or now()
        self.finished_at = run.finished_at
        return self

    def to_run(self) -> Run:
        return Run(
            id=self.id,
            brief_id=self.brief_id,
            wanted=self.wanted,
            templates=self.templates,
            model=self.model,
            sampling=Sampling(
                temperature=self.temperature,
                top_p=self.top_p,
                candidates_per_line=self.candidates_per_line,
            ),
            angles=tuple(map(Angle, self.angles)),
            taste=Taste(liked=self.liked, disliked=self.disliked),
            seed=self.seed,
            state=self.state,
            message=self.message,
            created_at=self.created_at,
            finished_at=self.finished_at,
        )


class DraftRow(Row):
    """One line in its current wording.  `has_findings`, `folded` and `stars` are kept for finding.

    `logprob` is in nats; `width` and `limit` are in the counting unit of the field.
    """

    __tablename__ = "draft"
    __table_args__ = (
        # One index per order, with and without a brief; every index ends in the id by itself.
        Index(None, "brief_id", "stars"),
        Index(None, "brief_id", "logprob"),
        Index(None, "brief_id", "width"),
        Index(None, "stars"),
        Index(None, "logprob"),
        Index(None, "width"),
        CheckConstraint("version >= 1", name="version"),
    )

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    field: Mapped[str]
    text: Mapped[str]
    folded: Mapped[str]  # `text` as it is searched
    width: Mapped[int]
    limit: Mapped[int | None]
    angle: Mapped[str]
    seed: Mapped[int | None] = mapped_column(BigInteger)
    logprob: Mapped[float | None]
    findings: Mapped[Json] = mapped_column(JSON)
    claims: Mapped[Json] = mapped_column(JSON)
    has_findings: Mapped[bool]
    state: Mapped[DraftState] = mapped_column(choice(DraftState))
    version: Mapped[int]
    stars: Mapped[float | None]  # mean of the latest rating of each rater
    created_at: Mapped[datetime]

    def take(self, line: Line) -> Self:
        self.field = line.field
        self.text = line.text
        self.folded = folded(line.text)
        self.width = line.width
        self.limit = line.limit
        self.angle = line.angle
        self.seed = line.seed
        self.logprob = line.logprob
        self.findings = findings_to(line.findings)
        self.claims = claims_to(line.claims)
        self.has_findings = bool(line.findings)
        return self

    def to_draft(self) -> Draft:
        return Draft(
            id=self.id,
            brief_id=self.brief_id,
            run_id=self.run_id,
            line=self._line(),
            state=self.state,
            version=self.version,
            stars=self.stars,
            created_at=self.created_at,
        )

    def _line(self) -> Line:
        return Line(
            field=self.field,
            text=self.text,
            width=self.width,
            limit=self.limit,
            angle=self.angle,
            seed=self.seed,
            logprob=self.logprob,
            findings=findings_from(self.findings),
            claims=claims_from(self.claims),
        )


class EditRow(Row):
    """One wording of a draft; the current one is here too."""

    __tablename__ = "edit"
    __table_args__ = (UniqueConstraint("draft_id", "version"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    version: Mapped[int]
    text: Mapped[str]
    editor: Mapped[str]  # empty: as drafted
    created_at: Mapped[datetime]

    def to_edit(self) -> Edit:
        return Edit(
            draft_id=self.draft_id,
            version=self.version,
            text=self.text,
            editor=self.editor,
            created_at=self.created_at,
        )


class RatingRow(Row):
    """One judgement; a second one by the same rater is a second row."""

    __tablename__ = "rating"
    __table_args__ = (
        Index(None, "draft_id", "rater"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    rater: Mapped[str] = mapped_column(index=True)
    stars: Mapped[int]
    created_at: Mapped[datetime]

    def to_rating(self) -> Rating:
        return Rating(
            draft_id=self.draft_id,
            rater=self.rater,
            stars=self.stars,
            created_at=self.created_at,
        )


class ExportRow(Row):
    """A file that was handed out."""

    __tablename__ = "export"

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id"), index=True)
    format: Mapped[str]
    filename: Mapped[str]
    draft_ids: Mapped[tuple[int, ...]]
    created_at: Mapped[datetime]

    def to_record(self) -> ExportRecord:
        return ExportRecord(
            id=self.id,
            brief_id=self.brief_id,
            format=self.format,
            filename=self.filename,
            draft_ids=self.draft_ids,
            created_at=self.created_at,
        )
