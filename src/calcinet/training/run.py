"""A whole training run: recipe and films in; weights, their digest and where they come from out."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

import calcinet
from calcinet import weights_manifest
from calcinet.errors import BadInput, Unreadable
from calcinet.given_files import read_given
from calcinet.limits import RECIPE_BYTES
from calcinet.training.calibration import cuts, cuts_of_samples
from calcinet.training.export import export
from calcinet.training.exported import MEASURED, load_exported
from calcinet.training.fit import Recipe, Samples, fit
from calcinet.training.loss_plot import write_curve
from calcinet.training.network import MAPS, CalciumNet
from calcinet.training.radiograph_network import RADIOGRAPH_MAPS, RadiographNet
from calcinet.training.samples import mammogram, radiograph
from calcinet.training.samples.base import Progress

RECIPE: Final = Path(__file__).parent / "radiograph.toml"
"""The recipe of the weights that come with calcinet."""

CALIBRATED_ON: Final = 5
"""Of mammograms one of this many films and phantoms of the training finds the cuts, nothing being held back."""

CODE_ROOMS: Final = ("phantoms", "training")
CODE_FILES: Final = (
    *(f"findings/{name}.py" for name in ("coarse_grid", "components", "network_input", "noise_map", "skin_line")),
    *(f"findings/radiograph/{name}.py" for name in ("bone", "collimation", "metal", "tissue_map")),
)
"""Folders and files of calcinet that samples and network come from."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a run learns from, and what finds its cuts."""

    samples: Samples
    judges: Callable[[nn.Module, str], list[float]]
    """The cuts of a network on a device."""
    paths: list[Path]
    """The films."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a kind of weights is made of, and where its samples come from."""

    name: str
    """Name of the weights."""
    maps: tuple[str, ...]
    """What the network's maps are called."""
    network: Callable[[], nn.Module]
    keys: tuple[str, ...]
    """What its recipe says in [data] besides what all recipes say."""
    gather: Callable[[Path, dict[str, Any], Recipe, Progress], Material]


def gather_radiographs(films: Path, data: dict[str, Any], _recipe: Recipe, progress: Progress) -> Material:
    """Films of limbs, chests and breasts, and generated limbs; cuts are found on patients of their own."""
    samples = radiograph.gather(films, data, progress)
    judging = radiograph.gather_judges(films, data, progress)
    paths: list[Path] = []
    for entry in data["films"]:
        paths += radiograph.list_paths(films, entry)
    return Material(samples, lambda net, device: cuts_of_samples(net, judging, device=device), paths)


def gather_mammograms(films: Path, data: dict[str, Any], recipe: Recipe, progress: Progress) -> Material:
    """Mammograms and generated ones; one of CALIBRATED_ON finds the cuts."""
    paths = _find_films(films, data["films"])
    samples = mammogram.gather(paths, data, recipe.film_share, progress)

    def find(net: nn.Module, device: str) -> list[float]:
        shown, judged = samples.phantoms[::CALIBRATED_ON], samples.films[: len(paths)][::CALIBRATED_ON]
        return cuts(net, shown, judged, device=device, put_in=mammogram.with_arteries)

    return Material(samples, find, paths)


KINDS: Final = {
    "radiograph": Kind(
        name=weights_manifest.NAME,
        maps=RADIOGRAPH_MAPS,
        network=RadiographNet,
        keys=("shares",),
        gather=gather_radiographs,
    ),
    "breast": Kind(
        name=weights_manifest.MAMMOGRAM,
        maps=MAPS,
        network=CalciumNet,
        keys=("film_repeats", "grown"),
        gather=gather_mammograms,
    ),
}
"""By the recipe's `kind`."""


