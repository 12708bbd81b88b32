"""What the tests of a library teach."""

import datetime as dt

import pytest

from creative.domain import Angle, Taste, kept_id
from creative.ranking.traits import traits_of
from creative.settings import Settings
from creative.trials import Metric
from storage.assemble import assemble
from tests.creative.studio.experiment_samples import a_test, noon, report

ASKING = ("Tired of stale coffee?", "Out of beans again?", "Where does coffee come from?")
TELLING = ("Beans in your letterbox", "Fresh beans every week", "Roasted on Mondays")


@pytest.fixture
def studio(tmp_path):
    """A studio of its own: lessons are of a whole library."""
    built = assemble(Settings(home=tmp_path, database_url="", engine="thread", model="starter"))
    yield built
    built.close()


def test_traits_are_told_from_the_words(brief):
    assert "asks a question" in traits_of("Tired of stale coffee?", brief)
    assert "has a number" in traits_of("15% off", brief)
    assert "names the brand" in traits_of(f"{brief.brand.name} is fresh".upper(), brief)
    assert traits_of("Roasted slowly, in small lots", brief) == set()


def test_what_questions_earn_is_learnt_from_several_tests(studio, brief):
    for seed in range(4):
        test = studio.experiments.start(a_test(studio, brief, ASKING + TELLING).id)
        rates = (0.04,) * 3 + (0.02,) * 3
        studio.results.commit(test.id, report(ASKING + TELLING, rates, seed=seed), "r.csv")
    taught = studio.lessons.taught()
    assert taught.tests == 4
    (balance,) = taught.balances
    assert balance.metric is Metric.CLICKS
    assert balance.cost > 0 > balance.gain  # the control is among the best lines
    (lesson,) = [each for each in taught.lessons if each.trait == "asks a question"]
    assert lesson.is_sure
    assert lesson.low < 1.0 < lesson.high


def test_demonstrations_teach_nothing(studio, brief):
    for text in TELLING:
        studio.review.write(kept_id(brief), "headline", text)
    demo = studio.demo.begin(kept_id(brief))
    studio.demo.play(demo.id)
    assert studio.lessons.taught().tests == 0


def test_a_month_and_a_segment_are_told_apart(studio, brief):
    month = dt.date(2026, 11, 1)
    for seed, (first, segment) in enumerate(
        [(month - dt.timedelta(40), "Night owls")] * 3 + [(month, "Early birds")] * 3
    ):
        values = {"segment": segment, "started_at": noon(first)}
        design = a_test(studio, brief, ASKING + TELLING, **values)
        test = studio.experiments.start(design.id)
        rates = (0.04,) * 3 + (0.02,) * 3 if segment == "Night owls" else (0.02,) * 6
        content = report(ASKING + TELLING, rates, seed=seed, first=first)
        studio.results.commit(test.id, content, "r.csv")
    assert studio.lessons.segments() == ["Early birds", "Night owls"]
    assert studio.lessons.taught().tests == 6
    assert studio.lessons.taught(since=month).tests == 3
    owls, birds = (studio.lessons.taught(segment=name) for name in ("NIGHT owls", "Early birds"))
    assert (owls.tests, birds.tests) == (3, 3)
    assert "asks a question" in {each.trait for each in owls.lessons if each.is_sure}
    assert not any(each.is_sure for each in birds.lessons)
    assert studio.lessons.taught(since=month - dt.timedelta(60)).news == {"asks a question"}
    assert studio.lessons.taught(since=month).news == set()


def test_only_sure_traits_are_the_librarys_taste(studio, brief):
    assert studio.lessons.taste() == Taste()
    for seed in range(4):
        test = studio.experiments.start(a_test(studio, brief, ASKING + TELLING).id)
        content = report(ASKING + TELLING, (0.02,) * 3 + (0.04,) * 3, seed=seed)
        studio.results.commit(test.id, content, "r.csv")
    assert "asks a question" in studio.lessons.taste().disliked
    assert "asks a question" not in studio.lessons.taste().liked


def test_the_writer_heeds_what_surely_won_and_the_run_keeps_it(studio, brief):
    plain = studio.drafting.start(kept_id(brief), {"headline": 2}, seed=7)
    studio.drafting.wait(plain.id)
    assert (plain.taste, plain.angles) == (Taste(), ())
    for seed in range(4):
        test = studio.experiments.start(a_test(studio, brief, ASKING + TELLING).id)
        content = report(ASKING + TELLING, (0.04,) * 3 + (0.02,) * 3, seed=seed)
        studio.results.commit(test.id, content, "r.csv")
    run = studio.drafting.start(kept_id(brief), {"headline": 2}, seed=7)
    studio.drafting.wait(run.id)
    assert "asks a question" in run.taste.liked
    assert run.angles.count(Angle.QUESTION) > run.angles.count(Angle.OFFER) > 0
    assert studio.drafting.progress(run.id).run.taste == run.taste
    chosen = studio.drafting.start(kept_id(brief), {"headline": 1}, angles=[Angle.OFFER], seed=7)
    studio.drafting.wait(chosen.id)
    assert chosen.angles == (Angle.OFFER,)
