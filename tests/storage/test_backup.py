"""Backups are whole, and are put back while the app runs, or nothing changes."""

import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from creative.errors import StorageError
from creative.ports import DraftFilter
from storage.backup import restore_backup
from storage.database import open_store
from tests.storage.samples import a_brief, a_line


def names(store):
    with store.transaction() as records:
        return [brief.brand.name for brief in records.briefs.all()]


def keep(store, name):
    brief = a_brief()
    with store.transaction() as records:
        kept = records.briefs.keep(brief)
        records.brands.keep(type(kept.brand)(id=kept.brand.id, name=name))


@pytest.fixture
def backup(store, tmp_path):
    """A backup of a library with one brief, whose library went on to a second one."""
    keep(store, "first")
    file = store.backup(tmp_path / "backup.db")
    keep(store, "second")
    return file


def test_a_backup_is_one_whole_file(store, backup, tmp_path):
    assert names(store) == ["second", "first"]
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT name FROM brand").fetchall() == [("first",)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "home"]


def test_a_backup_into_a_folder_is_named_after_the_time(store, tmp_path):
    one, two = store.backup(tmp_path), store.backup(tmp_path)
    assert one.parent == two.parent == tmp_path
    assert one != two
    assert one.name.startswith("adlib-20")


def test_a_backup_makes_its_folder_and_replaces_an_older_one(store, tmp_path):
    target = tmp_path / "deep" / "er" / "backup.db"
    keep(store, "first")
    store.backup(target)
    keep(store, "second")
    assert store.backup(target) == target
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT count(*) FROM brief").fetchone() == (2,)


def test_a_backup_never_replaces_the_library(store, file, tmp_path):
    keep(store, "first")
    (tmp_path / "link.db").symlink_to(file)
    for target in (file, tmp_path / "link.db"):
        with pytest.raises(StorageError, match="cannot replace the library"):
            store.backup(target)
    assert names(store) == ["first"]


def test_a_backup_that_fails_leaves_the_older_one(store, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="could not write the backup"):
        store.backup(tmp_path / "file" / "backup.db")
    assert (tmp_path / "file").read_bytes() == b""


def test_a_backup_is_made_while_others_write(store, brief, tmp_path):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            with store.transaction() as records:  # always two at once
                records.drafts.add(brief.id, None, a_line())
                records.drafts.add(brief.id, None, a_line())

    with ThreadPoolExecutor(2) as threads:
        writers = [threads.submit(write) for _ in range(2)]
        copies = [store.backup(tmp_path / f"{number}.db") for number in range(8)]
        stop.set()
        assert [writer.result() for writer in writers] == [None, None]
    counts = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as connection:
            counts += connection.execute("SELECT count(*) FROM draft").fetchone()
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_restore_is_seen_by_everyone_who_has_the_library_open(store, backup, url, home, file):
    neighbour = open_store(url, home)
    assert names(neighbour) == ["second", "first"]
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM brief").fetchone() == (2,)
        store.restore(backup)
        assert reader.execute("SELECT count(*) FROM brief").fetchone() == (2,)  # its own moment
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM brief").fetchone() == (1,)
    assert names(store) == names(neighbour) == ["first"]
    keep(neighbour, "third")
    assert names(store) == ["third", "first"]
    assert store.problems() == []
    neighbour.close()


def test_what_was_there_is_backed_up_first(store, backup, home):
    store.restore(backup)
    (kept,) = (home / "backups").iterdir()
    store.restore(kept)
    assert names(store) == ["second", "first"]


def test_a_backup_on_a_stick_that_cannot_be_written_is_restored(store, backup):
    backup.chmod(0o400)
    store.restore(backup)
    assert names(store) == ["first"]


def test_the_file_of_another_library_is_restored_with_its_latest_changes(store, tmp_path):
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "other")
    keep(other, "theirs")  # still in the write-ahead log
    store.restore(tmp_path / "other.db")
    other.close()
    assert names(store) == ["theirs"]


def test_a_backup_with_another_page_size_is_restored(store, backup):
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM")
    store.restore(backup)
    assert names(store) == ["first"]


def text_file(path):
    path.write_text("Dear diary, " * 100)


