"""Calibres of vessels drawn from the closed form of a tube's shadow."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage as ndi

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.calibre.calibre import Calibre, vessel_calibre
from calcinet.measure.radiograph.sharpness import Sharpness
from calcinet.measure.result import rows

PIXEL_BOX = np.sqrt(1 / 12)
"""Sigma of a pixel's own width, in pixels."""

FWHM = 2.3548


@dataclass
class Tube:
    """A vessel and how it is imaged; lengths in mm, blur in pixels without the pixel's own width."""

    diameter: float = 3.0
    lumen_share: float = 0.5
    angle_deg: float = 25.0
    length: float = 12.0
    bend: float = 0.0
    skew: float = 0.0
    contrast: float = 8.0
    noise: float = 1.0
    pixel: tuple[float, float] = (0.15, 0.15)
    blur: float = 0.8
    slope: float = 0.0
    seed: int = 0

    @property
    def total_blur(self) -> float:
        return float(np.hypot(self.blur, PIXEL_BOX))

    def drawn(self, oversample: int = 4) -> tuple[np.ndarray, np.ndarray]:
        """Pixels, and the true centre line in pixels."""
        rng = np.random.default_rng(self.seed)
        radius = self.diameter / 2
        half = self.length / 2 + 1.3 * radius + 4.5
        shape = [int(2 * half / mm) for mm in self.pixel]
        fine = [(np.arange(n * oversample) + 0.5) / oversample - 0.5 for n in shape]
        y, x = np.meshgrid(fine[0] * self.pixel[0], fine[1] * self.pixel[1], indexing="ij")
        middle = half + rng.uniform(-0.1, 0.1, 2)
        across, line = self._geometry(y - middle[0], x - middle[1])
        chord = [2 * np.sqrt(np.maximum(r**2 - across**2, 0)) for r in (radius, radius * np.sqrt(self.lumen_share))]
        tube = (chord[0] - chord[1]) * (1 + self.skew * across / radius)
        tube = ndi.gaussian_filter(tube, self.blur * oversample)
        tube = tube.reshape(shape[0], oversample, shape[1], oversample).mean(axis=(1, 3))
        tube *= self.contrast / tube.max()
        tube += 100 + self.slope * np.arange(shape[0])[:, None] + self.noise * rng.normal(size=shape)
        return tube.astype(np.float32), (line + middle) / self.pixel

    def _geometry(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distance across the vessel of every place, and its centre line, round the middle of the picture."""
        angle = np.deg2rad(self.angle_deg)
        t = np.linspace(-self.length / 2, self.length / 2, 80)
        if self.bend == 0:
            line = t[:, None] * np.array([np.sin(angle), np.cos(angle)])
            return y * np.cos(angle) - x * np.sin(angle), line
        turn = 1 / self.bend
        centre = turn * np.array([np.cos(angle), -np.sin(angle)])
        towards = np.arctan2(-centre[0], -centre[1]) + t / turn
        line = centre + turn * np.stack([np.sin(towards), np.cos(towards)], axis=1)
        return np.hypot(y - centre[0], x - centre[1]) - turn, line

    def measured(self, *, displaced_px: float = 0.0, estimate: float = 1.0, gain: float = 1.0, **image) -> Calibre:
        pixels, line = self.drawn()
        rng = np.random.default_rng(self.seed)
        wander = rng.normal() + np.sin(np.linspace(0, 6, len(line)) + rng.uniform(0, 6))
        line = line + displaced_px * 0.7 * wander[:, None] * normal_of(line)
        half_width = np.full(len(line), estimate * self.diameter / 2 / np.sqrt(np.prod(self.pixel)))
        film = Image(gain * pixels[None], (1.0, *self.pixel), "1", **{"spacing_basis": "calibrated"} | image)
        noise = gain * max(self.noise, 1e-2)
        return vessel_calibre(film, line, half_width, noise_sd=noise, sharpness=known(self.total_blur))


def known(sigma_px: float) -> Sharpness:
    """A blur that is known exactly."""
    return Sharpness(sigma_px=sigma_px, interval_px=(sigma_px, sigma_px), edges=99)


def normal_of(line: np.ndarray) -> np.ndarray:
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)


@pytest.mark.parametrize("diameter", [0.6, 1.5, 3.0, 6.5])
@pytest.mark.parametrize("lumen_share", [0.3, 0.6])
def test_a_clean_vessel_has_its_drawn_calibre(diameter, lumen_share):
    """Hardly any noise: what is left is the unknown wall of vessels as narrow as the blur."""
    calibre = Tube(diameter, lumen_share, noise=0.02).measured(displaced_px=1, estimate=1.15)

    assert calibre.calibre_mm == pytest.approx(diameter, abs=0.05)
    assert calibre.length_mm == pytest.approx(12.0, rel=0.03)


@pytest.mark.parametrize("angle_deg", [0, 20, 45, 70, 90, 135])
def test_the_angle_does_not_matter(angle_deg):
    """A vessel of 2 mm, on square and on oblong pixels."""
    square = Tube(2.0, angle_deg=angle_deg, noise=0.1).measured()
    oblong = Tube(2.0, angle_deg=angle_deg, noise=0.1, pixel=(0.1, 0.18)).measured()

    assert square.calibre_mm == pytest.approx(2.0, abs=0.03)
    assert oblong.calibre_mm == pytest.approx(2.0, abs=0.04)


def test_one_bare_wall_and_a_bend_leave_the_calibre():
    """The left wall holds a tenth of the right one's calcium; the vessel bends with a radius of 25 mm."""
    calibre = Tube(4.5, 0.7, skew=0.8, bend=0.04, noise=0.3).measured(displaced_px=1)

    assert calibre.calibre_mm == pytest.approx(4.5, abs=0.05)
    assert calibre.calibre_class == "large"


@given(gain=st.floats(0.01, 100), slope=st.floats(-0.2, 0.2))
@settings(max_examples=8, deadline=None)
def test_gain_and_a_sloping_background_change_nothing(gain, slope):
    """Twice the pixel values with twice the noise are the same film."""
    plain = Tube(2.5, length=8.0).measured()
    changed = Tube(2.5, length=8.0, slope=slope).measured(gain=gain)

    assert changed.calibre_mm == pytest.approx(plain.calibre_mm, abs=0.01)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_lengths_scale_with_the_pixel(scale):
    """The same picture with pixels twice as large shows a vessel twice as wide."""
    pixels, line = Tube(3.0).drawn()
    half_width = np.full(len(line), 10.0)
    found = [
        vessel_calibre(
            Image(pixels[None], (1.0, mm, mm), "1", spacing_basis="calibrated"),
            line, half_width, noise_sd=1.0, sharpness=known(0.85),
        )
        for mm in (0.15, 0.15 * scale)
    ]  # fmt: skip

    assert found[1].calibre_mm == pytest.approx(scale * found[0].calibre_mm, rel=0.01)


def test_a_mirrored_film_gives_the_same_calibre():
    """Left and right change places, with them the fuller wall."""
    tube = Tube(3.0, skew=0.4)
    pixels, line = tube.drawn()
    mirrored = np.stack([line[:, 0], pixels.shape[1] - 1 - line[:, 1]], axis=1)
    found = [
        vessel_calibre(
            Image(np.ascontiguousarray(plane)[None], (1.0, 0.15, 0.15), "1", spacing_basis="calibrated"),
            way, np.full(len(way), 10.0), noise_sd=1.0, sharpness=known(tube.total_blur),
        )
        for plane, way in ((pixels, line), (pixels[:, ::-1], mirrored))
    ]  # fmt: skip

    assert found[1].calibre_mm == pytest.approx(found[0].calibre_mm, abs=0.005)


def test_a_detector_spacing_widens_the_interval_by_the_plausible_magnification():
    """Between 1.0 and 1.21 times: 3 mm on the detector are anything from 2.48 to 3 in the limb."""
    calibre = Tube(3.0, noise=0.05).measured(spacing_basis="detector", magnification_interval=(1.0, 1.21))

    assert calibre.calibre_mm == pytest.approx(3.0, abs=0.03)
    assert calibre.calibre_mm_interval == pytest.approx((3.0 / 1.21, 3.0), abs=0.06)
    assert calibre.length_mm_interval[1] / calibre.length_mm_interval[0] == pytest.approx(1.21)


def test_a_taper_is_followed_along_the_vessel():
    """Two vessels end to end in the mind: each window reports its own width, and its interval holds it."""
    calibre = Tube(3.0, length=20.0).measured()

    assert calibre.along_mm.shape == calibre.position_mm.shape == calibre.along_mm_interval.shape[:1]
    assert len(calibre.along_mm) >= 4
    assert calibre.along_mm == pytest.approx(3.0, abs=0.3)


def test_a_vessel_below_the_blur_gets_an_upper_limit_instead():
    """0.15 mm under a blur of 0.37 mm: no calibre, but surely below half a millimetre."""
    calibre = Tube(0.15, 0.3, contrast=10).measured(estimate=1.5)

    assert calibre.calibre_mm is None
    assert calibre.calibre_mm_interval is None
    assert calibre.calibre_class == "not resolvable"
    assert calibre.upper_limit_mm == pytest.approx(FWHM * 0.85 * 0.15, abs=0.25)
    assert calibre.upper_limit_mm >= 0.3


def texture(shape: tuple[int, int], sd: float, grain_px: float, seed: int) -> np.ndarray:
    """Even tissue: noise smoothed to a grain, of the sd that is asked for."""
    grain = ndi.gaussian_filter(np.random.default_rng([seed, 1]).normal(size=shape), grain_px)
    return (grain * sd / grain.std()).astype(np.float32)


def in_tissue(seed: int, sd: float) -> tuple[float, Calibre]:
    """The diameter, and what is measured of it, of a vessel of 1 to 4 mm in tissue with a grain of 4 pixels."""
    rng = np.random.default_rng([seed, 2])
    tube = Tube(np.exp(rng.uniform(0, np.log(4))), rng.uniform(0, 0.9), rng.uniform(0, 180), 16.0, seed=seed)
    pixels, line = tube.drawn()
    room = 60
    pixels = np.pad(pixels, room, mode="reflect") + texture(np.add(pixels.shape, 2 * room), sd, 4.0, seed)
    half_width = np.full(len(line), rng.uniform(0.85, 1.2) * tube.diameter / 2 / 0.15)
    film = Image(pixels[None].astype(np.float32), (1.0, 0.15, 0.15), "1", spacing_basis="calibrated")
    sharpness = known(tube.total_blur)
    return tube.diameter, vessel_calibre(film, line + room, half_width, noise_sd=1.0, sharpness=sharpness)


def test_intervals_hold_the_truth_in_the_texture_of_tissue_too():
    """The walls have 8 times the noise, the tissue twice: 40 draws of a coverage of 95 % hold 35 times or more."""
    found = [in_tissue(seed, 2.0) for seed in range(40)]
    held = [low <= true <= high for true, c in found for low, high in [c.calibre_mm_interval]]

    assert sum(held) >= 35
    assert abs(np.mean([c.calibre_mm - true for true, c in found])) <= 0.1


@pytest.mark.parametrize("side", [-1, 1])
def test_one_wall_of_a_wide_vessel_gives_no_calibre(side):
    """A line along one wall of a vessel of 5 mm, which is half a millimetre thick: neither 0.5 mm nor 5."""
    tube = Tube(5.0, 0.64, contrast=12.0, length=20.0)
    pixels, line = tube.drawn()
    pixels = np.pad(pixels, 60, mode="reflect")
    wall = line + 60 + side * normal_of(line) * 2.25 / 0.15
    film = Image(pixels[None], (1.0, 0.15, 0.15), "1", spacing_basis="calibrated")

    with pytest.raises(NotMeasurable, match="one wall"):
        vessel_calibre(film, wall, np.full(len(line), 2.0), noise_sd=1.0, sharpness=known(tube.total_blur))


def test_texture_widens_the_interval():
    """The same vessel in bare noise and in tissue of three times that noise."""
    (_, even), (_, coarse) = in_tissue(3, 1e-6), in_tissue(3, 3.0)

    assert np.ptp(coarse.calibre_mm_interval) > 1.3 * np.ptp(even.calibre_mm_interval)


def test_the_walls_correct_a_blur_that_is_only_guessed():
    """Drawn with 1.6 px, guessed as 0.85 (0.4 to 1.8): the calibre comes out as if it had been known."""
    tube = Tube(3.5, 0.6, blur=1.55, noise=0.2)
    pixels, line = tube.drawn()
    film = Image(pixels[None], (1.0, 0.15, 0.15), "1", spacing_basis="calibrated")
    guess = Sharpness(sigma_px=0.85, interval_px=(0.4, 1.8), edges=0)
    found = vessel_calibre(film, line, np.full(len(line), 12.0), noise_sd=0.2, sharpness=guess)

    assert found.calibre_mm == pytest.approx(3.5, abs=0.05)


def test_every_quantity_reaches_the_table():
    """The page, SR and the cohort table read these rows."""
    by_name = {row.name: row for row in rows(Tube(3.0).measured())}

    assert list(by_name) == ["calibre_mm", "length_mm", "upper_limit_mm", "window_sd_mm"]
    assert by_name["calibre_mm"].interval95[0] < 3.0 < by_name["calibre_mm"].interval95[1]


def random_tube(seed: int) -> Tube:
    """Any width from what the film resolves to 7 mm, any wall, angle, bend, noise and pixel."""
    rng = np.random.default_rng([seed, 7])
    mm = rng.uniform(0.1, 0.2)
    pixel = (mm, mm * rng.uniform(0.8, 1.25)) if rng.random() < 0.3 else (mm, mm)
    blur = rng.uniform(0.5, 1.2)
    least = max(0.3, 1.05 * FWHM * np.hypot(blur, PIXEL_BOX) * max(pixel))
    diameter = np.exp(rng.uniform(np.log(least), np.log(7.0)))
    return Tube(
        diameter=diameter,
        lumen_share=rng.uniform(0, 0.95),
        angle_deg=rng.uniform(0, 180),
        bend=0.0 if rng.random() < 0.6 else 1 / rng.uniform(max(15, 3 * diameter), 60),
        skew=np.clip(rng.normal(0, 0.3), -0.9, 0.9),
        contrast=np.exp(rng.uniform(np.log(2), np.log(15))),
        pixel=pixel,
        blur=blur,
        seed=seed,
    )


def measured_if_it_can_be(tube: Tube, estimate: float) -> Calibre | None:
    try:
        return tube.measured(displaced_px=min(1, tube.diameter / 0.4), estimate=estimate)
    except NotMeasurable:
        return None


def test_errors_are_what_the_intervals_say():
    """150 vessels: bias at most 0.05 mm, z scores of unit spread, 95 % intervals that hold the truth as often.

    150 draws of a coverage of 95 % scatter by 1.8 %. The interval's width is the Cramer-Rao bound of the fitted model.
    """
    rng = np.random.default_rng(3)
    tubes = [random_tube(seed) for seed in range(150)]
    found = [measured_if_it_can_be(tube, rng.uniform(0.8, 1.3)) for tube in tubes]
    pairs = [(tube.diameter, c) for tube, c in zip(tubes, found, strict=True) if c and c.calibre_mm is not None]
    truth = np.array([diameter for diameter, _ in pairs])
    value = np.array([calibre.calibre_mm for _, calibre in pairs])
    low, high = np.array([calibre.calibre_mm_interval for _, calibre in pairs]).T
    error = value - truth
    z = np.log(value / truth) / (np.log(high / low) / (2 * 1.96))
    print(f"n {len(z)}, bias {error.mean():+.3f} mm, rms {error.std():.3f} mm, z {z.std():.2f}, "
          f"coverage {np.mean(np.abs(z) < 1.96):.3f}")  # fmt: skip

    assert len(pairs) >= 140
    assert abs(error.mean()) <= 0.05
    assert z.std() <= 1.3
    assert 0.90 <= np.mean(np.abs(z) < 1.96) <= 0.99


LINE = np.stack([np.full(40, 30.0), np.linspace(10, 49, 40)], axis=1)
WIDTH = np.full(40, 4.0)


def film(**options) -> Image:
    noise = np.random.default_rng(0).normal(size=(1, 60, 60)).astype(np.float32)
    return Image(noise, **{"spacing_mm": (1.0, 0.15, 0.15), "unit": "1"} | options)


def test_an_image_without_a_spacing_is_refused():
    """Pixels are no millimetres."""
    with pytest.raises(NotMeasurable, match="spacing"):
        vessel_calibre(film(spacing_mm=None), LINE, WIDTH, noise_sd=1, sharpness=known(1))


def test_mere_noise_is_refused():
    """No calcium along the line."""
    with pytest.raises(NotMeasurable, match="no calcium"):
        vessel_calibre(film(), LINE, WIDTH, noise_sd=1, sharpness=known(1))


@pytest.mark.parametrize(
    ("line", "why"), [(LINE[:5], "too short"), (LINE[:1], "points"), (LINE + 200, "outside the image")]
)
def test_a_line_that_cannot_be_measured_is_refused(line, why):
    """Five pixels of length, one point, or beside the film."""
    with pytest.raises(NotMeasurable, match=why):
        vessel_calibre(film(), line, WIDTH[: len(line)], noise_sd=1, sharpness=known(1))


@pytest.mark.parametrize(
    ("line", "width", "noise"), [(LINE.T, WIDTH, 1.0), (LINE, WIDTH[:3], 1.0), (LINE, WIDTH, 0.0), (LINE, -WIDTH, 1.0)]
)
def test_a_call_that_cannot_be_right_is_refused(line, width, noise):
    """Columns for points, widths for other points, no noise, negative widths."""
    with pytest.raises(BadInput):
        vessel_calibre(film(), line, width, noise_sd=noise, sharpness=known(1))
