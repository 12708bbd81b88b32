"""What the marketer keeps and reuses: brands, products, audiences, and briefs that join them."""

from dataclasses import replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from creative.domain import Audience, Brand, Brief, Product
from storage.lookup import existing
from storage.rows import AudienceRow, BrandRow, BriefRow, ProductRow, folded, now

R = TypeVar("R", BrandRow, ProductRow, AudienceRow)


class Brands:
    """Who speaks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, brand: Brand) -> Brand:
        """Add a brand without id, or change the one that has it."""
        row = _row(self._session, BrandRow, brand.id).take(brand)
        self._session.flush()
        return row.to_brand()

    def get(self, id: int) -> Brand:
        return existing(self._session, BrandRow, id).to_brand()

    def all(self) -> list[Brand]:
        """Every brand that was not removed, by name."""
        rows = self._session.scalars(select(BrandRow).where(BrandRow.removed_at.is_(None)))
        return sorted((row.to_brand() for row in rows), key=_by_name)

    def remove(self, id: int) -> None:
        """Hide a brand from lists; briefs and drafts that use it stay whole."""
        existing(self._session, BrandRow, id).removed_at = now()


class Products:
    """What is sold."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, product: Product) -> Product:
        """Add a product without id, or change the one that has it."""
        if product.brand_id is not None:
            existing(self._session, BrandRow, product.brand_id)
        row = _row(self._session, ProductRow, product.id).take(product)
        self._session.flush()
        return row.to_product()

    def get(self, id: int) -> Product:
        return existing(self._session, ProductRow, id).to_product()

    def of_brand(self, brand_id: int) -> list[Product]:
        """The products of a brand that were not removed, by name."""
        rows = self._session.scalars(
            select(ProductRow).where(
                ProductRow.brand_id == brand_id, ProductRow.removed_at.is_(None)
            )
        )
        return sorted((row.to_product() for row in rows), key=_by_name)

    def remove(self, id: int) -> None:
        """Hide a product from lists; briefs and drafts that use it stay whole."""
        existing(self._session, ProductRow, id).removed_at = now()


class Audiences:
    """Whom the ads speak to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, audience: Audience) -> Audience:
        """Add an audience without id, or change the one that has it."""
        row = _row(self._session, AudienceRow, audience.id).take(audience)
        self._session.flush()
        return row.to_audience()

    def get(self, id: int) -> Audience:
        return existing(self._session, AudienceRow, id).to_audience()

    def all(self) -> list[Audience]:
        """Every audience that was not removed, by name."""
        rows = self._session.scalars(select(AudienceRow).where(AudienceRow.removed_at.is_(None)))
        return sorted((row.to_audience() for row in rows), key=_by_name)

    def remove(self, id: int) -> None:
        """Hide an audience from lists; briefs and drafts that use it stay whole."""
        existing(self._session, AudienceRow, id).removed_at = now()


class Briefs:
    """The jobs for the writer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, brief: Brief) -> Brief:
        """Add or change a brief; its brand, product and audience are kept with it.

        A product that names no brand becomes one of the brief's brand.
        """
        brand = _row(self._session, BrandRow, brief.brand.id).take(brief.brand)
        self._session.flush()
        product = brief.product
        if product.brand_id is None:
            product = replace(product, brand_id=brand.id)
        row = self._row_of(brief).take(brief)
        row.brand = brand
        row.product = _row(self._session, ProductRow, product.id).take(product)
        row.audience = _row(self._session, AudienceRow, brief.audience.id).take(brief.audience)
        self._session.add(row)
        self._session.flush()
        return row.to_brief()

    def get(self, id: int) -> Brief:
        return existing(self._session, BriefRow, id).to_brief()

    def all(self) -> list[Brief]:
        """Every brief that was not removed, the newest first."""
        query = select(BriefRow).where(BriefRow.removed_at.is_(None)).order_by(BriefRow.id.desc())
        return [row.to_brief() for row in self._session.scalars(query)]

    def remove(self, id: int) -> None:
        """Hide a brief from lists; its runs and drafts stay whole."""
        existing(self._session, BriefRow, id).removed_at = now()

    def put_back(self, id: int) -> Brief:
        """Undo `remove`."""
        row = existing(self._session, BriefRow, id)
        row.removed_at = None
        return row.to_brief()

    def _row_of(self, brief: Brief) -> BriefRow:
        if brief.id is not None:
            return existing(self._session, BriefRow, brief.id)
        return BriefRow(created_at=brief.created_at or now())


def _row(session: Session, table: type[R], id: int | None) -> R:
    """Return the row to fill: the one that has the id, or a new one."""
    if id is not None:
        return existing(session, table, id)
    row = table()
    session.add(row)
    return row


def _by_name(kept: Brand | Product | Audience) -> tuple[str, int]:
    return folded(kept.name), kept.id or 0
