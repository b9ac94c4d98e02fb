"""From maps to findings: what is kept, what is left out, what belongs together."""

import cv2
import numpy as np
import pytest

from calcinet.findings.finding import Kind
from calcinet.findings.radiograph import finder
from calcinet.findings.radiograph.finder import find_calcium, map_pixel_mm, mark_arteries
from calcinet.findings.radiograph.scales import RadiographMaps
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue

SHAPE = (300, 300)
SIZE = (150, 150)
NAMES = ("vessel", "net", "focus", "patch", "artery")


def _maps(probability=0.999, shape=SHAPE, **drawn):
    """Maps in which what is drawn is so probable, at half of the film's resolution unless another shape is given."""
    planes = {name: np.zeros(SIZE, dtype=np.float32) for name in NAMES}
    for name, mask in drawn.items():
        planes[name][mask] = probability
    return RadiographMaps(**planes, shape=shape)


def _regions(bone=None):
    labels = np.full(SHAPE, Tissue.SOFT, dtype=np.uint8)
    if bone is not None:
        labels[bone] = Tissue.BONE
    return Regions(labels=labels, depth=np.full(SHAPE, 5, dtype=np.float32), depth_unit="mm")


@pytest.fixture
def found(monkeypatch):
    """Findings of a film of 0.2 mm pixels whose maps are given: pixels of the maps are 0.4 mm."""

    def find(regions=None, **drawn):
        monkeypatch.setattr(finder, "radiograph_maps", lambda *_: _maps(**drawn))
        return find_calcium(_film(), regions or _regions())

    return find


def _film(spacing=(1.0, 0.2, 0.2)):
    return Image(np.zeros((1, *SHAPE), dtype=np.float32), spacing, "1")


def _line(start, end, width=2):
    canvas = np.zeros(SIZE, dtype=np.uint8)
    cv2.line(canvas, start[::-1], end[::-1], 1, width)
    return canvas > 0


def _solid(start, end, width=2):
    """An artery so thin that its walls are one: the same pixels on both maps."""
    line = _line(start, end, width)
    return {"vessel": line, "artery": line}


def _disc(middle, radius):
    canvas = np.zeros(SIZE, dtype=np.uint8)
    cv2.circle(canvas, middle[::-1], radius, 1, cv2.FILLED)
    return canvas > 0


def _both(*drawn):
    """Several arteries on one pair of maps."""
    return {name: np.any([one[name] for one in drawn], axis=0) for name in ("vessel", "artery")}


WALLS = np.zeros(SIZE, dtype=bool)
WALLS[20:131, [60, 61, 69, 70]] = True
TUBE = np.zeros(SIZE, dtype=bool)
TUBE[20:131, 60:71] = True
"""Two walls of two pixels of the maps each, and what lies between them: 11 pixels wide, 4.4 mm; 111 long."""


def test_an_artery_is_one_vessel_with_its_line_between_the_walls(found):
    """Columns 60 to 70 of the maps: the middle is column 65, on the film 2 x 65.5 - 0.5 = 130.5; half of 11 pixels are
    11 of the film. The line is as long as the tube, 222, but for what thinning takes off at its ends."""
    (vessel,) = found(vessel=WALLS, artery=TUBE).findings
    (line,) = vessel.centre_lines

    assert vessel.kind is Kind.VESSEL
    assert line[:, 1] == pytest.approx(np.full(len(line), 130.5), abs=2)
    assert np.median(vessel.half_width_px[0]) == pytest.approx(11, abs=2)
    assert 222 - 2 * 22 <= np.ptp(line[:, 0]) <= 222


def test_what_is_marked_of_an_artery_is_its_calcium_and_not_its_lumen(found):
    """Walls are columns 120 to 123 and 138 to 141 of the film."""
    (vessel,) = found(vessel=WALLS, artery=TUBE).findings
    columns = vessel.origin[1] + np.flatnonzero(vessel.mask.any(axis=0))

    assert columns.tolist() == [120, 121, 122, 123, 138, 139, 140, 141]
    assert vessel.mask.sum() == pytest.approx(222 * 8, rel=0.02)