def nothing(path):
    pass


def folder(path):
    path.mkdir()


def empty_file(path):
    path.touch()


def empty_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA user_version = 1")


def foreign_database(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")


def only_a_header(path):
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 10_000)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (text_file, "no backup of Adlib"),
        (nothing, "is not there"),
        (folder, "is a folder"),
        (empty_file, "no backup of Adlib"),
        (empty_database, "no backup of Adlib"),
        (foreign_database, "another program"),
        (only_a_header, "is damaged"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(store, brief, home, tmp_path, make, told):
    source = tmp_path / "source.db"
    make(source)
    with pytest.raises(StorageError, match=told) as caught:
        store.restore(source)
    assert "source.db" in str(caught.value) or make is foreign_database
    assert names(store) == ["Kaffa"]
    assert list((home / "backups").glob("*")) == []


def test_a_damaged_backup_is_refused(store, backup, tmp_path):
    pages = bytearray(backup.read_bytes())
    pages[4096 * 2 : 4096 * 12] = os.urandom(4096 * 10)
    backup.write_bytes(pages)
    with pytest.raises(StorageError, match="is damaged"):
        store.restore(backup)
    assert names(store) == ["second", "first"]


def test_a_backup_of_a_newer_adlib_is_refused(store, backup):
    with closing(sqlite3.connect(backup)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="newer Adlib"):
        store.restore(backup)
    assert names(store) == ["second", "first"]


def test_a_restore_waits_for_a_writer_and_then_gives_up(store, backup, file, monkeypatch):
    monkeypatch.setattr("storage.backup._BUSY_S", 0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="busy; try again"):
            store.restore(backup)
        writer.execute("ROLLBACK")
    assert names(store) == ["second", "first"]


def test_a_damaged_library_is_rescued_from_a_backup(store, backup, url, home, file):
    store.close()
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 50_000)
    kept = restore_backup(url, home, backup)
    assert kept.read_bytes().endswith(b"\xff")
    rescued = open_store(url, home)
    assert names(rescued) == ["first"]
    assert rescued.problems() == []
    rescued.close()


def test_a_library_is_made_from_a_backup_where_there_was_none(store, backup, tmp_path):
    home = tmp_path / "new"
    url = f"sqlite:///{home / 'adlib.db'}"
    assert restore_backup(url, home, backup) is None
    made = open_store(url, home)
    assert names(made) == ["first"]
    made.close()


def test_databases_on_a_server_have_tools_of_their_own(home, tmp_path):
    with pytest.raises(StorageError, match="pg_dump"):
        restore_backup("postgresql://host/adlib", home, tmp_path / "backup.db")


def test_problems_name_damage_and_an_odd_journal(store, brief, home, file):
    assert store.problems() == []
    with store.transaction() as records:
        for _ in range(200):
            records.drafts.add(brief.id, None, a_line("x" * 500))
    store.close()
    copy = shutil.copyfile(file, home / "copy.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert any("WAL" in problem for problem in store.problems())
    store.close()
    pages = bytearray(copy.read_bytes())
    pages[4096 * 30 : 4096 * 40] = os.urandom(4096 * 10)
    file.write_bytes(pages)
    assert any("damaged" in problem for problem in store.problems())
    with pytest.raises(StorageError, match="damaged"):
        store.backup(home / "useless.db")
    assert not (home / "useless.db").exists()


def test_a_library_that_vanished_is_a_problem_in_words(store, home, tmp_path):
    store.close()
    shutil.rmtree(home)
    assert store.problems()
    with pytest.raises(StorageError):
        store.backup(tmp_path / "backup.db")
    with pytest.raises(StorageError):
        names(store)


def test_a_full_disk_is_told_before_it_is_full(store, home, monkeypatch):
    monkeypatch.setattr("storage.database._LITTLE_SPACE", 10**18)
    (problem,) = store.problems()
    assert "MB are free" in problem
    assert str(home) in problem


def test_drafts_written_after_a_restore_are_kept(store, backup):
    store.restore(backup)
    with store.transaction() as records:
        (brief,) = records.briefs.all()
        records.drafts.add(brief.id, None, a_line())
        assert records.drafts.count(DraftFilter()) == 1
