"""The default gradient-norms experiment in numpy, to run by hand beside `npm run bench -- demos gradient-norms`:

    python3 bench/reference/gradient_norms.py

Same set-up (10 layers of 64 units, batch 128, 20 nets, four variants), its own random numbers. Prints the factor of
the back-propagated gradient per layer, which must agree with ours, and the time.
"""

import time

import numpy as np

DEPTH, WIDTH, BATCH, NETS = 10, 64, 128, 20


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda z, h: h * (1 - h)),
    "tanh": (np.tanh, lambda z, h: 1 - h * h),
    "relu": (lambda z: np.maximum(z, 0), lambda z, h: (z > 0).astype(np.float32)),
}


def delta_ratio(rng, activation, variance):
    """Norm of dL/dz at the first layer over that at the last, for one net at initialisation."""
    phi, slope = ACTIVATIONS[activation]
    draw = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
    x, teacher = draw(BATCH, WIDTH), draw(WIDTH, 1)
    weights = [draw(WIDTH, WIDTH) * np.float32(np.sqrt(variance / WIDTH)) for _ in range(DEPTH)]
    output = draw(WIDTH, 1) * np.float32(np.sqrt(1 / WIDTH))
    y = (x @ teacher > 0).astype(np.float32)
    inputs, pre = [x], []
    for w in weights:
        pre.append(inputs[-1] @ w)
        inputs.append(phi(pre[-1]))
    upstream = ((sigmoid(inputs[-1] @ output) - y) / BATCH) @ output.T
    norms = []
    for layer in reversed(range(DEPTH)):
        delta = upstream * slope(pre[layer], inputs[layer + 1])
        norms.append((np.linalg.norm(delta), np.linalg.norm(inputs[layer].T @ delta)))
        upstream = delta @ weights[layer].T
    return norms[-1][0] / norms[0][0]


def main():
    for attempt in ("first", "second"):
        started = time.perf_counter()
        for activation, variance in (("sigmoid", 1), ("tanh", 1), ("relu", 1), ("relu", 2)):
            logs = [np.log(delta_ratio(np.random.default_rng(seed), activation, variance)) for seed in range(NETS)]
            if attempt == "second":
                print(f"{activation}, Var W = {variance}/n: factor per layer {np.exp(np.mean(logs) / (DEPTH - 1)):.3f}")
        print(f"{attempt} run: {1000 * (time.perf_counter() - started):.0f} ms")


main()
