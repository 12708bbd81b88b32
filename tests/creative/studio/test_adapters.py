"""Adapters: listed, tried, compared blind with their base, and made the default only then."""

import shutil
from dataclasses import replace

import pytest

from creative.domain import DraftState, kept_id
from creative.errors import ModelNotUsable, StudioError
from creative.ports import NO_LIMIT, DraftFilter
from creative.settings import ROOT, Settings
from creative.studio.adapters import new_adapter_folder
from creative.studio.briefs import brief_from_json
from creative.studio.contest import FEWEST_PAIRS, Doubt
from creative.trials import Choice
from storage.assemble import assemble
from tests.creative.studio.adapter_samples import make_adapter

SAMPLE = ROOT / "docs" / "samples" / "briefs" / "01-coffee.json"
WAIT_S = 400
PAIRS = 30  # most of which both writers may write alike

#: peft calls what the newest transformers is about to rename
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{kind}")
    for kind in ("FutureWarning", "DeprecationWarning", "UserWarning")
]


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    return make_adapter(tmp_path_factory.mktemp("made") / "first")


def built(home):
    return assemble(Settings(home=home, database_url="", engine="thread"))


@pytest.fixture
def library(tmp_path, adapter):
    """A studio of its own with an adapter, and no brief."""
    shutil.copytree(adapter, tmp_path / "adapters" / "first")
    studio = built(tmp_path)
    yield studio
    studio.close()


