"""Films with a net put in, among films as they are: where the product ranks them, and what else it calls.

The planted films are limb films of patients held out for measuring. The others are all real films that are at hand, and
generated limbs without a net, half of which carry something that looks like one; each kind is counted by itself, for
the product was trained on some of the real ones and on generated limbs of other seeds.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from benchmarks.agreement import Estimate, clopper_pearson
from benchmarks.archive_films import put_once, read_names, write_bytes
from benchmarks.limb_calcium import put_calcium
from benchmarks.patients import OPEN_LIMB_MM, calves, first_of_each_patient, measured_limbs, open_limbs, read_upright
from benchmarks.tables import Cell, Table, progress
from calcinet.cohort.expectation import FALSE_ALARMS
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.errors import BadInput, NotMeasurable
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.training.film_split import list_films

SEED: Final = 7100

KINDS: Final[Mapping[str, str]] = {
    "held": "real films that nothing was trained on",
    "taught": "real films that were trained on",
    "made": "generated limbs without a net",
}
"""What the others are, by the beginning of their file names."""


def planted_table(planted: int, others: int, data: Path, folder: Path) -> Table | None:
    """Where films with a net that was put in stand in the ranking of the product, and how many others were called.

    Archive and run are kept in `folder`, and a run that was broken off goes on.
    """
    limbs = open_limbs(data)
    if not limbs:
        return None
    archive = folder / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    chosen = _plant_films(first_of_each_patient(limbs), planted, archive)
    held = [*calves(data), *measured_limbs(data), *(film for film in limbs if film.patient not in chosen)]
    real = {"held": [film.path for film in held], "taught": _list_taught(data)}
    _lay_out(real, others, archive)
    run_cohort(CohortOrder(source=str(archive), folder=folder / "out"), _tell)
    return _count(folder / "out", planted)


def _plant_films(limbs: Sequence[Any], planted: int, archive: Path) -> set[str]:
    """Put nets into films of so many patients; who these are."""
    chosen = set[str]()
    for number, film in enumerate(limbs):
        if len(chosen) == planted:
            break
        with suppress(BadInput, NotMeasurable):
            put_once(archive / f"planted-{number}.dcm", partial(_plant, film, SEED + number))
            chosen.add(film.patient)
    return chosen


def _plant(film: Any, seed: int) -> bytes:
    """A film with a net and arteries put in, as DICOM."""
    return write_bytes(put_calcium(read_upright(film), OPEN_LIMB_MM, seed, net=True).image, seed)


def _list_taught(data: Path) -> list[Path]:
    folder = data / "limbs_open"
    films = [path for share in ("train", "calibrate") for _, path in list_films(folder, share)]
    return [*films, *sorted((data / "backgrounds" / "chest").glob("*.png"))]


def _lay_out(real: Mapping[str, Sequence[Path]], others: int, archive: Path) -> None:
    """The real films as they are, and as many generated ones as are left."""
    left = others
    for kind, paths in real.items():
        for number, path in enumerate(paths[:left]):
            put_once(archive / f"{kind}-{number}{path.suffix}", path.read_bytes)
        left -= len(paths[:left])
    for number in range(left):
        progress(f"planted: film {number} of {left} is generated")
        put_once(archive / f"made-{number}.dcm", partial(_generate, SEED + 1000 + number))


def _generate(seed: int) -> bytes:
    return write_bytes(limb(random_spec(seed, net=False, confounders=True)).image, seed)


def _count(run: Path, planted: int) -> Table:
    names = read_names(run)
    results = sorted(pq.read_table(run / "results.parquet").to_pylist(), key=_get_rank)
    kinds = [names[row["film"]].split("-")[0] for row in results]
    ranks = [row["rank"] for row, kind in zip(results, kinds, strict=True) if kind == "planted"]
    called = [row["net_called"] for row in results]
    rows: list[tuple[Cell, ...]] = [
        (f"planted in the first {2 * planted} ranks, of {len(ranks)}", sum(rank <= 2 * planted for rank in ranks)),
        ("planted that were called", sum(row for row, kind in zip(called, kinds, strict=True) if kind == "planted")),
    ]
    for name, kind in KINDS.items():
        of_kind = [row for row, own in zip(called, kinds, strict=True) if own == name]
        rows.append((f"called per 1,000 {kind}", _per_1000(clopper_pearson(sum(of_kind), len(of_kind)))))
    low, high = FALSE_ALARMS.interval95
    rows.append(("stated, per 1,000", Estimate(1000 * FALSE_ALARMS.share, 1000 * low, 1000 * high, FALSE_ALARMS.of)))
    rows.append(("ranks of the planted", ", ".join(map(str, ranks))))
    note = f"{len(results)} films; goal 18 of 20 planted ones in the first 40."
    return Table("Planted nets", ("what", "number"), tuple(rows), note)


def _per_1000(share: Estimate) -> Estimate:
    return Estimate(1000 * share.value, 1000 * share.low, 1000 * share.high, share.count)


def _get_rank(row: Mapping[str, Any]) -> int:
    return int(row["rank"])


def _tell(told: Any) -> None:
    progress(f"planted: {told.phase} {told.done} of {told.total}")