@pytest.mark.parametrize("shape", [SHAPE, SIZE], ids=["shrunk", "as it is"])
def test_in_an_artery_faint_calcium_is_marked_whatever_the_scale_of_the_maps(shape, monkeypatch):
    """Walls of 0.4 in an artery of 0.999: interpolated, at least two of the four pixels of each are above 0.3. Of 0.2
    nothing is marked, and an artery without a mark is no finding."""
    labels = np.full(shape, Tissue.SOFT, dtype=np.uint8)
    regions = Regions(labels=labels, depth=np.zeros(shape, np.float32), depth_unit="mm")
    film = Image(np.zeros((1, *shape), np.float32), (1.0, 0.2, 0.2), "1")
    counts = []
    for probability in (0.4, 0.2):
        maps = _maps(artery=TUBE, shape=shape)
        maps.vessel[WALLS] = probability
        monkeypatch.setattr(finder, "radiograph_maps", lambda *_, maps=maps: maps)
        counts.append([int(finding.mask.sum()) for finding in find_calcium(film, regions).findings])

    assert counts[1] == []
    assert len(counts[0]) == 1
    assert counts[0][0] >= 0.4 * WALLS.sum() * (shape[0] / SIZE[0]) ** 2


def test_calcium_without_an_artery_is_no_vessel(found):
    """Bone edges are lines on the map of walls, and no tube on that of arteries."""
    assert found(vessel=WALLS).findings == ()


def test_two_arteries_are_two_vessels(found):
    """Columns 60 and 90 of the maps: 120.5 + 0.5 and 180.5 + 0.5 of the film."""
    findings = found(**_both(_solid((20, 60), (130, 60)), _solid((20, 90), (130, 90)))).findings
    middles = sorted(float(np.median(vessel.centre_lines[0][:, 1])) for vessel in findings)

    assert middles == pytest.approx([121, 181], abs=2)


def test_each_vessel_has_its_own_calcium(found):
    """Of two arteries side by side no mark of one lies nearer to the other."""
    findings = found(**_both(_solid((20, 60), (130, 60)), _solid((20, 90), (130, 90)))).findings

    for vessel in findings:
        columns = vessel.origin[1] + np.nonzero(vessel.mask)[1]
        assert abs(columns - np.median(vessel.centre_lines[0][:, 1])).max() < 30


def test_an_artery_shorter_than_a_vessel_is_left_out(found):
    """Ten pixels of 0.4 mm are 4 mm."""
    assert found(**_solid((20, 60), (30, 60))).findings == ()


@pytest.mark.parametrize("radius", [14, 30, 60, 70])
def test_a_round_blob_is_no_vessel(found, radius):
    """11, 24, 48 and 56 mm across: as long as it is wide, however large it is."""
    disc = _disc((75, 75), radius)

    assert found(vessel=disc, artery=disc).findings == ()


def test_what_is_twice_as_long_as_wide_is_no_vessel_and_what_is_four_times_is_one(found):
    """40 x 20 and 80 x 20 pixels of 0.4 mm."""
    for length, count in ((40, 0), (80, 1)):
        block = np.zeros(SIZE, dtype=bool)
        block[20 : 20 + length, 60:80] = True
        assert len(found(vessel=block, artery=block).findings) == count


def _with_clear_spot(line, probability):
    """Of each pixel of a line, the same but for one."""
    return np.where(np.arange(line.sum()) == 100, 0.999, probability).astype(np.float32)


def test_what_is_nowhere_clear_is_left_out(found):
    """A line that is probable all along, and the same where one spot of it is clear."""
    drawn = _solid((20, 60), (130, 60))

    assert not found(**drawn, probability=0.9).findings
    assert len(found(**drawn, probability=_with_clear_spot(drawn["artery"], 0.9)).findings) == 1


def test_plaques_in_line_are_one_vessel_over_short_gaps_and_several_over_long_ones(found):
    """Stretches of 16 mm of one line, 4 mm (10 pixels) and 12 mm (30 pixels) apart."""
    first = _solid((20, 60), (59, 60))

    assert len(found(**_both(first, _solid((70, 60), (110, 60)))).findings) == 1
    assert len(found(**_both(first, _solid((90, 60), (130, 60)))).findings) == 2


def test_stretches_of_one_vessel_lie_on_one_course(found):
    """Rows 10 to 60 and 85 to 140 of column 60, 10 mm apart, and column 120: two courses of three vessels. In pixels of
    the film the gap runs from row 2 x 60.5 - 0.5 = 120.5 to 2 x 85.5 - 0.5 = 170.5."""
    drawn = _both(_solid((10, 60), (60, 60)), _solid((85, 60), (140, 60)), _solid((20, 120), (70, 120)))
    calcium = found(**drawn)
    long, short = sorted(calcium.courses, key=lambda course: -len(course.pieces))

    assert sorted((*long.pieces, *short.pieces)) == [0, 1, 2]
    tops = [calcium.findings[number].centre_lines[0][:, 0].min() for number in long.pieces]
    assert tops == sorted(tops)
    assert long.gaps[0] == pytest.approx(np.array([[120.5, 121], [170.5, 121]]), abs=4)
    assert short.gaps == ()


