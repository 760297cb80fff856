"""What each kind of model must be able to learn, with its hand-written gradients, for three seeds."""

import numpy as np
import pytest

from seqbook import data
from seqbook.scratch import (
    GRU, Adam, AdditiveScore, BahdanauDecoder, Bidirectional, CrossEntropy, Encoder, GeneralScore, GRUCell,
    LanguageModel, Layer, Linear, LuongDecoder, MultiHeadAttention, Seq2Seq, ViT, fit, greedy,
)
from seqbook.scratch.base import prefix
from seqbook.scratch.transformer import Tokens

pytestmark = pytest.mark.slow
seeds = pytest.mark.parametrize("seed", [0, 1, 2])


class OneAttentionLayer(Layer):
    """Ids (B, T) → logits (B, T, V): tokens with positions, one attention layer, a linear map; nothing else."""

    def __init__(self, vocabulary_size, model_size, heads, *, rng):
        self.tokens = Tokens(vocabulary_size, model_size, rng=rng)
        self.attention = MultiHeadAttention(model_size, heads, rng=rng)
        self.output = Linear(model_size, vocabulary_size, rng=rng)
        super().__init__(np.float32, **prefix("tokens", self.tokens.params),
                         **prefix("attention", self.attention.params), **prefix("output", self.output.params))

    def forward(self, ids):
        x, tokens = self.tokens.forward(ids)
        x, attention = self.attention.forward(x)
        logits, output = self.output.forward(x)
        return logits, (tokens, attention, output)

    def backward(self, dlogits, cache):
        tokens, attention, output = cache
        dx, output_grads = self.output.backward(dlogits, output)
        (dx, _, _), attention_grads = self.attention.backward(dx, attention)
        _, tokens_grads = self.tokens.backward(dx, tokens)
        return None, {**prefix("tokens", tokens_grads), **prefix("attention", attention_grads),
                      **prefix("output", output_grads)}


def train(model, batches, *, epochs, lr):
    """Train on (*inputs, targets) batches by cross-entropy; lr warms up, then falls in a straight line."""
    criterion, optimizer = CrossEntropy(), Adam(model.params, lr)
    steps, total = 0, epochs * len(batches(0))

    def loss_and_grads(batch):
        nonlocal steps
        steps += 1
        optimizer.lr = lr * min(20 * steps / total, 1 - steps / (total + 1))
        *inputs, targets = batch
        logits, cache = model.forward(*inputs)
        loss, criterion_cache = criterion.forward(logits, targets)
        (dlogits, _), _ = criterion.backward(1.0, criterion_cache)
        return loss, model.backward(dlogits, cache)[1]
    return fit(loss_and_grads, optimizer, batches, epochs=epochs, clip=1.0, progress=False)


@seeds
def test_one_attention_layer_reverses_a_sequence(seed):
    rng, V, T = np.random.default_rng(seed), 10, 12
    model = OneAttentionLayer(V, 64, 4, rng=rng)
    ids = rng.integers(0, V, (600, 64, T))
    history = train(model, lambda epoch: [(batch, batch[:, ::-1].copy()) for batch in ids], epochs=1, lr=3e-3)
    assert history.loss[0] > 2
    unseen = rng.integers(0, V, (200, T))
    logits, (_, attention, _) = model.forward(unseen)
    assert (logits.argmax(-1) == unseen[:, ::-1]).all(axis=1).mean() > 0.99
    mirrored = attention.weights.mean(axis=(0, 1))[np.arange(T), T - 1 - np.arange(T)]
    assert mirrored.mean() > 2 / T    # it looks where the answer stands, more than evenly


@seeds
def test_a_vision_transformer_reads_unseen_digits(seed):
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    digits = load_digits()
    images = (digits.images / 8 - 1).astype(np.float32)[:, None]    # (1797, 1, 8, 8) in -1 … 1
    train_x, test_x, train_y, test_y = train_test_split(images, digits.target, test_size=0.25, random_state=0,
                                                        stratify=digits.target)
    rng = np.random.default_rng(seed)
    model = ViT(8, 2, 1, 10, 48, 4, 96, 2, rng=rng)

    def batches(epoch):
        order = np.random.default_rng((seed, epoch)).permutation(len(train_x))
        return [(train_x[part], train_y[part]) for part in np.array_split(order, len(order) // 32)]
    train(model, batches, epochs=20, lr=3e-3)
    assert (model.forward(test_x)[0].argmax(-1) == test_y).mean() > 0.95


@seeds
def test_a_language_model_copies_what_stands_before_the_marker(seed):
    rng, V, T = np.random.default_rng(seed), 8, 6
    marker = V
    model = LanguageModel(V + 1, 48, 4, 96, 2, rng=rng, positions="rotary")
    words = rng.integers(0, V, (300, 64, T))
    ids = np.concatenate([words, np.full((300, 64, 1), marker), words], axis=-1)
    targets = ids[..., 1:].copy()
    targets[..., :T] = -100    # the first half cannot be guessed
    train(model, lambda epoch: list(zip(ids[..., :-1], targets)), epochs=1, lr=2e-3)
    unseen = rng.integers(0, V, (100, T))
    tokens, past, said = np.concatenate([unseen, np.full((100, 1), marker)], axis=1), None, []
    for _ in range(T):
        logits, past = model.step(tokens, past)
        tokens = logits[:, -1:].argmax(-1)
        said.append(tokens[:, 0])
    assert (np.stack(said, axis=1) == unseen).all(axis=1).mean() > 0.95


def bahdanau(V, M, H, rng):
    """The decoder of Bahdanau et al. (2015): a GRU fed with the context, additive scores."""
    return BahdanauDecoder(V, GRUCell(24 + M, H, rng=rng), AdditiveScore(H, M, H, rng=rng), M, rng=rng)


def luong(V, M, H, rng):
    """The decoder of Luong et al. (2015) with their "general" score, over a GRU."""
    return LuongDecoder(V, GRU(24, H, rng=rng), GeneralScore(H, M, rng=rng), M, rng=rng)


@seeds
@pytest.mark.parametrize("make_decoder", [bahdanau, luong])
def test_an_attention_decoder_writes_unseen_korean_dates_in_iso_form(make_decoder, seed):
    split, rng, H = data.dates("ko", train=10_000, test=1_000), np.random.default_rng(seed), 48
    read, write = data.Vocabulary(text for text, _ in split.train), data.Vocabulary(["0123456789-\n"])
    sources = [read.encode(text) for text, _ in split.train]
    lines = np.stack([write.encode(f"\n{iso}\n") for _, iso in split.train])    # (10000, 12)
    encoder = Encoder(len(read), Bidirectional(GRU(24, H, rng=rng), GRU(24, H, rng=rng)), rng=rng)
    model = Seq2Seq(encoder, make_decoder(len(write), 2 * H, H, rng), pass_state=False)

    def epoch_batches(epoch):
        shuffled = data.batches(sources, lines, batch_size=50, rng=np.random.default_rng((seed, epoch)))
        return [(source, line[:, :-1], lengths, line[:, 1:]) for (source, lengths), line in shuffled]
    train(model, epoch_batches, epochs=3, lr=6e-3)

    texts, isos = zip(*split.test)
    start, newline = model.start(*data.pad([read.encode(text) for text in texts])), write.encode("\n")
    decoded = greedy(model.step, start, np.repeat(newline, len(texts)), end=newline[0], max_length=12)
    written = [write.decode(ids[:length]) for ids, length in zip(decoded.ids, decoded.lengths)]
    assert np.mean([line == f"{iso}\n" for line, iso in zip(written, isos)]) > 0.99
