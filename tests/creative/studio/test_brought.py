"""Preferences from elsewhere: taken in, told apart from our own, learnt from, given up."""

import json

import pytest

from creative.domain import kept_id
from creative.errors import BriefError, StudioError
from creative.export.preferences import holds_lines, read_lines
from creative.studio.brought import BroughtFiles
from creative.trials import Choice
from tests.creative.studio.experiment_samples import LINES, approved


def pair(chosen="Fresh coffee", rejected="Coffee", prompt="brand: B", **more):
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected} | more


def jsonl(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


@pytest.fixture
def files(tmp_path):
    return BroughtFiles(tmp_path)


def test_plain_and_conversational_pairs_are_taken(files):
    turns = [{"role": "system", "content": "Write."}, {"role": "user", "content": "brand: B"}]
    talked = pair(
        prompt=turns,
        chosen=[{"role": "assistant", "content": "Better"}],
        rejected=[{"role": "assistant", "content": "Worse"}],
        source="vote",
    )
    found = files.bring(jsonl(pair(), talked), "from an agency.jsonl")
    assert (found.name, found.pairs, found.lines) == ("from-an-agency", 2, 0)
    plain, conversation = files.pairs()
    assert [(turn.role, turn.content) for turn in plain.prompt] == [("user", "brand: B")]
    assert (plain.chosen, conversation.chosen) == ("Fresh coffee", "Better")


def test_good_lines_are_taken_and_told_from_pairs(files):
    content = jsonl({"prompt": "brand: B", "completion": "Fresh coffee"})
    assert holds_lines(content)
    assert files.bring(content, "good.jsonl").lines == 1
    assert [line.text for line in files.lines()] == ["Fresh coffee"]
    assert not files.pairs()


def test_what_the_library_gives_comes_in_again(studio, brief, files):
    a, b, _ = approved(studio, brief, LINES)
    studio.voting.vote(a, b, Choice.FIRST, "Ann")
    given = studio.preferences.approved_file().content
    assert files.bring(given, "approved.jsonl").lines == len(read_lines(given)) > 0
    assert files.bring(studio.preferences.pairs_file().content, "pairs.jsonl").pairs > 0


def test_briefs_of_two_libraries_are_never_one(files):
    files.bring(jsonl(pair(brief=7), pair("A", "B", brief=7), pair("C", "D", brief=8)), "one.jsonl")
    files.bring(jsonl(pair("E", "F", brief=7)), "two.jsonl")
    briefs = [each.brief for each in files.pairs()]
    assert max(briefs) < 0
    assert briefs[0] == briefs[1]
    assert len(set(briefs)) == 3


def test_pairs_without_a_brief_are_told_apart_by_what_was_asked(files):
    files.bring(jsonl(pair(prompt="x"), pair("A", "B", "x"), pair("C", "D", "y")), "one.jsonl")
    briefs = [each.brief for each in files.pairs()]
    assert (briefs[0] == briefs[1], len(set(briefs))) == (True, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no preferences"),
        (jsonl(pair(), {"prompt": "x"}), "Line 2 is no pair"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a,b\n1,2\n", "Line 1 is no pair"),
        (jsonl({"prompt": "x", "completion": ""}), "Line 1 is no example"),
    ],
)
def test_other_files_are_refused_whole(files, content, said):
    with pytest.raises(BriefError, match=said):
        files.bring(content, "file.jsonl")
    assert not files.all()


def test_the_same_file_twice_adds_nothing(files):
    files.bring(jsonl(pair()), "one.jsonl")
    with pytest.raises(BriefError, match="brought before"):
        files.bring(jsonl(pair()), "again.jsonl")


def test_a_file_is_given_up_and_put_back(files):
    id = files.bring(jsonl(pair()), "../../évil name.jsonl").id
    files.remove(id)
    assert not files.pairs()
    files.put_back(id)
    assert len(files.pairs()) == 1
    with pytest.raises(StudioError, match="not there"):
        files.remove("../adlib.db")


def test_a_file_put_back_leaves_one_of_its_name_that_came_meanwhile(files):
    first = files.bring(jsonl(pair("Old")), "same.jsonl").id
    files.remove(first)
    files.bring(jsonl(pair("New")), "same.jsonl")
    files.put_back(first)
    assert {each.chosen for each in files.pairs()} == {"Old", "New"}


def test_tuning_learns_from_both_and_the_library_gives_only_its_own(studio, brief):
    a, b, _ = approved(studio, brief, LINES)
    studio.voting.vote(a, b, Choice.FIRST, "Ann")
    brought = studio.preferences.brought.bring(jsonl(pair("Only here", "Not")), "once.jsonl")
    try:
        pairs, lines = studio.preferences.to_learn_from()
        assert "Only here" in {each.chosen for each in pairs}
        assert {each.brief for each in pairs} >= {kept_id(brief)}
        assert len(lines) >= len(LINES)
        assert b"Only here" not in studio.preferences.pairs_file().content
        counts = studio.preferences.counts()
        assert (counts.pairs, counts.own["vote"] >= 1) == (1, True)
        assert counts.all_pairs == len(pairs)
    finally:
        studio.preferences.brought.remove(brought.id)
