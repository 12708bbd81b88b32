"""Our encoder against that of transformers, with random weights."""

import pytest
import torch
from transformers import BertConfig, BertModel

from creative.prediction.encoder import encoder, of_eight_bits, pooled, projection_weights


@pytest.fixture(scope="module")
def bert():
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=16,
    )
    return BertModel(config, add_pooling_layer=False).eval()


def test_vectors_are_those_of_transformers(bert):
    ids = torch.tensor([[2, 5, 9, 3, 0, 0], [2, 7, 8, 9, 4, 3]])
    known = torch.tensor([[1, 1, 1, 1, 0, 0], [1] * 6]).bool()
    with torch.inference_mode():
        expected = pooled(bert(ids, attention_mask=known).last_hidden_state, known)
        ours = encoder(bert.state_dict(), heads=4).vectors(ids, known)
    torch.testing.assert_close(ours, expected, atol=1e-6, rtol=1e-5)


def test_padding_changes_nothing(bert):
    net = encoder(bert.state_dict(), heads=4)
    with torch.inference_mode():
        alone = net.vectors(torch.tensor([[2, 5, 3]]))
        padded = net.vectors(torch.tensor([[2, 5, 3, 0]]), torch.tensor([[True] * 3 + [False]]))
    torch.testing.assert_close(alone, padded)


def test_an_adapter_is_merged(bert):
    weights = dict(bert.state_dict())
    down, up = torch.randn(2, 32), torch.randn(64, 2)
    adapted = encoder(weights, heads=4, adapter={"1.wide.down": down, "1.wide.up": up})
    by_hand = dict(weights)
    by_hand["encoder.layer.1.intermediate.dense.weight"] = (
        weights["encoder.layer.1.intermediate.dense.weight"] + up @ down
    )
    ids = torch.tensor([[2, 5, 3]])
    with torch.inference_mode():
        expected = encoder(by_hand, heads=4).vectors(ids)
        torch.testing.assert_close(adapted.vectors(ids), expected)
        assert not torch.allclose(encoder(weights, heads=4).vectors(ids), expected)


def test_eight_bits_are_close(bert):
    weight, bias = projection_weights(bert.state_dict(), 0, "mixed")
    states = torch.randn(1, 5, 32)
    exact = states @ weight.T + bias
    with torch.inference_mode():
        error = (of_eight_bits(weight, bias)(states) - exact).abs().max()
    assert error < 0.03 * exact.abs().max()
