"""Records of a film, made by hand."""

from calcinet.record import (
    FindingRecord,
    ImageRecord,
    ModelRecord,
    Record,
    VesselCourse,
)


def image(**parts) -> ImageRecord:
    return ImageRecord(**{"id": "img-1", "resolvable_mm": 0.2, **parts})


def record(*images: ImageRecord) -> Record:
    return Record(version="1", model=ModelRecord(name="m"), images=images)


STRETCHES = tuple(FindingRecord(id=name, kind="vessel", length_px=9.0) for name in ("f1", "f2", "f3"))


def course(*ids: str, **parts) -> VesselCourse:
    gaps = tuple(((9.0 * n, 1.0), (9.0 * n + 4, 1.0)) for n in range(1, len(ids)))
    known = {"side": "L", "length_mm": 5.2, "calcified_mm": 3.6, "calcified_percent": 69.2, "gaps": gaps}
    return VesselCourse(findings=ids, length_px=26.0, calcified_px=18.0, **{**known, **parts})
