"""An image as a sequence of patches, and the Vision Transformer that reads it (Dosovitskiy et al., 2021)."""

from typing import NamedTuple

import numpy as np

from seqbook.interop import vit_checkpoint
from seqbook.scratch.base import Layer, check_array, check_rng, check_sizes, join
from seqbook.scratch.linear import Linear, LinearCache
from seqbook.scratch.positions import LearnedPositions, PositionsCache
from seqbook.scratch.transformer import StackCache, TransformerEncoder


def to_patches(images: np.ndarray, size: int) -> np.ndarray:
    """Images (B, C, H, W) → patches (B, P, C·size·size), row by row; each patch in the order channel, row, column."""
    B, C, H, W = images.shape
    grid = images.reshape(B, C, H // size, size, W // size, size)
    return grid.transpose(0, 2, 4, 1, 3, 5).reshape(B, (H // size) * (W // size), C * size * size)


def from_patches(patches: np.ndarray, shape: tuple, size: int) -> np.ndarray:
    """The inverse of `to_patches`: (B, P, C·size·size) → images of `shape` (B, C, H, W)."""
    B, C, H, W = shape
    grid = patches.reshape(B, H // size, W // size, C, size, size)
    return grid.transpose(0, 3, 1, 4, 2, 5).reshape(shape)


class PatchEmbeddingCache(NamedTuple):
    shape: tuple    # (B, C, H, W)
    projection: LinearCache


class PatchEmbedding(Layer):
    """Images (B, C, H, W) → one vector for each patch (B, P, E), P = (H / patch) · (W / patch).

    Cutting and one Linear `projection (E, C·patch·patch)`; the same as a convolution whose stride is its kernel.
    """

    def __init__(self, image_size, patch_size, channels, model_size, *, rng, dtype=np.float32):
        check_sizes(image_size=image_size, patch_size=patch_size, channels=channels, model_size=model_size)
        if image_size % patch_size:
            raise ValueError(f"image_size must be a multiple of patch_size={patch_size}, got {image_size}")
        self.image_size, self.patch_size, self.channels = image_size, patch_size, channels
        self.count = (image_size // patch_size) ** 2    # P
        self.projection = Linear(channels * patch_size ** 2, model_size, rng=rng, dtype=dtype)
        super().__init__(dtype, **join(projection=self.projection.params))

    def forward(self, images):
        """x (B, P, E), cache."""
        check_array("images", images, self.dtype, B=None, C=self.channels, H=self.image_size, W=self.image_size)
        x, cache = self.projection.forward(to_patches(images, self.patch_size))
        return x, PatchEmbeddingCache(images.shape, cache)

    def backward(self, dx, cache):
        """dimages (B, C, H, W), grads."""
        dpatches, grads = self.projection.backward(dx, cache.projection)
        return from_patches(dpatches, cache.shape, self.patch_size), join(projection=grads)


class ViTCache(NamedTuple):
    patches: PatchEmbeddingCache
    positions: PositionsCache
    encoder: StackCache
    output: LinearCache

    @property
    def weights(self) -> list:
        """Each block's attention weights (B, N, 1 + P, 1 + P); the first row is what the class token looks at."""
        return self.encoder.weights


class ViT(Layer):
    """Images (B, C, H, W) → logits (B, O): patches as tokens, a class token before them, positions, encoder, Linear.

    The class token's last vector is classified. Parameters: `patches.…`, `class_token (E,)`, `positions.…`,
    `encoder.…`, `output.…`.
    """

    def __init__(self, image_size, patch_size, channels, classes, model_size, heads, hidden_size, layers, *, rng,
                 dtype=np.float32, activation="gelu", **options):
        check_sizes(classes=classes, hidden_size=hidden_size)
        self.patches = PatchEmbedding(image_size, patch_size, channels, model_size, rng=rng, dtype=dtype)
        self.positions = LearnedPositions(1 + self.patches.count, model_size, rng=rng, dtype=dtype)
        self.encoder = TransformerEncoder(model_size, heads, hidden_size, layers, rng=rng, dtype=dtype,
                                          activation=activation, **options)
        self.output = Linear(model_size, classes, rng=rng, dtype=dtype)
        check_rng(rng)
        class_token = 0.02 * rng.standard_normal(model_size)
        super().__init__(dtype, **join({"class_token": class_token}, patches=self.patches.params,
                                       positions=self.positions.params, encoder=self.encoder.params,
                                       output=self.output.params))

    def forward(self, images, rng=None):
        """logits (B, O), cache; `rng` for dropout."""
        x, patches_cache = self.patches.forward(images)
        B, P, E = x.shape
        x = np.concatenate([np.broadcast_to(self.params["class_token"], (B, 1, E)), x], axis=1)
        x, positions_cache = self.positions.forward(x)
        x, encoder_cache = self.encoder.forward(x, rng=rng)
        logits, output_cache = self.output.forward(x[:, 0])
        return logits, ViTCache(patches_cache, positions_cache, encoder_cache, output_cache)

    def backward(self, dlogits, cache):
        """dimages (B, C, H, W), grads."""
        dfirst, output_grads = self.output.backward(dlogits, cache.output)
        B, E = dfirst.shape
        dx = np.zeros((B, 1 + self.patches.count, E), self.dtype)
        dx[:, 0] = dfirst
        dx, encoder_grads = self.encoder.backward(dx, cache.encoder)
        dx, positions_grads = self.positions.backward(dx, cache.positions)
        dimages, patches_grads = self.patches.backward(np.ascontiguousarray(dx[:, 1:]), cache.patches)
        return dimages, join({"class_token": dx[:, 0].sum(axis=0)}, patches=patches_grads,
                             positions=positions_grads, encoder=encoder_grads, output=output_grads)


def vit_from_checkpoint(state, heads, *, dtype=np.float32) -> ViT:
    """The ViT of a checkpoint with the usual parameter names, which `seqbook.interop.vit_checkpoint` lists.

    `state` is a dict from name to array, or the path of a safetensors file. All sizes are found in it but the number of
    `heads` (E/64 in the published models). Evaluation and training then go on from there.
    """
    state = vit_checkpoint.read(state, vit_checkpoint.load_numpy)
    image, patch, channels, classes, model_size, hidden_size, layers = vit_checkpoint.sizes(state)
    vit = ViT(image, patch, channels, classes, model_size, heads, hidden_size, layers, eps=vit_checkpoint.EPS,
              rng=np.random.default_rng(0), dtype=dtype)
    vit.params.update(vit_checkpoint.parameters(state))
    return vit
