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
from calcinet.training.samples import mammogram, second_stage
from calcinet.training.samples.base import (
    PLAIN,
    DepositBank,
    SamplingPolicy,
    Source,
    film_source,
    phantom_source,
    stock,
)
from calcinet.training.second_stage import SecondLook, first_network

RECIPE: Final = Path(__file__).parent / "radiograph.toml"
"""The recipe of the weights that come with calcinet."""

CALIBRATED_ON: Final = 5
"""Where nothing is held back, one of so many films and phantoms of the training finds the cuts."""

Item = TypeVar("Item")
Made = TypeVar("Made")


def one_look(_name: str, start: Path | None) -> nn.Module:
    """A network as it begins, or with the weights of an earlier run."""
    net = CalciumNet()
    if start is not None:
        net.load_state_dict(torch.load(_there(start / "checkpoint.pt"), weights_only=True)["net"])
    return net


def two_looks(name: str, start: Path | None) -> nn.Module:
    """A second network over that of an earlier run; where that run made a second one already, it is trained further."""
    if start is None:
        raise BadInput("this recipe trains a second look: give with --start the folder of the run that made the first")
    kept = start / "checkpoint.pt"
    state = torch.load(kept, weights_only=True)["net"] if kept.is_file() else {}
    if "inside.weight" not in state:
        return SecondLook(first_network(_there(start / f"{name}.onnx")))
    net = SecondLook(CalciumNet())
    net.load_state_dict(state)
    return net


def _there(path: Path) -> Path:
    if not path.is_file():
        raise BadInput(f"{path.parent} holds no {path.name}; give the folder of a finished run")
    return path


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of weights is made of, and where its samples come from."""

    name: str
    """Of the weights."""
    phantom: Callable[[int], Source]
    bare: Callable[[int], Source]
    """Phantoms without calcium; they are treated as films are."""
    stock: Callable[[int], DepositBank]
    film: Callable[[Path], Source]
    put_in: Callable[[Source, int], Source] = with_calcium
    """Films with calcium, to find the cuts on."""
    begin: Callable[[str, Path | None], nn.Module] = one_look
    manner: SamplingPolicy = PLAIN


KINDS: Final = {
    "limb": Kind(weights_manifest.NAME, phantom_source, phantom_source, stock, film_source),
    "vessels": Kind(
        weights_manifest.NAME,
        second_stage.phantom_source,
        second_stage.bare_source,
        second_stage.stock,
        film_source,
        second_stage.with_calcium,
        two_looks,
        second_stage.MANNER,
    ),
    "breast": Kind(
        weights_manifest.MAMMOGRAM,
        mammogram.phantom_source,
        mammogram.bare_source,
        mammogram.stock,
        mammogram.film_source,
        mammogram.with_arteries,
    ),
}
"""By the recipe's `kind`."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


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
    data, settings = _recipe(recipe)
    if steps is not None:
        settings["steps"] = steps
    plan = Recipe(**settings, device=device)
    code = _digest(_code())
    paths = sorted(path for pattern in data["films"] for path in films.glob(pattern))
    if not paths:
        raise BadInput(f"no film in {films} matches {', '.join(data['films'])}; give the folder that holds them")
    kind = KINDS[data["kind"]]
    torch.manual_seed(plan.seed)
    net = kind.begin(kind.name, start)
    material, judges = _prepared(kind, data, paths, progress)
    fit(material, folder, net=net, recipe=plan, progress=lambda step, _: progress("steps", step, plan.steps))
    weights = folder / f"{kind.name}.onnx"
    found = _cuts_of(net, kind, judges, device)
    provenance = {
        "sha256": export(net, weights, found),
        "cuts": dict(zip(MAPS, found, strict=True)),
        "calcinet": calcinet.__version__,
        "code_sha256": code,
        "data": {**data, "films_found": len(paths), "films_sha256": _digest(paths)},
        "fit": asdict(plan),
        "after": None if start is None else json.loads((start / f"{kind.name}.json").read_text("utf-8")),
    }
    (folder / f"{kind.name}.json").write_text(json.dumps(provenance, indent=1) + "\n", "utf-8")
    write_curve(folder / "curve.jsonl", folder / "curve.svg")
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class _Judges:
    """What finds the cuts."""

    phantoms: list[Source]
    films: list[Source]


def _prepared(kind: Kind, data: dict[str, Any], paths: list[Path], progress: Progress) -> tuple[Material, _Judges]:
    """All that samples are drawn from, and what is held back from it."""
    first, every = data["first_seed"], data["held_back"]
    phantoms = _gathered("phantoms", range(first, first + data["phantoms"]), kind.phantom, progress)
    films = _gathered("films", paths, kind.film, progress)
    bare = _gathered("bare phantoms", range(first, first + data["bare"]), kind.bare, progress)
    stocked = _gathered("calcium", range(first, first + data["grown"]), kind.stock, progress)
    backgrounds = [*_without(films, every) * data["film_repeats"], *bare]
    judges = slice(None, None, every or CALIBRATED_ON)
    return Material(_without(phantoms, every), backgrounds, stocked, kind.manner), _Judges(
        phantoms[judges], films[judges]
    )


def _cuts_of(net: nn.Module, kind: Kind, judges: _Judges, device: str) -> list[float]:
    twice = isinstance(net, SecondLook)
    found = cuts(net, judges.phantoms, judges.films, device=device, put_in=kind.put_in, only_clear=twice)
    # of what a second look leaves as it is, the first network's cuts are at a half already
    return [found[0], *[0.5] * (len(MAPS) - 1)] if twice else found


def _recipe(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        whole = tomllib.loads(path.read_text("utf-8"))
        data, settings = whole["data"], whole["fit"]
        settings = {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
        Recipe(**settings)
        wanted = {name: data[name] for name in ("phantoms", "grown", "first_seed", "films")}
        wanted |= {"kind": data.get("kind", "limb"), "bare": data.get("bare", 0)}
        wanted |= {"film_repeats": data.get("film_repeats", 1), "held_back": data.get("held_back", 0)}
        if wanted["kind"] not in KINDS:
            raise KeyError(f"kind must be one of {', '.join(KINDS)}")
        return wanted, settings
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path.name} is no training recipe: {error}; see radiograph.toml for one") from error


def _gathered(what: str, items: Sequence[Item], make: Callable[[Item], Made], progress: Progress) -> list[Made]:
    made: list[Made] = []
    for done, item in enumerate(items, start=1):
        made.append(make(item))
        progress(what, done, len(items))
    return made


def _code() -> list[Path]:
    """The modules that samples and network come from."""
    root = Path(calcinet.__file__).parent
    rooms = [path for room in ("phantoms", "training") for path in (root / room).rglob("*.py")]
    return sorted([*rooms, root / "findings" / "network_input.py", root / "findings" / "noise_map.py"])


def _without(made: list[Made], every: int) -> list[Made]:
    """All but each so-manieth, from the first on; all where that is 0."""
    return [one for number, one in enumerate(made) if not every or number % every]


def _digest(paths: list[Path]) -> str:
    """One SHA-256 over the contents of all files, in order."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
