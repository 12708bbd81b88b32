"""Prompt templates: released texts never change, and the sandbox holds."""

import shutil
from pathlib import Path

import pytest

from creative.errors import TemplateError
from creative.settings import ROOT
from creative.templates import Templates, file_hash

PROMPTS = ROOT / "prompts"
SHAPES = ("headline", "long_headline", "description", "primary", "subject", "push")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROMPTS, tmp_path / "prompts"))


def with_draft(folder: Path, text: str) -> Templates:
    (folder / "mine.v1.j2").write_text(text, "utf-8")
    entry = (
        '\n[[template]]\nid = "mine"\nversion = 1\nstate = "draft"\nfile = "mine.v1.j2"\n'
        'shapes = ["headline"]\nabout = "ours"\nsha256 = ""\n'
    )
    with (folder / "catalog.toml").open("a", encoding="utf-8") as catalog:
        catalog.write(entry)
    return Templates(folder)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_field_has_a_released_template(shape):
    template = Templates(PROMPTS).default(shape)
    assert template.state == "released"
    assert template.sha256 == file_hash(PROMPTS / template.file)


def test_all_templates_begin_with_the_same_text():
    templates = Templates(PROMPTS)
    texts = [templates.render(templates.default(shape).file, {"limit": 30}) for shape in SHAPES]
    shared = templates.render("shared/system.v1.j2", {})
    assert all(text.startswith(shared) for text in texts)
    assert len({text.removeprefix(shared) for text in texts}) == len(SHAPES)


@pytest.mark.parametrize("file", ["headline.v1.j2", "shared/system.v1.j2"])
def test_a_released_text_that_changed_is_refused(folder, file):
    (folder / file).write_text("Write whatever you like.", "utf-8")
    with pytest.raises(TemplateError, match=f"{file} was changed after its release"):
        Templates(folder)


def test_a_draft_template_may_change_and_comes_after_released_ones(folder):
    templates = with_draft(folder, "At most {{ limit }}.")
    assert templates.render(templates.get("mine@1").file, {"limit": 30}) == "At most 30."
    assert [t.id for t in templates.for_shape("headline")] == ["headline", "mine"]


def test_an_unknown_value_is_an_error_and_not_an_empty_text(folder):
    with pytest.raises(TemplateError, match="unknown value: 'limmit' is undefined"):
        with_draft(folder, "{{ limmit }}").render("mine.v1.j2", {"limit": 30})


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ brief.append(('brand', 'x')) }}",
        "{% include '../catalog.toml' %}",
        "{{ limit.__init__.__globals__ }}",
        "{% for n in range(10**12) %}{% endfor %}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(folder, attack):
    templates = with_draft(folder, attack)
    with pytest.raises(TemplateError):
        templates.render("mine.v1.j2", {"limit": 30, "brief": [("brand", "y")]})


def test_values_are_never_read_as_templates():
    values = {"brief": [("brand", "{{ limit }}")], "channel": "c", "limit": 3, "angle": "a"}
    assert "brand: {{ limit }}" in Templates(PROMPTS).render("shared/brief.v1.j2", values)


def test_a_missing_or_broken_catalog_is_said_in_words(tmp_path):
    with pytest.raises(TemplateError, match="no prompt catalog"):
        Templates(tmp_path)
    (tmp_path / "catalog.toml").write_text("[[template]", "utf-8")
    with pytest.raises(TemplateError, match="cannot be read"):
        Templates(tmp_path)
    (tmp_path / "catalog.toml").write_text('[[template]]\nid = "x"\n', "utf-8")
    with pytest.raises(TemplateError, match="entry of the prompt catalog is wrong"):
        Templates(tmp_path)


def test_an_unknown_reference_names_the_known_ones():
    with pytest.raises(TemplateError, match=r"headline@1"):
        Templates(PROMPTS).get("headlines@1")
