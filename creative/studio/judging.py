"""A language model as one more voter: an option that has to be earned.

The model judges the pairs that people have judged.  Its votes are kept under a name of its own and
count only while somebody has switched them on for this library, and while they agree with people as
well as people do with one another (`creative.judging.trust`): that is looked at anew every time.
The switch is kept in the home folder, by model; another model has to earn it again.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from creative.channels import channel
from creative.domain import Brief, Draft, kept_id
from creative.drafting.job import Stop
from creative.drafting.model_judge import ModelJudge, obstacle
from creative.engine.protocol import EngineStatus
from creative.errors import StudioError
from creative.judging.trust import Trust, trust
from creative.judging.voters import is_model, model_voter
from creative.ports import Records, Store
from creative.studio.models import Models
from creative.studio.notes import read_note, write_note
from creative.studio.voting import votes_on_words
from creative.templates import Templates
from creative.trials import Choice, Vote

_UNEXPECTED = "Judging ended unexpectedly; the votes so far are kept. Start it again to go on."
_CLOSE_S = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a model is with the pairs of one go; `message` says why it ended early."""

    done: int = 0
    wanted: int
    votes: int = 0
    is_active: bool = True
    position: int = 0
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """The model in use as a judge.

    Attributes:
        name: Of the model, for people.
        obstacle: Why it cannot judge; empty when it can.
        left: Pairs that people have judged and the model was not asked about.
        without: Pairs on which it has no vote, as it said something else in the other order.
        is_on: Whether somebody switched its votes on.
    """

    name: str
    obstacle: str
    trust: Trust
    left: int
    without: int
    is_on: bool

    @property
    def counts(self) -> bool:
        """Whether its votes count."""
        return self.is_on and self.trust.doubt is None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """Pairs of one brief and field, in the words in which they are asked."""

    brief: Brief
    field: str
    pairs: Sequence[tuple[Draft, Draft]]


@dataclass(kw_only=True, slots=True)
class _Work:
    """A go in hand, or the last one."""

    progress: Progress
    stop: Stop = field(default_factory=Stop)
    thread: threading.Thread | None = None


