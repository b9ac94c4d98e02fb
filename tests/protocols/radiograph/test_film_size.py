"""What is held of a film's pixel size: known, assumed, or contradicted by the limb."""

from dataclasses import replace

from calcinet.protocols.radiograph.film_size import settle_size


def test_a_known_size_that_fits_is_built_on(phantom):
    """The leg of the phantom is some 8 cm wide."""
    film = settle_size(phantom.image)

    assert film.searched is phantom.image
    assert (film.hold_if, film.doubts) == (None, ())
    assert film.regions.depth_unit == "mm"


def test_an_assumed_size_is_left_out_of_the_search(phantom):
    film = settle_size(replace(phantom.image, spacing_basis="assumed"))

    assert film.searched.pixel_mm is None
    assert film.hold_if == "if the pixels are 0.2 mm"
    assert film.doubts == ()
    assert film.regions.depth_unit == "{pixel}"


def test_even_the_size_of_a_file_is_doubted_where_the_limb_contradicts_it(phantom):
    """A quarter of the size makes a leg of 2 cm."""
    small = replace(phantom.image, spacing_mm=(1.0, 0.05, 0.05), spacing_basis="detector", anatomy="lower leg")
    film = settle_size(small)

    assert film.searched.pixel_mm is None
    assert film.hold_if == "if the pixels are 0.05 mm"
    assert "is it that of another picture" in film.doubts[0]


def test_without_a_size_nothing_holds_in_mm(phantom):
    film = settle_size(replace(phantom.image, spacing_mm=None, spacing_basis="none"))

    assert (film.hold_if, film.doubts) == (None, ())
