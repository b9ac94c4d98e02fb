"""A training run on the command line."""

import sys
from pathlib import Path

from calcinet.apps.console import Exit
from calcinet.errors import BadInput


def train_and_tell(
    films: Path, folder: Path, *, recipe: Path | None, start: Path | None, device: str, steps: int | None, quiet: bool
) -> Exit:
    """Train, with a line on stderr now and then; print where the weights lie."""
    try:
        from calcinet.training.run import RECIPE, train
    except ModuleNotFoundError as error:
        raise BadInput(f'training needs {error.name}, which is not installed: pip install "calcinet[train]"') from error
    if not films.is_dir():
        raise BadInput(f"{films} is no folder; give the folder that holds the films to train on")

    def tell(what: str, done: int, total: int) -> None:
        if not quiet and sys.stderr.isatty():
            print(f"\r{what}: {done} of {total}   ", end="" if done < total else "\n", file=sys.stderr, flush=True)

    print(train(films, folder, recipe=recipe or RECIPE, start=start, device=device, steps=steps, progress=tell))
    return Exit.DONE
