import cv2
import numpy as np
import pytest
from scipy import ndimage as ndi

from calcinet.errors import BadInput, NotMeasurable
from calcinet.geometry.skeleton import skeleton_graph
from calcinet.measure.net.geometry import net_geometry
from calcinet.measure.net.probability import net_features, net_probability
from calcinet.measure.result import rows
from calcinet.phantoms import net_patterns

SIZE = 400
PIXEL = (0.2, 0.2)


def lattice(n=8, pitch=25, width=2):
    """A square net of n x n meshes."""
    at_line = np.arange(n * pitch + width) % pitch < width
    return at_line[:, None] | at_line[None, :]


def net(mesh_px, missing=0.0, *, cell="even", seed=0, width=2):
    rng = np.random.default_rng(seed)
    edges = net_patterns.broken(net_patterns.net_edges(SIZE, mesh_px, rng, cell=cell), missing, rng)
    return net_patterns.draw(edges, (SIZE, SIZE), width)


def everywhere(mask):
    return np.ones_like(mask)


def test_lattice_has_the_loops_area_and_mesh_that_it_was_drawn_with():
    """20 x 20 meshes of 20 px at 0.2 mm: 400 loops, mesh 4 mm, length 2/4 per mm, one junction on 16 mm2, 80.4 mm."""
    whole = lattice(20, 20)
    result = net_geometry(whole, everywhere(whole), PIXEL)

    assert result.loops == 400
    assert result.mesh_mm == pytest.approx(4.0, rel=0.07)
    assert result.length_density_per_mm == pytest.approx(0.5, rel=0.05)
    assert result.junction_density_per_mm2 == pytest.approx(1 / 16, rel=0.1)
    assert result.area_cm2 == pytest.approx(8.04**2, rel=0.01)
    assert result.extent_mm == pytest.approx(np.sqrt(2) * 80.4, rel=0.01)
    assert result.intact == pytest.approx(1.0)


@pytest.mark.parametrize("cell", ["even", "random", "hexagon"])
@pytest.mark.parametrize("missing", [0.0, 0.25, 0.5])
def test_mesh_survives_the_loss_of_half_of_the_edges(cell, missing):
    """The cells were drawn with a mean area of mesh squared; bias over five nets of 20 to 36 px at most 10 %."""
    meshes = (20, 24, 28, 32, 36)
    found = [net_geometry(m, everywhere(m)).mesh_px for m in (net(k, missing, cell=cell, seed=k) for k in meshes)]
    ratio = np.array(found, dtype=float) / meshes

    assert abs(ratio.mean() - 1) <= 0.10


def test_broken_square_lattice_is_measured_within_15_percent():
    """Crossings of four that lose an edge become threes; their mix is told apart from a net of threes."""
    found = [net_geometry(m, everywhere(m)).mesh_px for m in (net(28, 0.3, cell="square", seed=k) for k in range(4))]

    assert np.mean(np.array(found, dtype=float)) == pytest.approx(28, rel=0.15)


def test_torn_edges_are_mended_before_they_are_counted():
    """A third of each of a fifth of the edges is cut out: without mending the mesh would seem a quarter too small."""
    rng = np.random.default_rng(3)
    edges = net_patterns.with_gaps(net_patterns.net_edges(SIZE, 30, rng), 0.2, rng)
    mask = net_patterns.draw(edges, (SIZE, SIZE), 2)

    assert net_geometry(mask, everywhere(mask)).mesh_px == pytest.approx(30, rel=0.18)


def test_interval_covers_the_mesh_of_most_broken_nets():
    """95 % meant; at least 10 of 12 asked, since one in a hundred such draws has fewer."""
    inside = 0
    for seed in range(12):
        mask = net(26, 0.35, seed=seed)
        low, high = net_geometry(mask, everywhere(mask), (1.0, 1.0)).mesh_mm_interval
        inside += low <= 26 <= high

    assert inside >= 10


def test_twice_the_pixel_doubles_every_length_and_leaves_the_shape():
    """Lengths scale with the pixel, densities with its inverse, pure numbers not at all."""
    mask = net(30, 0.2)
    small, large = net_geometry(mask, everywhere(mask), (0.1, 0.1)), net_geometry(mask, everywhere(mask), (0.2, 0.2))

    assert large.mesh_mm == pytest.approx(2 * small.mesh_mm)
    assert large.area_cm2 == pytest.approx(4 * small.area_cm2)
    assert large.length_density_per_mm == pytest.approx(small.length_density_per_mm / 2)
    assert large.topology == small.topology


def test_net_mirrored_or_shifted_is_the_same_net():
    """Where it lies does not matter; thinning may differ by a pixel here and there."""
    mask = net(30, 0.2)
    base = net_geometry(mask, everywhere(mask)).mesh_px
    shifted = np.pad(mask, ((40, 0), (0, 25)))

    assert net_geometry(mask[:, ::-1], everywhere(mask)).mesh_px == pytest.approx(base, rel=0.03)
    assert net_geometry(shifted, np.pad(everywhere(mask), ((40, 0), (0, 25)))).mesh_px == pytest.approx(base)


def test_oblong_pixels_are_made_square_first():
    """Every other column dropped, pixels of 0.2 x 0.4 mm: the same net."""
    mask = net(40, width=4)
    square = net_geometry(mask, everywhere(mask), (0.2, 0.2))
    oblong = net_geometry(mask[:, ::2], everywhere(mask)[:, ::2], (0.2, 0.4))

    assert oblong.mesh_mm == pytest.approx(square.mesh_mm, rel=0.06)
    assert oblong.area_cm2 == pytest.approx(square.area_cm2, rel=0.01)


