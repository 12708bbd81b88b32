"""One row while it is written: which token it takes next, and how it ends.

Nothing here depends on what else is being written: a row that is written again, alone or among
others, comes out the same but for rounding.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from creative.engine.beginnings import Beginning
from creative.engine.constraints import Acceptor, Line, Verdict
from creative.engine.halves import Halves
from creative.engine.lines import Lines
from creative.engine.noise import key_of
from creative.engine.protocol import Ending, RowFinished
from creative.engine.sampling import Ask, Choice, Scores
from creative.engine.spelling import Speller, Spelling
from creative.engine.tidying import tidy

_STEPS_BACK = 8  #: how often a row goes back before it is begun anew
_FAR_BACK = 4  #: tokens; a line that has to go further back was on no good way
_FORCED_STEPS_BACK = 64  #: how often, and how far, in the attempt that has to succeed
_LUKEWARM = 0.5  #: temperature from which a row that takes the likeliest token becomes bolder
_WAYS = 48  #: ways on that a row without a likely token looks at


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    """What a row was before a token."""

    line: Line
    spelling: Spelling
    logprob: float


class OpenRow:
    """A row that is being written; `logprob` is in nats over all its tokens.

    Attributes:
        number: Its place in the request.
        attempt: How often it was begun anew.
        ending: None while it is open.
        forgets: How many tokens it wants the model to forget before the next step.
    """

    def __init__(
        self,
        number: int,
        seed: int,
        *,
        beginning: Beginning,
        acceptor: Acceptor,
        halves: Halves,
        speller: Speller,
        choice: Choice,
        room: int,
        forced_at: int | None,
        taken: Callable[[], Lines],
    ) -> None:
        """Take a row's place, seed and prompt.

        Args:
            room: How many tokens it may have.
            forced_at: The attempt in which it may write what the model finds unlikely; None for
                never.
            taken: Makes the lines that were taken before the request began.
        """
        self.number = number
        self.beginning = beginning
        self.attempt = 0
        self._seed = seed
        self._acceptor = acceptor
        self._halves = halves
        self._speller = speller
        self._choice = choice
        self._room = room
        self._forced_at = forced_at
        self._barred: frozenset[int] = frozenset()  #: first tokens that led nowhere before
        self._repetitions = 0
        self._known = cache(taken)  #: with those that this row repeated
        self.begin()

    def begin(self) -> None:
        """Start, or start over with the same seed."""
        self.ending: Ending | None = None
        self.forgets = 0
        self._line = Line(self._acceptor)
        self._spelling = Spelling(self._speller)
        self._logprob = 0.0
        self._past: list[_State] = []
        self._refused = {0: set(self._barred)}  #: tokens that led nowhere, by position
        self._steps_back = 0
        self._may_begin_again = False
        self._furthest = 0  #: most tokens it had when it went back

    def redraw(self) -> None:
        """Start over with another seed, which follows from the row's own.

        Each repetition makes it bolder: a model that is sure of itself would write it again.
        """
        self.attempt += 1
        if self.ending is Ending.REPEATED:
            self._repetitions += 1
            self._known().add(self.text)
        self._barred = frozenset(self._refused.get(0, ()))
        self.begin()

    @property
    def last_token(self) -> int:
        return self._spelling.tokens[-1]

    @property
    def text(self) -> str:
        """The line as a reader sees it."""
        return tidy(self._line.shown)

    @property
    def ask(self) -> Ask:
        """What it wants of the next scores."""
        seed = key_of(self._seed, -self.attempt) if self.attempt else self._seed
        return Ask(choice=self._bold_choice, seed=seed, position=len(self._spelling.tokens))

    @property
    def _bold_choice(self) -> Choice:
        if not self._repetitions:
            return self._choice
        bolder = max(self._choice.temperature, _LUKEWARM) * (1 + self._repetitions)
        return replace(self._choice, temperature=bolder, top_p=1.0, min_p=0.0)

    def take(self, scores: Scores, at: int) -> None:
        """Write the next token, or end.

        Args:
            scores: Of a step.
            at: The place of this row in it.
        """
        self.forgets = 0
        if not (
            self._first_of(self._likely(scores, at), scores, at)
            or (self._may_be_forced and self._first_of(self._forced(scores, at), scores, at))
        ):
            self._go_back()
        elif self.ending is None and len(self._spelling.tokens) >= self._room:
            self.ending = Ending.TOO_LONG

    def _go_back(self) -> None:
        """Take back the token that led nowhere, or end where that is no way out.

        The token before it is read again, for its scores are gone; the first token has none.
        """
        position = max(0, len(self._past) - 1)
        while position and self._past[position].line.is_pending:
            position -= 1
        self._refused = {at: tokens for at, tokens in self._refused.items() if at <= position}
        if self._past:
            self._refused.setdefault(position, set()).add(self._spelling.tokens[position])
        self._steps_back += 1
        may_go_back = self._may_go_back(position)
        if not position or not may_go_back:
            self.ending = Ending.STUCK
            self._may_begin_again = may_go_back and bool(self._past)
            return
        state = self._past[position]
        self.forgets = len(self._past) - position + 1
        self._line, self._spelling, self._logprob = state.line, state.spelling, state.logprob
        del self._past[position:]

    def _may_go_back(self, position: int) -> bool:
        """Tell whether there are steps left to go back to a position."""
        self._furthest = max(self._furthest, len(self._past))
        if self._may_be_forced:
            return self._steps_back <= _FORCED_STEPS_BACK
        return self._steps_back <= _STEPS_BACK and self._furthest - position <= _FAR_BACK

    def begin_again(self) -> bool:
        """Begin again if the first token led nowhere and another one may, and tell whether it did.

        That is a step back like others; only its scores are those that the prompt foretells.
        """
        if not self._may_begin_again:
            return False
        refused, steps = self._refused, self._steps_back
        self.begin()
        self._refused, self._steps_back = refused, steps
        return True

    def finished(self, request_id: str) -> RowFinished:
        """Return the event that tells of this row."""
        return RowFinished(
            request_id=request_id,
            row=self.number,
            text=self.text,
            logprob=self._logprob,
            tokens=len(self._spelling.tokens),
            ending=self.ending or Ending.STUCK,
        )

    def _likely(self, scores: Scores, at: int) -> Iterable[int]:
        """Return what to try first: the likely tokens, or the few with which a line can go on."""
        leads = self._line.leads
        if leads is None:
            return scores.likely(at)
        begun = {token for lead in leads for token in self._speller.beginning(lead)}
        return scores.ordered(at, [*self._speller.endings, *sorted(begun)])

    def _forced(self, scores: Scores, at: int) -> Iterator[int]:
        """Yield what may be tried when no likely token is allowed: likelier ones first."""
        yield from (each for each in scores.wider(at) if each not in self._speller.endings)
        for way in islice(self._line.ways_on(), _WAYS):
            yield from scores.ordered(at, self._speller.beginning(way))
        if self._line.is_whole:  # a model that is forced knows no better than to end inside a word
            yield from self._speller.endings
        if self._has_room():
            everything = scores.everything(at)
            yield from (each for each in everything if each not in self._speller.endings)

    def _has_room(self) -> bool:
        """Tell whether a letter or a word could still follow, so that a long search may pay."""
        if self._line.is_pending:
            return True
        longer = (self._line.text + more for more in ("e", " a"))
        return any(self._line.judge(text) is not Verdict.REFUSED for text in longer)

    @property
    def _may_be_forced(self) -> bool:
        """Whether it may write what the model finds unlikely: only when all else has failed."""
        return self._forced_at is not None and self.attempt >= self._forced_at

    def _first_of(self, tokens: Iterable[int], scores: Scores, at: int) -> bool:
        """Take the first token that is allowed, and tell whether there was one."""
        refused = self._refused.get(len(self._spelling.tokens), ())
        for token in tokens:
            if token in refused:
                continue
            if token in self._speller.endings:
                is_taken = self._close(token)
            else:
                is_taken = self._speller.is_text(token) and self._write(token)
            if is_taken:
                self._logprob += scores.logprob(at, token)
                return True
        return False

    def _may_become_whole(self, token: int, verdict: Verdict) -> bool:
        """Tell whether a half character that a token leaves can become one that is allowed."""
        if verdict is not Verdict.PENDING:
            return True
        half = self._spelling.half(token)
        if not half:
            return half is not None
        shown = self._line.shown
        return self._halves.may_become(
            half, lambda letter: self._line.judge(shown + letter) is not Verdict.REFUSED
        )

    def _remember(self) -> None:
        """Keep the state before a token, to come back to."""
        self._past.append(
            _State(line=copy(self._line), spelling=self._spelling.copied(), logprob=self._logprob)
        )

    def _close(self, token: int) -> bool:
        """End the line if it may end here, and tell whether it did."""
        if not self._line.may_end() or self._surely_repeats(self._line.shown):
            return False
        self._spelling.tokens.append(token)
        self.ending = Ending.COMPLETE
        return True

    def _surely_repeats(self, text: str) -> bool:
        """Tell whether the attempt that has to succeed would end as a line that is known to fail.

        Only what is known of this row alone counts, so that it comes out the same among others.
        """
        return self._may_be_forced and self._known().repeats(tidy(text))

    def _write(self, token: int) -> bool:
        """Write a token if it is allowed, and tell whether it was."""
        guess = self._spelling.with_next(token)
        if guess == self._line.text and self._spelling.tokens:
            return False
        verdict = self._line.judge(guess)
        if verdict is Verdict.REFUSED:
            return False
        text = self._spelling.confirmed(token)
        if text != guess:
            verdict = self._line.judge(text)
        if verdict is Verdict.REFUSED or not self._may_become_whole(token, verdict):
            return False
        if verdict is Verdict.ENDED and self._surely_repeats(text):
            return False
        self._remember()
        self._line.write(text, verdict)
        self._spelling.take(token, text, is_pending=verdict is Verdict.PENDING)
        if verdict is Verdict.ENDED:
            self.ending = Ending.COMPLETE
        return True
