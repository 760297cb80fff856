import numpy as np

EXERCISE = "gpu-and-scale/repaired_blocks"


def r1(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full((T, 1), -1e30), np.zeros((T, 1)), np.zeros((T, K))
    for i in range(0, len(k), size):
        s = q @ k[i:i + size].T * K ** -0.5
        m2 = np.maximum(m, s.max(1, keepdims=True))
        p = np.exp(s - m2)
        l = l * np.exp(m - m2) + p.sum(1, keepdims=True)
        o = o * np.exp(m - m2) + p @ v[i:i + size]
        m = m2
    return o / l


def r2(q, k, v, size):
    s = q @ k.T / np.sqrt(len(q[0]))
    m = s.max(axis=1)
    num, den = 0, 0
    for i in range(0, len(k), size):
        p = np.exp(s[:, i:i + size] - m[:, None])
        num, den = num + p @ v[i:i + size], den + p.sum(axis=1)
    return num / den[:, None]


# --- wrong

def w1(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full(T, -np.inf), np.zeros(T), np.zeros((T, K))
    for i in range(0, len(k), size):
        s = q @ k[i:i + size].T / np.sqrt(K)
        m_new = np.maximum(m, s.max(axis=1))
        p = np.exp(s - m_new[:, None])
        l = np.exp(m - m_new) * l + p.sum(axis=1)
        o = o + p @ v[i:i + size]
        m = m_new
    return o / l[:, None]


def w2(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full(T, -np.inf), np.zeros(T), np.zeros((T, K))
    for i in range(0, len(k), size):
        s = q @ k[i:i + size].T / np.sqrt(K)
        m_new = np.maximum(m, s.max(axis=1))
        p = np.exp(s - m_new[:, None])
        l = l + p.sum(axis=1)
        o = np.exp(m - m_new)[:, None] * o + p @ v[i:i + size]
        m = m_new
    return o / l[:, None]


def w3(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full(T, -np.inf), np.zeros(T), np.zeros((T, K))
    for i in range(0, len(k), size):
        s = q @ k[i:i + size].T / np.sqrt(K)
        m_new = np.maximum(m, s.max(axis=1))
        old, p = np.exp(m - m_new), np.exp(s - m_new[:, None])
        l = old * l + p.sum(axis=1)
        o = old[:, None] * o + p @ v[i:i + size]
        m = m_new
    return o


def w4(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full(T, -np.inf), np.zeros(T), np.zeros((T, K))
    for i in range(0, len(k), size):
        s = q @ k[i:i + size].T
        m_new = np.maximum(m, s.max(axis=1))
        old, p = np.exp(m - m_new), np.exp(s - m_new[:, None])
        l = old * l + p.sum(axis=1)
        o = old[:, None] * o + p @ v[i:i + size]
        m = m_new
    return o / l[:, None]


RIGHT = [r1, r2]
WRONG = [
    (w1, "given", "the sum of values is not rescaled"),
    (w2, "missing", "the denominator is not rescaled"),
    (w3, "missing", "not divided in the end"),
    (w4, "missing", "not scaled by the root of K"),
]
