"""Other people's weights: PyTorch's own modules as ours."""


def from_torch(module):
    """Our layer with the numbers of an `nn.RNN`, `nn.LSTM` or `nn.GRU` (any layers, both directions), an
    `nn.MultiheadAttention`, or an `nn.TransformerEncoderLayer` or `…DecoderLayer` (norm first or last).

    Its parameters are copies. A ValueError for other modules and for settings that ours do not have.
    """
    from seqbook import scratch    # here, for it imports this module
    from seqbook.interop import conversion
    return conversion.convert(module, scratch)
