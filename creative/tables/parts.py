"""One column as numbers for learners: scaled, pooled, cut into parts of dates, words weighed.

What is fitted is plain data, so that a stored model holds no code.  Two views: `dense` for linear
models and networks (scaled, one feature for each category, a flag for missing cells) and `trees`
for boosted trees (bare numbers, codes of categories, NaN for missing cells).  Knows no outcome.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy.stats import skew
from sklearn.feature_extraction.text import TfidfVectorizer

from creative.tables.table import Column, Floats, Form, Kind

MOST_CATEGORIES = 50  #: of one column; the rest is pooled as rare
MOST_WORDS = 200  #: of one column of texts
_RAREST = 0.002  #: share of rows, and
_FEWEST = 5  #: rows, from which a category is learnt by itself
_SKEWED = 2.0  #: from here on logarithms are taken
_TAIL = 0.005  #: share of training rows at each end whose numbers are drawn in
_DAY = 86_400.0  #: seconds
_TOKENS = r"(?u)\b\w\w+\b"


@dataclass(frozen=True, kw_only=True)
class NumberPart:
    """How a number is scaled; `unit` is 0 if no logarithm is taken."""

    form: Form
    middle: float
    unit: float
    low: float
    high: float
    mean: float
    scale: float
    has_missing: bool
    part: Literal["number"] = "number"

    @property
    def dense_width(self) -> int:
        return 1 + self.has_missing

    @property
    def tree_width(self) -> int:
        return 1

    def dense(self, column: Column) -> Floats:
        values = np.where(column.is_missing, self.middle, column.values)
        bent = (_bent(np.clip(values, self.low, self.high), self.unit) - self.mean) / self.scale
        flags = [column.is_missing.astype(np.float64)] if self.has_missing else []
        return np.column_stack([bent, *flags])

    def trees(self, column: Column) -> Floats:
        return column.values.astype(np.float64)[:, None]


@dataclass(frozen=True, kw_only=True)
class CategoryPart:
    """The categories that are learnt by themselves, most frequent first."""

    form: Form
    kept: tuple[str, ...]
    part: Literal["category"] = "category"

    @property
    def dense_width(self) -> int:
        return len(self.kept) + 2  # rare or new, and missing

    @property
    def tree_width(self) -> int:
        return 1

    def dense(self, column: Column) -> Floats:
        found = np.zeros((len(column.values), self.dense_width))
        found[np.arange(len(found)), self._codes(column)] = 1.0
        return found

    def trees(self, column: Column) -> Floats:
        codes = self._codes(column).astype(np.float64)
        codes[codes > len(self.kept)] = np.nan
        return codes[:, None]

    def _codes(self, column: Column) -> np.ndarray:
        places = {value: at for at, value in enumerate(self.kept)}
        rare = len(self.kept)
        return np.array(
            [places.get(value, rare) if value else rare + 1 for value in column.values], dtype=int
        )


@dataclass(frozen=True, kw_only=True)
class DatePart:
    """The parts of a date that training rows tell apart; never the date itself, which only grows.

    Attributes:
        names: Of "weekday" (Monday is 0), "hour", "day" (of the month) and "month".
    """

    form: Form
    names: tuple[str, ...]
    part: Literal["date"] = "date"

    @property
    def dense_width(self) -> int:
        return 2 * len(self.names) + 1

    @property
    def tree_width(self) -> int:
        return len(self.names)

    def dense(self, column: Column) -> Floats:
        """Return sine and cosine of each part, so that December is near January."""
        angles = self.trees(column) * (2 * np.pi / np.array([_CYCLES[name] for name in self.names]))
        waves = np.nan_to_num(np.hstack([np.sin(angles), np.cos(angles)]), nan=0.0)
        return np.column_stack([waves, column.is_missing.astype(np.float64)])

    def trees(self, column: Column) -> Floats:
        found = np.full((len(column.values), len(self.names)), np.nan)
        is_known = ~column.is_missing
        seconds = column.values[is_known].astype(np.float64)
        for at, name in enumerate(self.names):
            found[is_known, at] = _DATE_PARTS[name](seconds)
        return found


@dataclass(frozen=True, kw_only=True)
class TextPart:
    """Words and pairs of words with their rarity, and how many words a text has."""

    form: Form
    words: tuple[str, ...]
    rarity: tuple[float, ...]
    length: float
    part: Literal["text"] = "text"

    @property
    def dense_width(self) -> int:
        return len(self.words) + 1

    @property
    def tree_width(self) -> int:
        return len(self.words) + 1

    def dense(self, column: Column) -> Floats:
        lengths = np.array([len(text.split()) for text in column.values], dtype=np.float64)
        lengths = np.log1p(lengths) - self.length
        if not self.words:
            return lengths[:, None]
        weigh = _weigher(vocabulary={word: at for at, word in enumerate(self.words)})
        weigh.idf_ = np.array(self.rarity)
        return np.column_stack([weigh.transform(column.values).toarray(), lengths])

    def trees(self, column: Column) -> Floats:
        return self.dense(column)


Part = Annotated[NumberPart | CategoryPart | DatePart | TextPart, Field(discriminator="part")]


def part_of(column: Column) -> Part | None:
    """Learn a part from training rows; None of ids and constants."""
    makers: dict[Kind, Callable[[Column], Part]] = {
        Kind.NUMBER: _number,
        Kind.CATEGORY: _category,
        Kind.DATE: _date,
        Kind.TEXT: _text,
    }
    return makers[column.kind](column) if column.kind in makers else None


def _number(column: Column) -> NumberPart:
    known = column.values[~column.is_missing].astype(np.float64)
    if not len(known):
        known = np.zeros(1)
    low, high = np.quantile(known, (_TAIL, 1 - _TAIL))
    if low == high:
        low, high = known.min(), known.max()
    drawn: Floats = np.clip(known, low, high)
    sizes = np.abs(drawn)
    unit = 0.0
    if drawn.std() > 1e-12 * max(1.0, sizes.max()) and abs(float(skew(drawn))) > _SKEWED:
        unit = max(1e-9, float(np.median(sizes[sizes > 0])))
    bent = _bent(drawn, unit)
    spread = float(bent.std())
    return NumberPart(
        form=column.form,
        middle=float(np.median(known)),
        unit=unit,
        low=float(low),
        high=float(high),
        mean=float(bent.mean()),
        scale=spread if spread > 1e-12 * max(1.0, abs(float(bent.mean()))) else 1.0,
        has_missing=bool(column.is_missing.any()),
    )


def _bent(values: Floats, unit: float) -> Floats:
    """Return signed logarithms of values over a unit; the values themselves if it is 0."""
    if not unit:
        return values
    return np.asarray(np.sign(values) * np.log1p(np.abs(values) / unit))


def _category(column: Column) -> CategoryPart:
    counts = Counter(value for value in column.values if value)
    least = max(_FEWEST, _RAREST * len(column.values))
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    kept = [value for value, count in ordered[:MOST_CATEGORIES] if count >= least]
    return CategoryPart(form=column.form, kept=tuple(kept))


def _date(column: Column) -> DatePart:
    """Keep the parts that training rows have seen come round at least twice."""
    known = column.values[~column.is_missing].astype(np.float64)
    span = (known.max() - known.min()) / _DAY if len(known) else 0.0
    names = [
        name
        for name, days in (("weekday", 14), ("hour", 2), ("day", 61), ("month", 730))
        if span >= days and len(np.unique(_DATE_PARTS[name](known))) > 1
    ]
    return DatePart(form=column.form, names=tuple(names))


def _text(column: Column) -> TextPart:
    texts = column.values
    weigh = _weigher(max_features=MOST_WORDS, min_df=min(_FEWEST, max(1, len(texts) // 20)))
    try:
        weigh.fit(texts)
    except ValueError:  # no word is frequent enough
        words: Sequence[str] = ()
        rarity: Sequence[float] = ()
    else:
        words, rarity = weigh.get_feature_names_out().tolist(), weigh.idf_.tolist()
    lengths = np.log1p([len(text.split()) for text in texts])
    return TextPart(
        form=column.form, words=tuple(words), rarity=tuple(rarity), length=float(lengths.mean())
    )


def _weigher(**options: object) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=_TOKENS, lowercase=True, **options
    )


def _months(seconds: Floats) -> Floats:
    moments = seconds.astype("datetime64[s]")
    return np.asarray(moments.astype("datetime64[M]").astype(int) % 12, dtype=np.float64)


def _days(seconds: Floats) -> Floats:
    moments = seconds.astype("datetime64[s]").astype("datetime64[D]")
    passed = moments - moments.astype("datetime64[M]")
    return np.asarray(passed.astype(int), dtype=np.float64)


_DATE_PARTS: dict[str, Callable[[Floats], Floats]] = {
    "weekday": lambda seconds: (np.floor(seconds / _DAY) + 3) % 7,  # 1970 began on a Thursday
    "hour": lambda seconds: np.floor(seconds % _DAY / 3600),
    "day": _days,
    "month": _months,
}
_CYCLES = {"weekday": 7.0, "hour": 24.0, "day": 31.0, "month": 12.0}
