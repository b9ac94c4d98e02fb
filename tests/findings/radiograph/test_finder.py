"""From maps to findings: what is kept, what is left out, what belongs together."""

import cv2
import numpy as np
import pytest

from calcinet.findings.detector import CalciumMaps
from calcinet.findings.finding import Kind
from calcinet.findings.radiograph import finder
from calcinet.findings.radiograph.finder import find_calcium
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue

SHAPE = (300, 300)


def _maps(probability=0.99, **drawn):
    """Maps in which what is drawn is so probable, at half of the film's resolution."""
    planes = {name: np.zeros((150, 150), dtype=np.float32) for name in ("vessel", "net", "focus", "patch")}
    for name, mask in drawn.items():
        planes[name][mask] = probability
    return CalciumMaps(**planes, shape=SHAPE)


def _regions(bone=None):
    labels = np.full(SHAPE, Tissue.SOFT, dtype=np.uint8)
    if bone is not None:
        labels[bone] = Tissue.BONE
    return Regions(labels=labels, depth=np.full(SHAPE, 5, dtype=np.float32), depth_unit="mm")


@pytest.fixture
def found(monkeypatch):
    """Findings of a film of 0.2 mm pixels whose maps are given: pixels of the maps are 0.4 mm."""

    def find(regions=None, plane=None, **drawn):
        monkeypatch.setattr(finder, "calcium_maps", lambda *_: _maps(**drawn))
        pixels = np.zeros(SHAPE) if plane is None else plane
        film = Image(pixels[None].astype(np.float32), (1.0, 0.2, 0.2), "1")
        return find_calcium(film, regions or _regions())

    return find


def _line(start, end, width=2):
    canvas = np.zeros((150, 150), dtype=np.uint8)
    cv2.line(canvas, start[::-1], end[::-1], 1, width)
    return canvas > 0


WALLS = _line((20, 60), (130, 60)) | _line((20, 70), (130, 70))
"""Ten pixels of the maps apart: 4 mm."""


def _film_of_walls(lumen):
    """Walls of 10 on nothing, and `lumen` between them."""
    plane = 10.0 * WALLS
    plane[20:131, 62:70] = lumen
    return np.kron(plane, np.ones((2, 2)))


def test_two_walls_are_one_vessel(found):
    """Walls at columns 60 and 70 of the maps: the middle is column 65, which on the film is 2 x 65.5 - 0.5 = 130.5."""
    (vessel,) = found(plane=_film_of_walls(lumen=3.0), vessel=WALLS).findings

    assert vessel.kind is Kind.VESSEL
    assert np.median(vessel.centre_lines[0][:, 1]) == pytest.approx(130.5, abs=2)
    assert np.median(vessel.half_width_px[0]) == pytest.approx(11, abs=3)


def test_two_lines_with_nothing_between_are_two_vessels(found):
    """Where the beam crosses no front and back wall there is no lumen."""
    findings = found(plane=_film_of_walls(lumen=0.0), vessel=WALLS).findings

    assert [np.median(vessel.centre_lines[0][:, 1]).round(-1) for vessel in findings] in ([120, 140], [140, 120])


def test_a_line_shorter_than_a_vessel_is_left_out(found):
    """Ten pixels of 0.4 mm are 4 mm."""
    assert found(vessel=_line((20, 60), (30, 60))).findings == ()


def _with_clear_spot(line, probability):
    """Of each pixel of a line, the same but for one."""
    return np.where(np.arange(line.sum()) == 100, 0.99, probability).astype(np.float32)


def test_what_is_nowhere_clear_is_left_out(found):
    """A line that is probable all along, and the same where one spot of it is clear."""
    line = _line((20, 60), (130, 60))

    assert not found(vessel=line, probability=0.9).findings
    assert len(found(vessel=line, probability=_with_clear_spot(line, 0.9)).findings) == 1


def test_dashes_in_line_are_one_vessel(found):
    """Rings of media: dashes of 2 mm with gaps of 0.8 mm, over 36 mm."""
    dashes = _line((20, 60), (110, 60))
    dashes[::7] = dashes[1::7] = False

    calcium = found(vessel=dashes)

    assert len(calcium.findings) == 1


