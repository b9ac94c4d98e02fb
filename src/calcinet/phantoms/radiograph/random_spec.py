"""Specs drawn at random over everything that varies from film to film."""

from dataclasses import replace
from typing import Any, Final, get_args

import numpy as np

from calcinet.phantoms.calcium_spec import NetSpec, Pattern, VesselSpec
from calcinet.phantoms.radiograph.spec import CONFOUNDERS, Anatomy, LimbSpec

NET_LIKE: Final = ("gauze", "venous", "weave", "plaster", "skin folds", "grid")
"""Confounders that look most like a net."""


def random_spec(
    seed: int,
    *,
    net: bool | None = None,
    vessels: bool | None = None,
    confounders: bool = False,
    anatomy: Anatomy | None = None,
) -> LimbSpec:
    """Draw a spec.

    Parameters
    ----------
    seed
        The same seed and options give the same spec.
    net, vessels
        Ask for them or forbid them; None leaves it to chance.
    confounders
        Half of the films without a net carry something that looks like one.
    anatomy
        Of this part only.
    """
    rng = np.random.default_rng([seed, 90])
    part: Anatomy = anatomy or rng.choice(np.array(get_args(Anatomy)), p=[0.5, 0.25, 0.25]).item()
    with_net = bool(rng.uniform() < 0.5) if net is None else net
    with_vessels = bool(rng.uniform() < 0.65) if vessels is None else vessels
    spec = LimbSpec(anatomy=part, seed=seed, **_film(rng, part))
    if with_vessels:
        spec = replace(spec, vessels=tuple(_vessel(rng, part, k) for k in range(int(rng.integers(1, 5)))))
    if with_net:
        spec = replace(spec, nets=(_net(rng, part),))
    return replace(spec, confounders=_confounders(rng, with_net=with_net, confounders=confounders))


def _film(rng: np.random.Generator, part: str) -> dict[str, Any]:
    """How the limb lies and how the film is taken."""
    border = rng.choice(["none", "white", "black"], p=[0.4, 0.35, 0.25]).item()
    margin = (rng.uniform(0, 6), rng.uniform(2, 10)) if border != "none" else (0.0, 0.0)
    return {
        "pixel_mm": float(rng.choice([0.2, 0.2, 0.175, 0.15])),
        "girth": float(rng.uniform(0.85, 1.15)),
        "fat_mm": float(rng.uniform(3, 18 if part == "lower leg" else 6)),
        "bone_density": float(rng.uniform(0.45, 1.1)),
        "photons": float(10 ** rng.uniform(5.3, 6.0)),
        "blur_mm": float(rng.uniform(0.08, 0.2)),
        "scatter": float(rng.uniform(0.03, 0.3)),
        "processing": float(rng.uniform(0.0, 1.2)),
        "black_level": float(rng.choice([rng.uniform(0.0, 0.15), rng.uniform(0.2, 0.7)])),
        "angle_deg": float(rng.normal(0, 6)),
        "shift_mm": (float(rng.uniform(-8, 8)), float(rng.uniform(-6, 6))),
        "mirrored": bool(rng.uniform() < 0.5),
        "border": border,
        "margin_mm": margin,
        "letter": rng.choice(["", "R", "L"], p=[0.3, 0.35, 0.35]).item(),
    }


def _vessel(rng: np.random.Generator, part: str, index: int) -> VesselSpec:
    widest = {"lower leg": 7.0, "foot": 3.5, "hand": 3.0}[part]
    diameter = float(np.exp(rng.uniform(np.log(0.8), np.log(widest))))
    pattern: Pattern = rng.choice(np.array(get_args(Pattern))).item()
    return VesselSpec(
        artery=index if rng.uniform() < 0.7 else int(rng.integers(0, 12)),
        diameter_mm=diameter,
        taper=float(rng.uniform(0.45, 0.85)),
        wall_mm=float(rng.uniform(0.2, 0.3 + 0.12 * diameter)),
        pattern=pattern,
        coverage=float(rng.uniform(0.35, 0.9)) if pattern == "patchy" else 1.0,
        contrast_in_noise=float(np.exp(rng.uniform(np.log(5), np.log(16)))),
        tortuosity=float(rng.uniform(0.1, 1.0)),
        branches=int(rng.integers(0, 7)),
    )


def _net(rng: np.random.Generator, part: str) -> NetSpec:
    mesh = float(np.exp(rng.uniform(np.log(2.0), np.log(12.0 if part == "lower leg" else 5.0))))
    cells = 25 * mesh**2 / 100  # two dozen cells at least, or it is no net
    return NetSpec(
        mesh_mm=mesh,
        line_mm=float(np.clip(rng.uniform(0.25, 0.8), 0.25, 0.16 * mesh)),
        area_cm2=float(np.clip(np.exp(rng.uniform(np.log(6), np.log(60))), cells, 60)),
        depth_mm=float(rng.uniform(2, 8)),
        broken=float(rng.uniform(0, 0.5)),
        contrast_in_noise=float(rng.uniform(3, 5.5)),
    )


def _confounders(rng: np.random.Generator, *, with_net: bool, confounders: bool) -> tuple[Any, ...]:
    chosen = [name for name in CONFOUNDERS if name not in NET_LIKE and rng.uniform() < 0.15]
    if rng.uniform() < 0.2:
        chosen.append("skin folds")
    if confounders and not with_net and rng.uniform() < 0.5:
        chosen.append(rng.choice(np.array(NET_LIKE)).item())
    return tuple(dict.fromkeys(chosen))
