"""Blind votes between two drafts of a field, and the order that follows from them.

A vote is about words: once a line is reworded, votes on its old words count no more.  Stars and
votes are kept apart; neither changes the state of a draft.  Votes of models do not count unless
`Judging` says so, and never in the agreement of people.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import numpy as np
from scipy import special

from creative.domain import Draft, DraftState, kept_id
from creative.errors import BriefError, EditConflict
from creative.judging.agreement import Agreement, agreement
from creative.judging.strength import DECIDED, Standing, standing
from creative.judging.voters import is_model
from creative.judging.votes import Floats, Tallied, tallied
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.trials import Choice, Vote

MAX_LINES = 60  #: lines that are compared; 200 would take seconds after every vote

_STATES = (DraftState.NEW, DraftState.APPROVED)
_UNRATED = 3.0  #: stars of a line that nobody rated, between the good and the bad ones
# For the choice of a pair, one that should come later counts as compared so much oftener.
_SETTLED, _JUDGED, _LAST = 2e6, 1e7, 1e9


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two drafts to choose from; `first` is to stand on the left or above.

    Attributes:
        is_open: Whether both are still in the race; if not, this voter has judged all such pairs.
        is_again: Whether this voter has judged the pair before, as every other one.
    """

    first: Draft
    second: Draft
    is_open: bool = True
    is_again: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A draft at its place.

    Attributes:
        strength: Larger is better, 0 is the middle line; `low` and `high` hold it at 95 %.
        chance_best: That it is the strongest of all, 0 to 1.
        compared: Votes in which it stood.
    """

    draft: Draft
    strength: float
    low: float
    high: float
    chance_best: float
    compared: int

    @property
    def wins(self) -> float:
        """Share of votes it would win against a line in the middle, ties aside, 0 to 1."""
        return float(special.expit(self.strength))

    @property
    def wins_range(self) -> tuple[float, float]:
        """The range that holds `wins` at 95 %."""
        return float(special.expit(self.low)), float(special.expit(self.high))


@dataclass(frozen=True, kw_only=True, slots=True)
class Standings:
    """What the votes on a field say so far.

    Attributes:
        placed: The strongest first.
        by_voter: Votes of each voter, models that count among them.
        agreement: Of people.
        places: How many lines are sought.
        is_decided: Whether each line on these places is stronger than each other one, at least
            `DECIDED` sure of every such two.  More votes would hardly change who stands there.
        contenders: How many lines are still in the race for these places.
        left_out: Lines beyond `MAX_LINES`, which are not compared.
    """

    placed: tuple[Placed, ...]
    votes: int
    by_voter: Mapping[str, int]
    agreement: Agreement
    places: int
    is_decided: bool
    contenders: int
    left_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ballot:
    """The lines that are compared and the votes that count."""

    drafts: Mapping[int, Draft]
    votes: Sequence[Vote]
    left_out: int


class Voting:
    """What voters do with drafts."""

    def __init__(self, store: Store, models: Callable[[], Collection[str]] = tuple) -> None:
        """Take a library, and what tells which models count, by the names of their votes."""
        self._store = store
        self._models = models

    def next_pair(self, brief_id: int, field_id: str, voter: str, places: int = 1) -> Pair | None:
        """Return the two drafts on which a vote of this voter tells most.

        Pairs new to the voter come first, then those of lines still in the race; the pair voted on
        last never comes.  Sides, and which of equally telling pairs, are random, but the same
        until somebody votes.

        Args:
            places: How many of the strongest lines are sought.

        Returns:
            None if there is no such pair.
        """
        ballot = self._ballot(brief_id, field_id)
        name = voter_name(voter)
        chance = Random(f"{brief_id}/{field_id}/{len(ballot.votes)}/{name}")
        ids = list(ballot.drafts)
        chance.shuffle(ids)
        own = [_ends(vote) for vote in ballot.votes if vote.voter == name]
        if len(ids) < 2 or (len(ids) == 2 and own):
            return None
        counts = tallied(ids, ballot.votes)
        fit = standing(counts)
        in_race = contenders(fit, places)
        pair = fit.next_pair(_put_off(counts, own, in_race))
        if pair is None:
            return None
        first, second = pair if chance.random() < 0.5 else pair[::-1]
        return Pair(
            first=ballot.drafts[first],
            second=ballot.drafts[second],
            is_open={*pair} <= {*in_race},
            is_again=frozenset(pair) in own,
        )

    def vote(self, first: Draft, second: Draft, choice: Choice, voter: str) -> Vote:
        """Keep a vote.

        Args:
            first: As it was shown, on the left or above.
            second: As it was shown.

        Raises:
            BriefError: If nobody is named, or the name is kept for models.
            EditConflict: If one of them was reworded meanwhile; nothing is kept.
        """
        name = voter_name(voter)
        if not name:
            raise BriefError("Say who votes: type your name first.")
        if is_model(name):
            raise BriefError('Names that begin with "model:" are kept for language models.')
        if (first.brief_id, first.line.field) != (second.brief_id, second.line.field):
            raise ValueError("a vote is between two drafts of one brief and field")
        with self._store.transaction() as records:
            for draft in (first, second):
                if records.drafts.get(kept_id(draft)).line.text != draft.line.text:
                    raise EditConflict(
                        "Somebody changed one of the two lines after you saw it, so your vote was "
                        "not kept. Compare the words as they are now."
                    )
            vote = Vote(first=kept_id(first), second=kept_id(second), choice=choice, voter=name)
            return records.votes.add(vote)

    def take_back(self, vote_id: int) -> None:
        """Count a vote no more."""
        with self._store.transaction() as records:
            records.votes.remove(vote_id)

    def standing(self, brief_id: int, field_id: str, places: int = 1) -> Standings:
        """Return the order of the lines, and how sure it is.

        Args:
            places: How many of the strongest lines are sought.
        """
        ballot = self._ballot(brief_id, field_id)
        counts = tallied(list(ballot.drafts), ballot.votes)
        fit = standing(counts)
        places = min(max(places, 1), max(len(ballot.drafts) - 1, 1))
        is_decided = len(ballot.drafts) > 1 and fit.is_decided(places)
        return Standings(
            placed=_placed(ballot.drafts, counts, fit),
            votes=len(ballot.votes),
            by_voter=Counter(vote.voter for vote in ballot.votes),
            agreement=agreement(vote for vote in ballot.votes if not is_model(vote.voter)),
            places=places,
            is_decided=is_decided,
            contenders=len(contenders(fit, places)),
            left_out=ballot.left_out,
        )

    def _ballot(self, brief_id: int, field_id: str) -> _Ballot:
        wish = DraftFilter(brief_id=brief_id, field=field_id, states=_STATES, limit=NO_LIMIT)
        models = self._models()
        with self._store.transaction() as records:
            found = sorted(records.drafts.find(wish), key=_promise)
            drafts = {kept_id(draft): draft for draft in found[:MAX_LINES]}
            return _Ballot(
                drafts=drafts,
                votes=votes_that_count(records, drafts, models),
                left_out=len(found) - len(drafts),
            )


def contenders(fit: Standing, places: int) -> tuple[int, ...]:
    """Return the lines of which it is not sure yet on which side of the last place they belong.

    >>> from creative.judging.votes import tallied
    >>> contenders(standing(tallied([1, 2, 3], [])), places=1)
    (1, 2, 3)
    """
    first, rest = fit.order[:places], fit.order[places:]
    open_pairs = [(a, b) for a in first for b in rest if fit.beats(a, b) < DECIDED]
    return tuple(sorted({id for pair in open_pairs for id in pair}))


def _placed(drafts: Mapping[int, Draft], counts: Tallied, fit: Standing) -> tuple[Placed, ...]:
    if not drafts:
        return ()
    chances = dict(zip(fit.ids, fit.chance_best(), strict=True))
    compared = dict(zip(fit.ids, counts.compared.sum(axis=1), strict=True))
    placed = []
    for id in fit.order:
        low, high = fit.interval(id)
        placed.append(
            Placed(
                draft=drafts[id],
                strength=float(fit.strength[fit.ids.index(id)]),
                low=low,
                high=high,
                chance_best=float(chances[id]),
                compared=int(compared[id]),
            )
        )
    return tuple(placed)


def _put_off(counts: Tallied, own: Sequence[frozenset[int]], in_race: Sequence[int]) -> Floats:
    """Return how often lines were compared [lines, lines], more for pairs that should come later.

    Args:
        own: The pairs that the voter has judged, the last one last.
        in_race: Lines whose place is open.
    """
    place = {id: at for at, id in enumerate(counts.ids)}
    is_out = ~np.isin(counts.ids, in_race)
    compared = counts.compared + _SETTLED * np.add.outer(is_out.astype(float), is_out)
    for pair in {*own}:
        a, b = (place[id] for id in pair)
        compared[[a, b], [b, a]] += _LAST if pair == own[-1] else _JUDGED
    return np.asarray(compared)


def _promise(draft: Draft) -> tuple[float, bool, float, int]:
    """Sort by stars, then approval, then likelihood, where lines of people come first."""
    stars = _UNRATED if draft.stars is None else draft.stars
    likelihood = 0.0 if draft.line.logprob is None else draft.line.logprob
    return -stars, draft.state is not DraftState.APPROVED, -likelihood, kept_id(draft)


def voter_name(voter: str) -> str:
    """Return a name as votes are kept under it.

    >>> voter_name("  Ada   Byron ")
    'Ada Byron'
    """
    return " ".join(voter.split())


def votes_that_count(
    records: Records, drafts: Mapping[int, Draft], models: Collection[str] = ()
) -> list[Vote]:
    """Return the votes between some drafts that were given to them as they read now.

    Args:
        models: Names of those models whose votes count.
    """
    votes = votes_on_words(records, drafts, records.votes.between(drafts))
    return [vote for vote in votes if not is_model(vote.voter) or vote.voter in models]


def votes_on_words(
    records: Records, drafts: Mapping[int, Draft], votes: Iterable[Vote]
) -> list[Vote]:
    """Return those votes between some drafts that were given to them as they read now."""
    since = {
        id: worded
        for id, draft in drafts.items()
        if draft.version > 1 and (worded := _worded_at(records, draft))
    }
    return [
        vote
        for vote in votes
        if all(
            id not in since or vote.created_at is None or vote.created_at >= since[id]
            for id in (vote.first, vote.second)
        )
    ]


def _worded_at(records: Records, draft: Draft) -> datetime | None:
    """Return when a draft was given its words of today; None if it always had them."""
    found = None
    history = records.drafts.history(kept_id(draft))
    for edit in reversed(history):
        if edit.text != draft.line.text:
            return found
        found = edit.created_at
    return None


def _ends(vote: Vote) -> frozenset[int]:
    return frozenset((vote.first, vote.second))
