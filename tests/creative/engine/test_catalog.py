from dataclasses import replace

import pytest

from creative.engine.catalog import FitLevel, Machine, fits, model_list, resolve
from creative.engine.factory import create_engine
from creative.engine.local import LocalEngine
from creative.engine.process import EngineProcess
from creative.errors import ModelNotUsable
from creative.settings import Settings

LAPTOP = Machine(memory_gb=16, free_gb=11, has_fast_bfloat16=True)


def entry(id):
    return next(each for each in model_list() if each.id == id)


def test_the_starter_comes_first_and_ids_are_unique():
    ids = [each.id for each in model_list()]
    assert ids[0] == "starter"
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("model", model_list(), ids=lambda model: model.id)
def test_every_entry_is_plausible(model):
    assert model.licence
    assert model.notes
    assert model.card
    assert model.memory_gb > model.parameters_b * 2
    assert model.is_local or model.download_gb >= model.parameters_b * 2 * 0.95


@pytest.mark.parametrize(
    ("id", "machine", "level"),
    [
        ("starter", Machine(memory_gb=2, free_gb=1.5), FitLevel.FITS),
        ("qwen3-1.7b", LAPTOP, FitLevel.FITS),
        ("qwen3-1.7b", replace(LAPTOP, free_gb=8), FitLevel.TIGHT),
        ("qwen3-1.7b", replace(LAPTOP, has_fast_bfloat16=False), FitLevel.TOO_LARGE),
        ("qwen3-8b", LAPTOP, FitLevel.TOO_LARGE),
        ("qwen3-8b", replace(LAPTOP, gpu="RTX", gpu_gb=25.7), FitLevel.TIGHT),
        ("qwen3-8b", replace(LAPTOP, gpu="H100", gpu_gb=85), FitLevel.FITS),
        ("qwen3-1.7b", replace(LAPTOP, gpu="old", gpu_gb=4), FitLevel.FITS),
    ],
)
def test_a_model_fits_or_not(id, machine, level):
    fit = fits(entry(id), machine)
    assert fit.level is level
    assert fit.message.endswith(".")


def test_this_machine_can_be_asked():
    assert fits(entry("starter")).message


def test_a_setting_names_a_list_id_a_hub_id_or_a_folder(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    assert resolve("starter", tmp_path).source == str(tmp_path / "starter")
    assert resolve("qwen3-0.6b", tmp_path).source == "Qwen/Qwen3-0.6B"
    listed = resolve("Qwen/Qwen3-0.6B", tmp_path)
    assert (listed.id, listed.profile.temperature, listed.profile.top_p) == ("qwen3-0.6b", 0.7, 0.8)
    assert resolve("someone/else", tmp_path).source == "someone/else"
    assert resolve("mine", tmp_path).source == str(tmp_path / "mine")
    assert resolve(str(tmp_path / "mine"), tmp_path).name == "mine"
    monkeypatch.chdir(tmp_path)
    assert resolve("./mine", tmp_path).source == str(tmp_path / "mine")


@pytest.mark.parametrize("wrong", ["", " ", "nothing", "/no/such/folder", "a/b/c", "http://x/y"])
def test_other_settings_are_refused(wrong, tmp_path):
    with pytest.raises(ModelNotUsable, match="There is no model"):
        resolve(wrong, tmp_path)


def test_settings_choose_the_kind_of_engine():
    assert isinstance(create_engine(Settings(engine="process")), EngineProcess)
    assert isinstance(create_engine(Settings(engine="thread")), LocalEngine)
