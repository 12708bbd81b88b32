"""Angles: variety by plan, and nothing that the brief has no material for."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import Angle, Audience, Brand, Brief, Product
from creative.drafting.angles import angles_among, plan_angles, possible_angles

FULL = Brief(
    brand=Brand(name="Halden"),
    product=Product(
        name="espresso beans",
        benefits=("tastes like chocolate",),
        features=("compostable bags",),
        proof=("rated 4.8",),
        offer="15% off",
    ),
    audience=Audience(name="home baristas", pains=("stale beans",)),
    channel="google_rsa",
)


def test_a_full_brief_has_all_ten_angles():
    assert set(possible_angles(FULL)) == set(Angle)


@pytest.mark.parametrize(("field", "angle"), [("offer", Angle.OFFER), ("proof", Angle.PROOF)])
def test_proof_and_offer_only_when_the_brief_has_them(field, angle):
    without = replace(FULL, product=replace(FULL.product, **{field: type(FULL.product.offer)()}))
    assert angle not in plan_angles(without, 40, seed=1)


def test_a_price_is_an_offer_too():
    priced = replace(FULL, product=replace(FULL.product, offer="", price="$14"))
    assert Angle.OFFER in possible_angles(priced)


def test_an_empty_brief_still_has_an_angle():
    empty = Brief(brand=Brand(name="B"), product=Product(name="p"), channel="google_rsa")
    assert plan_angles(empty, 3, seed=1) == (Angle.BRAND,) * 3


@given(count=st.integers(0, 100), seed=st.integers(0, 2**31))
def test_every_angle_comes_before_any_comes_three_times(count, seed):
    plan = plan_angles(FULL, count, seed)
    assert len(plan) == count
    assert plan == plan_angles(FULL, count, seed)
    if count >= 12:
        assert set(plan[:12]) == set(Angle)
    assert max(Counter(plan[:12]).values(), default=0) <= 2


def test_a_longer_plan_begins_like_a_shorter_one():
    assert plan_angles(FULL, 30, seed=5)[:16] == plan_angles(FULL, 16, seed=5)


def test_wanted_angles_take_turns_as_far_as_the_brief_has_material():
    wanted = (Angle.PROOF, Angle.QUESTION, Angle.PROOF, Angle.BRAND)
    bare = Brief(brand=Brand(name="Brew"), product=Product(name="Box"), channel="google_rsa")
    assert plan_angles(bare, 3, 1, wanted) == (Angle.BRAND,) * 3
    assert plan_angles(bare, 3, 1, (Angle.PROOF,)) == plan_angles(bare, 3, 1)
    full = replace(bare, product=Product(name="Box", benefits=("Fresh",), proof=("4.8 stars",)))
    assert plan_angles(full, 5, 1, wanted) == (*wanted, Angle.PROOF)
    assert angles_among((), possible_angles(full)) == possible_angles(full)
