"""The command line as scripts use it: a process, its output, its exit status."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from creative.__main__ import main
from creative.settings import ROOT

SAMPLE = ROOT / "docs" / "samples" / "briefs" / "01-coffee.json"
LINE_KEYS = {"field", "text", "width", "limit", "angle", "logprob", "findings", "claims", "run"}


def adlib(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "creative", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def objects(done: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_draft_prints_the_lines_of_the_contract():
    done = adlib("draft", SAMPLE, "--n", 4, "--field", "headline", "--seed", 7, "--json")
    assert done.returncode == 0, done.stderr
    lines = objects(done)
    assert [line["field"] for line in lines] == ["headline"] * 4
    assert all(set(line) == LINE_KEYS for line in lines)
    assert all(line["width"] <= line["limit"] == 30 for line in lines)
    assert all(
        line["run"] == {"template": "headline@1", "model": "starter", "seed": 7} for line in lines
    )
    again = adlib("draft", SAMPLE, "--n", 4, "--field", "headline", "--seed", 7, "--json")
    assert again.stdout == done.stdout


def test_lines_for_people_begin_with_their_field():
    done = adlib("draft", SAMPLE, "--n", 1, "--seed", 7)
    first, second = done.stdout.splitlines()
    assert re.match(r"headline +\d+/30  \S", first)
    assert re.match(r"description +\d+/90  \S", second)


def test_without_a_field_every_required_one_is_drafted():
    done = adlib("draft", "-", "--n", 1, "--json", stdin=SAMPLE.read_text("utf-8"))
    assert done.returncode == 0, done.stderr
    assert [line["field"] for line in objects(done)] == ["headline", "description"]


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (["draft", "missing.json"], "", "cannot be read"),
        (["draft", "-"], "{", "not valid JSON"),
        (["draft", "-"], '{"brand": {"name": "B"}, "channel": "x"}', "product"),
        (["draft", "-"], '{"colour": 1}', "colour"),
        (["draft", SAMPLE, "--field", "headlines"], "", "headline"),
        (["draft", SAMPLE, "--field", "final_url"], "", "filled from the brief"),
        (["draft", SAMPLE, "--n", "0"], "", "--n"),
        (["draft", SAMPLE, "--seed", str(2**63)], "", "--seed"),
        (["draft", SAMPLE, "--model", "no/such/model"], "", "no/such/model"),
        (["draft", SAMPLE, "--template", "headline@9"], "", "headline@1"),
        (["check", "--channel", "google", "--field", "headline", "x"], "", "google_rsa"),
        (["nothing"], "", "nothing"),
        ([], "", "required"),
        (["import", "missing.csv"], "", "cannot be read"),
        (["import", "-"], "", "empty"),
        (["import", "-"], "name,clicks\nA,1\n", "impressions"),
        (["import", "-", "--column", "impressions=Seen"], "name,Seen by\nA,1\n", "Seen"),
        (["export", "99", "--format", "csv"], "", "99"),
        (["restore", "missing.db"], "", "missing.db"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_status_2(arguments, stdin, says, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as left:
        status = left.code
    shown = capsys.readouterr()
    assert (status, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1
    assert says in shown.err


def test_a_process_ends_with_that_status():
    done = adlib("draft", "missing.json")
    assert (done.returncode, done.stdout) == (2, "")


def test_check_prints_width_findings_and_claims():
    text = "Best coffee, 50% off! Buy it now"
    done = adlib("check", "--channel", "google_rsa", "--field", "headline", "--json", text)
    (line,) = objects(done)
    assert done.returncode == 0
    assert (line["text"], line["width"], line["limit"]) == (text, 32, 30)
    assert {finding["severity"] for finding in line["findings"]} == {"error", "warning"}
    assert {claim["kind"] for claim in line["claims"]} >= {"offer", "superlative"}


def test_channels_lists_every_placement_with_its_fields():
    places = objects(adlib("channels", "--json"))
    assert len(places) == 36
    assert all(place["fields"] and place["source"] for place in places)


def test_import_prints_the_object_of_the_contract(tmp_path):
    report = tmp_path / "report.csv"
    report.write_text(
        "Ad report\n2026\nDay,Ad name,Device,Impr.,Clicks,Conv.,Cost (EUR)\n"
        '2026-09-01,Bürste,Mobile,"1,204",87,3.5,91.20\nTotal: Ads, --, --,"1,204",87,3.5,91.20\n',
        "utf-8",
    )
    done = adlib("import", report, "--json")
    (found,) = objects(done)
    assert (done.returncode, done.stderr, found["platform"]) == (0, "", "google_ads")
    assert found["skipped"] == [{"line": 5, "sheet": "", "why": "It is a total of other rows."}]
    (row,) = found["rows"]
    wanted = {"name": "Bürste", "date": "2026-09-01", "segment": "Mobile", "impressions": 1204}
    wanted |= {"clicks": 87, "conversions": 3.5, "cost": 91.2, "currency": "EUR"}
    assert row.items() >= wanted.items()
    assert (row["line"], row["sheet"], row["campaign"]) == (4, "", "")


def test_import_takes_columns_by_name_and_says_which_rows_it_refused():
    text = "Kreation;Gesehen;Tipps;Wann\nA;1,204;10;03/04/2026\nB;9;10;03/04/2026\n"
    named = [f"--column={each}" for each in ("name=Kreation", "impressions=Gesehen")]
    named += ["--column=clicks=Tipps", "--column=date=Wann", "--dates=mdy", "--decimal=."]
    done = adlib("import", "-", *named, stdin=text)
    assert (done.returncode, done.stdout) == (1, "generic: 1 rows, 1 left out\n")
    assert done.stderr.startswith("line 3: 10 clicks of 9 impressions")
    (found,) = objects(adlib("import", "-", "--json", *named, stdin=text))
    assert found["rows"][0]["date"] == "2026-03-04"
    assert found["columns"]["clicks"] == ["Tipps"]


def test_doctor_reports_in_words():
    done = adlib("doctor", "--json")
    names = [item["name"] for item in objects(done)]
    assert done.returncode == 0, done.stdout
    assert names == ["Python", "Packages", "Disk", "Prompts", "Model", "Engine", "Library"]


def test_doctor_reports_a_broken_library_beside_what_is_well(home: Path):
    home.mkdir()
    (home / "adlib.db").write_text("no database at all, only text " * 100)
    done = adlib("doctor", "--json")
    found = {item["name"]: item for item in objects(done)}
    assert (done.returncode, len(found)) == (1, 7)
    assert not found["Library"]["is_ok"]
    assert found["Library"]["fix"]
    assert found["Python"]["is_ok"]


def test_doctor_parts_what_is_wrong_from_what_to_do(monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        monkeypatch.setenv("ADLIB_ENGINE", "openai")
        monkeypatch.setenv("ADLIB_OPENAI_URL", address)
        done = adlib("doctor")
    assert done.returncode == 1
    assert f"BAD Server: {address} cannot be used. No server can be reached" in done.stdout
    assert "BAD Model: " in done.stdout
    assert "cannot be asked for. See to the server first." in done.stdout


def test_make_run_says_what_to_do_about_a_taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["make", "-o", ".venv/.runtime", "run", f"PORT={port}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr


def test_a_wrong_setting_is_one_line(monkeypatch):
    monkeypatch.setenv("ADLIB_DEVICE", "toaster")
    done = adlib("doctor")
    assert done.returncode == 2
    assert "ADLIB_DEVICE" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_library_is_migrated_backed_up_and_restored(home: Path, tmp_path: Path):
    first = objects(adlib("migrate", "--json"))[0]
    assert first["from"] is None
    assert objects(adlib("migrate", "--json"))[0] == {"from": first["to"], "to": first["to"]}
    backup = tmp_path / "copy.db"
    assert adlib("backup", backup).returncode == 0
    assert adlib("restore", backup).returncode == 0
    assert list((home / "backups").iterdir())
