"""A whole training run: recipe and films in; weights, their digest and where they come from out."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import torch
from torch import nn

import calcinet
from calcinet import weights_manifest
from calcinet.errors import BadInput
from calcinet.training.calibration import cuts, with_calcium
from calcinet.training.export import export
from calcinet.training.fit import Material, Recipe, fit
from calcinet.training.loss_plot import write_curve
from calcinet.training.network import MAPS, CalciumNet
from calcinet.training.samples import mammogram, radiograph, second_stage
from calcinet.training.samples.base import PLAIN, DepositBank, SamplingPolicy, Source, film_source
from calcinet.training.second_stage import SecondLook, first_network

RECIPE: Final = Path(__file__).parent / "radiograph.toml"
"""The recipe of the weights that come with calcinet."""

CALIBRATED_ON: Final = 5
"""Where nothing is held back, one of this many films and phantoms of the training finds the cuts."""

CODE_ROOMS: Final = ("phantoms", "training")
CODE_FILES: Final = ("findings/network_input.py", "findings/noise_map.py")
"""Folders and files of calcinet that samples and network come from."""

Item = TypeVar("Item")
Made = TypeVar("Made")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


def begin_first_look(_name: str, start: Path | None) -> nn.Module:
    """A network as it begins, or with the weights of an earlier run."""
    net = CalciumNet()
    if start is not None:
        net.load_state_dict(torch.load(_require_file(start / "checkpoint.pt"), weights_only=True)["net"])
    return net


def begin_second_look(name: str, start: Path | None) -> nn.Module:
    """A second network over that of an earlier run; where that run made a second one already, it is trained further."""
    if start is None:
        raise BadInput("this recipe trains a second look: give with --start the folder of the run that made the first")
    checkpoint = start / "checkpoint.pt"
    state = {}
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)["net"]
    if "inside.weight" not in state:
        return SecondLook(first_network(_require_file(start / f"{name}.onnx")))
    net = SecondLook(CalciumNet())
    net.load_state_dict(state)
    return net


def _require_file(path: Path) -> Path:
    if not path.is_file():
        raise BadInput(f"{path.parent} holds no {path.name}; give the folder of a finished run")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a kind of weights is made of, and where its samples come from."""

    name: str
    """Name of the weights."""
    phantom: Callable[[int], Source]
    bare: Callable[[int], Source]
    """Phantoms without calcium; they are treated as films are."""
    bank: Callable[[int], DepositBank]
    film: Callable[[Path], Source]
    put_in: Callable[[Source, int], Source] = with_calcium
    """Films with calcium, to find the cuts on."""
    begin: Callable[[str, Path | None], nn.Module] = begin_first_look
    policy: SamplingPolicy = PLAIN


