"""Fit the weights of `calcinet.measure.net.probability` to generated nets and traps.

Run `python benchmarks/fit_net_probability.py` (some minutes): prints the coefficients to paste, and how well they do on
patterns that took no part in the fit (another seed). Positives: nets of random and even cells, 3 to 400 meshes, whole
or up to half of the edges missing, up to half of the rest torn, false pieces between. Negatives: noise pieces, trees,
crossing vessels, bundles, trabeculae, gauze; some torn and with false pieces too. Patches are ellipses, as a finder
delivers.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.measure.net.geometry import net_geometry
from calcinet.measure.net.probability import FEATURES, design, net_features
from calcinet.phantoms import net_patterns as p

SIZE_PX = 240
PENALTY = 0.003
"""Ridge weight per sample on standardised coefficients: keeps the extrapolation tame."""

Rng = np.random.Generator


def net(rng: Rng) -> Floats:
    cell: p.Cell = "random" if rng.random() < 0.4 else "even"
    edges = p.net_edges(SIZE_PX, rng.uniform(12, 60), rng, cell=cell)
    if rng.random() < 0.2:
        return edges
    kept = p.broken(edges, rng.uniform(0, 0.5), rng)
    return p.with_gaps(kept, rng.uniform(0, 0.5), rng)


def noise(rng: Rng) -> Floats:
    return p.scattered(SIZE_PX, int(rng.uniform(8, 220)), rng.uniform(6, 30), rng)


def vessel_tree(rng: Rng) -> Floats:
    return p.tree(SIZE_PX, rng, branches=int(rng.uniform(5, 60)))


def crossing(rng: Rng) -> Floats:
    return p.crossing_vessels(SIZE_PX, int(rng.integers(1, 7)), rng)


def folds(rng: Rng) -> Floats:
    return p.bundle(SIZE_PX, rng.uniform(8, 60), rng, spread=rng.uniform(0.02, 0.25))


def bone(rng: Rng) -> Floats:
    return p.trabeculae(SIZE_PX, rng.uniform(7, 20), rng)


def woven(rng: Rng) -> Floats:
    return p.broken(p.gauze(SIZE_PX, rng.uniform(8, 40), rng), rng.uniform(0, 0.3), rng)


TRAPS: tuple[Callable[[Rng], Floats], ...] = (noise, noise, vessel_tree, crossing, folds, bone, woven)


def patch(rng: Rng) -> NDArray[np.bool_]:
    """An ellipse of any direction, half-axes 0.25 to 0.7 of the square's side."""
    y, x = np.mgrid[:SIZE_PX, :SIZE_PX] / SIZE_PX - 0.5
    a, b, turn = rng.uniform(0.3, 0.7), rng.uniform(0.25, 0.7), rng.uniform(0, np.pi)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    return np.asarray((u / a) ** 2 + (v / b) ** 2 < 1)


def sample(make: Callable[[Rng], Floats], rng: Rng) -> NDArray[np.float64] | None:
    edges = make(rng)
    if rng.random() < 0.5:
        false = p.scattered(SIZE_PX, int(rng.uniform(0, 25)), rng.uniform(6, 20), rng)
        edges = np.concatenate([p.with_gaps(edges, rng.uniform(0, 0.3), rng), false])
    outline = patch(rng)
    lines = p.draw(edges, (SIZE_PX, SIZE_PX), int(rng.integers(1, 5))) & outline
    try:
        topology = net_geometry(lines, outline if rng.random() < 0.5 else None).topology
    except NotMeasurable:
        return None
    return net_features(topology)


def samples(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Features, truth and kind of `count` nets and as many traps."""
    rng = np.random.default_rng(seed)
    features, truth, kinds = [], [], []
    for k in range(2 * count):
        make = net if k % 2 else TRAPS[(k // 2) % len(TRAPS)]
        row = sample(make, rng)
        if row is not None:
            features.append(row)
            truth.append(float(make is net))
            kinds.append(make.__name__)
    return np.array(features), np.array(truth), kinds


def fit(features: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ridge logistic regression on the standardised design; coefficients for the plain design."""
    matrix = design(features)
    mean, spread = matrix[:, 1:].mean(0), matrix[:, 1:].std(0)
    z = np.c_[np.ones(len(matrix)), (matrix[:, 1:] - mean) / spread]

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = z @ w
        error = 1 / (1 + np.exp(-margin)) - truth
        penalty = PENALTY * np.r_[0.0, w[1:]]
        value = np.mean(np.logaddexp(0, margin) - truth * margin) + 0.5 * float(penalty @ w)
        return float(value), z.T @ error / len(z) + penalty

    w = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B").x
    plain = w[1:] / spread
    return np.asarray(np.r_[w[0] - plain @ mean, plain], dtype=np.float64)


def main() -> None:
    features, truth, _ = samples(700, seed=1)
    coefficients = fit(features, truth)
    print("COEFFICIENTS: Final = (")
    print(f"    {coefficients[0]:.3f},")
    for name, one, two in zip(FEATURES, coefficients[1::2], coefficients[2::2], strict=True):
        print(f"    ({one:.3f}, {two:.3f}),  # {name}")
    print(")")
    test, truth, kinds = samples(350, seed=2)
    probability = 1 / (1 + np.exp(-design(test) @ coefficients))
    above = (probability[truth == 1][:, None] > probability[truth == 0]).mean()
    print(f"AUC {above:.4f}, Brier {np.mean((probability - truth) ** 2):.4f}")
    for low in np.arange(0, 1, 0.2):
        inside = (probability >= low) & (probability < low + 0.2)
        print(f"said {low:.1f} to {low + 0.2:.1f}: {inside.sum()} patterns, {truth[inside].mean():.2f} nets")
    for kind in dict.fromkeys(kinds):
        mine = probability[np.array(kinds) == kind]
        print(f"{kind}: median {np.median(mine):.3f}, called at 0.5: {np.mean(mine > 0.5):.3f} of {len(mine)}")


if __name__ == "__main__":
    main()
