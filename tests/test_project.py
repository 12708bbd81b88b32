"""The project keeps its promises: layout, documents, requirements and theme."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from pydantic import SecretStr

from creative.settings import ROOT, Settings

CODE = ("app.py", "pages", "storage", "creative")
FOLDERS = {"pages", "creative", "prompts", "storage", "tests", "docs", "models"}
FILES = {
    *("app.py", "requirements.txt", "requirements-dev.txt", "pyproject.toml", "Makefile"),
    *("README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "CONTRIBUTING.md"),
}
OWN = {*FOLDERS, *FILES, "benchmarks"}
OTHERS = {".ci", ".streamlit", ".gitignore", "benchmarks"}


def tracked():
    """Return what the repository holds and what is about to be added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = [Path(name) for name in listed.split("\0") if name]
    return [path for path in paths if (ROOT / path).exists()]


def test_the_top_level_is_as_agreed():
    found = {path.parts[0] for path in tracked()}
    assert found - OTHERS == FOLDERS | FILES


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name):
    text = (ROOT / "docs/settings.md").read_text()
    field = Settings.model_fields[name]
    (row,) = re.findall(rf"^\| `ADLIB_{name.upper()}` \| (.+?) \|", text, flags=re.MULTILINE)
    default = field.default
    shown = f"`{default.name}`" if isinstance(default, Path) else f"`{default}`"
    assert row.startswith("empty" if default in ("", SecretStr("")) else shown)


def test_no_document_names_a_setting_that_does_not_exist():
    known = {f"ADLIB_{name.upper()}" for name in Settings.model_fields} | {"ADLIB_CHROMIUM"}
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"ADLIB_[A-Z_]+\b", path.read_text()))
        assert named <= known, path


def test_every_link_in_a_document_leads_somewhere():
    missing = []
    for path in tracked():
        if path.suffix == ".md":
            targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", (ROOT / path).read_text())
            missing += [f"{path}: {t}" for t in targets if not (ROOT / path.parent / t).exists()]
    assert missing == []


def requirements(name):
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def project_names(name):
    """Return the distributions in a requirements file, in their normal form."""
    names = [re.match(r"[A-Za-z0-9._-]+", line)[0] for line in requirements(name)]
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def imported(paths):
    """Return the top-level modules that Python files import from outside this project."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {path.stem for path in map(Path, OWN)}


def python_files(*tops):
    return [ROOT / path for path in tracked() if path.suffix == ".py" and path.parts[0] in tops]


def undeclared(modules, names):
    owners = packages_distributions()
    return {
        module
        for module in modules
        if not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners.get(module, ())} & names
    }


def test_the_app_imports_only_what_it_requires():
    names = project_names("requirements.txt")
    names |= {"pydantic-core", "tokenizers"}  # pydantic and transformers pin them
    # options that are explained when they are missing; trl requires datasets
    names |= {"torchao", "datasets"} | project_names("creative/tuning/requirements.txt")
    assert undeclared(imported(python_files(*CODE)), names) == set()


def test_the_tests_import_only_what_they_require():
    names = project_names("requirements.txt") | project_names("requirements-dev.txt")
    names |= {"tokenizers", "safetensors", "tqdm"}  # transformers requires them
    names |= project_names("creative/tuning/requirements.txt")
    rivals = {"gguf", "llama_cpp"}  # of benchmarks/requirements.txt, which CI does not install
    found = imported(python_files("tests", "benchmarks", "models")) - rivals
    assert undeclared(found, names) == set()


def test_torch_is_exact_and_everything_else_a_range():
    exact = [line for line in requirements("requirements.txt") if "==" in line]
    assert exact == ["torch==2.13.0"]
    assert all(">=" in line for line in requirements("requirements.txt") if line not in exact)


def config():
    return tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def test_streamlit_is_quiet_and_local():
    assert config()["browser"]["gatherUsageStats"] is False
    assert config()["server"]["address"] == "127.0.0.1"
    assert config()["client"]["showErrorDetails"] == "none"


def test_streamlit_knows_every_key_of_its_configuration():
    command = [sys.executable, "-m", "streamlit", "config", "show"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    assert "not a valid config option" not in shown.stdout + shown.stderr


def luminance(colour):
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("textColor", "backgroundColor", 7),
        ("textColor", "secondaryBackgroundColor", 7),
        ("linkColor", "backgroundColor", 4.5),
        ("linkColor", "secondaryBackgroundColor", 4.5),
        ("codeTextColor", "backgroundColor", 4.5),
        ("#ffffff", "primaryColor", 4.5),  # the label of a primary button
        ("primaryColor", "backgroundColor", 3),  # WCAG 1.4.11, parts of the interface
        ("borderColor", "backgroundColor", 3),
        ("borderColor", "secondaryBackgroundColor", 3),
    ],
)
def test_the_theme_can_be_read(mode, front, back, least):
    theme = config()["theme"][mode]
    assert contrast(theme.get(front, front), theme[back]) >= least


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_charts_stand_out_from_the_page(mode):
    theme = config()["theme"][mode]
    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= 3


def test_every_file_that_the_program_reads_is_in_git():
    kept = {str(path) for path in tracked()}
    read = [*data_files(), *python_files(*CODE)]
    assert {str(path.relative_to(ROOT)) for path in read} <= kept


def data_files():
    suffixes = {".toml", ".txt", ".j2", ".json", ".mako"}
    folders = ("creative", "prompts", "storage", "models/training/data", "models/starter")
    return [p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in suffixes]
