"""CTs of one leg on two days: the truth is where generated arteries and nets were put, and sums worked out on paper."""

from dataclasses import replace

import nibabel
import numpy as np
import pytest

pytest.importorskip("SimpleITK")

from calcinet import follow
from calcinet.geometry.body_registration import BodyRegistration, LaidLimb, Volume
from calcinet.io.reader import read_all
from calcinet.phantoms.ct.leg import Build, make_legs, scan_legs
from calcinet.protocols.modalities import examine_image
from calcinet.protocols.timeline.build import build_timeline
from calcinet.protocols.timeline.matching import match
from calcinet.protocols.timeline.volume_places import VolumePlace
from calcinet.record import FindingRecord
from tests.support.courses import film, visit
from tests.support.turned import Turned


@pytest.fixture(scope="module")
def scans():
    """A leg, and the same turned and moved, 40 mm of 120 at its upper end out of the field."""
    image, truth = scan_legs(make_legs(7401, Build("lower leg", "L", span_mm=(160.0, 280.0))), (1.5, 0.8, 0.8))
    turned = Turned(image, (3, -2, 6), (10, -20, 30))
    return image, turned.film(image, slice(0, 53)), truth, turned


@pytest.mark.slow
def test_the_same_calcium_is_found_on_a_scan_of_another_stretch(scans):
    """What lies where both show the leg is compared; the sums are not, for the second scan lacks a third of the leg."""
    image, later, _, turned = scans
    records = []
    for number, (day, one) in enumerate((("2026-01-01", image), ("2026-03-01", later)), 1):
        found = examine_image(replace(one, sha256=f"{number}" * 64), "img-1")[0]
        records.append(visit(day, found))
    images = {"1" * 64: lambda: image, "2" * 64: lambda: later}

    line, shown = build_timeline(records, images)

    (laid,) = line.laid
    assert laid.refused is None
    assert laid.group == "CT"
    findings = [{one.id: one for one in record.images[0].findings} for record in records]
    again = [mark for mark in line.marks if all(one.findings for one in mark.films)]
    assert len(again) >= 3
    for mark in again:
        before, after = (findings[scan][mark.films[scan].findings[0]] for scan in range(2))
        went = turned.move(np.array([before.place_mm[len(before.place_mm) // 2]]))
        away = np.linalg.norm(np.array(after.place_mm) - went, axis=1).min()
        assert away < 6.0 or mark.kind == "net"
    called = {quantity.name: quantity.changes[0].called for quantity in line.quantities if quantity.mark is None}
    assert called["ct.volume_mm3"] == called["ct.agatston"] == "unknown"
    assert called["ct.common_volume_mm3"] == "none"
    assert len(shown) == 2


def place(image, slices, shift_mm):
    """A scan of 1 mm voxels whose slices begin at a height; the follow-up lies at a shift."""
    import SimpleITK

    affine = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, slices.start], [0, 0, 0, 1]], float)
    field = Volume(hu=np.zeros((slices.stop - slices.start, 100, 100), np.float32), affine=affine)
    transform = SimpleITK.Euler3DTransform()
    transform.SetTranslation(shift_mm)
    limb = LaidLimb(transform=transform, dice=1.0, correlation=1.0, overlap=1.0)
    return VolumePlace(image=image, field=field, first=field, laid=BodyRegistration((limb,)))


def artery(number, x, low, high, volume):
    line = tuple((float(x), 50.0, float(z)) for z in range(low, high + 1))
    return FindingRecord(id=f"f{number}", kind="vessel", volume_mm3=volume, place_mm=line)


def test_sizes_are_those_of_the_stretch_that_both_scans_show():
    """Slices 0 to 99, and 50 to 149 moved by 5 mm to the left: of 100 mm3 from 10 to 89 half lies on both."""
    before = film(1, findings=(artery(1, 20, 10, 89, 100.0), artery(2, 70, 60, 80, 30.0)))
    after = film(2, findings=(artery(1, 25, 50, 89, 60.0),))
    later = place(after, slice(50, 150), (5.0, 0.0, 0.0))
    first = replace(place(before, slice(0, 100), (0.0, 0.0, 0.0)), laid=None)

    marks = match([first, replace(later, first=first.field)])

    assert [mark.findings for mark in marks] == [(("f1",), ("f1",)), (("f2",), ())]
    assert marks[0].sizes == pytest.approx((50.0, 60.0), rel=0.03)
    assert marks[1].sizes == pytest.approx((30.0, None))


@pytest.mark.slow
def test_volumes_that_do_not_say_what_they_are_are_read_as_their_records_say(scans, tmp_path):
    """NIfTI files, examined as CT on the command line; follow is not told so again."""
    records = []
    for day, image in zip(("2026-01-01", "2026-03-01"), scans[:2], strict=True):
        turn = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine[:, [2, 1, 0, 3]]  # LPS to RAS, voxels (X, Y, Z)
        path = tmp_path / f"{day}.nii.gz"
        nibabel.save(nibabel.Nifti1Image(np.ascontiguousarray(image.pixels.T), turn), path)
        (read,) = read_all([path], modality="CT")
        records.append(visit(day, examine_image(read, "img-1")[0]))

    line = follow(records, sorted(tmp_path.iterdir()))

    (laid,) = line.laid
    assert (laid.group, laid.refused) == ("CT", None)
