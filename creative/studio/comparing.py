"""Two writers compared blind: both draft for the same briefs, and people vote on pairs of lines.

A pair has one line of each writer, for the same brief, field and, where it can be, angle.  Drafts
of a comparison are archived at once, so that nobody has to review them; which stands on which side,
and which was kept first, is drawn by lot.  Votes are in the library, as all votes are.
"""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from creative.channels import Field, channel
from creative.domain import Brief, Draft, DraftState, Line, Run, RunState, Sampling, kept_id
from creative.drafting.drafter import Drafter
from creative.drafting.job import Job, Shortfall, Stop
from creative.errors import StudioError
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.studio.comparison_ledger import Ledger, Pairing
from creative.studio.contest import Contest, contest
from creative.studio.drafting import template_for
from creative.studio.models import Models
from creative.studio.voting import Pair, voter_name, votes_on_words
from creative.templates import Templates
from creative.trials import Vote

PAIRS = 40  #: lines that either writer drafts, when nobody says
MOST_PAIRS = 200
_BRIEFS = 10  #: the newest ones, that are drafted for
_SPARE = 1.2  #: lines drafted for each that is wanted, since some find no partner
_UNEXPECTED = "Drafting for the comparison ended unexpectedly; nothing of it was kept. Start again."
_CLOSE_S = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparing:
    """How far a comparison is with drafting, or how the last one ended.

    Attributes:
        adapter: Model id of the adapter.
        wanted: Lines of both writers together.
        message: Why nothing came of it; empty if all is well.
    """

    adapter: str
    done: int
    wanted: int
    is_active: bool = True
    position: int = 0
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Pairs wanted for one brief and field, and lines to draft for them."""

    brief: Brief
    field: Field
    pairs: int
    count: int
    taken: tuple[str, ...]


class Comparisons:
    """Comparisons of adapters with the model that they change; one is drafted at a time."""

    def __init__(self, store: Store, templates: Templates, models: Models) -> None:
        self._store = store
        self._templates = templates
        self._models = models
        self._ledger = Ledger(models.settings.home)
        self._lock = threading.Lock()
        self._progress: Comparing | None = None
        self._stop = Stop()
        self._thread: threading.Thread | None = None

    def start(self, adapter: str, base: str, pairs: int = PAIRS, *, user: str = "") -> Comparing:
        """Draft lines of both writers for the newest briefs; returns at once.

        Pairs of an earlier comparison of the same two stay and count on.

        Args:
            adapter: Model id of its folder.
            base: Model id.
            pairs: About how many are wanted.
            user: Who asks, by any name; several users share the engine fairly.

        Raises:
            StudioError: If there is no brief to draft for, or another comparison is being drafted.
        """
        with self._lock:
            if self._progress is not None and self._progress.is_active:
                raise StudioError("A comparison is being drafted now. Wait until it has ended.")
            places = self._places(min(max(pairs, 1), MOST_PAIRS))
            wanted = 2 * sum(place.count for place in places)
            self._progress = Comparing(adapter=adapter, done=0, wanted=wanted)
            self._stop = Stop()
            self._thread = threading.Thread(
                target=self._run,
                args=(adapter, base, places, self._stop, user),
                name="comparison",
                daemon=True,
            )
            self._thread.start()
            return self._progress

    def progress(self) -> Comparing | None:
        """Return how far drafting is, or how it ended last; None before the first."""
        with self._lock:
            now = self._progress
            return None if now is None else replace(now, position=self._stop.position)

    def stop(self) -> None:
        """End drafting; nothing of it is kept."""
        with self._lock:
            self._stop.now()

    def wait(self, timeout_s: float | None = None) -> None:
        """Block until drafting has ended."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def close(self) -> None:
        """End drafting."""
        self.stop()
        self.wait(_CLOSE_S)

    def contest(self, adapter: str) -> Contest:
        """Return how an adapter does against its base, by the votes so far."""
        known = self._ledger.of(adapter)
        with self._store.transaction() as records:
            drafts = known.drafts(records, adapter)
            return contest(known.standing(drafts), _votes(records, drafts), known.same)

    def open_for(self, voter: str) -> dict[str, int]:
        """Return how many pairs this voter has not judged yet, by adapter that has any."""
        found = {adapter: self._left(adapter, voter)[1] for adapter in self._ledger.adapters()}
        return {adapter: len(left) for adapter, left in found.items() if left}

    def next_pair(self, adapter: str, voter: str) -> Pair | None:
        """Return two drafts to choose from: those that fewest people judged, sides by lot.

        Returns:
            None once the voter has judged every pair.
        """
        drafts, left = self._left(adapter, voter)
        if not left:
            return None
        fewest = min(left.values())
        open_pairs = sorted(pair for pair, count in left.items() if count == fewest)
        lot = random.Random(f"{adapter}/{voter}/{len(left)}")
        first, second = lot.choice(open_pairs)
        if lot.random() < 0.5:
            first, second = second, first
        return Pair(first=drafts[first], second=drafts[second])

    def _left(
        self, adapter: str, voter: str
    ) -> tuple[dict[int, Draft], dict[tuple[int, int], int]]:
        """Return drafts by id, and the pairs new to a voter with the votes that others gave."""
        known = self._ledger.of(adapter)
        with self._store.transaction() as records:
            drafts = known.drafts(records, adapter)
            votes = _votes(records, drafts)
        given = Counter(frozenset((vote.first, vote.second)) for vote in votes)
        name = voter_name(voter)
        own = {frozenset((vote.first, vote.second)) for vote in votes if vote.voter == name}
        pairs = known.standing(drafts)
        return drafts, {p: given[frozenset(p)] for p in pairs if frozenset(p) not in own}

    def _places(self, pairs: int) -> list[_Place]:
        """Spread the wanted pairs over the fields of the newest briefs."""
        with self._store.transaction() as records:
            briefs = records.briefs.all()[:_BRIEFS]
            fields = [(brief, field) for brief in briefs for field in _fields(brief)]
            if not fields:
                raise StudioError("There is no brief to draft for yet. Write one first.")
            share, more = divmod(pairs, len(fields))
            counts = [share + (at < more) for at in range(len(fields))]
            return [
                _Place(
                    brief=brief,
                    field=field,
                    pairs=count,
                    count=round(_SPARE * count),
                    taken=_taken(records, brief, field),
                )
                for (brief, field), count in zip(fields, counts, strict=True)
                if count
            ]

    def _run(
        self, adapter: str, base: str, places: Sequence[_Place], stop: Stop, user: str
    ) -> None:
        """Draft, pair and keep; the only place where a failure of it is caught."""
        message = _UNEXPECTED
        try:
            seed = random.randrange(2**31)
            ours = self._drafted(adapter, places, seed, stop, user)
            theirs = self._drafted(base, places, seed, stop, user)
            message = (
                "" if stop.is_wanted else self._keep(adapter, base, places, seed, ours, theirs)
            )
        except StudioError as error:
            message = str(error)
        finally:  # whatever happened, no comparison stays active without a thread
            with self._lock:
                assert self._progress is not None
                self._progress = replace(self._progress, is_active=False, message=message)

    def _drafted(
        self, model: str, places: Sequence[_Place], seed: int, stop: Stop, user: str
    ) -> list[list[Line]]:
        """Return the lines of one writer by place; both get the same seeds and the same bounds."""
        found: list[list[Line]] = []
        with self._models.borrowed(model) as (choice, engine):
            drafter = Drafter(engine, self._templates, choice.profile)
            for place in places:
                lines = []
                for item in drafter.draft(self._job(place, seed, user), stop):
                    if not isinstance(item, Shortfall):
                        lines.append(item)
                        with self._lock:
                            assert self._progress is not None
                            now = self._progress
                            self._progress = replace(now, done=now.done + 1)
                found.append(lines)
        return found

    def _job(self, place: _Place, seed: int, user: str) -> Job:
        where = channel(place.brief.channel)
        return Job(
            brief=place.brief,
            channel=where,
            field=place.field,
            count=place.count,
            seed=seed,
            template=template_for(self._templates, where, place.field.id, None),
            taken=place.taken,
            user=user,
        )

    def _keep(
        self,
        adapter: str,
        base: str,
        places: Sequence[_Place],
        seed: int,
        ours: Sequence[Sequence[Line]],
        theirs: Sequence[Sequence[Line]],
    ) -> str:
        """Keep drafts and pairs; returns what went wrong, empty if there is a pair."""
        pairs: list[tuple[int, int]] = []
        same = 0
        lot = random.Random(seed)
        with self._store.transaction() as records:
            for place, own, other in zip(places, ours, theirs, strict=True):
                matched = _matched(own, other)[: place.pairs]
                unlike = [pair for pair in matched if pair[0].text != pair[1].text]
                same += len(matched) - len(unlike)
                if unlike:
                    runs = [self._run_of(records, place, model, len(unlike), seed)
                            for model in (adapter, base)]  # fmt: skip
                    pairs += [_kept_pair(records, place, runs, pair, lot) for pair in unlike]
        if not pairs and not same:
            return "Neither writer wrote lines that could be paired. Give the briefs more to say."
        self._ledger.add(adapter, Pairing(base=base, pairs=tuple(pairs), same=same))
        return ""

    def _run_of(self, records: Records, place: _Place, model: str, count: int, seed: int) -> int:
        where = channel(place.brief.channel)
        template = template_for(self._templates, where, place.field.id, None)
        run = records.runs.add(
            Run(
                brief_id=kept_id(place.brief),
                wanted={place.field.id: count},
                templates={place.field.id: template.reference},
                model=model,
                sampling=Sampling(),
                seed=seed,
            )
        )
        records.runs.set_state(kept_id(run), RunState.DONE)
        return kept_id(run)


