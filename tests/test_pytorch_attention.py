"""Our PyTorch attention modules: compilation, autocast, dtypes and devices."""

import pytest
import torch

from seqbook import pytorch
from seqbook.pytorch import (
    DecoderBlock, EncoderBlock, FeedForward, LanguageModel, LayerNorm, MultiHeadAttention, Transformer,
    TransformerDecoder, TransformerEncoder, ViT,
)

B, T, S, V, E, N, F, LAYERS = 3, 5, 7, 11, 12, 3, 10, 2
CAUSAL = pytorch.causal_mask(T)
SOME = torch.tensor([[True, False, True, True, False, True, True]] * (T - 1) + [[False] * S])    # the last sees nothing


def ten(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def ids(T):
    return torch.randint(V, (B, T), generator=torch.Generator().manual_seed(0))


X, MEMORY, LENGTHS = ten(B, T, E), ten(B, S, E), torch.tensor([4, 7, 1])
CASES = {
    "LayerNorm": (lambda **o: LayerNorm(E, **o), (X,), {}),
    "FeedForward": (lambda **o: FeedForward(E, F, activation="gelu", dropout=0.1, **o), (X,), {}),
    "MultiHeadAttention": (lambda **o: MultiHeadAttention(E, N, **o), (X,), {}),
    "MultiHeadAttention, mask": (lambda **o: MultiHeadAttention(E, N, **o), (X, MEMORY), {"mask": SOME}),
    "MultiHeadAttention, math": (lambda **o: MultiHeadAttention(E, N, backend="math", **o), (X, MEMORY),
                                 {"mask": SOME, "need_weights": True}),
    "MultiHeadAttention, rotary": (lambda **o: MultiHeadAttention(E, N, rotary=True, **o), (X,), {"mask": CAUSAL}),
    "EncoderBlock": (lambda **o: EncoderBlock(E, N, F, dropout=0.1, **o), (X,), {"mask": CAUSAL}),
    "EncoderBlock, post-norm": (lambda **o: EncoderBlock(E, N, F, norm_first=False, **o), (X,), {}),
    "DecoderBlock": (lambda **o: DecoderBlock(E, N, F, **o), (X, MEMORY), {"mask": CAUSAL, "memory_mask": SOME}),
    "TransformerEncoder": (lambda **o: TransformerEncoder(E, N, F, LAYERS, **o), (X,), {"mask": CAUSAL}),
    "TransformerDecoder": (lambda **o: TransformerDecoder(E, N, F, LAYERS, **o), (X, MEMORY), {"mask": CAUSAL}),
    "Transformer": (lambda **o: Transformer(V, V, E, N, F, LAYERS, **o), (ids(S), ids(T), LENGTHS), {}),
    **{f"LanguageModel, {positions}": (
        lambda positions=positions, **o: LanguageModel(V, E, N, F, LAYERS, positions=positions, max_length=T, **o),
        (ids(T),), {}) for positions in ("sinusoidal", "learned", "rotary")},
    "ViT": (lambda **o: ViT(8, 4, 2, 5, E, N, F, LAYERS, **o), (ten(B, 2, 8, 8),), {}),
}
cases = pytest.mark.parametrize("make, args, kwargs", CASES.values(), ids=CASES)


def convert(inputs, **to):
    """Floating tensors with a new dtype, all tensors on a new device."""
    def one(value):
        if not isinstance(value, torch.Tensor):
            return value
        return value.to(**to) if value.is_floating_point() else value.to(to.get("device"))
    return {k: one(v) for k, v in inputs.items()} if isinstance(inputs, dict) else tuple(map(one, inputs))


def tensors(outputs):
    return outputs if isinstance(outputs, tuple) else (outputs,)


def run(module, args, kwargs):
    """The outputs and all gradients."""
    module.zero_grad()
    outputs = tensors(module(*args, **kwargs))
    sum(out.float().square().sum() for out in outputs).backward()
    return [out.detach() for out in outputs], [parameter.grad for parameter in module.parameters()]


@cases
def test_no_graph_break(make, args, kwargs):
    torch.compiler.reset()
    torch.manual_seed(0)
    module = make().eval()
    compiled = torch.compile(module, backend="eager", fullgraph=True)
    for ours, theirs in zip(run(module, args, kwargs), run(compiled, args, kwargs)):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("past_length", [0, 3])
@torch.no_grad()
def test_no_graph_break_in_generation(past_length):
    torch.compiler.reset()
    model = LanguageModel(V, E, N, F, LAYERS).eval()
    past = model.step(ids(past_length))[1] if past_length else None
    compiled = torch.compile(model.step, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(ids(1), past), model.step(ids(1), past))


@cases
def test_autocast_is_near_full_precision(make, args, kwargs):
    torch.manual_seed(0)
    module = make().eval()
    full, full_grads = run(module, args, kwargs)
    with torch.autocast("cpu", torch.bfloat16):
        low, low_grads = run(module, args, kwargs)
    for a, b in zip(low, full):
        torch.testing.assert_close(a.float(), b, rtol=0, atol=0.03 * max(1, b.abs().max().item()))
    for a, b in zip(low_grads, full_grads):
        assert a.dtype == torch.float32 and a.isfinite().all()
        assert (a - b).norm() <= 0.1 * b.norm() + 0.02
    if any(isinstance(part, pytorch.Linear) for part in module.modules()):
        assert any((a - b).any() for a, b in zip(low_grads, full_grads))    # autocast was on


@cases
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_dtype_is_kept(make, args, kwargs, dtype):
    module = make(dtype=dtype).eval()
    assert {parameter.dtype for parameter in module.parameters()} == {dtype}
    outputs, grads = run(module, convert(args, dtype=dtype), convert(kwargs, dtype=dtype))
    assert all(tensor.dtype == dtype and tensor.isfinite().all() for tensor in (*outputs, *grads))


@cases
def test_device_is_kept(make, args, kwargs):
    """On the meta device, which holds no numbers: a tensor made on another device would not mix with it."""
    module = make(device="meta").eval()
    assert {parameter.device.type for parameter in module.parameters()} == {"meta"}
    expected = tensors(make().eval()(*args, **kwargs))
    outputs = tensors(module(*convert(args, device="meta"), **convert(kwargs, device="meta")))
    assert [(out.device.type, out.shape) for out in outputs] == [("meta", out.shape) for out in expected]


@pytest.mark.parametrize("backend", ["fused", "math"])
def test_weights_and_output_of_both_backends_agree(backend):
    torch.manual_seed(0)
    module = MultiHeadAttention(E, N, backend=backend, dtype=torch.float64)
    x, memory = X.double(), MEMORY.double()
    out, weights = module(x, memory, mask=SOME, need_weights=True)
    value = pytorch.attention.split_heads(module.value(memory), N)
    torch.testing.assert_close(module.output(pytorch.attention.merge_heads(weights @ value)), out)
    assert not weights[..., ~SOME].any() and weights.shape == (B, N, T, S)