def test_stretches_of_one_vessel_lie_on_one_course(found):
    """Rows 10 to 60 and 85 to 140 of column 60, 10 mm apart, and column 120: two courses of three vessels. In pixels of
    the film the gap runs from row 2 x 60.5 - 0.5 = 120.5 to 2 x 85.5 - 0.5 = 170.5."""
    calcium = found(vessel=_line((10, 60), (60, 60)) | _line((85, 60), (140, 60)) | _line((20, 120), (70, 120)))
    long, short = sorted(calcium.courses, key=lambda course: -len(course.pieces))

    assert sorted((*long.pieces, *short.pieces)) == [0, 1, 2]
    tops = [calcium.findings[number].centre_lines[0][:, 0].min() for number in long.pieces]
    assert tops == sorted(tops)
    assert long.gaps[0] == pytest.approx(np.array([[120.5, 121], [170.5, 121]]), abs=3)
    assert short.gaps == ()


def test_courses_count_findings_from_the_first_of_any_kind(found):
    """A spot of 2 x 2 mm comes before the vessels: it lies on no course."""
    spot = np.zeros((150, 150), dtype=bool)
    spot[100:106, 20:26] = True
    calcium = found(vessel=_line((20, 120), (70, 120)), focus=spot)

    assert [calcium.findings[number].kind for course in calcium.courses for number in course.pieces] == [Kind.VESSEL]
    assert len(calcium.findings) == 2


def test_what_lies_on_bone_alone_is_bone_unless_the_network_is_sure(found):
    """A line of 0.6, clear in one spot, over soft tissue is a vessel, over bone none; of 0.9 it is one there."""
    bone = np.zeros(SHAPE, dtype=bool)
    bone[:, 100:140] = True
    line = _line((20, 60), (130, 60))

    doubtful, sure = (_with_clear_spot(line, probability) for probability in (0.6, 0.9))

    assert len(found(vessel=line, probability=doubtful).findings) == 1
    assert found(_regions(bone), vessel=line, probability=doubtful).findings == ()
    assert len(found(_regions(bone), vessel=line, probability=sure).findings) == 1


def test_a_short_piece_beside_a_vessel_is_of_it_and_one_far_away_is_not(found):
    """A line of 28 mm; pieces of 4 mm begin 4 mm (10 pixels) and 16 mm behind its end."""
    vessel = _line((20, 60), (90, 60))
    near, far = _line((100, 60), (110, 60)), _line((130, 60), (140, 60))

    marked = found(vessel=vessel | near | far).labels > 0

    assert marked[210].any()
    assert not marked[270].any()


def test_a_net_needs_a_patch_and_lines(found):
    """A patch of 20 x 20 mm with lines is a net; without lines it is none; too small it is none."""
    patch = np.zeros((150, 150), dtype=bool)
    patch[40:90, 40:90] = True
    lines = patch & ((np.add.outer(np.arange(150), np.zeros(150, int)) % 10 == 0) | (np.arange(150) % 10 == 0))
    small = np.zeros_like(patch)
    small[40:60, 40:60] = True

    (net,) = found(patch=patch, net=lines).findings
    assert net.kind is Kind.NET
    assert net.patch.sum() * 0.04 == pytest.approx(400, rel=0.05)
    assert found(patch=patch).findings == ()
    assert found(patch=small, net=small & lines).findings == ()


def test_the_label_map_holds_what_was_found(found):
    """Vessel 1, net 2, focus 3; on the film a spot of 10 x 10 map pixels is about 20 x 20."""
    spot = np.zeros((150, 150), dtype=bool)
    spot[100:110, 100:110] = True

    calcium = found(focus=spot, vessel=_line((20, 30), (90, 30)))

    assert set(np.unique(calcium.labels)) == {0, 1, 3}
    assert (calcium.labels == 3).sum() == pytest.approx(400, rel=0.15)


def test_the_net_score_is_the_mean_of_the_best_square_centimetre(found):
    """A patch of 25 x 25 map pixels of 0.4 mm is one square centimetre at 0.99; half of it gives half."""
    whole, half = np.zeros((2, 150, 150), dtype=bool)
    whole[50:75, 50:75] = True
    half[50:62, 50:75] = True

    assert found(patch=whole).net_score == pytest.approx(0.99, abs=0.01)
    assert found(patch=half).net_score == pytest.approx(0.99 * 12 / 25, abs=0.01)


def test_nothing_found_is_an_empty_map(found):
    """A normal film is a result."""
    calcium = found()

    assert calcium.findings == ()
    assert not calcium.labels.any()
