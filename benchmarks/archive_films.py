"""Films of an archive that a benchmark makes, and what a run called them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec

SMALL: Final = (slice(None), slice(300, 620), slice(150, 450))
"""Of a generated hand: quick to examine, for what measures the way and not the film."""


DISTINCT: Final = 40
"""Unlike images of a small archive. Our choice: drawing one takes longer than to examine it."""


@contextmanager
def small_archive(films: int) -> Iterator[Path]:
    """A folder with so many small films, of which at most `DISTINCT` are unlike; each is an object of its own."""
    images = [make_small(number) for number in range(min(films, DISTINCT))]
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        for number in range(films):
            write_radiograph(Path(name) / f"{number}.dcm", images[number % len(images)], uid_seed=f"bench {number}")
        yield Path(name)


def make_small(seed: int) -> Any:
    image = limb(random_spec(seed, net=False, vessels=True, anatomy="hand")).image
    return replace(image, pixels=image.pixels[SMALL].copy())


def write_bytes(image: Any, number: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        return Path(write_radiograph(Path(name) / "film", image, uid_seed=f"bench {number}")).read_bytes()


def put_once(file: Path, make: Callable[[], bytes]) -> None:
    """A file that is whole or not there; what is there is not made again."""
    if file.exists():
        return
    part = file.with_name(f".{file.name}")
    part.write_bytes(make())
    part.replace(file)


def read_names(run: Path) -> dict[str, str]:
    """File names by what films are called."""
    names = {}
    for index in sorted((run / "private/index").glob("index-*.parquet")):
        names.update({row["film"]: Path(row["path"]).name for row in pq.read_table(index).to_pylist()})
    return names