class Judging:
    """What the model in use does with pairs of lines; one go at a time, in a thread of its own."""

    def __init__(self, store: Store, templates: Templates, models: Models) -> None:
        self._store = store
        self._templates = templates
        self._models = models
        self._lock = threading.Lock()
        self._work: _Work | None = None
        self._without: set[tuple[str, str, str]] = set()  #: voter and words, while Adlib runs

    def judge(self) -> Judge:
        """Tell how the model in use agrees with people, and whether its votes count."""
        choice = self._models.choice
        voter = model_voter(choice.id)
        with self._store.transaction() as records:
            drafts, votes = _judged(records)
        open_pairs = _open_pairs(votes, voter)
        without = sum(self._is_without(voter, drafts, pair) for pair in open_pairs)
        return Judge(
            name=choice.name,
            obstacle=obstacle(choice.profile),
            trust=trust(votes, voter),
            left=len(open_pairs) - without,
            without=without,
            is_on=voter in self._switched_on(),
        )

    def counted(self) -> frozenset[str]:
        """Return the names of those models whose votes count."""
        wanted = self._switched_on()
        if not wanted:
            return frozenset()
        with self._store.transaction() as records:
            _, votes = _judged(records)
        return frozenset(voter for voter in wanted if trust(votes, voter).doubt is None)

    def switch(self, is_on: bool) -> None:
        """Let the votes of the model in use count, or no more.

        Raises:
            StudioError: If the model has not earned it, or the switch cannot be kept.
        """
        judge, voter = self.judge(), model_voter(self._models.choice.id)
        if is_on and (judge.obstacle or judge.trust.doubt):
            raise StudioError(
                judge.obstacle
                or f"The votes of {judge.name} cannot count: {judge.trust.doubt}. Let it judge "
                "more pairs, or have more people vote."
            )
        wanted = self._switched_on()
        now = wanted | {voter} if is_on else wanted - {voter}
        write_note(_file(self._home), {"count": sorted(now)}, "The switch")

    def start(self, *, user: str = "") -> Progress:
        """Let the model judge the pairs that people have judged; returns at once.

        Args:
            user: Who asks, by any name; several users share the engine fairly.

        Raises:
            StudioError: If the model in use cannot judge.
        """
        if words := obstacle(self._models.choice.profile):
            raise StudioError(words)
        with self._lock:
            if self._work is not None and self._work.progress.is_active:
                return self._work.progress
            voter = model_voter(self._models.choice.id)
            sheets = self._sheets(voter)
            wanted = sum(len(sheet.pairs) for sheet in sheets)
            work = self._work = _Work(progress=Progress(wanted=wanted))
            work.thread = threading.Thread(
                target=self._run, args=(work, sheets, voter, user), name="judge", daemon=True
            )
            work.thread.start()
            return work.progress

    def stop(self) -> None:
        """End the go in hand; the votes so far are kept."""
        with self._lock:
            work = self._work
        if work is not None:
            work.stop.now()

    def progress(self) -> Progress | None:
        """Return how far the go in hand is, or how the last one ended; None before the first."""
        with self._lock:
            work = self._work
            return None if work is None else replace(work.progress, position=work.stop.position)

    def engine(self) -> EngineStatus:
        """Tell what the engine does, such as loading the model."""
        return self._models.status()

    def wait(self, timeout_s: float | None = None) -> None:
        """Block until the go in hand has ended."""
        with self._lock:
            thread = None if self._work is None else self._work.thread
        if thread is not None:
            thread.join(timeout_s)

    def close(self) -> None:
        """Stop judging; what was judged is kept."""
        self.stop()
        self.wait(_CLOSE_S)

    def _run(self, work: _Work, sheets: Sequence[_Sheet], voter: str, user: str) -> None:
        """Judge every pair of some sheets; the only place where a failure of it is caught."""
        message = _UNEXPECTED
        try:
            choice, engine = self._models.in_use()
            if model_voter(choice.id) != voter:
                raise StudioError("Another model was chosen meanwhile. Start judging again.")
            judge = ModelJudge(engine, self._templates)
            for sheet in sheets:
                self._judge_sheet(work, sheet, judge, voter, user)
            message = ""
        except StudioError as error:
            message = str(error)
        finally:  # whatever happened, no go stays active without a thread
            with self._lock:
                work.progress = replace(work.progress, is_active=False, message=message)

    def _judge_sheet(
        self, work: _Work, sheet: _Sheet, judge: ModelJudge, voter: str, user: str
    ) -> None:
        texts = [(one.line.text, other.line.text) for one, other in sheet.pairs]
        for judged in judge.judge(sheet.brief, sheet.field, texts, user=user, stop=work.stop):
            one, other = sheet.pairs[judged.pair]
            is_kept = judged.choice is not None and self._keep(one, other, judged.choice, voter)
            with self._lock:
                if judged.choice is None:
                    self._without.add((voter, *texts[judged.pair]))
                now = work.progress
                work.progress = replace(now, done=now.done + 1, votes=now.votes + is_kept)

    def _keep(self, one: Draft, other: Draft, choice: Choice, voter: str) -> bool:
        """Keep a vote on words that still stand, and tell whether they do."""
        ids = kept_id(one), kept_id(other)
        with self._store.transaction() as records:
            now = [records.drafts.get(id).line.text for id in ids]
            if now != [one.line.text, other.line.text]:
                return False
            records.votes.add(Vote(first=ids[0], second=ids[1], choice=choice, voter=voter))
            return True

    def _sheets(self, voter: str) -> list[_Sheet]:
        """Return the pairs to ask about, by brief and field."""
        by_field: dict[tuple[int, str], list[tuple[Draft, Draft]]] = defaultdict(list)
        with self._store.transaction() as records:
            drafts, votes = _judged(records)
            for pair in _open_pairs(votes, voter):
                if not self._is_without(voter, drafts, pair):
                    one, other = (drafts[id] for id in pair)
                    by_field[one.brief_id, one.line.field].append((one, other))
            sheets = []
            for (brief_id, id), pairs in by_field.items():
                brief = records.briefs.get(brief_id)
                sheets.append(_Sheet(brief=brief, field=_field_name(brief, id), pairs=pairs))
            return sheets

    def _is_without(self, voter: str, drafts: Mapping[int, Draft], pair: tuple[int, int]) -> bool:
        one, other = (drafts[id].line.text for id in pair)
        return (voter, one, other) in self._without

    @property
    def _home(self) -> Path:
        return self._models.settings.home

    def _switched_on(self) -> frozenset[str]:
        return frozenset(_kept(self._home))


def _judged(records: Records) -> tuple[dict[int, Draft], list[Vote]]:
    """Return the votes on words that still stand, and the drafts they are about, by id."""
    votes = records.votes.all()
    ids = {id for vote in votes for id in (vote.first, vote.second)}
    drafts = {id: records.drafts.get(id) for id in sorted(ids)}
    return drafts, votes_on_words(records, drafts, votes)


def _open_pairs(votes: Iterable[Vote], voter: str) -> list[tuple[int, int]]:
    """Return the pairs that people have judged and a model has not, lower ids first."""
    by_people, by_model = set(), set()
    for vote in votes:
        pair = min(vote.first, vote.second), max(vote.first, vote.second)
        if vote.voter == voter:
            by_model.add(pair)
        elif not is_model(vote.voter):
            by_people.add(pair)
    return sorted(by_people - by_model)


def _field_name(brief: Brief, id: str) -> str:
    """Return the name of a field; its id where the brief has another channel by now."""
    names = {each.id: each.name for each in channel(brief.channel).fields}
    return names.get(id, id)


def _kept(home: Path) -> Iterator[str]:
    names = read_note(_file(home)).get("count")
    yield from (name for name in names or () if isinstance(name, str) and is_model(name))


def _file(home: Path) -> Path:
    return home / "judges.json"
