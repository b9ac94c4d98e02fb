"""How probable it is that a pattern of lines is a net of calcified arterioles and not something that looks like one."""

from typing import Final

import numpy as np
from scipy.special import expit, logit

from calcinet.arrays import Floats
from calcinet.measure.net.geometry import NetTopology

LOG_ODDS_LIMIT: Final = 6.0
"""No pattern is called surer than 400 to 1. Our choice: about what the generated patterns can show."""

MOST_SIZE: Final = 4.6
"""A hundred junctions and ends are as good as more. Our choice: so that no weight is drawn on beyond what it was fitted
to."""

MOST_JOINED: Final = 1.5
"""Four junctions an end are as good as more. Our choice, as `MOST_SIZE`."""

FEATURES: Final = (
    "size",
    "joined",
    "looped",
    "crossed",
    "alignment",
    "squareness",
    "connected",
    "emptiness",
    "fill",
)
"""In the order of `COEFFICIENTS`:

size        logarithm of junctions and ends: evidence grows with it, and a net has many meshes
joined      log ratio of junctions to ends: breaks make ends, noise is little else
looped      log of closed loops per rough mesh: trees and noise close none
crossed     share of junctions of four: lines that pass over each other, and woven threads, cross; arterioles fork
alignment   one direction preferred: skin folds, hair, trabeculae under load
squareness  two directions at right angles: gauze
connected   share of the lines in one part: trees hang together, noise does not
emptiness   uneven cover: trees and crossing vessels leave voids
fill        share covered: trabecular bone is dense
"""

INTERCEPT: Final = 6.431
"""Log-odds where every feature is zero; see `COEFFICIENTS`."""

COEFFICIENTS: Final = (
    (0.767, -0.125),  # size
    (0.681, 0.112),  # joined
    (-1.686, -0.065),  # looped
    (-5.886, -0.474),  # crossed
    (-8.084, -4.803),  # alignment
    (0.064, -5.381),  # squareness
    (2.493, -0.681),  # connected
    (-8.713, -43.686),  # emptiness
    (-0.068, -2.713),  # fill
)
"""Weight of each feature and of its square. Our own fit to generated patterns, half of them nets, by
benchmarks/fit_net_probability.py, which prints this table and its calibration on patterns left out. Squares, because a
net lies between extremes: it is joined, but not as dense as bone texture."""

CALL_WEIGHTS: Final = (0.0, 0.5, 0.5)
"""Log-odds of a net: a constant, and the weights of the log-odds that the map and the geometry give. Our choice: both
alike. benchmarks/fit_net_call.py fits them to patches found on films of the training; with the present weights of the
network it found no patch there that was not a net, even under traps, and so nothing to fit."""

SUREST: Final = 0.998
"""Map and geometry are never taken for surer than this. Our choice: about what the fit has seen."""


def net_probability(topology: NetTopology) -> float:
    """Calibrated probability that a pattern is a net, where nets and their look-alikes are equally many.

    For patterns that no line or junction speaks for it is low; it is never 0 or 1.
    """
    weights = np.r_[INTERCEPT, np.ravel(COEFFICIENTS)]
    log_odds = float(design(net_features(topology)[None])[0] @ weights)
    return float(expit(np.clip(log_odds, -LOG_ODDS_LIMIT, LOG_ODDS_LIMIT)))


def net_call(map_probability: float, geometry_probability: float) -> float:
    """Calibrated probability that a patch is a net, where patches of nets and others are found equally often.

    Parameters
    ----------
    map_probability
        Mean of the detector's map of nets over the patch.
    geometry_probability
        What `net_probability` says of its lines.
    """
    constant, *weights = CALL_WEIGHTS
    return float(expit(constant + np.dot(weights, call_features(map_probability, geometry_probability))))


def call_features(map_probability: float, geometry_probability: float) -> Floats:
    """The log-odds of both, shape (2,)."""
    return np.asarray(logit(np.clip([map_probability, geometry_probability], 1 - SUREST, SUREST)))


def design(features: Floats) -> Floats:
    """One, then each feature and its square; shape (N, 1 + 2 x features)."""
    pairs = np.stack([features, features**2], axis=2).reshape(len(features), -1)
    return np.concatenate([np.ones((len(features), 1)), pairs], axis=1)


def net_features(topology: NetTopology) -> Floats:
    """Pure numbers that tell a net from its look-alikes, in the order of `FEATURES`."""
    junctions = topology.threes + topology.fours
    return np.array(
        [
            min(np.log1p(junctions + topology.ends), MOST_SIZE),
            min(np.log((junctions + 0.5) / (topology.ends + 0.5)), MOST_JOINED),
            np.log((topology.loops + 0.5) / (topology.meshes + 1)),
            (topology.fours + 0.1) / (junctions + 1),
            topology.alignment,
            topology.squareness,
            topology.connected,
            topology.emptiness,
            topology.fill,
        ]
    )
