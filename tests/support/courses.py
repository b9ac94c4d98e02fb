"""Records of one patient on several days, made by hand: a film each, with numbers that a test sets."""

from typing import Any

from calcinet.record import Clinical, ImageRecord, ModelRecord, NotMeasured, Record


def film(number: int, *, area_cm2: float | None = 10.0, interval=(8.0, 12.5), side="L", view="AP", **more: Any):
    """A film of a lower leg that shows a net of this area."""
    fields: dict[str, Any] = {
        "id": "img-1",
        "sha256": f"{number:064d}",
        "modality": "DX",
        "anatomy": "lower leg",
        "laterality": side,
        "view": view,
        "spacing_mm": (0.2, 0.2),
        "spacing_basis": "calibrated",
        "resolvable_mm": 0.2,
        "measures": {"net.area_cm2": area_cm2},
        "intervals95": {"net.area_cm2": interval} if interval is not None else {},
    }
    return ImageRecord(**{**fields, **more})


def film_without_size(number: int):
    """A film of which no pixel size is known."""
    because = NotMeasured(measure="net.area_cm2", because="the pixel size is not known")
    limit = NotMeasured(measure="resolvable_mm", because="the pixel size is not known")
    more = {"spacing_mm": None, "spacing_basis": "none", "resolvable_mm": None, "not_measured": (because, limit)}
    return film(number, area_cm2=None, interval=None, **more)


def visit(day: str | None, *images: ImageRecord, **clinical: Any) -> Record:
    """A record of one day."""
    told = Clinical(examined_on=day, **clinical)
    return Record(version="0", model=ModelRecord(name="none"), images=images, clinical=told)