def test_without_spacing_the_net_is_still_judged():
    """Millimetres are withheld, pixels and pure numbers given."""
    mask = net(30)
    table = {row.name: row.value for row in rows(net_geometry(mask, everywhere(mask)))}

    assert all(table[name] is None for name in table if name.endswith(("_mm", "_mm2", "_cm2", "_per_mm")))
    assert table["mesh_px"] == pytest.approx(30, rel=0.1)
    assert table["loops"] > 50
    assert table["isotropy"] > 0.8


def test_parallel_lines_have_no_isotropy_and_no_mesh():
    """All in one direction, no junction."""
    mask = np.zeros((100, 100), dtype=bool)
    mask[10:90:10] = True
    result = net_geometry(mask, everywhere(mask), PIXEL)

    assert result.isotropy == pytest.approx(0.0, abs=0.02)
    assert result.mesh_mm is None
    assert result.loops == 0


def test_patch_is_found_where_none_is_given():
    """The lines closed over a mesh: within a tenth of the disc that the net was cut to."""
    y, x = np.mgrid[:SIZE, :SIZE] - SIZE / 2
    disc = x**2 + y**2 < 150**2
    alone = net_geometry(net(25) & disc, None, PIXEL)

    assert alone.area_cm2 == pytest.approx(disc.sum() * 0.04 / 100, rel=0.1)


def test_published_leaf_has_the_mesh_of_its_closed_cells_whole_and_broken(shared_data):
    """Zelkova leaf: side of the mean closed cell, counted by flood. Veinlets that end free within a cell are cut."""
    folder = shared_data / "network" / "leaf_iwamasa"
    path = folder / "interm__skeleton-non-treated-dataset__skeleton_Zelkova_serrata_0.png"
    part = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)[1150:1650, 1650:2150] > 127
    graph = skeleton_graph(largest_part(skeleton_graph(part, min_spur_px=40).skeleton))
    side = flooded_side(graph.skeleton)
    rng = np.random.default_rng(0)
    half = np.zeros_like(part)
    for branch in graph.branches:
        if rng.random() > 0.4:
            half[tuple(np.round(branch.path).astype(int).T)] = True

    assert net_geometry(graph.skeleton, everywhere(part)).mesh_px == pytest.approx(side, rel=0.1)
    assert net_geometry(half, everywhere(part)).mesh_px == pytest.approx(side, rel=0.15)


def largest_part(mask):
    parts, _ = ndi.label(mask, np.ones((3, 3)))
    return parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])


def flooded_side(skeleton):
    """Side of a square as large as the mean of the cells that the border does not cut, line pixels shared out."""
    cells, _ = ndi.label(~skeleton)
    rim = np.unique(np.r_[cells[0], cells[-1], cells[:, 0], cells[:, -1]])
    closed = np.delete(np.bincount(cells.ravel())[1:], rim[rim > 0] - 1)
    return np.sqrt(closed[closed > 4].mean() / (1 - skeleton.mean()))


def test_nothing_is_no_net():
    """An empty patch is refused, not given a mesh of zero."""
    empty = np.zeros((50, 50), dtype=bool)

    with pytest.raises(NotMeasurable, match="no line"):
        net_geometry(empty)
    with pytest.raises(NotMeasurable, match="no line"):
        net_geometry(lattice(), np.zeros_like(lattice()))


def test_outline_of_another_shape_is_the_callers_fault():
    """It says which pixels the net fills."""
    with pytest.raises(BadInput, match="must match"):
        net_geometry(lattice(), np.ones((3, 3), dtype=bool))


TRAPS = {
    "noise": lambda rng: net_patterns.scattered(SIZE, 120, 15, rng),
    "tree": lambda rng: net_patterns.tree(SIZE, rng),
    "vessels": lambda rng: net_patterns.crossing_vessels(SIZE, 4, rng),
    "folds": lambda rng: net_patterns.bundle(SIZE, 25, rng),
    "trabeculae": lambda rng: net_patterns.trabeculae(SIZE, 14, rng),
    "gauze": lambda rng: net_patterns.gauze(SIZE, 20, rng),
}


def probability(mask):
    return net_probability(net_geometry(mask, everywhere(mask)).topology)


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_is_improbable(trap):
    """Median over five draws below one in five."""
    masks = [net_patterns.draw(TRAPS[trap](np.random.default_rng(90 + k)), (SIZE, SIZE), 2) for k in range(5)]

    assert np.median([probability(mask) for mask in masks]) < 0.2


@pytest.mark.parametrize(("mesh_px", "missing"), [(20, 0.0), (30, 0.2), (40, 0.4), (24, 0.5)])
def test_net_is_probable_whole_and_broken(mesh_px, missing):
    """Median over five draws above four in five."""
    masks = [net(mesh_px, missing, seed=70 + k) for k in range(5)]

    assert np.median([probability(mask) for mask in masks]) > 0.8


def test_probability_does_not_depend_on_the_pixel_or_the_side():
    """It is made of pure numbers."""
    mask = net(30, 0.3)
    known = net_geometry(mask, everywhere(mask), PIXEL)

    assert net_probability(known.topology) == probability(mask)
    assert probability(mask[:, ::-1]) == pytest.approx(probability(mask), abs=0.1)
    assert np.isfinite(net_features(known.topology)).all()


def test_single_line_is_no_net():
    """One vessel."""
    mask = np.zeros((200, 200), dtype=bool)
    mask[20:180, 100:103] = True

    assert probability(mask) < 0.05
