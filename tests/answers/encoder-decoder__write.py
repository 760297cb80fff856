import numpy as np

EXERCISE = "encoder-decoder/write"


def r1(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    h, x, out = c.copy(), embedding[first], []
    while len(out) < length:
        h = np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)
        out.append(h @ weight_ho.T + bias_o)
        x = embedding[np.argmax(out[-1], axis=1)]
    return np.array(out).transpose(1, 0, 2)


def r2(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    joined = np.hstack([weight_ih, weight_hh])
    y, s = first, c
    logits = np.empty((len(c), length, len(bias_o)))
    for t in range(length):
        s = np.tanh(np.hstack([embedding[y], s]) @ joined.T + bias)
        logits[:, t] = s @ weight_ho.T + bias_o
        y = logits[:, t].argmax(-1)
    return logits


# --- wrong

def w1(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    token, out = first, []
    for _ in range(length):
        s = np.tanh(embedding[token] @ weight_ih.T + c @ weight_hh.T + bias)
        out.append(s @ weight_ho.T + bias_o)
        token = out[-1].argmax(-1)
    return np.stack(out, 1)


def w2(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    s, out = c, []
    for _ in range(length):
        s = np.tanh(embedding[first] @ weight_ih.T + s @ weight_hh.T + bias)
        out.append(s @ weight_ho.T + bias_o)
    return np.stack(out, 1)


def w3(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    s, token, out = c, first, []
    for _ in range(length):
        s = embedding[token] @ weight_ih.T + s @ weight_hh.T + bias
        out.append(s @ weight_ho.T + bias_o)
        token = out[-1].argmax(-1)
    return np.stack(out, 1)


def w4(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    s, token, out = np.zeros_like(c), first, []
    for _ in range(length):
        s = np.tanh(embedding[token] @ weight_ih.T + s @ weight_hh.T + bias)
        out.append(s @ weight_ho.T + bias_o)
        token = out[-1].argmax(-1)
    return np.stack(out, 1)


def w5(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    s, token, out = c, first, []
    for _ in range(length):
        s = np.tanh(embedding[token] @ weight_ih.T + s @ weight_hh.T + bias)
        out.append(s @ weight_ho.T + bias_o)
        token = out[-1].argmax(-1)
    return np.stack(out, 0)


RIGHT = [r1, r2]
WRONG = [
    (w1, "time", "the state is not passed on: c at every step"),
    (w2, "time", "the first token is read at every step"),
    (w3, "activation", "tanh is missing"),
    (w4, "start", "the state starts from zeros"),
    (w5, "form+axis", "time first: (T, B, V)"),
]
NOT_TO_SAY = {}