KINDS: Final = {
    "limb": Kind(
        name=weights_manifest.NAME,
        phantom=radiograph.phantom_source,
        bare=radiograph.phantom_source,
        bank=radiograph.grow_bank,
        film=film_source,
    ),
    "vessels": Kind(
        name=weights_manifest.NAME,
        phantom=second_stage.phantom_source,
        bare=second_stage.bare_source,
        bank=second_stage.grow_bank,
        film=film_source,
        put_in=second_stage.with_calcium,
        begin=begin_second_look,
        policy=second_stage.POLICY,
    ),
    "breast": Kind(
        name=weights_manifest.MAMMOGRAM,
        phantom=mammogram.phantom_source,
        bare=mammogram.bare_source,
        bank=mammogram.grow_bank,
        film=mammogram.film_source,
        put_in=mammogram.with_arteries,
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
        Folder of an earlier run whose weights are trained further, or looked at a second time.
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
    paths = _find_films(films, data["films"])
    kind = KINDS[data["kind"]]
    torch.manual_seed(plan.seed)
    net = kind.begin(kind.name, start)
    material, judges = _prepare(kind, data, paths, progress)
    fit(material, folder, net=net, recipe=plan, progress=lambda step, _: progress("steps", step, plan.steps))
    weights = folder / f"{kind.name}.onnx"
    found = _find_cuts(net, kind, judges, device)
    provenance = {
        "sha256": export(net, weights, found),
        "cuts": dict(zip(MAPS, found, strict=True)),
        "calcinet": calcinet.__version__,
        "code_sha256": code,
        "data": {**data, "films_found": len(paths), "films_sha256": _hash_files(paths)},
        "fit": asdict(plan),
        "after": _read_provenance(start, kind.name),
    }
    (folder / f"{kind.name}.json").write_text(json.dumps(provenance, indent=1) + "\n", "utf-8")
    write_curve(folder / "curve.jsonl", folder / "curve.svg")
    return weights


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
    return json.loads((start / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class _Judges:
    """What finds the cuts."""

    phantoms: list[Source]
    films: list[Source]


def _prepare(kind: Kind, data: dict[str, Any], paths: list[Path], progress: Progress) -> tuple[Material, _Judges]:
    """All that samples are drawn from, and what is held back from it."""
    first, every = data["first_seed"], data["held_back"]
    phantoms = _make_all("phantoms", range(first, first + data["phantoms"]), kind.phantom, progress)
    films = _make_all("films", paths, kind.film, progress)
    bare = _make_all("bare phantoms", range(first, first + data["bare"]), kind.bare, progress)
    material = Material(
        phantoms=_drop_every_nth(phantoms, every),
        films=[*_drop_every_nth(films, every) * data["film_repeats"], *bare],
        banks=_make_all("calcium", range(first, first + data["grown"]), kind.bank, progress),
        policy=kind.policy,
    )
    judging = every or CALIBRATED_ON
    return material, _Judges(phantoms[::judging], films[::judging])


def _find_cuts(net: nn.Module, kind: Kind, judges: _Judges, device: str) -> list[float]:
    is_second = isinstance(net, SecondLook)
    found = cuts(net, judges.phantoms, judges.films, device=device, put_in=kind.put_in, only_clear=is_second)
    if is_second:  # of what a second look leaves as it is, the first network's cuts are at a half already
        return [found[0], *[0.5] * (len(MAPS) - 1)]
    return found


def _read_recipe(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables [data] and [fit] of a recipe, what is left out filled in."""
    try:
        whole = tomllib.loads(path.read_text("utf-8"))
        settings = _make_tuples(whole["fit"])
        Recipe(**settings)
        return _fill_in(whole["data"]), settings
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name} is no training recipe: {error}; see radiograph.toml for one") from error


def _make_tuples(settings: dict[str, Any]) -> dict[str, Any]:
    made = dict(settings)
    for key, value in settings.items():
        if isinstance(value, list):
            made[key] = tuple(value)
    return made


def _fill_in(data: dict[str, Any]) -> dict[str, Any]:
    """What a recipe says of its data, with the defaults of what it does not say."""
    completed = {name: data[name] for name in ("phantoms", "grown", "first_seed", "films")}
    for name, default in (("kind", "limb"), ("bare", 0), ("film_repeats", 1), ("held_back", 0)):
        completed[name] = data.get(name, default)
    if completed["kind"] not in KINDS:
        raise KeyError(f"kind must be one of {', '.join(KINDS)}")
    return completed


def _make_all(what: str, items: Sequence[Item], make: Callable[[Item], Made], progress: Progress) -> list[Made]:
    made: list[Made] = []
    for done, item in enumerate(items, start=1):
        made.append(make(item))
        progress(what, done, len(items))
    return made


def list_code() -> list[Path]:
    """The modules that samples and network come from."""
    root = Path(calcinet.__file__).parent
    paths = [root / name for name in CODE_FILES]
    for room in CODE_ROOMS:
        paths += (root / room).rglob("*.py")
    return sorted(paths)


def _drop_every_nth(made: list[Made], every: int) -> list[Made]:
    """All but every nth, from the first on; all where that is 0."""
    if not every:
        return made
    return [item for number, item in enumerate(made) if number % every]


def _hash_files(paths: list[Path]) -> str:
    """One SHA-256 over the contents of all files, in order."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
