"""A library is made, recognised and brought up to date; what is not one stays untouched."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from creative.errors import StorageError
from creative.ports import DraftFilter
from storage import schema
from storage.connections import connected
from storage.database import migrate, open_store
from storage.rows import DraftRow, Row
from tests.storage.samples import a_brief, a_line, a_run

ROOT = Path(__file__).parents[2]


def shape(connection):
    """Return the lines of the SQL that made every table and index, in any order.

    SQLite puts a column that was added later at the end of the last line.
    """
    made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {
        name: sorted(
            line.strip(" \t,") for line in re.split(r"\n|, (?=\w+ [A-Z]+ )", sql.removesuffix(")"))
        )
        for name, sql in made
        if name != "alembic_version"
    }


def test_migrations_make_exactly_the_tables_that_are_defined(store, file, tmp_path):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Row.metadata) == []
    plain = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    Row.metadata.create_all(plain)
    plain.dispose()
    with (
        closing(sqlite3.connect(file)) as migrated,
        closing(sqlite3.connect(tmp_path / "plain.db")) as defined,
    ):
        assert shape(migrated) == shape(defined)  # CHECK constraints too


def test_the_home_folder_is_made_and_a_second_opening_changes_nothing(url, home, file):
    assert migrate(url, home) == (None, schema.newest())
    before = file.read_bytes()
    assert migrate(url, home) == (schema.newest(), schema.newest())
    assert file.read_bytes() == before
    assert not (home / "backups").exists()


@pytest.mark.parametrize("name", ["a b", "100%", "50%25 off", "what?", "no#1", "a+b", "日本 ü"])
def test_any_folder_name_will_do(tmp_path, name):
    home = tmp_path / name
    url = URL.create("sqlite", database=str(home / "adlib.db")).render_as_string()
    store = open_store(url, home)
    with store.transaction() as records:
        brief = records.briefs.keep(a_brief())
    store.restore(store.backup(home / "copy.db"))
    with store.transaction() as records:
        assert records.briefs.all() == [brief]
    assert store.problems() == []
    store.close()
    assert (home / "adlib.db").is_file()


OPENER = """
import sys
from pathlib import Path
from storage.database import open_store
from tests.storage.samples import a_brief
sys.stdin.readline()
store = open_store(sys.argv[1], Path(sys.argv[2]))
with store.transaction() as records:
    records.briefs.keep(a_brief())
"""


def test_processes_that_start_together_do_not_clash(url, home):
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, url, str(home)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for _ in range(3)
    ]
    for opener in openers:
        opener.stdin.write("\n")
        opener.stdin.flush()
    told = [opener.communicate()[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0, 0, 0], told
    store = open_store(url, home)
    with store.transaction() as records:
        assert len(records.briefs.all()) == 3
    store.close()


def test_a_library_of_a_newer_adlib_is_not_touched(url, home, file):
    open_store(url, home).close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(StorageError, match=r"newer Adlib.*Update the program.*ADLIB_HOME"):
        open_store(url, home)
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_not_touched(url, home, file):
    home.mkdir()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
    before = file.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        open_store(url, home)
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_not_touched(url, home, file):
    home.mkdir()
    file.write_text("Dear diary, " * 1000)
    with pytest.raises(StorageError, match=r"not an Adlib library.*backups"):
        open_store(url, home)
    assert file.read_text().startswith("Dear diary")


def test_an_empty_file_becomes_a_library(url, home, file):
    home.mkdir()
    file.touch()
    open_store(url, home).close()
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("not a url", "not a database URL"),
        ("nosuchdb://host/adlib", "not installed"),
    ],
)
def test_urls_that_cannot_work_are_refused_in_plain_words(url, told, tmp_path):
    with pytest.raises(StorageError, match=told):
        open_store(url, tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    with pytest.raises(StorageError, match="could not use the folder"):
        open_store(f"sqlite:///{home / 'adlib.db'}", home)


LATER = """
import sqlalchemy as sa
from alembic import op

revision = "0999"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("brief") as brief:
        brief.add_column(sa.Column("market", sa.Text(), nullable=False, server_default="all"))
    with op.batch_alter_table("draft", recreate="always") as draft:
        draft.alter_column("angle", existing_type=sa.Text(), nullable=True)
    {then}
"""


@pytest.fixture
def later(tmp_path, monkeypatch):
    """Return a function that lets one more migration follow the newest one."""

    def add(then="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(schema._FOLDER, folder)
        text = LATER.format(newest=schema.newest(), then=then)
        (folder / "versions" / "0999_later.py").write_text(text)
        monkeypatch.setattr(schema, "_FOLDER", folder)

    return add


def fill(url, home):
    store = open_store(url, home)
    with store.transaction() as records:
        brief = records.briefs.keep(a_brief())
        run = records.runs.add(a_run(brief.id))
        draft = records.drafts.add(brief.id, run.id, a_line())
        draft = records.drafts.edit(draft.id, 1, a_line("Edited"), "Ada")
    store.close()
    return draft


def test_an_upgrade_keeps_what_is_there_and_backs_it_up_first(url, home, file, later):
    draft, before = fill(url, home), schema.newest()
    later()
    assert migrate(url, home) == (before, "0999")
    store = open_store(url, home)
    with store.transaction() as records:
        assert records.drafts.find(DraftFilter()) == [draft]
        assert len(records.drafts.history(draft.id)) == 2
    assert store.problems() == []
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT market FROM brief").fetchall() == [("all",)]
        assert "ck_draft_state" in str(shape(connection)["draft"])
        assert "ix_draft_brief_id_stars" in shape(connection)
    (backup,) = (home / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(before,)]


@pytest.mark.parametrize("then", ["raise ValueError('broken')", "op.execute('DELETE FROM brief')"])
def test_an_upgrade_that_fails_changes_nothing(url, home, file, later, then):
    draft, before = fill(url, home), schema.newest()
    with closing(sqlite3.connect(file)) as connection:
        tables = shape(connection)
    later(then)
    with pytest.raises((ValueError, StorageError), match=r"broken|rows that are not there"):
        migrate(url, home)
    with closing(sqlite3.connect(file)) as connection:
        assert shape(connection) == tables
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(before,)]
        assert connection.execute("SELECT text FROM draft").fetchall() == [(draft.line.text,)]


def test_the_tables_can_be_made_in_postgresql():
    dialect = postgresql.dialect()
    for table in Row.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
    ordered = select(DraftRow).order_by(DraftRow.stars.desc().nulls_last())
    assert "DESC NULLS LAST" in str(ordered.compile(dialect=dialect))


def test_every_connection_is_set_up(url):
    engine = connected(url)
    Path(engine.url.database).parent.mkdir()
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000
        engine.dispose()
