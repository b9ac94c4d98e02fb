"""The columns of every table of a cohort: name, type, unit and what they mean, as docs/scale.md has them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal["text", "integer", "number", "flag", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    """UCUM; empty where it has none."""


def _declare(name: str, type_: ColumnType, meaning: str, unit: str = "") -> Column:
    return Column(name=name, type=type_, meaning=meaning, unit=unit)


FILM: Final = _declare("film", "text", "what the film is called: keyed hash of its place in the archive")

FROM_HEADER: Final = (
    _declare("patient", "text", "pseudonym: keyed hash of the identifier; of a film without one, of its place"),
    _declare("study", "text", "pseudonym of the study"),
    _declare("modality", "text", "DICOM Modality; picture where the file is PNG, JPEG or TIFF"),
    _declare("body_part", "text", "body part in words, unknown where the header names none"),
    _declare("laterality", "text", "L, R or B"),
    _declare("view", "text", "view position"),
    _declare("age_years", "number", "age on the day of the film; 90 stands for all above 89", "a"),
    _declare("sex", "text", "F, M or O"),
    _declare("taken_on", "day", "day of the film, shifted for all of a patient by the same number of weeks"),
    _declare("device", "text", "maker and model"),
    _declare("rows", "integer", "rows of the image", "{pixel}"),
    _declare("columns", "integer", "columns of the image", "{pixel}"),
    _declare("pixel_mm", "number", "distance of rows that the header states", "mm"),
)
"""What the index knows of a film before it is examined."""

FILMS: Final = (FILM, *FROM_HEADER, _declare("bytes", "integer", "size of the file", "By"))
"""What `--where` may ask for."""

INDEX: Final = (
    *FILMS,
    _declare("path", "text", "place in the archive"),
    _declare("member", "text", "name inside a zip"),
    _declare("instance", "text", "keyed hash of the SOP Instance UID"),
    _declare("series", "text", "keyed hash of the Series Instance UID"),
    _declare("code", "text", "why the file is no film, for programs"),
    _declare("reason", "text", "why the file is no film"),
)
"""The index as it is kept in the folder private."""

MEASURED: Final = (
    _declare(
        "net_probability",
        "number",
        "probability that calcium here is net-like; at most 0.49 where no net was marked",
        "1",
    ),
    _declare("net_score", "number", "how net-like the most net-like place is, 0 to 1; for ranking alone", "1"),
    _declare("net_called", "flag", "whether a net was marked"),
    _declare("nets", "integer", "nets that were marked", "{count}"),
    _declare("net_area_cm2", "number", "area of all nets", "cm2"),
    _declare("net_area_low_cm2", "number", "lower end of its 95 % interval", "cm2"),
    _declare("net_area_high_cm2", "number", "upper end of its 95 % interval", "cm2"),
    _declare("net_mesh_mm", "number", "width of the meshes of the largest net", "mm"),
    _declare("vessels", "integer", "calcified vessels that were marked", "{count}"),
    _declare("vessel_length_mm", "number", "their length together", "mm"),
    _declare("foci", "integer", "other deposits that were marked", "{count}"),
    _declare("calcified_area_mm2", "number", "area of all calcium that was marked", "mm2"),
    _declare("resolvable_mm", "number", "thinnest calcified line that the film could have shown", "mm"),
    _declare("net_line_mm", "number", "thinnest line of a net that the film could have shown", "mm"),
    _declare("noise", "number", "noise of the film, in its own values", "1"),
    _declare("blur_fwhm_mm", "number", "blur of the film, full width at half maximum", "mm"),
    _declare("cautions", "integer", "sentences of caution in the record of the film", "{count}"),
)
"""What an examination adds."""

RESULTS: Final = (_declare("rank", "integer", "place in the order of review, 1 is looked at first", "{count}"),)
RESULTS_ALL: Final = (*RESULTS, FILM, *FROM_HEADER, *MEASURED)
"""results.parquet: one row a film that could be examined."""

FAILURES: Final = (
    FILM,
    *FROM_HEADER,
    _declare("stage", "text", "index or examination"),
    _declare("code", "text", "short stable word for programs, as in the record"),
    _declare("reason", "text", "what was found, what was expected, what to do"),
)
"""failures.parquet: one row a file that could not."""

PATIENTS: Final = (
    FROM_HEADER[0],
    _declare("films", "integer", "films that could be examined", "{count}"),
    _declare("failures", "integer", "films that could not", "{count}"),
    _declare("first_on", "day", "day of the first film, shifted"),
    _declare("last_on", "day", "day of the last film, shifted"),
    _declare("best_rank", "integer", "rank of the film that is looked at first", "{count}"),
    _declare("net_probability", "number", "highest of all films", "1"),
    _declare("net_score", "number", "highest of all films", "1"),
    _declare("films_with_net", "integer", "films on which a net was marked", "{count}"),
    _declare("net_area_cm2", "number", "largest of all films", "cm2"),
    _declare("vessels", "integer", "largest number on a film", "{count}"),
)
"""patients.parquet: one row a patient."""

COST: Final = (
    FILM,
    _declare("stage", "text", "part of the examination"),
    _declare("seconds", "number", "how long it took", "s"),
)
"""cost.parquet: what every stage of a film took; other in every run."""

TABLES: Final = {"results": RESULTS_ALL, "failures": FAILURES, "patients": PATIENTS, "cost": COST}
"""The tables that are for others, by the name of the file."""


def make_schema(columns: tuple[Column, ...]) -> "pa.Schema":
    """Types of a table for pyarrow; unit and meaning stand in the metadata of every field."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "day": pa.date32(),
    }
    fields = []
    for column in columns:
        metadata = {"unit": column.unit, "meaning": column.meaning}
        fields.append(pa.field(column.name, types[column.type], metadata=metadata))
    return pa.schema(fields)
