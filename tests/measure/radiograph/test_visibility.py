import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage as ndi
from scipy.special import ndtr

from calcinet.errors import BadInput, NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.contrast import Contrast
from calcinet.measure.radiograph.noise_power import NoisePower, noise_power
from calcinet.measure.radiograph.sharpness import Sharpness
from calcinet.measure.radiograph.visibility import (
    IDEAL,
    LINE_LENGTH_MM,
    NET_AREA_MM2,
    NET_MESH_MM,
    Observer,
    Visibility,
    _whiten_line,
    false_net_level,
    negative_statement,
    thinnest_line_mm,
    thinnest_net_line_mm,
    thinnest_visible_line,
    visibility,
)
from calcinet.measure.result import rows

PIXEL_MM = 0.2
SIZE = 256
DIRECTIONS = np.arange(90) * np.pi / 90


def white(sd: float, pixel_mm: float = PIXEL_MM) -> NoisePower:
    """White noise of standard deviation `sd` has power sd^2 times the pixel's area at every frequency."""
    frequency = np.linspace(0.05, 0.5 / pixel_mm, 31)
    return NoisePower(frequency=frequency, power=np.full(31, sd**2 * pixel_mm**2), sd=sd, patches=100)


def shadow(diameter_mm, blur_mm, angle, centre=(SIZE // 2, SIZE // 2)):
    """Path length in mm through a cylinder of 20 mm, blurred across and at its ends."""
    step = 0.005
    across = np.arange(-4, 4, step)
    profile = 2 * np.sqrt(np.maximum((diameter_mm / 2) ** 2 - across**2, 0))
    blurred = ndi.gaussian_filter1d(profile, blur_mm / step)
    y, x = (np.mgrid[:SIZE, :SIZE] - np.reshape(centre, (2, 1, 1))) * PIXEL_MM
    u, v = x * np.sin(angle) - y * np.cos(angle), x * np.cos(angle) + y * np.sin(angle)
    ends = ndtr((v + LINE_LENGTH_MM / 2) / blur_mm) - ndtr((v - LINE_LENGTH_MM / 2) / blur_mm)
    return np.interp(u, across, blurred) * ends


def observed_threshold_mm(noise_fields, contrast, blur_mm, near_mm):
    """Diameter found half of the time by an observer who filters whole films with the line in 90 directions.

    Its whitening comes from the noise fields themselves, its level from the maxima that it meets in them.
    """
    spectra = [np.fft.rfft2(field) for field in noise_fields]
    power = np.mean([np.abs(s) ** 2 for s in spectra], axis=0)
    power = ndi.gaussian_filter(power, 4, mode="wrap")
    best = [np.full((SIZE, SIZE), -np.inf) for _ in spectra]
    at_centre = np.zeros((len(spectra), len(DIRECTIONS)))
    kernels = []
    for j, angle in enumerate(DIRECTIONS):
        template = np.fft.rfft2(np.fft.ifftshift(shadow(near_mm, blur_mm, angle)))
        kernel = np.conj(template) / power
        answers = [np.fft.irfft2(s * kernel, s=(SIZE, SIZE)) for s in spectra]
        scale = np.sqrt(np.mean([a.var() for a in answers]))
        kernels.append(kernel / scale)
        for i, answer in enumerate(answers):
            best[i] = np.maximum(best[i], answer / scale)
            at_centre[i, j] = answer[SIZE // 2, SIZE // 2] / scale
    peaks = [b[(ndi.maximum_filter(b, 25, mode="wrap") == b)] for b in best]
    area_cm2 = len(spectra) * (SIZE * PIXEL_MM / 10) ** 2
    level = np.sort(np.concatenate(peaks))[-round(area_cm2 / 100)]
    diameters = near_mm * np.geomspace(0.6, 1.6, 41)
    gain = [
        np.fft.irfft2(np.fft.rfft2(contrast * shadow(d, blur_mm, 0.0)) * kernels[0], s=(SIZE, SIZE))[
            SIZE // 2, SIZE // 2
        ]
        for d in diameters
    ]
    found = [(at_centre + g > level).mean() for g in gain]
    return float(np.interp(0.5, found, diameters))


@pytest.mark.parametrize(("correlation_px", "blur_px"), [(0.0, 1.0), (0.8, 1.5)])
def test_threshold_agrees_with_an_observer_who_searches_whole_films(correlation_px, blur_px):
    """18 films of 26 cm2 make 470 cm2: the observer's level is the fifth highest maximum of the noise."""
    rng = np.random.default_rng(5)

    def film():
        noise = rng.normal(0, 4, (SIZE, SIZE))
        smooth = ndi.gaussian_filter(noise, correlation_px, mode="wrap") if correlation_px else noise
        return smooth + rng.normal(0, 0.5, noise.shape)

    films = [film() for _ in range(18)]
    everywhere = np.ones((SIZE, SIZE), dtype=bool)
    noise = noise_power(films[0].astype(np.float32), everywhere, (PIXEL_MM, PIXEL_MM))
    ours = thinnest_line_mm(noise, blur_px * PIXEL_MM, 40.0)
    theirs = observed_threshold_mm(films, 40.0, blur_px * PIXEL_MM, ours)

    assert 1 / 1.25 < ours / theirs < 1.25


@given(factor=st.floats(0.2, 5))
def test_threshold_depends_on_contrast_over_noise_only(factor):
    """Twice the contrast on twice the noise is the same film in another unit."""
    plain = thinnest_line_mm(white(3), 0.2, 50)
    scaled = thinnest_line_mm(white(3 * factor), 0.2, 50 * factor)

    assert scaled == pytest.approx(plain, rel=1e-3)


def test_area_of_the_cylinder_is_what_counts_below_the_blur():
    """A thin line's signal is its cross-section, pi d^2 / 4: four times the contrast halves the diameter."""
    wide, thin = thinnest_line_mm(white(1), 0.5, 20), thinnest_line_mm(white(1), 0.5, 80)

    assert wide / thin == pytest.approx(2, rel=0.02)


def test_more_noise_or_blur_hides_thicker_lines():
    """Either takes detectability away."""
    base = thinnest_line_mm(white(3), 0.2, 50)

    assert thinnest_line_mm(white(6), 0.2, 50) > base
    assert thinnest_line_mm(white(3), 0.4, 50) > base


def film(spacing=(1.0, PIXEL_MM, PIXEL_MM), magnification=(1.0, 1.0)) -> Image:
    pixels = np.zeros((1, 8, 8), dtype=np.float32)
    return Image(pixels, spacing, "1", magnification_interval=magnification)


def seen(resolvable_mm: float) -> Visibility:
    return Visibility(resolvable_mm=resolvable_mm, noise=1.0, blur_fwhm_mm=0.4, pixel_mm=0.2, contrast_per_mm=50.0)


def test_interval_holds_the_value_and_grows_with_every_doubt():
    """Blur known within a factor, contrast within a factor 2: the diameter within less than sqrt(2) and a bit."""
    sharp, vague = Contrast(50, 1.01, "bone"), Contrast(50, 2.0, "bone")
    narrow = thinnest_visible_line(film(), white(3), Sharpness(sigma_px=1.0, interval_px=(0.98, 1.02), edges=9), sharp)
    broad = thinnest_visible_line(film(), white(3), Sharpness(sigma_px=1.0, interval_px=(0.98, 1.02), edges=9), vague)
    low, high = broad.resolvable_mm_interval

    assert low < narrow.resolvable_mm_interval[0] < broad.resolvable_mm < narrow.resolvable_mm_interval[1] < high
    assert high / low == pytest.approx(2, rel=0.1)


def test_an_observer_of_twice_the_threshold_sees_lines_of_twice_the_width():
    """2 (1.8 to 2.4) times the ideal width; the film's own factor of 2 and the observer's 1.2 add as squares."""
    contrast = Contrast(50, 2.0, "bone")
    measured = (film(), white(3), Sharpness(sigma_px=1.0, interval_px=(0.99, 1.01), edges=9), contrast)
    ideal, detector = (thinnest_visible_line(*measured, who) for who in (IDEAL, Observer(2.0, (1.8, 2.4))))

    assert detector.resolvable_mm == pytest.approx(2 * ideal.resolvable_mm)
    assert detector.ideal_line_mm == ideal.ideal_line_mm == ideal.resolvable_mm
    widened = np.log(detector.resolvable_mm_interval[1] / detector.resolvable_mm)
    alone = np.log(ideal.resolvable_mm_interval[1] / ideal.resolvable_mm)
    assert widened == pytest.approx(np.hypot(alone, np.log(1.2)))


@pytest.mark.parametrize(("ratio", "interval"), [(0.0, (0.0, 1.0)), (2.0, (1.0, 1.5)), (2.0, (1.0, np.inf))])
def test_a_ratio_outside_its_interval_is_refused(ratio, interval):
    """No width is 0, none lies outside its own interval, and an endless interval was not measured."""
    with pytest.raises(BadInput, match="ratio"):
        Observer(ratio, interval)


def test_magnification_left_in_the_spacing_widens_the_interval_downwards():
    """On the detector a line is drawn up to 1.3 times as wide as it is in the patient."""
    sharpness, contrast = Sharpness(sigma_px=1.0, interval_px=(0.99, 1.01), edges=9), Contrast(50, 1.1, "bone")
    plain = thinnest_visible_line(film(), white(3), sharpness, contrast)
    far = thinnest_visible_line(film(magnification=(1.0, 1.3)), white(3), sharpness, contrast)

    assert far.resolvable_mm_interval[0] == pytest.approx(plain.resolvable_mm_interval[0] / 1.3)
    assert far.resolvable_mm_interval[1] == pytest.approx(plain.resolvable_mm_interval[1])


@pytest.mark.parametrize(
    ("resolvable_mm", "code"),
    [
        (0.08, "none-wider"),
        (0.1, "none-wider"),
        (0.11, "none-wider-finer-missed"),
        (0.3, "none-wider-finer-missed"),
        (0.31, "cannot-tell"),
    ],
)
def test_silence_means_what_the_film_could_show(resolvable_mm, code):
    """Arterioles measure about 0.1 mm; above 0.3 mm nothing is said of them."""
    negative = negative_statement(seen(resolvable_mm))

    assert negative.code == code
    assert f"{resolvable_mm:.2f} mm" in negative.text
    assert negative.references == ("eucalnet", "halasz2017")


def test_every_quantity_reaches_the_table_with_its_interval():
    """Page, SR and FHIR read these rows."""
    sharpness = Sharpness(sigma_px=1.0, interval_px=(0.9, 1.1), edges=9)
    result = thinnest_visible_line(film(), white(3), sharpness, Contrast(50, 2.0, "bone"))
    table = {row.name: row for row in rows(result)}

    assert list(table) == [
        "resolvable_mm",
        "noise",
        "blur_fwhm_mm",
        "pixel_mm",
        "contrast_per_mm",
        "ideal_line_mm",
        "net_line_mm",
        "ideal_net_line_mm",
    ]
    assert table["resolvable_mm"].interval95 == result.resolvable_mm_interval
    assert table["blur_fwhm_mm"].value == pytest.approx(2.3548 * PIXEL_MM)


def limb(radius_mm=30.0, pixel_mm=0.25, per_mm=2.0, noise=1.0, blur_px=1.0, length_mm=80.0):
    """A round limb: value rises by `per_mm` for each mm of chord."""
    half = int(1.2 * radius_mm / pixel_mm)
    across = (np.arange(-half, half + 1)) * pixel_mm
    chord = 2 * np.sqrt(np.maximum(radius_mm**2 - across**2, 0))
    height = int(length_mm / pixel_mm)
    value = ndi.gaussian_filter(np.tile(per_mm * chord, (height, 1)), blur_px)
    value += np.random.default_rng(1).normal(0, noise, value.shape)
    depth = np.tile(np.maximum(radius_mm - np.abs(across), 0), (height, 1)).astype(np.float32)
    labels = np.where(depth > 0, Tissue.SOFT, Tissue.AIR).astype(np.uint8)
    image = Image(value.astype(np.float32)[None], (1.0, pixel_mm, pixel_mm), "1")
    return image, Regions(labels=labels, depth=depth, depth_unit="mm")


def test_whole_film_from_pixels_to_millimetres():
    """A round limb of 2 grey levels per mm of tissue: apatite gives 2 x (0.21 - 0.024) / 0.024 = 15.5 per mm."""
    image, regions = limb()
    result = visibility(image, regions)
    truth = thinnest_line_mm(white(1.0, 0.25), 1.0 * 0.25, 15.5)

    assert result.contrast_per_mm == pytest.approx(15.5, rel=0.1)
    assert result.noise == pytest.approx(1.0, rel=0.1)
    assert result.resolvable_mm_interval[0] < truth < result.resolvable_mm_interval[1]


def test_film_without_spacing_is_refused():
    """Millimetres of line need millimetres of pixel."""
    image, regions = limb()

    with pytest.raises(NotMeasurable, match="spacing"):
        visibility(Image(image.pixels, None, "1"), regions)


def test_film_without_soft_tissue_is_refused():
    """Noise is measured on soft tissue, and there is none."""
    image, regions = limb()
    bare = Regions(labels=np.full_like(regions.labels, Tissue.AIR), depth=regions.depth, depth_unit="mm")

    with pytest.raises(NotMeasurable, match="soft tissue"):
        visibility(image, bare)


def test_impossible_blur_or_contrast_is_the_callers_fault():
    """Neither can be zero or less."""
    with pytest.raises(BadInput, match="positive"):
        thinnest_line_mm(white(1), 0.0, 50)


def draw_net(diameter_mm, blur_mm, pixel_mm, seed):
    """Path length through 1.9 area / mesh of lines in two directions at random places of a field of that area."""
    side_mm = np.sqrt(NET_AREA_MM2)
    count = round(0.95 * NET_AREA_MM2 / NET_MESH_MM / side_mm)
    rng = np.random.default_rng(seed)
    fine = 0.005
    along = np.arange(0, side_mm, fine)
    shadows = []
    for _ in range(2):
        profile = np.zeros_like(along)
        for place in rng.uniform(0, side_mm, count):
            away = np.abs(along - place)
            away = np.minimum(away, side_mm - away)
            profile += 2 * np.sqrt(np.maximum((diameter_mm / 2) ** 2 - away**2, 0))
        blurred = ndi.gaussian_filter1d(profile, blur_mm / fine, mode="wrap")
        shadows.append(blurred[:: round(pixel_mm / fine)])
    return shadows[0][:, None] + shadows[1][None, :]


def test_a_net_is_as_detectable_as_its_drawn_template():
    """White noise: d' is the template's own energy over the noise, slower waves than one a mesh left out.

    Drawn nets of lines at random places, 24 of them, at the thickness that the formula gives for its level.
    """
    sd, blur_mm, contrast, pixel_mm = 10.0, 0.2, 500.0, 0.1
    noise = white(sd, pixel_mm)
    thinnest = thinnest_net_line_mm(noise, blur_mm, contrast)
    energies = []
    for seed in range(24):
        wave = np.fft.fft2(draw_net(thinnest, blur_mm, pixel_mm, seed))
        steps = np.fft.fftfreq(len(wave), pixel_mm)
        wave[np.hypot(steps[:, None], steps[None, :]) < 1 / NET_MESH_MM] = 0
        energies.append((np.abs(wave) ** 2).mean())
    detectability = contrast * np.sqrt(np.mean(energies)) / sd
    level = false_net_level(_whiten_line(thinnest, noise, blur_mm, lowest=1 / NET_MESH_MM))

    assert detectability == pytest.approx(level, rel=0.06)


def test_a_thin_net_shows_with_lines_less_than_half_as_thick_as_a_single_one():
    """Detectability goes with the square of a thin line and the root of all lines' length: 475 mm against 20 mm make
    (20 / 475)^(1/4) = 0.45; slow waves left out and the other level add up to a fifth."""
    single = thinnest_line_mm(white(10.0), 0.2, 500.0)
    net = thinnest_net_line_mm(white(10.0), 0.2, 500.0)

    assert 0.42 < net / single < 0.56


@pytest.mark.parametrize("blur_mm", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("sd", [1.0, 10.0, 100.0])
def test_a_net_shows_no_later_than_one_of_its_lines(sd, blur_mm):
    """Of thick lines, too: a net holds single lines."""
    image = Image(np.zeros((1, 64, 64), np.float32), (1.0, PIXEL_MM, PIXEL_MM), "1")
    px = blur_mm / PIXEL_MM
    seen = thinnest_visible_line(
        image,
        white(sd),
        Sharpness(sigma_px=px, interval_px=(0.9 * px, 1.1 * px), edges=20),
        Contrast(500.0, 1.5, "bone"),
        Observer(2.0, (1.5, 3.0)),
    )

    assert 0 < seen.net_line_mm <= seen.resolvable_mm
    assert seen.net_line_mm == pytest.approx(2 * seen.ideal_net_line_mm)
    low, high = seen.net_line_mm_interval
    assert low < seen.net_line_mm < high


def test_a_net_needs_blur_and_contrast():
    with pytest.raises(BadInput):
        thinnest_net_line_mm(white(10.0), 0.0, 500.0)
