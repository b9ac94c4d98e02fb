"""What is written can be read, by us and by the rules."""

from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from calcinet.errors import BadInput, NotMeasurable
from calcinet.io import read, write_radiograph


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("linear", [True, False])
def test_written_film_reads_back(tmp_path, film, photometric, linear):
    """Greys up to scale and offset within one of 65535 steps, and everything said about them."""
    written = replace(film, linear=linear, laterality="L", view="AP")
    image = read(write_radiograph(tmp_path / "film.dcm", written, photometric=photometric))

    scaled = (film.plane - film.plane.min()) / np.ptp(film.plane) * 65535
    assert abs(image.plane - scaled).max() <= 1
    assert (image.linear, image.anatomy, image.laterality, image.view) == (linear, "lower leg", "L", "AP")


@pytest.mark.parametrize(
    ("basis", "magnification", "expected"),
    [("calibrated", 1.1, "calibrated"), ("corrected", 1.1, "corrected"), ("detector", 1.0, "detector")],
)
def test_spacing_reads_back_on_its_rung(tmp_path, film, basis, magnification, expected):
    """0.4 mm in the patient at magnification 1.1 are 0.44 mm on the detector."""
    written = replace(film, spacing_basis=basis, magnification=magnification)
    path = write_radiograph(tmp_path / "film.dcm", written)
    image = read(path)

    assert dcmread(path).ImagerPixelSpacing[0] == pytest.approx(0.4 * magnification)
    assert (image.spacing_basis, image.magnification) == (expected, pytest.approx(magnification))
    assert image.pixel_mm == pytest.approx((0.4, 0.4))


def test_film_without_spacing_stays_without(tmp_path, film):
    """Nothing is made up."""
    bare = replace(film, spacing_mm=None, spacing_basis="none")

    assert read(write_radiograph(tmp_path / "film.dcm", bare)).spacing_mm is None


def test_same_film_gives_the_same_bytes(tmp_path, film):
    """No clock, no chance; another seed gives other identifiers."""
    first, again = (write_radiograph(tmp_path / name, film).read_bytes() for name in ("1.dcm", "2.dcm"))
    write_radiograph(tmp_path / "3.dcm", film, uid_seed="other")

    assert first == again
    assert dcmread(tmp_path / "3.dcm").SOPInstanceUID != dcmread(tmp_path / "1.dcm").SOPInstanceUID
    assert str(dcmread(tmp_path / "1.dcm").PatientName).startswith("PHANTOM")


def test_unknown_photometric_and_volumes_are_refused(tmp_path, film):
    """DX knows two, and one slice."""
    with pytest.raises(BadInput, match="photometric"):
        write_radiograph(tmp_path / "film.dcm", film, photometric="RGB")
    with pytest.raises(NotMeasurable, match="one slice"):
        write_radiograph(tmp_path / "film.dcm", replace(film, pixels=np.repeat(film.pixels, 2, axis=0)))
