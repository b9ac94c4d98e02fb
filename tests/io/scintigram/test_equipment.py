"""Whether two scans were made with one camera and one collimator."""

from pydicom.dataset import Dataset

from calcinet.io.scintigram.equipment import digest_camera, digest_collimator


def header(model: str, *collimators: str) -> Dataset:
    """A header of a camera with a detector a collimator."""
    dataset = Dataset()
    dataset.Manufacturer, dataset.ManufacturerModelName = "Maker", model
    detectors = []
    for name in collimators:
        detector = Dataset()
        detector.CollimatorGridName, detector.CollimatorType = name, "PARA"
        detectors.append(detector)
    dataset.DetectorInformationSequence = detectors
    return dataset


def test_the_same_names_in_other_letters_are_the_same():
    """Case, spaces and the number of detectors do not matter."""
    one, other = header("Camera  2", "LEHR", "LEHR"), header("camera 2", "LEHR")

    assert digest_camera(one) == digest_camera(other)
    assert digest_collimator(one) == digest_collimator(other)


def test_another_name_is_another():
    """Another model; a collimator for medium energies."""
    one, other = header("Camera 2", "LEHR"), header("Camera 3", "MEGP")

    assert digest_camera(one) != digest_camera(other)
    assert digest_collimator(one) != digest_collimator(other)


def test_what_is_not_stated_is_not_known():
    """No detector, no model."""
    assert digest_collimator(header("Camera 2")) is None
    assert digest_camera(Dataset()) is None
