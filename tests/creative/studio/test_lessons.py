"""What the tests of a library teach."""

import pytest

from creative.domain import kept_id
from creative.settings import Settings
from creative.studio.lessons import traits_of
from storage.assemble import assemble
from tests.creative.studio.experiment_samples import a_test, report

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
    assert taught.missed > 0
    (lesson,) = [each for each in taught.lessons if each.trait == "asks a question"]
    assert lesson.is_sure
    assert lesson.low < 1.0 < lesson.high


def test_demonstrations_teach_nothing(studio, brief):
    for text in TELLING:
        studio.review.write(kept_id(brief), "headline", text)
    demo = studio.demo.begin(kept_id(brief))
    studio.demo.play(demo.id)
    assert studio.lessons.taught().tests == 0
