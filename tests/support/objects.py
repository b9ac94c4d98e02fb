"""Reads the numbers back out of every document: what was written must be what the record says."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import highdicom
import pyarrow.parquet
from fhir.resources.R4B.bundle import Bundle

Number = tuple[str, str, str, float, float | None, float | None]
"""Image, finding, code, value, ends of its interval."""


INTERVALS = {
    "calibre_mm": "calibre_interval_mm",
    "area_mm2": "area_interval_mm2",
    "volume_mm3": "volume_interval_mm3",
    "agatston": "agatston_interval",
    "calcified_mm": "calcified_interval_mm",
}
"""Number of a record -> the field of its interval."""


def of_record(folder: Path) -> Iterator[Number]:
    """Straight from record.json, its own codes by the table."""
    from calcinet.report.quantities.codes import quantity_code

    record = json.loads((folder / "record.json").read_text())
    for image in record["images"]:
        if image["refused"]:
            continue
        for name, value in {"resolvable_mm": image["resolvable_mm"], **image["measures"]}.items():
            if value is not None:
                low, high = image["intervals95"].get(name, (None, None))
                yield image["id"], "", str(quantity_code(name)), value, low, high
        for name, value, (low, high) in of_parts(image["ct"]):
            yield image["id"], "", str(quantity_code(name)), value, low, high
        for finding in image["findings"]:
            for name, value in finding.items():
                counted = name.endswith(("_mm", "_px", "_mm2", "_mm3", "_hu")) or name == "probability"
                if counted and isinstance(value, int | float):
                    low, high = finding.get(INTERVALS.get(name)) or (None, None)
                    yield image["id"], finding["id"], str(quantity_code(name)), value, low, high


def of_parts(ct: dict | None) -> Iterator[tuple[str, float, list[float | None]]]:
    """Of a CT: the numbers of each side, level and compartment, and of each artery, each with its interval."""
    for group, parts in (("score", "scores"), ("artery", "arteries")):
        for part in ct[parts] if ct else ():
            for name, value in part.items():
                if isinstance(value, int | float):
                    yield f"{group}.{name}", float(value), part.get(INTERVALS.get(name)) or [None, None]


def of_csv(folder: Path) -> Iterator[Number]:
    for row in csv.DictReader(io.StringIO((folder / "measures.csv").read_text())):
        if row["image"] and row["value"]:
            ends = [float(row[name]) if row[name] else None for name in ("low95", "high95")]
            yield row["image"], row["finding"], row["code"], float(row["value"]), *ends


def of_parquet(folder: Path) -> Iterator[Number]:
    for row in pyarrow.parquet.read_table(folder / "measures.parquet", use_threads=False).to_pylist():
        if row["image"] and row["value"] is not None:
            yield row["image"], row["finding"], row["code"], row["value"], row["low95"], row["high95"]


def of_sr(folder: Path) -> Iterator[Number]:
    content = highdicom.sr.srread(folder / "report.sr.dcm").content
    groups = [*content.get_planar_roi_measurement_groups(), *content.get_image_measurement_groups()]
    groups += content.get_volumetric_roi_measurement_groups()
    for group in groups:
        image, _, rest = group.tracking_identifier.rpartition(":")[2].partition(" ")
        for item in group.get_measurements():
            code = f"{item.name.scheme_designator}:{item.name.value}"
            ends = {child.name.value: child.value for child in item[0].get("ContentSequence", [])}
            finding = rest.split(" ")[0].removeprefix("score").removeprefix("artery")  # of no finding
            yield image, finding, code, item.value, ends.get("LOW95"), ends.get("HIGH95")


def of_fhir(folder: Path) -> Iterator[Number]:
    """An observation names its image by the hash, and a finding lists the numbers that are its own."""
    bundle = Bundle.model_validate_json((folder / "bundle.fhir.json").read_text())
    record = json.loads((folder / "record.json").read_text())
    images = {image["sha256"]: image["id"] for image in record["images"]}
    of_finding = {}
    for entry in bundle.entry:
        for member in getattr(entry.resource, "hasMember", None) or []:
            of_finding[member.reference] = entry.resource.identifier[0].value
    for entry in bundle.entry:
        one = entry.resource
        if one.get_resource_type() != "Observation" or one.valueQuantity is None or one.focus is None:
            continue
        (coding,) = one.code.coding
        scheme = {"urn:calcinet:codes": "99CALCINET", "http://snomed.info/sct": "SCT"}.get(coding.system, "DCM")
        ends = {
            part.code.coding[0].code: float(part.valueQuantity.value)
            for part in one.component or []
            if part.valueQuantity
        }
        image = images[one.focus[0].identifier.value]
        value = float(one.valueQuantity.value)
        code = f"{scheme}:{coding.code}"
        yield image, of_finding.get(entry.fullUrl, ""), code, value, ends.get("LOW95"), ends.get("HIGH95")
