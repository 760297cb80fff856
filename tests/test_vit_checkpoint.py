"""A ViT's checkpoint with the usual names gives our ViT the numbers of the model it came from."""

import re

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from seqbook import pytorch, scratch

E, N, F, LAYERS, CLASSES, C, PATCH, IMAGE = 12, 3, 20, 2, 5, 2, 4, 12


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(E, 3 * E), nn.Linear(E, E)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.qkv(x).reshape(B, T, 3, N, E // N).permute(2, 0, 3, 1, 4)
        return self.proj(functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(B, T, E))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(E, F), nn.Linear(F, E)

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.attn, self.norm2, self.mlp = (
            nn.LayerNorm(E, eps=1e-6), Attention(), nn.LayerNorm(E, eps=1e-6), Mlp())

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(C, E, PATCH, PATCH)

    def forward(self, images):
        return self.proj(images).flatten(2).transpose(1, 2)


class TheirViT(nn.Module):
    """A ViT as others write it: a convolution for the patches, one product for query, key and value."""

    def __init__(self):
        super().__init__()
        self.patch_embed, self.blocks = PatchEmbed(), nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.cls_token = nn.Parameter(torch.empty(1, 1, E))
        self.pos_embed = nn.Parameter(torch.empty(1, 1 + (IMAGE // PATCH) ** 2, E))
        self.norm, self.head = nn.LayerNorm(E, eps=1e-6), nn.Linear(E, CLASSES)

    def forward(self, images):
        x = self.patch_embed(images)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], dim=1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


@pytest.fixture
def theirs():
    torch.manual_seed(0)
    module = TheirViT().double()
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    with torch.no_grad():
        module.blocks[0].norm1.weight *= 0.01
        for tensor in (module.cls_token, module.pos_embed, *module.patch_embed.parameters()):
            tensor *= 1e-2    # small tokens, so that the eps of LayerNorm counts
    return module


@pytest.fixture
def images():
    return torch.randn(3, C, IMAGE, IMAGE, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize("as_file", [False, True], ids=["dict", "file"])
def test_the_logits_are_theirs(theirs, images, as_file, tmp_path):
    state = theirs.state_dict()
    if as_file:
        state = tmp_path / "vit.safetensors"
        save_file(theirs.state_dict(), state)
    expected = theirs(images).detach()
    ours = pytorch.vit_from_checkpoint(state, N, dtype=torch.float64)
    torch.testing.assert_close(ours(images).detach(), expected, rtol=0, atol=1e-10)
    if not as_file:
        state = {name: tensor.numpy() for name, tensor in state.items()}
    by_hand, _ = scratch.vit_from_checkpoint(state, N, dtype=np.float64).forward(images.numpy())
    np.testing.assert_allclose(by_hand, expected.numpy(), rtol=0, atol=1e-10)


def test_half_precision_becomes_the_dtype_asked_for(theirs, images):
    state = theirs.half().state_dict()
    model = scratch.vit_from_checkpoint({name: tensor.numpy() for name, tensor in state.items()}, N)
    module = pytorch.vit_from_checkpoint(state, N, dtype=torch.float32)
    logits, _ = model.forward(images.float().numpy())
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, module(images.float()).detach().numpy(), atol=1e-4)


def without(*names):
    return lambda state: {name: value for name, value in state.items() if name not in names}


REFUSED = [
    (without("cls_token"), "it lacks ['cls_token'] and has []"),
    (without("head.weight"), "state must hold head.weight"),
    (without("blocks.1.attn.qkv.bias"), "it lacks ['blocks.1.attn.qkv.bias']"),
    (lambda state: {**state, "blocks.0.ls1.gamma": torch.ones(E)}, "has ['blocks.0.ls1.gamma']"),
    (lambda state: {**state, "head.bias": torch.ones(3)}, "head.bias must have shape (5,), got (3,)"),
    (lambda state: {**state, "pos_embed": torch.ones(1, 9, E)}, "with P = side · side patches, got (1, 9, 12)"),
    (lambda state: {**state, "patch_embed.proj.weight": torch.ones(E, 32)}, "must have 4 axes, got the shape (12, 32)"),
    (lambda state: {}, "got nothing"),
]


@pytest.mark.parametrize("spoil, message", REFUSED, ids=[message for _, message in REFUSED])
def test_other_models_are_refused(theirs, spoil, message):
    for package in (scratch, pytorch):
        with pytest.raises(ValueError, match=re.escape(message)):
            package.vit_from_checkpoint(spoil(theirs.state_dict()), N)


@pytest.mark.parametrize("package", [scratch, pytorch])
def test_a_wrong_number_of_heads_or_a_wrong_file_is_refused(theirs, package, tmp_path):
    with pytest.raises(ValueError, match="model_size must be a multiple of heads=5, got 12"):
        package.vit_from_checkpoint(theirs.state_dict(), 5)
    path = tmp_path / "vit.safetensors"
    with pytest.raises(FileNotFoundError, match="there is no checkpoint"):
        package.vit_from_checkpoint(path, N)
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(ValueError, match="no whole safetensors file"):
        package.vit_from_checkpoint(path, N)
