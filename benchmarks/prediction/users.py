"""Workspaces of simulated users: what own results add, and whether they can do harm.

Eight topics; the prior is trained on clear pairs of the other seven, those of --train and of the
arms; a user has tests of one topic
with all arms and counts, the noisy ones too, and is scored on further tests of that topic.  The
audience of a "reversed" user likes the opposite: in each test the best line has the worst's counts.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans

from creative.prediction.grams import Counts, Floats
from creative.prediction.lexical import Lexicon
from creative.prediction.network import weights_folder
from creative.prediction.sentences import Sentences
from creative.prediction.workspace import Lines, Results, learnt, no_segment
from models.prediction.fitting import design, fitted, rate_gaps
from models.prediction.pairs import Arms, Pairs
from models.prediction.reading import learnt_lexicon

TOPICS, DRAWS, SEED = 8, 6, 7
OWN = (0, 3, 10, 30, 60)
CLEAR = 1.96
STRENGTH = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """Features of all lines, the topic of every test, and its clear pairs."""

    arms: Arms
    train: Pairs
    train_features: sparse.csr_array
    train_topic: Counts  #: of each pair
    features: sparse.csr_array
    blocks: tuple[Floats | sparse.csr_array, ...]
    topic: Counts  #: of each test
    first: Counts
    second: Counts
    came: Floats
    noise: Floats

    @property
    def is_clear(self) -> Counts:
        return np.flatnonzero(np.abs(self.came) > CLEAR * np.sqrt(self.noise))


def simulated_users(arms: Arms, train: Pairs) -> dict[str, object]:
    """Return accuracy on clear pairs of further tests by number of own tests, and times in ms."""
    network = weights_folder()
    if network is None:
        return {}
    lexicon = learnt_lexicon([*arms.lines, *train.lines], network)
    world = _world(arms, train, Sentences.load(network), lexicon)
    rows: dict[str, list[tuple[float, float, int]]] = {}
    spent: list[float] = []
    for topic in range(TOPICS):
        scores = _prior(world, topic)
        for draw in range(DRAWS):
            for is_reversed in (False, True):
                told = _one_user(world, scores, topic, draw, is_reversed, spent)
                for own, each in told.items():
                    name = f"{'reversed' if is_reversed else 'usual'}, {own} tests"
                    rows.setdefault(name, []).append(each)
    return {
        **{name: _mean(each) for name, each in rows.items()},
        "update_ms": float(np.median(spent)) * 1_000,
        "update_ms_95": float(np.quantile(spent, 0.95)) * 1_000,
    }


def _mean(each: Sequence[tuple[float, float, int]]) -> dict[str, float]:
    learnt_right, prior_right, pairs = np.array(each, float).sum(axis=0)
    return {
        "updated": float(learnt_right / pairs),
        "prior": float(prior_right / pairs),
        "pairs": int(pairs),
    }


def _world(arms: Arms, train: Pairs, sentences: Sentences, lexicon: Lexicon) -> World:
    rows, vectors = lexicon.rows(arms.lines), sentences.vectors(arms.lines)
    tests = int(arms.test.max()) + 1
    middle = np.zeros((tests, vectors.shape[1]))
    np.add.at(middle, arms.test, vectors[arms.line])
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    topics = KMeans(TOPICS, random_state=SEED, n_init=3).fit(middle)
    learnt_vectors = sentences.vectors(train.lines)
    first, second, came, noise = rate_gaps(arms)
    return World(
        arms=arms,
        train=train,
        train_features=design(lexicon.rows(train.lines), learnt_vectors),
        train_topic=topics.predict(
            (learnt_vectors[train.first] + learnt_vectors[train.second]) / 2
        ).astype(np.int64),
        features=design(rows, vectors),
        blocks=(vectors, rows.traits / np.sqrt(rows.traits.shape[1]), rows.words),
        topic=topics.labels_.astype(np.int64),
        first=first,
        second=second,
        came=came,
        noise=noise,
    )


def _prior(world: World, topic: int) -> Floats:
    """Return scores [lines] learnt from clear pairs of the other topics."""
    arms, clear = world.arms, world.is_clear
    others = clear[world.topic[arms.test[world.first[clear]]] != topic]
    kept = np.flatnonzero(world.train_topic != topic)
    size, below = len(arms.lines), world.train.at(kept)
    pairs = Pairs(
        lines=(*arms.lines, *world.train.lines),
        first=np.concatenate([arms.line[world.first[others]], size + below.first]),
        second=np.concatenate([arms.line[world.second[others]], size + below.second]),
        is_won=np.concatenate([(world.came[others] > 0).astype(np.int64), below.is_won]),
        test=np.zeros(len(others) + len(kept), np.int64),
        created=np.full(len(others) + len(kept), "NaT", "datetime64[D]"),
    )
    both = sparse.vstack([world.features, world.train_features], format="csr")
    return np.asarray(world.features @ fitted(both, pairs, STRENGTH))


def _one_user(
    world: World,
    scores: Floats,
    topic: int,
    draw: int,
    is_reversed: bool,
    spent: list[float],
) -> dict[int, tuple[float, float, int]]:
    """Return pairs that update and prior foretell, and pairs, by number of own tests."""
    tests = np.flatnonzero(world.topic == topic)
    order = np.random.default_rng(SEED + draw).permutation(tests)
    own, further = order[: max(OWN)], order[max(OWN) :]
    clear = world.is_clear
    told = clear[np.isin(world.arms.test[world.first[clear]], further)]
    sign = -1.0 if is_reversed else 1.0
    came = sign * world.came[told]
    first, second = (world.arms.line[each[told]] for each in (world.first, world.second))
    asked, at = np.unique(np.concatenate([first, second]), return_inverse=True)
    lines = _lines(world, scores, asked)
    prior_gap = scores[first] - scores[second]
    found = {}
    for count in OWN:
        results = _results(world, scores, own[:count], is_reversed) if count else None
        began = time.perf_counter()
        model = learnt(results)
        if count:
            spent.append(time.perf_counter() - began)
        mean = model.outlook(lines).mean
        gap = mean[at[: len(told)]] - mean[at[len(told) :]]
        found[count] = (
            float((gap * came > 0).sum()),
            float((prior_gap * came > 0).sum()),
            len(told),
        )
    return found


def _lines(world: World, scores: Floats, which: Counts) -> Lines:
    return Lines(
        scores=scores[which],
        blocks=tuple(block[which] for block in world.blocks),
        segment=no_segment(len(which)),
    )


def _results(world: World, scores: Floats, tests: Counts, is_reversed: bool) -> Results:
    """Return the arms of tests; reversed, the best line has the counts of the worst."""
    arms = world.arms
    rows = np.flatnonzero(np.isin(arms.test, tests))
    shown, clicks = arms.impressions[rows].copy(), arms.clicks[rows].copy()
    if is_reversed:
        for group in np.unique(arms.group[rows]):
            here = np.flatnonzero(arms.group[rows] == group)
            ranked = here[np.argsort(clicks[here] / shown[here])]
            shown[ranked], clicks[ranked] = shown[ranked[::-1]], clicks[ranked[::-1]]
    return Results(
        lines=_lines(world, scores, arms.line[rows]),
        test=arms.group[rows],
        shown=shown,
        counted=clicks,
    )
