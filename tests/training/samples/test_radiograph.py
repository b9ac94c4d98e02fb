"""Samples of limbs: where they are cut, what is grown in them, and what is then right to mark."""

import cv2
import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.mask_labels import Tissue
from calcinet.phantoms.truth import NET, OTHER, VESSEL, VesselTruth
from calcinet.training.samples import radiograph
from calcinet.training.samples.base import CENTRES, make_empty_answer
from calcinet.training.samples.radiograph import (
    ARTERY_PX,
    HARD_KEPT,
    NEAR_PX,
    NO_TISSUE,
    SIDE_PX,
    SOFT,
    RadiographSamples,
    bare_film,
    fill_arteries,
    gather,
    gather_judges,
    list_paths,
    make_targets,
    phantom_source,
    read_film,
)

PIXEL_MM = 0.2
SHAPE = (640, 520)


def draw_tissue(shape=SHAPE):
    """The left quarter is air, the right quarter bone, what is between soft."""
    regions = np.full(shape, Tissue.SOFT, dtype=np.uint8)
    regions[:, : shape[1] // 4] = Tissue.AIR
    regions[:, 3 * shape[1] // 4 :] = Tissue.BONE
    return regions


def make_film(plane=None, pixel_mm=PIXEL_MM):
    if plane is None:
        plane = np.random.default_rng(0).normal(120, 5, SHAPE)
    return radiograph._make_film(plane.astype(np.uint8), draw_tissue(plane.shape), pixel_mm)


@pytest.fixture(scope="module")
def film():
    return make_film()


def test_a_film_is_kept_whole_halved_and_quartered():
    """Blocks of 4 x 4 pixels, each of one grey: they are kept by every mean; tissue is that of the quarter."""
    blocks = np.random.default_rng(1).integers(0, 255, (160, 130))
    whole = make_film(np.kron(blocks, np.ones((4, 4))))

    assert [level.shape for level in whole.levels] == [(640, 520), (320, 260), (160, 130)]
    assert np.array_equal(whole.levels[2], blocks)
    assert whole.tissue.shape == (160, 130)
    assert [whole.tissue[80, column] for column in (10, 60, 120)] == [NO_TISSUE, SOFT, radiograph.BONE]
    assert len(whole.spots) == (whole.tissue > 0).sum()


@pytest.mark.parametrize("pixel_mm", [0.2, 0.3, 0.4])
def test_a_place_shows_what_is_there_at_its_pixel(pixel_mm):
    """A bright square of 10 mm about row 300 and column 260 lies in the middle, 10 mm wide in the pixels asked for."""
    plane = np.full(SHAPE, 50.0)
    plane[275:325, 235:285] = 200
    shown, tissue, shown_mm = radiograph._cut_piece(make_film(plane), (0, 0, 300.0, 260.0, pixel_mm))
    rows, columns = np.nonzero(shown > 125)

    assert shown.shape == tissue.shape == (SIDE_PX, SIDE_PX)
    assert shown_mm == pytest.approx(pixel_mm)
    assert (rows.mean(), columns.mean()) == pytest.approx((SIDE_PX / 2, SIDE_PX / 2), abs=4)
    assert np.ptp(rows) * pixel_mm == pytest.approx(10, abs=2.5 * pixel_mm)


def test_a_place_shows_its_tissue(film):
    """The middle of the film is soft; what is beyond column 390 is bone, before 130 air: at 0.2 mm a sample about
    column 260 shows 128 pixels to either side, so that all of it is soft."""
    _, tissue, _ = radiograph._cut_piece(film, (0, 0, 300.0, 260.0, PIXEL_MM))
    _, beside, _ = radiograph._cut_piece(film, (0, 0, 300.0, 130.0, PIXEL_MM))

    assert np.mean(tissue == SOFT) > 0.97
    assert np.mean(beside == NO_TISSUE) == pytest.approx(0.5, abs=0.05)


def test_a_film_too_small_for_a_place_is_shown_whole_and_its_pixel_is_told(film):
    """520 pixels of 0.2 mm on 256 are 0.406 mm each, whatever was asked for."""
    _, _, shown_mm = radiograph._cut_piece(film, (0, 0, 300.0, 260.0, 0.8))

    assert shown_mm == pytest.approx(520 * 0.2 / 256)


def test_a_sample_has_the_shapes_that_the_network_takes(film):
    """Three channels, five maps, one weight for each; targets are 0 and 1."""
    sample = RadiographSamples([(1.0, [film])], (), 0.0).draw(np.random.default_rng(0))

    assert sample.channels.shape == (3, SIDE_PX, SIDE_PX)
    assert sample.target.shape == sample.weight.shape == (5, SIDE_PX, SIDE_PX)
    assert np.isfinite(sample.channels).all()
    assert set(np.unique(sample.target)) <= {0, 1}
    assert set(np.unique(sample.weight)) <= {0, 1}


def test_the_same_seed_draws_the_same_sample(film):
    samples = RadiographSamples([(1.0, [film])], (), 0.0)
    first, again = (samples.draw(np.random.default_rng(5)) for _ in range(2))

    assert np.array_equal(first.channels, again.channels)
    assert np.array_equal(first.target, again.target)
    assert first.place == again.place


def test_the_place_of_a_sample_lies_on_its_film_and_can_be_cut_again(film):
    """Group, film, row, column and pixel; what is cut there is the same each time."""
    samples = RadiographSamples([(1.0, [film]), (1.0, [film, film])], (), 0.0)
    rng = np.random.default_rng(2)
    for _ in range(5):
        group, number, row, column, pixel_mm = place = samples.draw(rng).place

        assert number < len(samples.groups[int(group)][1])
        assert 0 <= row <= SHAPE[0]
        assert 0 <= column <= SHAPE[1]
        assert radiograph.FINER * PIXEL_MM <= pixel_mm <= radiograph.PIXEL_MM[1]
        first, again = (radiograph._cut_piece(samples._find_film(place), place)[0] for _ in range(2))
        assert np.array_equal(first, again)


def test_samples_are_drawn_about_places_that_were_marked_falsely(monkeypatch, film):
    """All of them, where that is their share: within 0.3 of a sample's side, its pixel within a tenth."""
    monkeypatch.setattr(radiograph, "HARD_SHARE", 1.0)
    samples = RadiographSamples([(1.0, [film])], (), 0.0)
    samples.remember([(0.0, 0.0, 300.0, 200.0, 0.3)])
    rng = np.random.default_rng(0)
    for _ in range(20):
        _, _, row, column, pixel_mm = samples._choose_place(rng)

        assert abs(row - 300) <= 0.3 * SIDE_PX * 0.3 / PIXEL_MM
        assert abs(column - 200) <= 0.3 * SIDE_PX * 0.3 / PIXEL_MM
        assert pixel_mm == pytest.approx(0.3, rel=0.1)


def test_the_latest_places_are_remembered(film):
    samples = RadiographSamples([(1.0, [film])], (), 0.0)
    samples.remember([(0.0, 0.0, float(row), 0.0, 0.2) for row in range(HARD_KEPT + 5)])

    assert len(samples.hard) == HARD_KEPT
    assert samples.hard[0][2] == 5


def _grow(seed, kind, monkeypatch, tissue=None):
    """A noisy square of 0.3 mm pixels with calcium of one kind, and what is to be marked."""
    monkeypatch.setattr(radiograph, "KIND_SHARES", {kind: 1.0})
    monkeypatch.setattr(radiograph, "BARE_SHARE", 0.0)
    plane = np.random.default_rng(9).normal(120, 4, (SIDE_PX, SIDE_PX)).astype(np.float32)
    tissue = np.full(plane.shape, SOFT, np.uint8) if tissue is None else tissue
    return plane, *radiograph._grow_calcium(plane, tissue, 0.3, np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("kind", "label", "maps"),
    [("vessel", VESSEL, {0, 4}), ("net", NET, {1, 3}), ("focus", OTHER, {2})],
)
def test_every_kind_appears_on_its_own_maps_alone(kind, label, maps, monkeypatch):
    """Maps are vessel, net, focus, patch and artery; over a dozen seeds each of a kind's holds something."""
    held = set()
    for seed in range(12):
        *_, answer = _grow(seed, kind, monkeypatch)
        target, _ = make_targets(answer)
        held |= set(np.flatnonzero(target.any(axis=(1, 2))).tolist())

        assert set(np.unique(answer.mask)) <= {0, label}

    assert held == maps


@pytest.mark.parametrize("kind", ["vessel", "net", "focus"])
def test_nothing_is_grown_outside_tissue(kind, monkeypatch):
    """Tissue is the middle alone: nothing is to be marked beside it, and past the blur of its edge the film is as it
    was. An artery's inside may be, as far as it is near to calcium that is seen."""
    tissue = np.full((SIDE_PX, SIDE_PX), NO_TISSUE, np.uint8)
    tissue[60:200, 80:180] = SOFT
    far = cv2.dilate((tissue > 0).astype(np.uint8), np.ones((13, 13), np.uint8)) == 0
    changed = 0
    for seed in range(8):
        before, after, answer = _grow(seed, kind, monkeypatch, tissue)
        changed += bool((answer.mask > 0).any())

        assert not answer.mask[tissue == NO_TISSUE].any()
        assert np.abs(after - before)[far].max() < 1e-3
        assert not answer.artery[far].any()

    assert changed


def test_where_there_is_no_tissue_nothing_grows(monkeypatch):
    before, after, answer = _grow(0, "vessel", monkeypatch, np.full((SIDE_PX, SIDE_PX), NO_TISSUE, np.uint8))

    assert np.array_equal(before, after)
    assert not answer.mask.any()


def test_calcium_makes_a_film_brighter_where_it_is_to_be_marked(monkeypatch):
    before, after, answer = _grow(1, "vessel", monkeypatch)

    assert (after - before)[answer.mask == VESSEL].min() > 0


def artery(diameter_mm, calcified=None, rows=(20, 220), column=100):
    """Straight down a column, a point on each row."""
    row = np.arange(*rows, dtype=float)
    line = np.stack([row, np.full(len(row), float(column))], axis=1)
    calcified = np.ones(len(row), bool) if calcified is None else calcified
    return VesselTruth(
        centre_line=line, diameter_mm=np.full(len(row), diameter_mm), compartment="unknown", calcified=calcified
    )


def test_an_artery_is_filled_from_wall_to_wall():
    """2 mm at 0.2 mm are 10 pixels, over 200 rows; what is not its own is not touched."""
    marked, others = fill_arteries([artery(2.0)], (256, 256), 0.2)

    assert marked[60:180].sum(axis=1) == pytest.approx(np.full(120, 10), abs=1.1)
    assert np.nonzero(marked.any(axis=0))[0].mean() == pytest.approx(100, abs=0.6)
    assert not others.any()


@pytest.mark.parametrize(
    ("diameter_mm", "is_marked"), [(0.2, False), (0.4, True), (4.0, True), (4.8, False), (8.0, False)]
)
def test_arteries_too_thin_or_too_wide_for_the_pixel_are_left_open(diameter_mm, is_marked):
    """At 0.2 mm those of 1.5 to 22 pixels are 0.3 to 4.4 mm wide."""
    marked, others = fill_arteries([artery(diameter_mm)], (256, 256), 0.2)

    assert (ARTERY_PX[0] * 0.2, ARTERY_PX[1] * 0.2) == pytest.approx((0.3, 4.4))
    assert marked.any() == is_marked
    assert others.any() == (not is_marked)


def test_the_scale_of_a_film_decides_which_arteries_are_marked():
    """8 mm are 40 pixels at 0.2 mm and 20 at 0.4."""
    wide = artery(8.0)

    assert not fill_arteries([wide], (256, 256), 0.2)[0].any()
    assert fill_arteries([wide], (256, 256), 0.4)[0].any()


@pytest.mark.parametrize(("gap", "is_bridged"), [(6, True), (12, True), (20, False)])
def test_gaps_up_to_one_and_a_half_diameters_belong_to_an_artery(gap, is_bridged):
    """10 pixels wide: 15 pixels are joined."""
    calcified = np.ones(200, bool)
    calcified[100 : 100 + gap] = False
    marked, _ = fill_arteries([artery(2.0, calcified)], (256, 256), 0.2)
    middle = 20 + 100 + gap // 2

    assert marked[middle, 100] == is_bridged


def test_what_is_not_calcified_is_not_marked():
    calcified = np.zeros(200, bool)
    calcified[:80] = True
    marked, others = fill_arteries([artery(2.0, calcified)], (256, 256), 0.2)

    assert marked[90, 100]
    assert not marked[115:].any()
    assert not others.any()


def test_an_artery_far_from_calcium_that_is_seen_is_neither_right_nor_wrong_to_mark():
    """Calcium is seen from row 20 to 119: the tube is to be marked up to NEAR_PX farther, and open from there on."""
    answer = make_empty_answer((256, 256))
    answer.mask[20:120, 96:105] = VESSEL
    decided = radiograph._decide_arteries(answer, [artery(2.0)], 0.2)
    target, weight = make_targets(decided)

    assert target[4, 40:110, 100].all()
    assert target[4, 119 + NEAR_PX, 100] == 1
    assert target[4, 120 + NEAR_PX :].max() == 0
    assert not weight[4, 140:200, 100].any()
    assert not weight[0, 140:200, 100].any()
    assert weight[4, :, :80].all()


def test_open_pixels_have_no_weight_on_the_maps_that_they_are_open_on():
    """Faint calcium on vessel, net and focus; patches are always decided."""
    answer = make_empty_answer((8, 8))
    answer.undecided[2, 3] = True
    answer.artery_open[5, 6] = True
    _, weight = make_targets(answer)

    assert weight[:, 2, 3].tolist() == [0, 0, 0, 1, 1]
    assert weight[:, 5, 6].tolist() == [0, 1, 1, 1, 0]
    assert weight.sum() == 5 * 64 - 3 - 2


@pytest.fixture(scope="module")
def phantom():
    """Of an even seed."""
    return phantom_source(4)


def test_every_other_phantom_has_a_net(phantom):
    """Those of even seeds; the others have traps and vessels alone."""
    assert (phantom.answer.mask == NET).any()
    assert not (phantom_source(5).answer.mask == NET).any()


def test_samples_are_centred_on_calcium_of_each_kind_alike(phantom):
    """As many pixels of vessels as of nets, and each is what it is said to be."""
    labels = phantom.answer.mask[tuple(phantom.centres.T)]
    kinds = [kind for kind in (VESSEL, NET, OTHER) if (phantom.answer.mask == kind).any()]

    assert {int(kind): int((labels == kind).sum()) for kind in np.unique(labels)} == dict.fromkeys(kinds, CENTRES)


def test_a_sample_of_a_phantom_comes_from_no_place_of_a_film(phantom):
    sample = RadiographSamples([], [phantom], 1.0).draw(np.random.default_rng(0))

    assert sample.place is None
    assert sample.target.shape == (5, SIDE_PX, SIDE_PX)


def test_a_bare_film_shows_a_limb():
    """Its tissue is part of the film, and its pixel that of the phantom: 0.15 to 0.2 mm."""
    bare = bare_film(700_000)

    assert 0.1 < (bare.tissue > 0).mean() < 1
    assert 0.15 <= bare.pixel_mm <= 0.2
    assert len(bare.levels) == radiograph.LEVELS


def test_a_picture_is_read_with_the_pixel_that_its_recipe_gives_it(tmp_path):
    """A limb of 300 columns between air."""
    across = np.abs(np.arange(400) - 200.0)
    plane = np.tile(np.where(across < 150, 60 + np.sqrt(np.maximum(150**2 - across**2, 0)), 20), (420, 1))
    plane += np.random.default_rng(0).normal(0, 3, plane.shape)
    cv2.imwrite(str(tmp_path / "limb.png"), plane.astype(np.uint8))

    film = read_film(tmp_path / "limb.png", 0.3)

    assert film.pixel_mm == 0.3
    assert np.array_equal(film.levels[0], plane.astype(np.uint8))
    assert (film.tissue[:, 40:60] > 0).mean() > 0.9
    assert (film.tissue[:, :8] > 0).mean() < 0.1


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "limb.png").write_text("no picture")

    with pytest.raises(BadInput, match=r"limb\.png is not a picture that can be read"):
        read_film(tmp_path / "limb.png", 0.3)


def _write_manifest(folder, count=14):
    folder.mkdir()
    lines = ["file,group", *(f"{number}.png,p{number:03}" for number in range(count))]
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")


def test_films_of_patients_who_are_held_out_are_not_listed(tmp_path):
    """Multiples of three are measured on; one of twelve, 1 and 13, finds the cuts."""
    _write_manifest(tmp_path / "limbs")
    paths = list_paths(tmp_path, {"patients": "limbs"})

    assert sorted(int(path.stem) for path in paths) == [2, 4, 5, 7, 8, 10, 11]


def test_films_of_no_patient_are_listed_by_their_pattern(tmp_path):
    for name in ("b.png", "a.png", "c.txt"):
        (tmp_path / name).touch()

    assert [path.name for path in list_paths(tmp_path, {"pattern": "*.png"})] == ["a.png", "b.png"]


@pytest.mark.parametrize("entry", [{"patients": "limbs"}, {"pattern": "chest/*"}])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_without_films_is_refused_in_one_sentence(tmp_path, entry, is_there):
    """Missing, or there and empty, a manifest included."""
    if is_there:
        (tmp_path / "limbs").mkdir()
        (tmp_path / "chest").mkdir()
    data = {"first_seed": 1, "phantoms": 0, "bare": 0, "shares": {"bare": 0.1, "phantoms": 0.1}}
    data["films"] = [{**entry, "pixel_mm": 0.2, "share": 0.5}]

    with pytest.raises(BadInput, match=r"^no film in \S+ matches \S+; give the folder that holds it$"):
        gather(tmp_path, data, lambda *_: None)


def test_a_recipe_without_patients_to_find_cuts_on_is_refused(tmp_path):
    """Before anything is learned: films of no patient, and patients of whom none serves for cuts."""
    _write_manifest(tmp_path / "limbs", count=1)
    for entry in ({"pattern": "*.png"}, {"patients": "limbs"}):
        with pytest.raises(BadInput, match="on whom cuts are found"):
            gather_judges(tmp_path, {"films": [{**entry, "pixel_mm": 0.2, "share": 0.5}]}, lambda *_: None)