def _fields(brief: Brief) -> list[Field]:
    """Return the fields that a comparison drafts: those that an ad needs, else the first."""
    place = channel(brief.channel)
    return [field for field in place.drafted if field.required] or list(place.drafted[:1])


def _taken(records: Records, brief: Brief, field: Field) -> tuple[str, ...]:
    wish = DraftFilter(brief_id=brief.id, field=field.id, limit=NO_LIMIT)
    return tuple(draft.line.text for draft in records.drafts.find(wish))


def _matched(ours: Sequence[Line], theirs: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Pair lines of one angle, then the rest as they come."""
    by_angle: dict[str, list[Line]] = defaultdict(list)
    for line in theirs:
        by_angle[line.angle].append(line)
    found, rest = [], []
    for line in ours:
        if partners := by_angle[line.angle]:
            found.append((line, partners.pop(0)))
        else:
            rest.append(line)
    left = [line for lines in by_angle.values() for line in lines]
    return [*found, *zip(rest, left, strict=False)]


def _kept_pair(
    records: Records,
    place: _Place,
    runs: Sequence[int],
    pair: tuple[Line, Line],
    lot: random.Random,
) -> tuple[int, int]:
    """Keep both lines in an order drawn by lot, archived, and return their ids."""
    order = [0, 1] if lot.random() < 0.5 else [1, 0]
    ids = {
        at: kept_id(records.drafts.add(kept_id(place.brief), runs[at], pair[at])) for at in order
    }
    records.drafts.set_state(ids.values(), DraftState.ARCHIVED)
    return ids[0], ids[1]


def _votes(records: Records, drafts: dict[int, Draft]) -> list[Vote]:
    return votes_on_words(records, drafts, records.votes.between(drafts))
