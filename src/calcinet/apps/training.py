"""A training run on the command line."""

import sys
from dataclasses import dataclass
from pathlib import Path

from calcinet.apps.console import Exit, show
from calcinet.apps.given_paths import require_there
from calcinet.errors import BadInput
from calcinet.machine import making, writing_in


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOrder:
    """What is to be trained from what."""

    films: Path
    """Folder of radiographs without calcium."""
    folder: Path
    """Where the run is kept."""
    recipe: Path | None = None
    """TOML recipe; that of the own weights where not given."""
    start: Path | None = None
    """Folder of an earlier run."""
    device: str = "cpu"
    steps: int | None = None
    """Instead of the recipe's."""
    quiet: bool = False


def train_weights(order: TrainOrder) -> Exit:
    """Train, with a line on stderr now and then; print where the weights are."""
    try:
        from calcinet.training.run import RECIPE, train
    except ModuleNotFoundError as error:
        raise BadInput(f'training needs {error.name}, which is not installed: pip install "calcinet[train]"') from error
    require_there([order.films], "folder of films")
    if not order.films.is_dir():
        raise BadInput(f"{order.films} is no folder; give the folder that holds the films to train on")

    with writing_in(order.folder), making(order.folder / "trial"):
        order.folder.mkdir(parents=True, exist_ok=True)
    weights = train(
        order.films,
        order.folder,
        recipe=order.recipe or RECIPE,
        start=order.start,
        device=order.device,
        steps=order.steps,
        progress=_ignore_progress if order.quiet or not sys.stderr.isatty() else _show_progress,
    )
    show(str(weights))
    return Exit.DONE


def _show_progress(what: str, done: int, total: int) -> None:
    print(f"\r{what}: {done} of {total}   ", end="", file=sys.stderr, flush=True)
    if done >= total:
        print(file=sys.stderr)


def _ignore_progress(what: str, done: int, total: int) -> None:
    """Say nothing of progress."""
