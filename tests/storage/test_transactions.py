"""One user action is kept wholly or not at all, whatever happens to the disk or the process."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from creative.errors import RecordNotFound, StorageError
from creative.ports import DraftFilter
from storage.connections import connected
from storage.database import Database, open_store
from tests.storage.samples import a_line

ROOT = Path(__file__).parents[2]


def count(store):
    with store.transaction() as records:
        return records.drafts.count(DraftFilter())


def test_a_failed_transaction_leaves_nothing_behind(store, brief):
    def cut_off():
        with store.transaction() as records:
            records.drafts.add(brief.id, None, a_line())
            records.briefs.remove(brief.id)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut_off()
    assert count(store) == 0
    with store.transaction() as records:
        assert records.briefs.all() == [brief]


def test_an_error_that_is_caught_inside_keeps_the_rest(store, brief):
    with store.transaction() as records:
        records.drafts.add(brief.id, None, a_line())
        with pytest.raises(RecordNotFound):
            records.drafts.get(999)
    assert count(store) == 1


def test_records_are_refused_after_their_transaction(store):
    with store.transaction() as records:
        pass
    with pytest.raises(InvalidRequestError):
        records.drafts.count(DraftFilter())


def test_transactions_do_not_nest_and_the_outer_one_goes_on(store, brief):
    with store.transaction() as records:
        with pytest.raises(RuntimeError, match="do not nest"), store.transaction():
            pass
        records.drafts.add(brief.id, None, a_line())
    assert count(store) == 1


def test_mistakes_of_a_programmer_are_not_reworded(store):
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO edit VALUES (1, 999, 1, '', '', '2026-01-01')")
    with pytest.raises(OSError, match="mine"), store.transaction():
        raise OSError("mine")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rating SET stars = 6",
        "UPDATE draft SET state = 'lost'",
        "UPDATE draft SET version = 0",
        "UPDATE draft SET brief_id = 999",
        "DELETE FROM brief",
        "INSERT INTO edit SELECT id + 1, draft_id, version, text, editor, created_at FROM edit",
    ],
)
def test_the_tables_themselves_refuse_nonsense(store, brief, statement):
    with store.transaction() as records:
        draft = records.drafts.add(brief.id, None, a_line())
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO rating VALUES (1, {draft.id}, 'Ada', 3, '2026-01-01')"
        )
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_locked_library_says_try_again_and_recovers(store, url, home, file, brief):
    hasty = open_store(f"{url}?timeout=0.1", home)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="busy; try again") as caught:
            count(hasty)
        assert caught.value.retryable
        assert any("busy" in problem for problem in hasty.problems())
        other.execute("ROLLBACK")
    with hasty.transaction() as records:
        records.drafts.add(brief.id, None, a_line())
    hasty.close()
    assert count(store) == 1


def fill(store, brief):
    for _ in range(1000):
        with store.transaction() as records:
            records.drafts.add(brief.id, None, a_line("x" * 1000))


def test_a_full_disk_keeps_what_was_there_and_says_what_to_do(store, home, brief):
    @event.listens_for(store.engine, "connect")
    def a_small_disk(connection, record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    store.engine.dispose()
    with pytest.raises(StorageError, match=r"disk is full.*Free some space") as caught:
        fill(store, brief)
    assert str(home) in str(caught.value)
    kept = count(store)
    assert kept > 0
    event.remove(store.engine, "connect", a_small_disk)
    store.engine.dispose()
    with store.transaction() as records:
        records.drafts.add(brief.id, None, a_line("x" * 1000))
    assert count(store) == kept + 1


def test_a_library_that_may_not_be_written_says_so(store, home, file, brief):
    reader = Database(connected(f"sqlite:///file:{file}?mode=ro&uri=true"), home)
    with pytest.raises(StorageError, match="may not write"), reader.transaction() as records:
        records.drafts.add(brief.id, None, a_line())
    reader.close()


def test_a_file_that_is_destroyed_while_open_names_the_backups(url, home, file):
    open_store(url, home).close()
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    store = Database(connected(url), home)
    with pytest.raises(StorageError, match="Restore a backup") as caught, store.transaction() as r:
        r.briefs.all()
    assert str(home / "backups") in str(caught.value)
    assert store.problems()
    store.close()


def test_eight_threads_add_fifty_drafts_each(store, brief):
    def add_fifty(name):
        for number in range(50):
            with store.transaction() as records:
                records.drafts.add(brief.id, None, a_line(f"{name} {number}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_fifty, "abcdefgh"))  # raises what any of them raised
    with store.transaction() as records:
        texts = [draft.line.text for draft in records.drafts.find(DraftFilter(limit=1000))]
    assert sorted(texts) == sorted(
        f"{name} {number}" for name in "abcdefgh" for number in range(50)
    )


WRITER = """
import sys
from pathlib import Path
from storage.database import open_store
from tests.storage.samples import a_brief, a_line
store = open_store(sys.argv[1], Path(sys.argv[2]))
with store.transaction() as records:
    brief = records.briefs.keep(a_brief())
while True:
    with store.transaction() as records:
        draft = records.drafts.add(brief.id, None, a_line("x" * 500))
        records.drafts.edit(draft.id, 1, a_line("y" * 500), "Ada")
    print(draft.id, flush=True)
"""


def test_a_killed_process_loses_nothing_it_was_told_is_kept(url, home):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(home)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    with writer:
        told = [int(writer.stdout.readline()) for _ in range(40)]
        os.kill(writer.pid, signal.SIGKILL)
        told += [int(line) for line in writer.stdout if line.endswith("\n")]
    store = open_store(url, home)
    assert store.problems() == []
    with store.transaction() as records:
        for id in told:
            assert records.drafts.get(id).version == 2
            assert len(records.drafts.history(id)) == 2
    store.close()
