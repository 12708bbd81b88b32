"""Brands, products, audiences and briefs are kept, changed, hidden and found."""

from dataclasses import replace

import pytest

from creative.domain import Audience, Brand, Product
from creative.errors import RecordNotFound
from tests.storage.samples import a_brief


def test_a_brief_comes_back_as_it_was_kept(store):
    with store.transaction() as records:
        kept = records.briefs.keep(a_brief(keywords=("coffee", "beans"), language="pt-BR"))
    with store.transaction() as records:
        assert records.briefs.get(kept.id) == kept
    assert kept.created_at.utcoffset().total_seconds() == 0
    assert kept.product.brand_id == kept.brand.id
    bare = replace(
        kept,
        id=None,
        created_at=None,
        brand=replace(kept.brand, id=None),
        product=replace(kept.product, id=None, brand_id=None),
        audience=replace(kept.audience, id=None),
    )
    assert bare == a_brief(keywords=("coffee", "beans"), language="pt-BR")


def test_keeping_a_brief_again_changes_it_and_its_parts(store, brief):
    changed = replace(
        brief,
        tone="dry",
        created_at=None,
        product=replace(brief.product, price="€8", benefits=()),
        audience=Audience(name="students"),
    )
    with store.transaction() as records:
        kept = records.briefs.keep(changed)
    with store.transaction() as records:
        assert records.briefs.get(brief.id) == kept
        assert records.products.get(brief.product.id).price == "€8"
        assert records.audiences.get(brief.audience.id).name == "commuters"
    assert kept.created_at == brief.created_at
    assert kept.audience.id != brief.audience.id


def test_parts_are_shared_between_briefs(store, brief):
    with store.transaction() as records:
        other = records.briefs.keep(replace(brief, id=None, channel="meta_feed"))
        records.brands.keep(replace(brief.brand, voice="loud"))
    with store.transaction() as records:
        assert {one.brand.voice for one in records.briefs.all()} == {"loud"}
        assert [one.id for one in records.briefs.all()] == [other.id, brief.id]


def test_a_product_keeps_the_brand_it_names(store):
    with store.transaction() as records:
        mother = records.brands.keep(Brand(name="Mother"))
        kept = records.briefs.keep(a_brief(product=Product(name="P", brand_id=mother.id)))
        assert kept.product.brand_id == mother.id
        assert records.products.of_brand(mother.id) == [kept.product]
        assert records.products.of_brand(kept.brand.id) == []


def test_lists_are_sorted_by_name_in_any_case(store):
    with store.transaction() as records:
        for name in ("zeta", "Éclair", "alpha", "Beta"):
            records.brands.keep(Brand(name=name))
            records.audiences.keep(Audience(name=name))
        names = [brand.name for brand in records.brands.all()]
        assert names == [audience.name for audience in records.audiences.all()]
        assert names == ["alpha", "Beta", "zeta", "Éclair"]


def test_what_is_removed_leaves_the_lists_and_stays_whole(store, brief):
    with store.transaction() as records:
        records.brands.remove(brief.brand.id)
        records.products.remove(brief.product.id)
        records.audiences.remove(brief.audience.id)
        assert records.brands.all() == records.audiences.all() == []
        assert records.products.of_brand(brief.brand.id) == []
        assert records.brands.get(brief.brand.id) == brief.brand
        assert records.briefs.all() == [brief]
        records.briefs.remove(brief.id)
    with store.transaction() as records:
        assert records.briefs.all() == []
        assert records.briefs.get(brief.id) == brief
        assert records.briefs.put_back(brief.id) == brief
        assert records.briefs.all() == [brief]


@pytest.mark.parametrize("id", [999, 0, -1, 10**30])
@pytest.mark.parametrize("noun", ["brands", "products", "audiences", "briefs", "runs", "drafts"])
def test_unknown_ids_are_named(store, noun, id):
    with store.transaction() as records, pytest.raises(RecordNotFound, match=str(id)):
        getattr(records, noun).get(id)


def test_unknown_parts_are_named(store, brief):
    with store.transaction() as records:
        with pytest.raises(RecordNotFound, match="Brand 999"):
            records.products.keep(Product(name="P", brand_id=999))
        with pytest.raises(RecordNotFound, match="Audience 999"):
            records.briefs.keep(replace(brief, audience=Audience(id=999)))
        with pytest.raises(RecordNotFound, match="Brief 999"):
            records.briefs.keep(replace(brief, id=999))
