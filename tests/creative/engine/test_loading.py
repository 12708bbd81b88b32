import json
import shutil

import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from creative.engine.ladder import climb
from creative.engine.loading import _parameters, load
from creative.errors import EngineUnavailable, ModelNotUsable


@pytest.fixture
def folder(llama_folder, tmp_path):
    """A good model, to be damaged."""
    return shutil.copytree(llama_folder, tmp_path / "model")


def refusal(folder) -> str:
    with pytest.raises(ModelNotUsable) as caught:
        load(str(folder), "cpu", "float32")
    assert not caught.value.retryable
    return str(caught.value)


def edit_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_good_folder_loads(folder):
    loaded = load(str(folder), "cpu", "float32")
    assert (loaded.device, loaded.dtype, loaded.context) == ("cpu", "float32", 512)
    assert loaded.speller.endings == {2}


def test_a_missing_folder(tmp_path):
    assert "no model folder" in refusal(tmp_path / "gone")


def test_an_empty_folder(tmp_path):
    assert "no config.json" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "[" * 5000, '{"architectures": 5}', ""])
def test_a_damaged_config(folder, text):
    (folder / "config.json").write_text(text)
    assert "damaged" in refusal(folder)


def test_a_model_that_only_reads(folder):
    tiny = BertConfig(
        vocab_size=50,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
    )
    BertForMaskedLM(tiny).save_pretrained(folder)
    assert "cannot write text (BertForMaskedLM)" in refusal(folder)


def test_a_model_that_translates(folder):
    edit_config(folder, is_encoder_decoder=True)
    assert "rewrites one text into another" in refusal(folder)


def test_weights_as_pickle_only(folder):
    (folder / "model.safetensors").unlink()
    torch.save({"a": torch.zeros(1)}, folder / "pytorch_model.bin")
    assert "pickle" in refusal(folder)


def test_no_weights(folder):
    (folder / "model.safetensors").unlink()
    assert "no weights" in refusal(folder)


def test_truncated_weights(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refusal(folder)


def test_weights_of_another_model(folder):
    edit_config(folder, num_hidden_layers=3)
    assert "incomplete" in refusal(folder)


def test_no_tokenizer(folder):
    for path in folder.glob("tokenizer*"):
        path.unlink()
    assert "no tokenizer" in refusal(folder)


def test_a_damaged_tokenizer(folder):
    (folder / "tokenizer.json").write_text("{}")
    assert "does not load" in refusal(folder)


def test_a_model_with_code_of_its_own(folder):
    edit_config(
        folder, model_type="mine", auto_map={"AutoConfig": "m.C", "AutoModelForCausalLM": "m.M"}
    )
    (folder / "m.py").write_text("raise SystemExit('this code must not run')")
    assert "programs of its own" in refusal(folder)


def test_an_unknown_kind_of_model(folder):
    edit_config(folder, model_type="mine")
    assert "cannot load" in refusal(folder)


def test_a_device_this_machine_lacks(folder):
    if not torch.backends.mps.is_available():
        with pytest.raises(ModelNotUsable, match="ADLIB_DEVICE"):
            load(str(folder), "mps")


def test_a_hub_that_cannot_be_reached(monkeypatch, tmp_path):
    """Offline mode is what huggingface_hub itself offers; nothing is asked of the network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EngineUnavailable, match=r"hub cannot be reached|not on the hub") as caught:
        load("nobody/nothing-of-that-name")
    assert isinstance(caught.value, EngineUnavailable)


def test_weights_of_eight_bits_score_nearly_the_same(folder):
    whole, rounded = (load(str(folder), "cpu", "bfloat16", kind) for kind in ("full", "int8"))
    ids = torch.arange(10, 40)[None]
    with torch.inference_mode():
        expected, scores = (each.forward.model(ids).logits.float() for each in (whole, rounded))
    assert "Int8" in type(rounded.forward.model.model.layers[0].mlp.up_proj.weight).__name__
    assert not torch.equal(scores, expected)
    assert (scores - expected).abs().max() < 0.3 * expected.std()
    assert climb(rounded.forward).name.startswith("cascade")


def test_weights_of_four_bits_need_a_graphics_card(folder):
    with pytest.raises(ModelNotUsable, match="ADLIB_WEIGHTS to int8"):
        load(str(folder), "cpu", "bfloat16", "int4")


def test_the_size_of_a_model_is_told_without_loading_it(folder):
    model = load(str(folder), "cpu", "float32").forward.model
    assert _parameters(model.config) == sum(each.numel() for each in model.parameters())
