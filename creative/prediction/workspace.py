"""What a workspace's own results add to what the predictor knows of lines in general.

A line's log-odds of a click are a level of its test, a slope times its score, a deviation that
likens it to lines the workspace has tried, a residue of its own, and the noise of counts.
Everything is Gaussian, so the update is one closed form and takes milliseconds.  The doubts were
measured on tests of one publisher: they are where to start from, and the track record says whether
they hold.  Knows neither texts nor storage: arrays in, arrays out.

Sources: Rasmussen & Williams 2006, section 2.7 (linear Gaussian models with a kernel); Haldane 1956
and Anscombe 1956 (log-odds with half a count added).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from scipy.special import ndtr

from creative.prediction.grams import Counts, Floats

Features = Floats | sparse.csr_array

LATEST = 2_000  #: arms that are learnt from; the latest ones, so that an update stays quick
_LEVEL = 25.0  #: variance of a test's level of log-odds: nothing is known of it
NOBODY = -1  #: segment of a line for nobody in particular


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """How sure the prior is, in log-odds; a segment adds `share` of each variance for itself."""

    slope: float = 0.097  #: of log-odds on score that tests in general have
    slope_sd: float = 0.06
    deviations: tuple[float, ...] = (0.01, 0.003, 0.003)  #: variance of each block of features
    residue_sd: float = 0.2
    share: float = 0.25


CLICKS = Doubt()
#: What makes people click need not make them buy: no slope is foretold until results show one.
CONVERSIONS = Doubt(slope=0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """Lines as the update sees them.

    `scores` [lines]; `blocks`: features [lines, ...] of each kind, rows of about length 1, as many
    kinds as the doubt has deviations; `segment` [lines], NOBODY for none.
    """

    scores: Floats
    blocks: tuple[Features, ...]
    segment: Counts

    def __len__(self) -> int:
        return len(self.scores)

    def at(self, rows: Counts) -> "Lines":
        """Return some of the lines."""
        return Lines(
            scores=self.scores[rows],
            blocks=tuple(block[rows] for block in self.blocks),
            segment=self.segment[rows],
        )

    def joined(self, others: "Lines") -> "Lines":
        """Return these lines and then others."""
        return Lines(
            scores=np.concatenate([self.scores, others.scores]),
            blocks=tuple(map(_stacked, self.blocks, others.blocks)),
            segment=np.concatenate([self.segment, others.segment]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """Arms of ended tests: how often shown and how often counted [arms], and the test of each."""

    lines: Lines
    test: Counts
    shown: Floats
    counted: Floats

    @property
    def tests(self) -> int:
        return len(np.unique(self.test))


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What is expected of lines [lines], and how sure: of differences, not of levels."""

    mean: Floats  #: log-odds of a click, up to a constant
    covariance: Floats  #: [lines, lines], residues included

    def chances(self) -> Floats:
        """Return P(row line beats column line) in the long run, [lines, lines], 1/2 for itself."""
        variance = np.diag(self.covariance)
        width = np.maximum(variance[:, None] + variance[None] - 2 * self.covariance, 1e-12)
        gap = self.mean[:, None] - self.mean[None]
        ahead = ndtr(np.abs(gap) / np.sqrt(width))
        return np.asarray(np.where(gap >= 0, ahead, 1 - ahead))


@dataclass(frozen=True, kw_only=True, slots=True)
class Learnt:
    """The posterior of a workspace; `outlook` asks it about lines."""

    doubt: Doubt
    results: Results | None
    pull: Floats  #: inverse covariance times surprise [arms]
    factor: Floats  #: lower Cholesky factor of the arms' covariance [arms, arms]

    def outlook(self, lines: Lines) -> Outlook:
        """Return what to expect of lines."""
        own = _kernel(lines, lines, self.doubt) + self.doubt.residue_sd**2 * np.eye(len(lines))
        if self.results is None:
            return Outlook(mean=self.means(lines), covariance=own)
        across = _kernel(lines, self.results.lines, self.doubt)
        known = cho_solve((self.factor, True), across.T)
        return Outlook(mean=self._means(lines, across), covariance=own - across @ known)

    def means(self, lines: Lines) -> Floats:
        """Return the mean of `outlook` alone [lines], which takes far less time."""
        if self.results is None:
            return self.doubt.slope * lines.scores
        return self._means(lines, _kernel(lines, self.results.lines, self.doubt))

    def _means(self, lines: Lines, across: Floats) -> Floats:
        return np.asarray(self.doubt.slope * lines.scores + across @ self.pull)

    def slope_in(self, segment: int) -> tuple[float, float]:
        """Return slope and its standard deviation: how far scores hold for a segment.

        Args:
            segment: NOBODY for the whole workspace.
        """
        own = self.doubt.share * (segment != NOBODY)
        variance = self.doubt.slope_sd**2
        if self.results is None:
            return self.doubt.slope, float(np.sqrt(variance * (1 + own)))
        lines = self.results.lines
        across = variance * (1 + own * (lines.segment == segment)) * lines.scores
        known = float(across @ cho_solve((self.factor, True), across))
        mean = self.doubt.slope + float(across @ self.pull)
        return mean, float(np.sqrt(max(variance * (1 + own) - known, 0.0)))


