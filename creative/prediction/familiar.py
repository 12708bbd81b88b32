"""Lines as the workspace's update likens them: by meaning, by traits and by words."""

import math
from collections.abc import Sequence

from creative.prediction.grams import Counts
from creative.prediction.lexical import stacked
from creative.prediction.predictor import Predictor
from creative.prediction.workspace import Lines, no_segment


def familiar(predictor: Predictor, lines: Sequence[str], segment: Counts | None = None) -> Lines:
    """Return scores and features of lines for `learnt` and `outlook`.

    Meaning is the network's vector where there is one, otherwise that of the tokens; both have
    length 1, as the runs of words have, and traits nearly so.
    """
    lexicon, network = predictor.lexicon, predictor.sentences
    rows = lexicon.rows(lines)
    vectors = None if network is None else network.vectors(lines)
    scores = predictor.lexical_scores(lines)
    if vectors is not None:
        scores = scores + vectors @ predictor.weights.sentences
    return Lines(
        scores=scores,
        blocks=(
            rows.tokens if vectors is None else vectors,
            rows.traits / math.sqrt(rows.traits.shape[1]),
            stacked(lexicon.words, lines),
        ),
        segment=no_segment(len(lines)) if segment is None else segment,
    )
