"""What the library knows of what is preferred: votes, stars, edits and results, as pairs.

A pair is of one brief and field, and of words as they stood when they were judged.  Whichever of
the two was asked for, the better one is preferred: a pair from two angles is one for either prompt,
since else a model would learn only what to say when it is asked for the winner's angle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from creative.channels import channel
from creative.domain import Angle, Brief, Draft, DraftState, kept_id
from creative.drafting.prompting import messages_for
from creative.engine.protocol import Message
from creative.export.files import ExportFile
from creative.export.preferences import Approved, Preference, lines_file, pairs_file
from creative.ports import NO_LIMIT, DraftFilter, Records, Store
from creative.studio.brought import BroughtFiles
from creative.studio.drafting import template_for
from creative.studio.experiments import Experiments
from creative.studio.models import Models
from creative.studio.voting import votes_that_count
from creative.templates import Templates
from creative.trials import Choice, ExperimentState

_APART = 2.0  #: stars between two lines from which one is preferred
_PARTNERS = 3  #: worse lines that a line is paired with by stars
_OPEN = (ExperimentState.DRAFT, ExperimentState.ARCHIVED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How much there is to learn from.

    Attributes:
        own: Pairs of this library by what says which line is better.
        approved: Approved lines of this library.
        pairs, lines: That were brought from elsewhere.
    """

    own: Mapping[str, int]
    approved: int
    pairs: int
    lines: int

    @property
    def all_pairs(self) -> int:
        return sum(self.own.values()) + self.pairs


class Preferences:
    """What people and results prefer.

    `brought` are the files of preferences from elsewhere.
    """

    def __init__(
        self, store: Store, templates: Templates, models: Models, experiments: Experiments
    ) -> None:
        self._store = store
        self._templates = templates
        self._models = models
        self._experiments = experiments
        self.brought = BroughtFiles(models.settings.home)

    def counts(self) -> Counts:
        """Tell how much there is to learn from; takes as long as `pairs`."""
        brought = self.brought.all()
        with self._store.transaction() as records:
            approved = records.drafts.count(DraftFilter(states=(DraftState.APPROVED,)))
        return Counts(
            own=Counter(pair.source for pair in self.pairs()),
            approved=approved,
            pairs=sum(each.pairs for each in brought),
            lines=sum(each.lines for each in brought),
        )

    def to_learn_from(self) -> tuple[list[Preference], list[Approved]]:
        """Return pairs and good lines, of this library and from elsewhere.

        Raises:
            BriefError: If a file that was brought has been damaged since.
        """
        pairs, lines = self.brought.pairs(), self.brought.lines()
        return [*self.pairs(), *pairs], [*self.approved(), *lines]

    def pairs(self) -> list[Preference]:
        """Return every pair of this library, of all briefs."""
        results = dict(self._by_results())
        found: list[Preference] = []
        with self._store.transaction() as records:
            for brief in records.briefs.all():
                drafts = _drafts_of(records, brief)
                judged = [
                    *_by_votes(records, drafts),
                    *_by_stars(drafts),
                    *_by_edits(records, drafts),
                    *results.get(kept_id(brief), ()),
                ]
                by_id = {kept_id(draft): draft for draft in drafts}
                for draft_id, chosen, rejected, source in judged:
                    if draft_id in by_id and chosen != rejected:
                        found.append(
                            Preference(
                                prompt=self._prompt(brief, by_id[draft_id]),
                                chosen=chosen,
                                rejected=rejected,
                                source=source,
                                brief=kept_id(brief),
                            )
                        )
        return list(dict.fromkeys(found))

    def approved(self) -> list[Approved]:
        """Return every approved line, of all briefs."""
        with self._store.transaction() as records:
            return [
                Approved(
                    prompt=self._prompt(brief, draft),
                    text=draft.line.text,
                    source="approved",
                    brief=kept_id(brief),
                )
                for brief in records.briefs.all()
                for draft in _drafts_of(records, brief)
                if draft.state is DraftState.APPROVED
            ]

    def pairs_file(self) -> ExportFile:
        """Make a file of all pairs, for direct preference optimisation."""
        return pairs_file(self.pairs())

    def approved_file(self) -> ExportFile:
        """Make a file of all approved lines, for supervised tuning."""
        return lines_file(self.approved())

    def _prompt(self, brief: Brief, draft: Draft) -> tuple[Message, ...]:
        """Return what asks for a line, as the drafter would."""
        place, field = channel(brief.channel), draft.line.field
        return messages_for(
            self._templates,
            template_for(self._templates, place, field, None),
            brief,
            limit=draft.line.limit or draft.line.width,
            angle=Angle(draft.line.angle) if draft.line.angle else Angle.BENEFIT,
            is_typed=self._models.choice.profile.is_typed,
        )

    def _by_results(self) -> Iterator[tuple[int, list["_Judged"]]]:
        """Yield by brief what real tests are sure of: a line better or worse than the control."""
        found: dict[int, list[_Judged]] = defaultdict(list)
        for test in self._experiments.all():
            if test.is_simulated or test.state in _OPEN:
                continue
            verdict = self._experiments.standing(kept_id(test)).verdict
            control = test.arms[test.control]
            for arm, figures in zip(test.arms, verdict.arms, strict=True):
                if arm.draft_id is None or verdict.split.is_broken:
                    continue
                if figures.is_better:
                    found[test.brief_id].append((arm.draft_id, arm.text, control.text, "result"))
                elif figures.is_worse:
                    found[test.brief_id].append((arm.draft_id, control.text, arm.text, "result"))
        yield from found.items()


#: The draft that the prompt is for, the better words, the worse ones, and what says so.
_Judged = tuple[int, str, str, str]


def _drafts_of(records: Records, brief: Brief) -> list[Draft]:
    return records.drafts.find(DraftFilter(brief_id=brief.id, order="oldest", limit=NO_LIMIT))


def _by_votes(records: Records, drafts: Sequence[Draft]) -> Iterator[_Judged]:
    by_id = {kept_id(draft): draft for draft in drafts}
    for vote in votes_that_count(records, by_id):
        if vote.choice.is_tie:
            continue
        ends = (vote.first, vote.second)
        better, worse = ends if vote.choice is Choice.FIRST else ends[::-1]
        for asked in ends:
            yield asked, by_id[better].line.text, by_id[worse].line.text, "vote"


def _by_stars(drafts: Sequence[Draft]) -> Iterator[_Judged]:
    """Pair each line with some of its field that have clearly fewer stars, the nearest first."""
    rated: dict[str, list[tuple[float, Draft]]] = defaultdict(list)
    for draft in drafts:
        if draft.stars is not None:
            rated[draft.line.field].append((draft.stars, draft))
    for lines in rated.values():
        for stars, draft in lines:
            worse = [other for fewer, other in lines if stars - fewer >= _APART]
            worse.sort(key=lambda other: -(other.stars or 0.0))
            for other in worse[:_PARTNERS]:
                for asked in (draft, other):
                    yield kept_id(asked), draft.line.text, other.line.text, "stars"


def _by_edits(records: Records, drafts: Sequence[Draft]) -> Iterator[_Judged]:
    """Prefer the words that a person put in place of the model's, once they were approved."""
    for draft in drafts:
        if draft.run_id is None or draft.version == 1 or draft.state is not DraftState.APPROVED:
            continue
        first = records.drafts.history(kept_id(draft))[0]
        yield kept_id(draft), draft.line.text, first.text, "edit"
