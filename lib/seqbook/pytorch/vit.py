"""An image as a sequence of patches, and the Vision Transformer that reads it (Dosovitskiy et al., 2021)."""

import torch
from torch import nn

from seqbook.interop import vit_checkpoint
from seqbook.pytorch.base import check_shape, check_sizes
from seqbook.pytorch.linear import Linear
from seqbook.pytorch.positions import LearnedPositions
from seqbook.pytorch.transformer import TransformerEncoder


def to_patches(images, size):
    """Images (B, C, H, W) → patches (B, P, C·size·size), row by row; each patch in the order channel, row, column."""
    grid = images.unflatten(2, (-1, size)).unflatten(4, (-1, size))    # (B, C, rows, size, columns, size)
    return grid.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)


class PatchEmbedding(nn.Module):
    """Images (B, C, H, W) → one vector for each patch (B, P, E), P = (H / patch) · (W / patch)."""

    def __init__(self, image_size, patch_size, channels, model_size, *, device=None, dtype=None):
        super().__init__()
        check_sizes(image_size=image_size, patch_size=patch_size, channels=channels, model_size=model_size)
        if image_size % patch_size:
            raise ValueError(f"image_size must be a multiple of patch_size={patch_size}, got {image_size}")
        self.image_size, self.patch_size, self.channels = image_size, patch_size, channels
        self.count = (image_size // patch_size) ** 2    # P
        self.projection = Linear(channels * patch_size ** 2, model_size, device=device, dtype=dtype)

    def forward(self, images):
        """x (B, P, E)."""
        check_shape("images", images, B=None, C=self.channels, H=self.image_size, W=self.image_size)
        return self.projection(to_patches(images, self.patch_size))


class ViT(nn.Module):
    """Images (B, C, H, W) → logits (B, O): patches as tokens, a class token before them, positions, encoder, Linear."""

    def __init__(self, image_size, patch_size, channels, classes, model_size, heads, hidden_size, layers, *,
                 activation="gelu", device=None, dtype=None, **options):
        super().__init__()
        check_sizes(classes=classes, model_size=model_size, hidden_size=hidden_size)
        factory = {"device": device, "dtype": dtype}
        self.class_token = nn.Parameter(0.02 * torch.randn(model_size, **factory))
        self.patches = PatchEmbedding(image_size, patch_size, channels, model_size, **factory)
        self.positions = LearnedPositions(1 + self.patches.count, model_size, **factory)
        self.encoder = TransformerEncoder(model_size, heads, hidden_size, layers, activation=activation, **factory,
                                          **options)
        self.output = Linear(model_size, classes, **factory)

    def forward(self, images):
        """logits (B, O)."""
        x = self.patches(images)
        x = torch.cat([self.class_token.expand(len(x), 1, -1), x], dim=1)
        return self.output(self.encoder(self.positions(x))[:, 0])


def vit_from_checkpoint(state, heads, *, device=None, dtype=None) -> ViT:
    """The ViT of a checkpoint with the usual parameter names, which `seqbook.interop.vit_checkpoint` lists.

    `state` is a dict from name to tensor, or the path of a safetensors file. All sizes are found in it but the number
    of `heads` (E/64 in the published models).
    """
    from safetensors.torch import load_file
    state = vit_checkpoint.read(state, load_file)
    image, patch, channels, classes, model_size, hidden_size, layers = vit_checkpoint.sizes(state)
    vit = ViT(image, patch, channels, classes, model_size, heads, hidden_size, layers, eps=vit_checkpoint.EPS,
              device=device, dtype=dtype)
    vit.load_state_dict(vit_checkpoint.parameters(state), strict=True)
    return vit
