"""What tests have taught, in words."""

from creative.domain import Taste as Likes
from creative.studio.foretelling import Taste
from creative.studio.lessons import Balance
from creative.trials import Metric
from pages.parts.lessons_view import balance_words, heeded_words
from pages.parts.worth_view import taste_words


def balance(gain, per_day, metric=Metric.CLICKS, currency=""):
    return Balance(metric=metric, currency=currency, cost=12, gain=gain, per_day=per_day)


def test_what_testing_cost_and_brought():
    assert balance_words(balance(-90, 0)) == (
        "Testing cost about 12 clicks against showing the best line only. Against showing the"
        " control only it lost about 90 clicks."
    )
    assert "it brought about 90 clicks. The winners bring about 5 clicks" in balance_words(
        balance(90, 5)
    )
    assert "EUR 12" in balance_words(balance(1, 0, Metric.REVENUE, "EUR"))


def taste(mean, sd, tests=9):
    return Taste(tests=tests, elsewhere=0.1, mean=mean, low=mean - sd, high=mean + sd)


def test_how_far_the_general_taste_holds():
    assert "speaks of other people's readers alone" in taste_words(
        taste(0.1, 0.2, 0), Metric.CLICKS
    )
    assert "it starts from nothing" in taste_words(taste(0, 0.2, 0), Metric.CONVERSIONS)
    holds = taste_words(taste(0.1, 0.05), Metric.CLICKS)
    assert "the general taste holds here" in holds
    assert "gets 10% more clicks here (5% more to 15% more)" in holds
    opposite = taste_words(taste(-0.1, 0.05), Metric.CLICKS)
    assert "people here like the opposite" in opposite
    assert "gets 9% less clicks here" in opposite
    assert "it is open whether" in taste_words(taste(0.05, 0.1), Metric.CLICKS)


def test_what_the_writer_heeds():
    assert heeded_words(Likes()).startswith("Nothing yet")
    both = Likes(liked=("asks a question", "angle: proof"), disliked=("has a number",))
    assert heeded_words(both).startswith(
        "Of lines that fit their brief equally well, it favours a line that **asks a question** or"
        " **was written from the angle proof** and passes over one that **has a number**."
    )
    assert "it passes over one that **names" in heeded_words(Likes(disliked=("names the brand",)))
