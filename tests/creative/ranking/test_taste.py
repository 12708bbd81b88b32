"""What won steers the choice only among candidates that are as good anyway."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from creative.channels import channel
from creative.checking import checked_line
from creative.domain import Taste
from creative.ranking.candidates import Candidate, best
from creative.ranking.fit import fit
from creative.ranking.taste import chosen
from creative.ranking.traits import QUESTION, liking, traits_of
from creative.studio.briefs import brief_from_json
from tests.creative.studio.conftest import SAMPLE

BRIEF = brief_from_json(SAMPLE.read_text("utf-8"))
PLACE = channel(BRIEF.channel)
LIKES, DISLIKES = Taste(liked=(QUESTION,)), Taste(disliked=(QUESTION,))
TEXTS = (
    "Beans roasted to order",
    "Espresso beans for home baristas",
    "Espresso beans at home?",
    "Tired of bitter espresso?",
    "Order bags of roasted",
    "No bitter aftertaste",
    "15% off your first bag?",
)


def candidate(text, logprob=-20.0):
    field = PLACE.field("headline")
    line = checked_line(text, brief=BRIEF, channel=PLACE, field=field, logprob=logprob)
    return Candidate(line=line, tokens=8)


def test_of_lines_as_good_the_liked_one_is_kept():
    plain, asking = candidate("15% off your first bag"), candidate("15% off your first bag?", -22.0)
    pair = [plain, asking]
    assert fit(plain.line, BRIEF, quoting=True) == fit(asking.line, BRIEF, quoting=True)
    assert best(pair, BRIEF, [], quoting=True) is plain
    assert chosen(pair, BRIEF, [], quoting=True, taste=LIKES) is asking
    assert chosen(pair, BRIEF, [], quoting=True, taste=DISLIKES) is plain
    assert chosen(pair, BRIEF, [], quoting=True, taste=Taste()) is plain


@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, unique=True),
    st.booleans(),
    st.sampled_from([LIKES, DISLIKES]),
)
def test_a_line_is_never_kept_that_fits_less(texts, quoting, taste):
    candidates = [candidate(text) for text in texts]
    usual = best(candidates, BRIEF, [], quoting=quoting)
    kept = chosen(candidates, BRIEF, [], quoting=quoting, taste=taste)
    assert fit(kept.line, BRIEF, quoting=quoting) >= fit(usual.line, BRIEF, quoting=quoting)
    usual_liking, own = (liking(traits_of(each.line.text, BRIEF), taste) for each in (usual, kept))
    assert own >= usual_liking


def test_traits_that_are_liked_and_disliked_cancel():
    both = replace(LIKES, disliked=("has a number",))
    assert liking(traits_of("15% off?", BRIEF), both) == 0
    assert liking(traits_of("Fresh?", BRIEF), both) == 1
