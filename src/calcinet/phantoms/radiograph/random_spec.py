"""Specs drawn at random over everything that varies from film to film."""

from dataclasses import replace
from typing import Final, get_args

import numpy as np

from calcinet.phantoms.calcium_spec import NetSpec, Pattern, VesselSpec
from calcinet.phantoms.chance import log_uniform
from calcinet.phantoms.radiograph.spec import CONFOUNDERS, Anatomy, Border, Confounder, LimbSpec

NET_LIKE: Final = ("gauze", "venous", "weave", "plaster", "skin folds", "grid")
"""Confounders that look most like a net."""

PATTERNS: Final[tuple[Pattern, ...]] = ("continuous", "rings", "patchy")
"""Patterns of a generated limb's arteries. Our choice: those of a calcified media, as in kidney failure."""

MOST_FAT_MM: Final[dict[Anatomy, float]] = {"lower leg": 18.0, "foot": 6.0, "hand": 6.0}
WIDEST_MM: Final[dict[Anatomy, float]] = {"lower leg": 7.0, "foot": 3.5, "hand": 3.0}
WIDEST_MESH_MM: Final[dict[Anatomy, float]] = {"lower leg": 12.0, "foot": 5.0, "hand": 5.0}
"""Thickest subcutis, widest artery and widest mesh. Our choice: what has room there."""


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
        Of this one only; None leaves it to chance.
    """
    rng = np.random.default_rng([seed, 90])
    chosen: Anatomy = anatomy or rng.choice(np.array(get_args(Anatomy)), p=[0.5, 0.25, 0.25]).item()
    if net is None:
        net = bool(rng.uniform() < 0.5)
    if vessels is None:
        vessels = bool(rng.uniform() < 0.65)
    spec = _draw_film(chosen, seed, rng)
    if vessels:
        count = int(rng.integers(1, 5))
        spec = replace(spec, vessels=tuple(_draw_vessel(rng, chosen, number) for number in range(count)))
    if net:
        spec = replace(spec, nets=(_draw_net(rng, chosen),))
    return replace(spec, confounders=_choose_confounders(rng, like_nets=confounders and not net))


def _draw_film(anatomy: Anatomy, seed: int, rng: np.random.Generator) -> LimbSpec:
    """How the limb lies and how the film is exposed."""
    border: Border = rng.choice(["none", "white", "black"], p=[0.4, 0.35, 0.25]).item()
    margin_mm = (0.0, 0.0)
    if border != "none":
        margin_mm = (rng.uniform(0, 6), rng.uniform(2, 10))
    spec = LimbSpec(
        anatomy=anatomy,
        seed=seed,
        border=border,
        margin_mm=margin_mm,
        pixel_mm=float(rng.choice([0.2, 0.2, 0.175, 0.15])),
        girth=float(rng.uniform(0.85, 1.15)),
        fat_mm=float(rng.uniform(3, MOST_FAT_MM[anatomy])),
        bone_density=float(rng.uniform(0.45, 1.1)),
    )
    spec = replace(
        spec,
        photons=float(10 ** rng.uniform(5.3, 6.0)),
        blur_mm=float(rng.uniform(0.08, 0.2)),
        scatter=float(rng.uniform(0.03, 0.3)),
        processing=float(rng.uniform(0.0, 1.2)),
        black_level=float(rng.choice([rng.uniform(0.0, 0.15), rng.uniform(0.2, 0.7)])),
    )
    return replace(
        spec,
        angle_deg=float(rng.normal(0, 6)),
        shift_mm=(float(rng.uniform(-8, 8)), float(rng.uniform(-6, 6))),
        mirrored=bool(rng.uniform() < 0.5),
        letter=rng.choice(["", "R", "L"], p=[0.3, 0.35, 0.35]).item(),
    )


def _draw_vessel(rng: np.random.Generator, anatomy: Anatomy, number: int) -> VesselSpec:
    diameter = log_uniform(rng, (0.8, WIDEST_MM[anatomy]))
    pattern: Pattern = rng.choice(np.array(PATTERNS)).item()
    artery = number
    if rng.uniform() >= 0.7:
        artery = int(rng.integers(0, 12))
    spec = VesselSpec(
        artery=artery,
        diameter_mm=diameter,
        taper=float(rng.uniform(0.45, 0.85)),
        wall_mm=float(rng.uniform(0.2, 0.3 + 0.12 * diameter)),
        pattern=pattern,
    )
    if pattern == "patchy":
        spec = replace(spec, coverage=float(rng.uniform(0.35, 0.9)))
    return replace(
        spec,
        contrast_in_noise=log_uniform(rng, (5, 16)),
        tortuosity=float(rng.uniform(0.1, 1.0)),
        branches=int(rng.integers(0, 7)),
    )


def _draw_net(rng: np.random.Generator, anatomy: Anatomy) -> NetSpec:
    mesh = log_uniform(rng, (2.0, WIDEST_MESH_MM[anatomy]))
    two_dozen_cells_cm2 = 25 * mesh**2 / 100  # at least, or it is no net
    return NetSpec(
        mesh_mm=mesh,
        line_mm=float(np.clip(rng.uniform(0.25, 0.8), 0.25, 0.16 * mesh)),
        area_cm2=float(np.clip(log_uniform(rng, (6, 60)), two_dozen_cells_cm2, 60)),
        depth_mm=float(rng.uniform(2, 8)),
        broken=float(rng.uniform(0, 0.5)),
        contrast_in_noise=float(rng.uniform(3, 5.5)),
    )


def _choose_confounders(rng: np.random.Generator, *, like_nets: bool) -> tuple[Confounder, ...]:
    """Some that are like no net, at times skin folds, and where `like_nets` one like a net every second time."""
    chosen = [name for name in CONFOUNDERS if name not in NET_LIKE and rng.uniform() < 0.15]
    if rng.uniform() < 0.2:
        chosen.append("skin folds")
    if like_nets and rng.uniform() < 0.5:
        chosen.append(rng.choice(np.array(NET_LIKE)).item())
    return tuple(dict.fromkeys(chosen))
