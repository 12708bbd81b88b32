"""Which drafts to look at first: by what they may earn, how they fit and how new they are."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path

from creative.domain import Draft, DraftState, kept_id
from creative.engine.catalog import resolve
from creative.errors import ModelNotUsable
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.ranking.fit import fit
from creative.ranking.order import Prospect, best_first
from creative.studio.foretelling import Foretelling
from creative.studio.track_records import TrackRecords

_Place = tuple[int, str]  #: brief and field


class Prospects:
    """Puts drafts in order; the prediction has the say that it has earned here."""

    def __init__(
        self, store: Store, models: Path, foretelling: Foretelling, track_records: TrackRecords
    ) -> None:
        """Take a library, the folder of models, and what is foretold with its record."""
        self._store = store
        self._models = models
        self._foretelling = foretelling
        self._track_records = track_records

    def weight(self) -> float:
        """Return how much the prediction counts, 0 to 1."""
        return self._track_records.of(self._track_records.metric).weight

    def best_first(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return drafts in the order in which to look at them.

        Lines that were approved and are not among them are in use: what they say is not new.
        """
        weight = self.weight()
        rates = self._rates(drafts) if weight else {}
        with self._store.transaction() as records:
            fits = self._fits(records, drafts)
            above = _in_use(records, drafts)
        prospects = [
            Prospect(
                text=draft.line.text,
                group=_place(draft),
                fit=fits[kept_id(draft)],
                rate=rates.get(kept_id(draft), 1.0),
            )
            for draft in drafts
        ]
        return [drafts[at] for at in best_first(prospects, weight, above)]

    def _rates(self, drafts: Sequence[Draft]) -> dict[int, float]:
        """Return expected rates by draft id, relative to the drafts of the same place."""
        metric = self._track_records.metric
        places: dict[_Place, list[Draft]] = defaultdict(list)
        for draft in drafts:
            places[_place(draft)].append(draft)
        return {
            kept_id(draft): float(rate)
            for own in places.values()
            for draft, rate in zip(
                own,
                self._foretelling.relative_rates([draft.line.text for draft in own], metric),
                strict=True,
            )
        }

    def _fits(self, records: Records, drafts: Sequence[Draft]) -> dict[int, float]:
        """Return by draft id the chance that a reader lets it run."""
        briefs = {id: records.briefs.get(id) for id in {draft.brief_id for draft in drafts}}
        runs = {draft.run_id for draft in drafts if draft.run_id is not None}
        models = {id: records.runs.get(id).model for id in runs}
        quoting = {model: self._is_quoting(model) for model in set(models.values())}
        return {
            kept_id(draft): fit(
                draft.line,
                briefs[draft.brief_id],
                quoting=draft.run_id is not None and quoting[models[draft.run_id]],
                stars=draft.stars,
            )
            for draft in drafts
        }

    def _is_quoting(self, model: str) -> bool:
        """Tell whether a model is held to the words of its brief; one that is gone is not."""
        try:
            return resolve(model, self._models).profile.grounded
        except ModelNotUsable:
            return False


def _in_use(records: Records, drafts: Sequence[Draft]) -> dict[Hashable, list[str]]:
    """Return approved lines that are not among these, by place."""
    found: dict[Hashable, list[str]] = defaultdict(list)
    ids = {draft.id for draft in drafts}
    for brief_id in {draft.brief_id for draft in drafts}:
        wish = DraftFilter(brief_id=brief_id, states=(DraftState.APPROVED,), limit=NO_LIMIT)
        for draft in records.drafts.find(wish):
            if draft.id not in ids:
                found[_place(draft)].append(draft.line.text)
    return found


def _place(draft: Draft) -> _Place:
    return draft.brief_id, draft.line.field