@pytest.fixture(scope="module")
def compared(tmp_path_factory, adapter):
    """A studio with drafted pairs; tests of it only add votes of their own people."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(adapter, home / "adapters" / "first")
    studio = built(home)
    brief = replace(brief_from_json(SAMPLE.read_text("utf-8")), id=None)
    studio.briefs.keep(brief)
    (found,) = studio.adapters.all()
    studio.adapters.compare(found.id, PAIRS)
    studio.adapters.comparisons.wait(WAIT_S)
    yield studio
    studio.close()


def only(studio):
    (found,) = studio.adapters.all()
    return found


def pairs_in(studio):
    """Return every pair as a voter of its own would see it, by ids."""
    return list(studio.adapters.comparisons._left(only(studio).id, "nobody")[1])


def pretend(studio, count):
    """Keep pairs as if both writers had drafted them, without the wait."""
    brief = studio.briefs.keep(replace(brief_from_json(SAMPLE.read_text("utf-8")), id=None))
    place = studio.adapters.comparisons._places(1)[0]
    place = replace(place, brief=brief, pairs=count, count=count)
    line = studio.review.write(kept_id(brief), place.field.id, "Fresh coffee").line
    ours, theirs = (
        [replace(line, text=f"{who} coffee {at}") for at in range(count)]
        for who in ("Our", "Their")
    )
    problem = studio.adapters.comparisons._keep(
        only(studio).id, "starter", [place], 1, [ours], [theirs]
    )
    assert not problem


def vote_all(studio, voter, wins):
    """Have somebody judge every pair; the adapter wins the first so many."""
    won = 0
    adapter = only(studio).id
    while pair := studio.adapters.comparisons.next_pair(adapter, voter):
        first_is_ours = pair.first.line.text.startswith("Our")
        should_win = won < wins
        won += 1
        choice = Choice.FIRST if first_is_ours is should_win else Choice.SECOND
        studio.voting.vote(pair.first, pair.second, choice, voter)
    return won


def test_an_adapter_is_listed_with_its_card(library):
    found = only(library)
    assert (found.name, found.base, found.base_name) == ("first", "starter", "Adlib starter")
    assert found.figures.after == 0.71
    assert found.contest.doubt is Doubt.NEVER_COMPARED
    assert not found.is_current


def test_it_may_be_tried_and_is_forgotten_when_adlib_ends(library, tmp_path):
    choice = library.adapters.try_out(only(library).id)
    assert choice.name == "Adlib starter, tuned as first (on trial)"
    assert (only(library).is_current, only(library).is_trial) == (True, True)
    again = built(tmp_path)
    assert again.models.choice.id == "starter"
    again.close()
    library.adapters.back_to_base(only(library).id)
    assert library.models.choice.id == "starter"
    assert not library.models.is_trial


@pytest.mark.parametrize("as_typed", [False, True])
def test_it_is_no_default_before_votes_say_so(library, as_typed):
    id = only(library).id
    with pytest.raises(StudioError, match="cannot be the default yet: compare it"):
        library.adapters.use(f" {id} " if as_typed else id)
    assert library.models.choice.id == "starter"


def test_with_enough_votes_it_becomes_the_default_and_can_be_undone(library, tmp_path):
    pretend(library, FEWEST_PAIRS + 10)
    assert vote_all(library, "Ada", 22) == FEWEST_PAIRS + 10
    found = only(library)
    assert found.contest.share == 0.55
    assert found.may_be_default
    library.adapters.use(f" {found.id}/../first/ ")  # as somebody may type it
    assert library.models.choice.id == found.id
    again = built(tmp_path)
    assert again.models.choice.name == "Adlib starter, tuned as first"
    again.close()
    library.adapters.back_to_base(found.id)
    assert library.models.choice.id == "starter"


def test_sides_are_drawn_by_lot(library):
    pretend(library, 40)
    ours, sides = {pair[0] for pair in pairs_in(library)}, set()
    while pair := library.adapters.comparisons.next_pair(only(library).id, "Ada"):
        sides.add(kept_id(pair.first) in ours)
        library.voting.vote(pair.first, pair.second, Choice.BOTH, "Ada")
    assert sides == {True, False}


def test_a_name_with_spaces_at_its_ends_is_the_same_voter(library):
    pretend(library, 3)
    assert vote_all(library, "Ada", 3) == 3
    comparisons = library.adapters.comparisons
    assert comparisons.next_pair(only(library).id, "  Ada ") is None
    assert comparisons.open_for("  Ada ") == {}


def test_a_worse_one_is_refused(library):
    pretend(library, FEWEST_PAIRS + 10)
    vote_all(library, "Ada", 14)
    assert only(library).contest.doubt is Doubt.MAY_BE_WORSE
    with pytest.raises(StudioError, match="leave room for it being worse"):
        library.adapters.use(only(library).id)


def test_other_weights_in_the_same_folder_have_earned_nothing(library):
    pretend(library, FEWEST_PAIRS)
    vote_all(library, "Ada", FEWEST_PAIRS)
    found = only(library)
    assert found.may_be_default
    make_adapter(library.settings.home / "adapters" / "first", seed=2)
    assert only(library).contest.doubt is Doubt.NEVER_COMPARED


def test_a_line_that_was_reworded_is_no_more_its_writers(library):
    pretend(library, 3)
    first, _ = pairs_in(library)[0]
    library.review.edit(library.review.get(first), "Coffee of my own", "Ben")
    assert only(library).contest.pairs == 2


def test_a_damaged_adapter_says_so_and_cannot_be_tried(library):
    (library.settings.home / "adapters" / "first" / "adapter_config.json").write_text("no json")
    assert "damaged" in only(library).obstacle
    with pytest.raises(ModelNotUsable, match="damaged"):
        library.adapters.try_out(only(library).id)


def test_an_id_is_no_path(library):
    with pytest.raises(StudioError, match="not in the home folder"):
        library.adapters.try_out(str(ROOT / "models" / "starter"))


def test_without_a_brief_there_is_nothing_to_draft_for(library):
    with pytest.raises(StudioError, match="no brief"):
        library.adapters.compare(only(library).id)


def test_a_comparison_that_is_stopped_leaves_nothing(library):
    library.briefs.keep(replace(brief_from_json(SAMPLE.read_text("utf-8")), id=None))
    library.adapters.compare(only(library).id, 100)
    with pytest.raises(StudioError, match="being drafted now"):
        library.adapters.compare(only(library).id)
    library.adapters.comparisons.stop()
    library.adapters.comparisons.wait(WAIT_S)
    progress = library.adapters.comparisons.progress()
    assert (progress.is_active, progress.message) == (False, "")
    assert only(library).contest.doubt is Doubt.NEVER_COMPARED
    assert not library.review.count(DraftFilter())


def test_a_new_adapter_gets_a_folder_of_the_day(library):
    first = new_adapter_folder(library.settings)
    first.mkdir()
    assert new_adapter_folder(library.settings).name == f"{first.name}-2"


def test_both_write_for_the_same_brief_and_nobody_has_to_review_it(compared):
    progress = compared.adapters.comparisons.progress()
    assert (progress.is_active, progress.message) == (False, "")
    found = only(compared).contest
    assert found.pairs == PAIRS
    archived = DraftFilter(states=(DraftState.ARCHIVED,), limit=NO_LIMIT)
    drafts = {kept_id(draft): draft for draft in compared.review.find(archived)}
    assert len(drafts) == 2 * (PAIRS - found.same)
    assert not compared.review.count(DraftFilter(states=(DraftState.NEW,)))
    runs = {id: compared.drafting.progress(id).run for id in {d.run_id for d in drafts.values()}}
    for ours, theirs in pairs_in(compared):
        a, b = drafts[ours], drafts[theirs]
        assert (a.brief_id, a.line.field) == (b.brief_id, b.line.field)
        assert runs[a.run_id].model == only(compared).id
        assert runs[b.run_id].model == "starter"


def test_each_person_is_shown_every_pair_once(compared):
    adapter = only(compared).id
    ours = {pair[0] for pair in pairs_in(compared)}
    seen = set()
    for voter in ("Ada", "Ben", "Cleo"):
        for _ in range(len(ours)):
            pair = compared.adapters.comparisons.next_pair(adapter, voter)
            seen.add((voter, frozenset((kept_id(pair.first), kept_id(pair.second)))))
            compared.voting.vote(pair.first, pair.second, Choice.BOTH, voter)
        assert compared.adapters.comparisons.next_pair(adapter, voter) is None
    assert len(seen) == 3 * len(ours)
    assert compared.adapters.comparisons.open_for("Ada") == {}
    assert set(compared.adapters.comparisons.open_for("Dan")) == {adapter}
    assert only(compared).contest.share == 0.5
