"""The layers' functions once more, made of torch.nn."""

import torch
from torch import nn
from torch.func import functional_call

from seqbook.contract.inputs import LAYERS, PATCH, B, C, D, E, F, H, N, S, T, V
from seqbook.interop import torch_names
from seqbook.interop.torch_names import joined_states, split_states, two_biases
from seqbook.tree import map_arrays


def torch_linear(params, x):
    return functional_call(nn.Linear(params["weight"].shape[1], params["weight"].shape[0]), params, x)


def torch_embedding(params, ids):
    return functional_call(nn.Embedding(*params["weight"].shape), params, ids)


def torch_function(module):
    return lambda params, *args: module(*args)


def torch_cross_entropy(reduction, label_smoothing=0.0):
    loss = nn.CrossEntropyLoss(reduction=reduction, label_smoothing=label_smoothing)

    def reference(params, logits, targets):
        return loss(logits.reshape(-1, V), targets.reshape(-1))
    return reference


def torch_rnn_cell(nonlinearity):
    def reference(params, x, h_prev):
        H, D = params["weight_ih"].shape
        cell = nn.RNNCell(D, H, nonlinearity=nonlinearity, dtype=x.dtype)
        return functional_call(cell, two_biases(params), (x, h_prev))
    return reference


def torch_lstm_cell(params, x, state):
    H4, D = params["weight_ih"].shape
    return functional_call(nn.LSTMCell(D, H4 // 4, dtype=x.dtype), two_biases(params), (x, state))


def torch_gru_cell(params, x, h_prev):
    H3, D = params["weight_ih"].shape
    return functional_call(nn.GRUCell(D, H3 // 3, dtype=x.dtype), two_biases(params), (x, h_prev))


def torch_rnn(nonlinearity):
    """nn.RNN, on a packed sequence where lengths are given."""
    def reference(params, x, state, lengths=None):
        H, D = params["weight_ih"].shape
        rnn = nn.RNN(D, H, nonlinearity=nonlinearity, batch_first=True, dtype=x.dtype)
        return run_packed(rnn, two_biases(params, "_l0"), x, state, lengths)
    return reference


def torch_lstm(params, x, state, lengths=None):
    H4, D = params["weight_ih"].shape
    lstm = nn.LSTM(D, H4 // 4, batch_first=True, dtype=x.dtype)
    return run_packed(lstm, two_biases(params, "_l0"), x, state, lengths)


def torch_gru(params, x, state, lengths=None):
    H3, D = params["weight_ih"].shape
    gru = nn.GRU(D, H3 // 3, batch_first=True, dtype=x.dtype)
    return run_packed(gru, two_biases(params, "_l0"), x, state, lengths)


def torch_stack(kind, layers=1, directions=1):
    """nn.RNN, nn.LSTM or nn.GRU of several layers or of both directions."""
    def reference(params, x, state, lengths=None):
        module = getattr(nn, kind)(D, H, layers, batch_first=True, bidirectional=directions == 2, dtype=x.dtype)
        named = {}
        for layer in range(layers):
            for way, suffix in (("forward_layer.", ""), ("backward_layer.", "_reverse"))[:directions]:
                name = (f"layers.{layer}." if layers > 1 else "") + (way if directions == 2 else "")
                own = {key.removeprefix(name): value for key, value in params.items() if key.startswith(name)}
                named |= two_biases(own, f"_l{layer}{suffix}")
        hs, end = run_packed(module, named, x, joined_states(state, kind == "LSTM"), lengths, single=False)
        return hs, split_states(end, layers, directions)
    return reference


def run_packed(module, params, x, state, lengths, single=True):
    """(hs, state) of one of torch.nn's recurrent modules on (B, T, D) sequences of any lengths."""
    if lengths is not None:
        x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    if single:    # one layer and direction, of which our state says nothing
        state = map_arrays(lambda part: part[None], state)
    hs, state = functional_call(module, params, (x, state))
    if lengths is not None:
        hs, _ = nn.utils.rnn.pad_packed_sequence(hs, batch_first=True, total_length=T)
    return hs, map_arrays(lambda part: part[0], state) if single else state


def torch_recurrent_encoder(params, ids, state, lengths):
    """nn.Embedding and nn.GRU."""
    x = nn.functional.embedding(ids, params["embedding.weight"])
    return torch_gru(torch_names.part(params, "recurrent"), x, state, lengths)


def torch_recurrent_decoder(context_size):
    """nn.Embedding, nn.GRU and nn.Linear, with the memory's last real row at every step where it is the context."""
    def reference(params, ids, state, memory, lengths, memory_lengths):
        x = nn.functional.embedding(ids, params["embedding.weight"])
        if context_size:
            context = memory[torch.arange(B), memory_lengths - 1]
            x = torch.cat([x, context[:, None].repeat(1, T, 1)], dim=-1)
        hs, state = torch_gru(torch_names.part(params, "recurrent"), x, state, lengths)
        logits = nn.functional.linear(hs, params["output.weight"], params["output.bias"])
        real = torch.arange(T) < lengths[:, None]
        return torch.where(real[..., None], logits, 0), state
    return reference


def torch_labelling(params, ids, state, lengths):
    """nn.Embedding, nn.LSTM and nn.Linear at every real step."""
    x = nn.functional.embedding(ids, params["first.weight"])
    hs, state = torch_lstm(torch_names.part(params, "recurrent"), x, state, lengths)
    outputs = nn.functional.linear(hs, params["output.weight"], params["output.bias"])
    return torch.where((torch.arange(T) < lengths[:, None])[..., None], outputs, 0), state


def torch_single_output(params, x, state, lengths=None):
    inner = {name.removeprefix("rnn."): value for name, value in params.items() if name.startswith("rnn.")}
    _, state = torch_rnn("tanh")(inner, x, state, lengths)
    return nn.functional.linear(state, params["output.weight"], params["output.bias"]), state


def torch_layer_norm(params, x):
    return nn.functional.layer_norm(x, x.shape[-1:], params["weight"], params["bias"])


def forbidden(mask, T, S):
    """A mask of ours as torch.nn's: (B·N, T, S), True = may not look; None stays None."""
    return None if mask is None else ~mask.expand(B, N, T, S).reshape(B * N, T, S)


def torch_attention(params, query, key=None, value=None, mask=None):
    module = nn.MultiheadAttention(E, N, batch_first=True, dtype=query.dtype)
    key = query if key is None else key
    value = key if value is None else value
    options = {"attn_mask": forbidden(mask, query.shape[1], key.shape[1]), "need_weights": False}
    return functional_call(module, torch_names.attention_to_torch(params), (query, key, value), options)[0]


def torch_feed_forward(params, x):
    inner = nn.functional.gelu(nn.functional.linear(x, params["linear1.weight"], params["linear1.bias"]))
    return nn.functional.linear(inner, params["linear2.weight"], params["linear2.bias"])


def torch_encoder_block(norm_first, activation):
    def reference(params, x, mask=None):
        block = nn.TransformerEncoderLayer(E, N, F, 0.0, activation, batch_first=True, norm_first=norm_first,
                                           dtype=x.dtype)
        params = torch_names.block_to_torch(params, torch_names.ENCODER_BLOCK)
        return functional_call(block, params, (x,), {"src_mask": forbidden(mask, T, T)})
    return reference


def torch_decoder_block(norm_first):
    def reference(params, x, memory, mask=None, memory_mask=None):
        block = nn.TransformerDecoderLayer(E, N, F, 0.0, batch_first=True, norm_first=norm_first, dtype=x.dtype)
        params = torch_names.block_to_torch(params, torch_names.DECODER_BLOCK)
        masks = {"tgt_mask": forbidden(mask, T, T), "memory_mask": forbidden(memory_mask, T, S)}
        return functional_call(block, params, (x, memory), masks)
    return reference


def torch_encoder(params, x, mask=None, activation="relu"):
    block = nn.TransformerEncoderLayer(E, N, F, 0.0, activation, batch_first=True, norm_first=True, dtype=x.dtype)
    stack = nn.TransformerEncoder(block, LAYERS, nn.LayerNorm(E, dtype=x.dtype), enable_nested_tensor=False)
    params = torch_names.stack_to_torch(params, torch_names.ENCODER_BLOCK)
    return functional_call(stack, params, (x,), {"mask": forbidden(mask, x.shape[1], x.shape[1])})


def torch_decoder(params, x, memory, mask=None, memory_mask=None):
    block = nn.TransformerDecoderLayer(E, N, F, 0.0, batch_first=True, norm_first=True, dtype=x.dtype)
    stack = nn.TransformerDecoder(block, LAYERS, nn.LayerNorm(E, dtype=x.dtype))
    params = torch_names.stack_to_torch(params, torch_names.DECODER_BLOCK)
    masks = {"tgt_mask": forbidden(mask, T, T), "memory_mask": forbidden(memory_mask, T, S)}
    return functional_call(stack, params, (x, memory), masks)


def torch_tokens(params, ids):
    """Embedding · √E, plus learned positions where there are some, else sinusoids by their formula."""
    x = nn.functional.embedding(ids, params["embedding.weight"]) * E ** 0.5
    if "positions.weight" in params:
        return x + params["positions.weight"][:ids.shape[1]]
    return x + torch_sinusoids(ids.shape[1])


def torch_sinusoids(length):
    angle = torch.tensor([[pos / 10000 ** (2 * (i // 2) / E) for i in range(E)] for pos in range(length)],
                         dtype=torch.float64)
    return torch.where(torch.arange(E) % 2 == 0, angle.sin(), angle.cos())


def causal(length):
    return torch.ones(length, length, dtype=torch.bool).tril()


def torch_language_model(params, ids):
    x = torch_encoder(torch_names.part(params, "stack"), torch_tokens(torch_names.part(params, "tokens"), ids),
                      causal(T))
    return nn.functional.linear(x, params["output.weight"], params["output.bias"])


def torch_transformer(params, source, target, source_lengths):
    real = (torch.arange(S) < source_lengths[:, None])[:, None, None]
    memory = torch_encoder(torch_names.part(params, "encoder"),
                           torch_tokens(torch_names.part(params, "source"), source), real)
    y = torch_decoder(torch_names.part(params, "decoder"), torch_tokens(torch_names.part(params, "target"), target),
                      memory, causal(T), real)
    return nn.functional.linear(y, params["output.weight"], params["output.bias"])


def torch_patches(params, images):
    """A convolution whose stride is its kernel."""
    kernel = params["projection.weight"].reshape(E, C, PATCH, PATCH)
    return nn.functional.conv2d(images, kernel, params["projection.bias"], stride=PATCH).flatten(2).transpose(1, 2)


def torch_vit(params, images):
    x = torch_patches(torch_names.part(params, "patches"), images)
    x = torch.cat([params["class_token"].expand(B, 1, E), x], dim=1) + params["positions.weight"]
    x = torch_encoder(torch_names.part(params, "encoder"), x, activation="gelu")
    return nn.functional.linear(x[:, 0], params["output.weight"], params["output.bias"])
