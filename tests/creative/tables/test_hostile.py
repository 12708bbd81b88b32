"""Whatever a file holds, it gives finite chances or one plain refusal."""

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from creative.errors import StudioError
from creative.tables.drift import drifts
from creative.tables.fitting import fit_table
from creative.tables.model import load_model, save_model
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.scoring import score_table, scored_file

CELLS = st.one_of(
    st.sampled_from(["", "0", "1", "-1", "yes", "no", "n/a", "1,5", "1.204,5", "12 %", "1e400"]),
    st.sampled_from(["nan", "-inf", "2026-09-27", "27/09/2026 23:59", "99999999", "=1+1", "$5"]),
    st.sampled_from(["a few words here", "ein paar Wörter", "日本語", "\u202etxt", "\x00", "'"]),
    st.floats().map(str),
    st.integers(-(10**18), 10**18).map(str),
    st.text(max_size=12),
)
COLUMN = st.lists(CELLS, min_size=1, max_size=9)  # cells that a column repeats in some order
NAMES = st.sampled_from(["x", "user_id", "date", "clicked at", "Größe", "=cmd", "revenue", "x"])
TABLES = st.lists(st.tuples(NAMES, COLUMN, st.integers(1, 5)), min_size=1, max_size=4)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=TABLES, seed=st.integers(0, 1_000), odds=st.sampled_from([0.02, 0.3, 0.5]))
def test_any_table_is_learnt_from_or_refused(csv_of, tmp_path_factory, columns, seed, odds):
    chance = np.random.default_rng(seed)
    outcome = (chance.random(64) < odds).astype(int)
    header = [*(name for name, _, _ in columns), "y"]
    rows = [
        [*(cells[(at * step + at // 7) % len(cells)] for _, cells, step in columns), outcome[at]]
        for at in range(64)
    ]
    content = csv_of(header, rows)
    try:
        raw = read_table(content, "t.csv")
        fitted = fit_table(raw, Plan(target="y", trials=0, families=("linear", "boosted")))
    except StudioError as refused:
        event(" ".join(str(refused).split()[:3]))
        return
    event("learnt")
    scored = score_table(fitted.model, raw)
    assert np.isfinite(scored.chances).all()
    folder = tmp_path_factory.mktemp("model")
    save_model(fitted.model, folder)
    again = load_model(folder)
    frame = again.frame(raw)
    assert again.chances(frame).tolist() == scored.chances.tolist()
    found = drifts(again.card.references, frame, scored.chances)
    assert all(np.isfinite(each.index) for each in found)
    assert scored_file(raw, scored, "y").count(b"\r\n") == raw.rows + 1