def test_courses_count_findings_from_the_first_of_any_kind(found):
    """A spot of 2 x 2 mm comes before the vessels: it lies on no course."""
    spot = np.zeros(SIZE, dtype=bool)
    spot[100:106, 20:26] = True
    calcium = found(**_solid((20, 120), (70, 120)), focus=spot)

    assert [calcium.findings[number].kind for course in calcium.courses for number in course.pieces] == [Kind.VESSEL]
    assert len(calcium.findings) == 2


def test_what_lies_on_bone_alone_is_bone_unless_the_network_is_sure(found):
    """A line of 0.6, clear in one spot, over soft tissue is a vessel, over bone none; of 0.9 it is one there."""
    bone = np.zeros(SHAPE, dtype=bool)
    bone[:, 100:140] = True
    drawn = _solid((20, 60), (130, 60))

    doubtful, sure = (_with_clear_spot(drawn["artery"], probability) for probability in (0.6, 0.9))

    assert len(found(**drawn, probability=doubtful).findings) == 1
    assert found(_regions(bone), **drawn, probability=doubtful).findings == ()
    assert len(found(_regions(bone), **drawn, probability=sure).findings) == 1


def test_the_calcium_of_a_star_without_a_line_of_its_own_goes_to_no_vessel_far_away(found):
    """Three arms of 6 mm, none going straight on into another: 10 mm across, no line of 10 mm. It lies 24 mm from an
    artery, whose marks end where it does."""
    star = {"vessel": np.zeros(SIZE, dtype=bool), "artery": np.zeros(SIZE, dtype=bool)}
    for angle in np.deg2rad([90, 210, 330]):
        tip = (75 + round(15 * np.sin(angle)), 110 + round(15 * np.cos(angle)))
        star = _both(star, _solid((75, 110), tip, width=1))

    marked = found(**_both(star, _solid((20, 50), (130, 50)))).labels > 0

    assert marked[:, 90:112].any()
    assert not marked[:, 180:].any()


def test_other_calcium_in_an_artery_is_the_arterys(found):
    """A spot on both maps inside the tube is no focus; beside it, it is one."""
    inside, beside = np.zeros((2, *SIZE), dtype=bool)
    inside[60:66, 62:68] = True
    beside[60:66, 100:106] = True

    kinds = [finding.kind for finding in found(vessel=WALLS, artery=TUBE, focus=inside | beside).findings]

    assert sorted(kinds) == sorted([Kind.FOCUS, Kind.VESSEL])


def test_arteries_are_marked_with_their_lumen():
    """All of the tube, and nothing of a short piece beside it."""
    short = _line((20, 100), (30, 100))

    assert np.array_equal(mark_arteries(_maps(artery=TUBE | short), np.ones(SIZE, bool), 0.4), TUBE)


def test_the_pixel_of_the_maps_is_that_of_the_film_times_their_scale():
    """0.2 mm at half size are 0.4 mm; without a spacing it is what the detector assumes."""
    assert map_pixel_mm(_film(), _maps()) == pytest.approx(0.4)
    assert map_pixel_mm(_film(spacing=None), _maps()) == pytest.approx(0.2)


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

    calcium = found(focus=spot, **_solid((20, 30), (90, 30)))

    assert set(np.unique(calcium.labels)) == {0, 1, 3}
    assert (calcium.labels == 3).sum() == pytest.approx(400, rel=0.15)


def test_the_net_score_is_the_mean_of_the_best_square_centimetre(found):
    """A patch of 25 x 25 map pixels of 0.4 mm is one square centimetre at 0.999; half of it gives half."""
    whole, half = np.zeros((2, 150, 150), dtype=bool)
    whole[50:75, 50:75] = True
    half[50:62, 50:75] = True

    assert found(patch=whole).net_score == pytest.approx(0.999, abs=0.01)
    assert found(patch=half).net_score == pytest.approx(0.999 * 12 / 25, abs=0.01)


def test_nothing_found_is_an_empty_map(found):
    """A normal film is a result."""
    calcium = found()

    assert calcium.findings == ()
    assert not calcium.labels.any()