def train(
    films: Path,
    folder: Path,
    *,
    recipe: Path = RECIPE,
    device: str = "cpu",
    steps: int | None = None,
    start: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Path:
    """Train a network and export it; a broken run goes on where it stopped.

    Parameters
    ----------
    films
        Folder that the recipe's film patterns are looked up in.
    folder
        Checkpoint, curve (curve.svg), weights (NAME.onnx), digest and provenance go here.
    recipe
        TOML with [data] and [fit].
    device
        "cpu" or "cuda".
    steps
        Instead of the recipe's.
    start
        Weights that are trained further: the folder of an earlier run, or weights that were exported (NAME.onnx, with
        NAME.json beside it).
    progress
        Told of every step.

    Returns
    -------
    Path of the weights.

    Raises
    ------
    BadInput
        If the recipe is not one, or no film of it is there.
    """
    data, settings = _read_recipe(recipe)
    if steps is not None:
        settings["steps"] = steps
    plan = Recipe(**settings, device=device)
    code = _hash_files(list_code())
    kind = KINDS[data["kind"]]
    material = kind.gather(films, data, plan, progress)
    torch.manual_seed(plan.seed)
    net = kind.network()
    if start is not None:
        _begin_with(net, start, material.samples, plan)
    fit(material.samples, folder, net=net, recipe=plan, progress=lambda step, _: progress("steps", step, plan.steps))
    weights = folder / f"{kind.name}.onnx"
    found = material.judges(net, device)
    provenance = {
        "sha256": export(net, weights, found),
        "cuts": dict(zip(kind.maps, found, strict=True)),
        "calcinet": calcinet.__version__,
        "code_sha256": code,
        "data": {**data, "films_found": len(material.paths), "films_sha256": _hash_files(material.paths)},
        "fit": asdict(plan),
        "after": _read_provenance(start, kind.name),
    }
    (folder / f"{kind.name}.json").write_text(json.dumps(provenance, indent=1) + "\n", "utf-8")
    write_curve(folder / "curve.jsonl", folder / "curve.svg")
    return weights


def _begin_with(net: nn.Module, start: Path, samples: Samples, recipe: Recipe) -> None:
    """Give the network the weights of a finished run, or those of an export."""
    if start.suffix == ".onnx":
        rng = np.random.default_rng(recipe.seed)
        shown = np.stack([samples.draw(rng).channels for _ in range(MEASURED)])
        load_exported(net, start, torch.from_numpy(shown.astype(np.float32)))
        return
    net.load_state_dict(torch.load(_require_file(start / "checkpoint.pt"), weights_only=True)["net"])


def _require_file(path: Path) -> Path:
    if not path.is_file():
        raise BadInput(f"{path.parent} holds no {path.name}; give the folder of a finished run")
    return path


def _find_films(folder: Path, patterns: Sequence[str]) -> list[Path]:
    """Films of a recipe, sorted; refuses a folder that holds none."""
    paths: list[Path] = []
    for pattern in patterns:
        paths += folder.glob(pattern)
    if not paths:
        raise BadInput(f"no film in {folder} matches {', '.join(patterns)}; give the folder that holds them")
    return sorted(paths)


def _read_provenance(start: Path | None, name: str) -> Any:
    """Where the weights of an earlier run come from; None where there was none."""
    if start is None:
        return None
    if start.suffix != ".onnx":
        start /= f"{name}.onnx"
    return json.loads(start.with_suffix(".json").read_text("utf-8"))


def _read_recipe(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables [data] and [fit] of a recipe, what is left out filled in."""
    try:
        whole = tomllib.loads(read_given(path, RECIPE_BYTES).decode("utf-8"))
        settings = _make_tuples(whole["fit"])
        Recipe(**settings)
        return _fill_in(whole["data"]), settings
    except (Unreadable, KeyError, TypeError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name} is no training recipe: {error}; see radiograph.toml for one") from error


def _make_tuples(settings: dict[str, Any]) -> dict[str, Any]:
    made = dict(settings)
    for key, value in settings.items():
        if isinstance(value, list):
            made[key] = tuple(value)
    return made


def _fill_in(data: dict[str, Any]) -> dict[str, Any]:
    """What a recipe says of its data, with the defaults of what it does not say."""
    completed = {"kind": "radiograph", "bare": 0, **data}
    if completed["kind"] not in KINDS:
        raise KeyError(f"kind must be one of {', '.join(KINDS)}")
    for name in ("phantoms", "first_seed", "films", *KINDS[completed["kind"]].keys):
        completed[name] = data[name]
    return completed


def list_code() -> list[Path]:
    """The modules that samples and network come from."""
    root = Path(calcinet.__file__).parent
    paths = [root / name for name in CODE_FILES]
    for room in CODE_ROOMS:
        paths += (root / room).rglob("*.py")
    return sorted(paths)


def _hash_files(paths: list[Path]) -> str:
    """One SHA-256 over the contents of all files, in order."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
