"""Training an attention decoder to write Korean dates in ISO form: the case's functions, see `benchmarks.cases`."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqbook import data, scratch
from seqbook.interop.torch_names import part, two_biases
from seqbook.scratch.losses import loss_and_gradient

E, H, B = 64, 256, 128    # embedding, hidden, batch


class Encoder(nn.Module):
    """Ids (B, S) of the given lengths → the states (B, S, H) of a recurrent layer, and the last of them."""

    def __init__(self, kind, vocabulary_size):
        super().__init__()
        self.embedding, self.recurrent = nn.Embedding(vocabulary_size, E), getattr(nn, kind)(E, H, batch_first=True)

    def forward(self, source, lengths):
        packed = pack_padded_sequence(self.embedding(source), lengths, batch_first=True, enforce_sorted=False)
        memory, state = self.recurrent(packed)
        return pad_packed_sequence(memory, batch_first=True)[0], state


class BahdanauModel(nn.Module):
    """A GRU cell that is fed with the context, additive scores."""

    def __init__(self, source_size, target_size):
        super().__init__()
        self.encoder, self.embedding = Encoder("GRU", source_size), nn.Embedding(target_size, E)
        self.cell, self.output = nn.GRUCell(E + H, H), nn.Linear(2 * H, target_size)
        self.query, self.key, self.v = nn.Linear(H, H, False), nn.Linear(H, H, False), nn.Linear(H, 1, False)

    def forward(self, source, target, lengths):
        memory, state = self.encoder(source, lengths)
        padding = torch.arange(memory.shape[1]) >= lengths[:, None]    # (B, S)
        keys, h, features = self.key(memory), state[0], []
        for y in self.embedding(target).unbind(1):
            scores = self.v(torch.tanh(self.query(h)[:, None] + keys))[..., 0]
            weights = scores.masked_fill(padding, -torch.inf).softmax(-1)
            context = (weights[:, None] @ memory)[:, 0]
            h = self.cell(torch.cat([y, context], -1), h)
            features.append(torch.cat([h, context], -1))
        return self.output(torch.stack(features, 1))

    def take(self, params):
        """Start from the parameters of `scratch.BahdanauDecoder`."""
        self.cell.load_state_dict(two_biases(part(params, "cell")))
        for layer, name in ((self.query, "weight_query"), (self.key, "weight_key"), (self.v, "v")):
            layer.weight.data.copy_(params[f"score.{name}"])


class LuongModel(nn.Module):
    """An LSTM over the target, then "general" scores of all its states at once."""

    def __init__(self, source_size, target_size):
        super().__init__()
        self.encoder, self.embedding = Encoder("LSTM", source_size), nn.Embedding(target_size, E)
        self.recurrent, self.output = nn.LSTM(E, H, batch_first=True), nn.Linear(H, target_size)
        self.key, self.combine = nn.Linear(H, H, False), nn.Linear(2 * H, H)

    def forward(self, source, target, lengths):
        memory, state = self.encoder(source, lengths)
        padding = torch.arange(memory.shape[1]) >= lengths[:, None]    # (B, S)
        hs, _ = self.recurrent(self.embedding(target), state)
        scores = hs @ self.key(memory).transpose(1, 2)    # (B, T, S)
        contexts = scores.masked_fill(padding[:, None], -torch.inf).softmax(-1) @ memory
        return self.output(torch.tanh(self.combine(torch.cat([contexts, hs], -1))))

    def take(self, params):
        """Start from the parameters of `scratch.LuongDecoder`."""
        self.recurrent.load_state_dict(two_biases(part(params, "recurrent"), "_l0"))
        self.key.weight.data.copy_(params["score.weight"])
        self.combine.load_state_dict(part(params, "combine"))


def same_start(module, params):
    """Give a module made of torch.nn the parameters of our `Seq2Seq`, so that both begin with the same loss."""
    params = {name: torch.from_numpy(array) for name, array in params.items()}
    module.encoder.embedding.load_state_dict(part(params, "encoder.embedding"))
    module.encoder.recurrent.load_state_dict(two_biases(part(params, "encoder.recurrent"), "_l0"))
    module.embedding.load_state_dict(part(params, "decoder.embedding"))
    module.output.load_state_dict(part(params, "decoder.output"))
    module.take(part(params, "decoder"))


def bahdanau(vocabulary_size, rng):
    cell, score = scratch.GRUCell(E + H, H, rng=rng), scratch.AdditiveScore(H, H, H, rng=rng)
    return "GRU", scratch.BahdanauDecoder(vocabulary_size, cell, score, H, rng=rng), BahdanauModel


def luong(vocabulary_size, rng):
    recurrent, score = scratch.LSTM(E, H, rng=rng), scratch.GeneralScore(H, H, rng=rng)
    return "LSTM", scratch.LuongDecoder(vocabulary_size, recurrent, score, H, rng=rng), LuongModel


def training(make_decoder, steps=5):
    """`steps` steps of training with Adam, forward, loss and backward, on batches of B dates."""
    pairs, rng = data.dates("ko", train=steps * B, test=0).train, np.random.default_rng(0)
    read, write = data.Vocabulary(text for text, _ in pairs), data.Vocabulary(["0123456789-\n"])
    lines = np.stack([write.encode(f"\n{iso}\n") for _, iso in pairs])
    sources = [read.encode(text) for text, _ in pairs]
    batches = [(source, lengths, np.ascontiguousarray(line[:, :-1]), np.ascontiguousarray(line[:, 1:]))
               for (source, lengths), line in data.batches(sources, lines, batch_size=B)]

    kind, decoder, torch_model = make_decoder(len(write), rng)
    encoder = scratch.Encoder(len(read), getattr(scratch, kind)(E, H, rng=rng), rng=rng)
    model, criterion = scratch.Seq2Seq(encoder, decoder), scratch.CrossEntropy()
    module = torch_model(len(read), len(write))
    same_start(module, model.params)
    optimizer, torch_optimizer = scratch.Adam(model.params), torch.optim.Adam(module.parameters())

    def by_numpy():
        losses = []
        for source, lengths, before, after in batches:
            logits, cache = model.forward(source, before, lengths)
            loss, dlogits = loss_and_gradient(criterion, logits, after)
            _, grads = model.backward(dlogits, cache)
            optimizer.step(grads)
            losses.append(loss)
        return losses

    torch_batches = [tuple(map(torch.from_numpy, batch)) for batch in batches]

    def by_torch():
        losses = []
        for source, lengths, before, after in torch_batches:
            torch_optimizer.zero_grad()
            logits = module(source, before, lengths)
            loss = nn.functional.cross_entropy(logits.transpose(1, 2), after)
            loss.backward()
            torch_optimizer.step()
            losses.append(loss.item())
        return losses

    np.testing.assert_allclose(by_numpy()[0], by_torch()[0], rtol=1e-5)    # the same model
    return {"numpy": by_numpy, "torch": by_torch}