def learnt(results: Results | None, doubt: Doubt = CLICKS) -> Learnt:
    """Return what own results teach; without any, the prior.

    Args:
        results: Arms of tests; those with two arms or more teach, only the latest 2,000 are read.
        doubt: CLICKS or CONVERSIONS, or one's own.
    """
    useful = None if results is None else _useful(results)
    if useful is None:
        return Learnt(doubt=doubt, results=None, pull=np.zeros(0), factor=np.zeros((0, 0)))
    came = np.log((useful.counted + 0.5) / (useful.shown - useful.counted + 0.5))
    noise = 1 / (useful.counted + 0.5) + 1 / (useful.shown - useful.counted + 0.5)
    same = (useful.test[:, None] == useful.test[None]).astype(float)
    covariance = _kernel(useful.lines, useful.lines, doubt) + _LEVEL * same
    covariance[np.diag_indices_from(covariance)] += doubt.residue_sd**2 + noise
    factor, _ = cho_factor(covariance, lower=True)
    surprise = came - doubt.slope * useful.lines.scores
    level = np.array([surprise[useful.test == test].mean() for test in useful.test])
    pull = cho_solve((factor, True), surprise - level)
    return Learnt(doubt=doubt, results=useful, pull=pull, factor=np.tril(factor))


def relative_rates(means: Floats) -> Floats:
    """Return rates [lines] relative to their mean, from log-odds [lines]."""
    rates = np.exp(means - means.mean())
    return np.asarray(rates / rates.mean())


def shrunk_uplifts(model: Learnt) -> Floats:
    """Return log-odds [arms] of the learnt arms over the mean of their test, shrunk by all else."""
    if model.results is None:
        return np.zeros(0)
    lines, test = model.results.lines, model.results.test
    mean = model.outlook(lines).mean + model.doubt.residue_sd**2 * model.pull
    level = np.bincount(test, mean) / np.maximum(np.bincount(test), 1)
    return np.asarray(mean - level[test])


def no_segment(count: int) -> Counts:
    """Return the segments [count] of lines for nobody in particular."""
    return np.full(count, NOBODY)


def _stacked(first: Features, second: Features) -> Features:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.vstack([first, second])
    return sparse.csr_array(sparse.vstack([sparse.csr_array(first), sparse.csr_array(second)]))


def _useful(results: Results) -> Results | None:
    """Return the latest arms of tests with two arms or more; the last rows are the latest."""
    _, test, sizes = np.unique(results.test, return_inverse=True, return_counts=True)
    rows = np.flatnonzero((sizes[test] > 1) & (results.shown > 0))[-LATEST:]
    if not len(rows):
        return None
    return Results(
        lines=results.lines.at(rows),
        test=np.unique(test[rows], return_inverse=True)[1],
        shown=results.shown[rows],
        counted=results.counted[rows],
    )


def _kernel(first: Lines, second: Lines, doubt: Doubt) -> Floats:
    """Return the prior covariance [first, second] of what scores and features say of lines."""
    shared = doubt.slope_sd**2 * np.outer(first.scores, second.scores)
    parts = zip(first.blocks, second.blocks, strict=True)
    for variance, (one, other) in zip(doubt.deviations, parts, strict=True):
        product = one @ other.T
        shared += variance * (product.toarray() if sparse.issparse(product) else product)
    alike = (first.segment[:, None] == second.segment[None]) & (first.segment[:, None] != NOBODY)
    return np.asarray(shared * (1 + doubt.share * alike))
