"""Records of mammograms, made by hand."""

from calcinet.record import BreastRecord, FindingRecord, ImageRecord, NotMeasured


def view(name, side, grade, length, view_name="CC", calibres=(), examination=None):
    found = tuple(FindingRecord(id=f"f{k}", kind="vessel", calibre_mm=mm) for k, mm in enumerate(calibres))
    return ImageRecord(
        id=name,
        modality="MG",
        laterality=side,
        view=view_name,
        findings=found,
        measures={"bac.length_mm": length, "bac.area_mm2": length / 2},
        not_measured=(NotMeasured(measure="resolvable_mm", because="a reason"),),
        breast=BreastRecord(
            grade=grade,
            grade_means="words",
            chest_wall="left",
            nipple=(1.0, 2.0),
            pectoral_percent=0.0,
            detector="mammogram",
            examination=examination,
        ),
    )
