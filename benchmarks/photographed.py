"""Photographs of a screen, or of a film on a light box, as a telephone takes them: simulated from real films.

What a camera does is followed in its order. The screen shows the film through its gamma on a grid of red, green and
blue stripes with black between them; that is seen through a perspective, with glare and vignette; the lens blurs; the
sensor takes one value a pixel with noise, under the colour filters of Bayer; the picture is interpolated, shrunk as a
messenger does, made grey, and written as JPEG.
"""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Shown = Literal["screen", "light box"]

Array = NDArray[np.float32]

GAMMA: Final = 2.2
"""Of the screen, and of the camera's picture (IEC 61966-2-1)."""

FINE: Final = 2
"""Points along a pixel's side of the sensor at which light is taken."""

STRIPE: Final = 0.8
"""Share of a stripe, and of its row, that shines; the rest is the black between."""

LEVELS_PER_SENSOR: Final = 255.0

WALL: Final = 0.18
"""Linear light of a wall behind, as a share of the screen's white: a grey of the mean reflectance of a room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a photograph is taken."""

    shown: Shown = "screen"
    screen_rows: int = 1200
    """Pixels of the screen on which the film is shown, in height."""
    sensor_rows: int = 1600
    """Pixels of the picture in height."""
    sent_rows: int = 1600
    """Rows to which it is shrunk when it is sent."""
    fill: float = 0.85
    """Height of the screen over that of the picture; above 1.2 nothing but screen is seen."""
    roll_deg: float = 3.0
    tilt: float = 0.06
    """Shortening of the farther side: perspective."""
    blur_px: float = 0.7
    """Standard deviation of the lens, in pixels of the sensor."""
    noise: float = 2.0
    """Standard deviation in grey levels at half light."""
    glare: float = 0.3
    """Linear light of a lamp mirrored in the screen."""
    bezel: float = 0.03
    """Width of the frame over the screen's height."""
    quality: int = 85
    tint: float = 0.0
    """Of colour that is left: 0 grey, 1 as the camera saw it."""
    seed: int = 0


def draw_shot(rng: np.random.Generator, strength: float) -> Shot:
    """A shot by chance; of strength 1 are plain ones, of 0.3 careful ones: near upright, soft, hardly a frame."""
    sensor = int(rng.choice([1200, 1600, 2000]))
    sign = rng.choice([-1, 1], 2)
    return Shot(
        shown="light box" if rng.random() < 0.25 else "screen",
        screen_rows=int(rng.choice([900, 1080, 1200, 1440, 2048])),
        sensor_rows=sensor,
        sent_rows=int(sensor * rng.choice([1, 0.64])),
        fill=float(rng.uniform(0.7, 1.0) if rng.random() < strength else rng.uniform(1.0, 1.4)),
        roll_deg=float(sign[0] * rng.uniform(0.3, 6) * strength),
        tilt=float(sign[1] * rng.uniform(0.02, 0.12) * strength),
        blur_px=float(rng.uniform(0.5, 0.9) / strength**0.5),
        noise=float(rng.uniform(1, 4)),
        glare=float(rng.uniform(0, 0.5) * strength),
        bezel=float(rng.uniform(0.01, 0.06)),
        quality=int(rng.integers(70, 95)),
        seed=int(rng.integers(2**31)),
    )


def photograph(film: NDArray[np.uint8], shot: Shot) -> NDArray[np.uint8]:
    """What a telephone makes of a film that is shown: grey, shape (rows, columns), or (rows, columns, 3) with a tint.

    Parameters
    ----------
    film
        Greys, shape (rows, columns), bone bright.
    shot
        How it is taken.
    """
    rng = np.random.default_rng(shot.seed)
    scene = _render_scene(film, shot, rng)
    blurred = cv2.GaussianBlur(scene, (0, 0), FINE * shot.blur_px)
    light = cv2.resize(blurred, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    picture = _develop(np.asarray(light, np.float32), shot, rng)
    columns = round(picture.shape[1] * shot.sent_rows / shot.sensor_rows)
    picture = np.asarray(cv2.resize(picture, (columns, shot.sent_rows), interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    if not shot.tint:
        return grey
    mixed = grey[..., None] + shot.tint * (picture.astype(np.float32) - grey[..., None])
    return np.clip(mixed, 0, 255).astype(np.uint8)


def encode_jpeg(picture: NDArray[np.uint8], quality: int) -> bytes:
    """The picture as a JPEG file."""
    stored = picture if picture.ndim == 2 else picture[..., ::-1]
    return bytes(cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def _render_scene(film: NDArray[np.uint8], shot: Shot, rng: np.random.Generator) -> Array:
    """Linear light at each fine point of the sensor, shape (rows, columns, 3)."""
    rows = FINE * shot.sensor_rows
    columns = rows * 3 // 4
    screen_columns = round(shot.screen_rows * film.shape[1] / film.shape[0])
    size = (screen_columns, shot.screen_rows)
    shown = cv2.resize(film, size, interpolation=cv2.INTER_AREA).astype(np.float32) / LEVELS_PER_SENSOR
    to_screen = np.linalg.inv(_place_screen(size, (rows, columns), shot, rng))
    down, across = _locate_points(to_screen, (rows, columns))
    lit = _light_screen(shown, down, across) if shot.shown == "screen" else _light_film(shown, down, across, rng)
    places = np.asarray(down / size[1], np.float32), np.asarray(across / size[0], np.float32)
    return _look_into_room(lit, *places, shot, rng)


def _place_screen(size: tuple[int, int], sensor: tuple[int, int], shot: Shot, rng: np.random.Generator) -> Array:
    """Homography from pixels of the screen to fine points of the sensor."""
    width, height = size
    scale = min(shot.fill * sensor[0] / height, shot.fill * sensor[1] / width)
    half = np.array([width, height]) * scale / 2
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    turn = np.radians(shot.roll_deg)
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    direction = rng.uniform(0, 2 * np.pi)
    depth = corners @ (np.cos(direction), np.sin(direction)) / np.hypot(*half)
    corners = corners / (1 + shot.tilt * depth)[:, None]
    centre = np.array(sensor[::-1]) / 2 * (1 + rng.uniform(-0.03, 0.03, 2))
    screen = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(screen, (corners + centre).astype(np.float32)))


def _locate_points(to_screen: Array, sensor: tuple[int, int]) -> tuple[Array, Array]:
    """Place on the screen, in its pixels down and across, of each fine point."""
    down, across = np.mgrid[: sensor[0], : sensor[1]].astype(np.float32)
    x, y, w = (float(row[0]) * across + float(row[1]) * down + float(row[2]) for row in to_screen)
    return y / w, x / w


def _light_screen(shown: Array, down: Array, across: Array) -> Array:
    """Light of red, green and blue stripes: each a third of a pixel, black between them and between the rows."""
    grey = cv2.remap(shown, across - 0.5, down - 0.5, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    light = 0.003 + grey**GAMMA
    in_row = (np.mod(down, 1) < STRIPE).astype(np.float32)
    stripe = np.mod(across, 1) * 3
    lit = np.zeros((*down.shape, 3), np.float32)
    for colour in range(3):
        lit[..., colour] = light * in_row * ((stripe >= colour) & (stripe < colour + STRIPE)) * 3 / STRIPE**2
    return lit


def _light_film(shown: Array, down: Array, across: Array, rng: np.random.Generator) -> Array:
    """A film of optical density 0.2 to 3 before a lamp that is brighter in its middle."""
    grey = cv2.remap(shown, across - 0.5, down - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lamp = 0.9 + 0.3 * np.cos(2 * down / len(shown) - rng.uniform(0.6, 1.4))
    light = lamp * 10 ** (-(0.1 + 1.7 * (1 - grey)))
    return np.repeat(light[..., None], 3, axis=2).astype(np.float32)


def _look_into_room(lit: Array, down: Array, across: Array, shot: Shot, rng: np.random.Generator) -> Array:
    """The frame and the room around, the mirrored lamp and the vignette added; places are shares of the screen."""
    inside = (down >= 0) & (down <= 1) & (across >= 0) & (across <= 1)
    beyond = np.maximum(np.abs(down - 0.5), np.abs(across - 0.5)) - 0.5
    slope = rng.normal(0, 0.25, 2)
    room = WALL * rng.uniform(0.15, 1.5) * (1 + slope[0] * (down - 0.5) + slope[1] * (across - 0.5))
    frame = np.float32(rng.uniform(0.004, 0.03))
    around = np.where(beyond < shot.bezel, frame, room)
    if shot.shown == "light box":
        lamp = 0.95 + 0.15 * np.cos(2 * down - 1)
        around = np.where(beyond < 3 * shot.bezel, lamp, 0.2 * room)
    scene = np.where(inside[..., None], lit, np.clip(around, 0.001, None)[..., None]).astype(np.float32)
    lamp_down, lamp_across, width = rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.05, 0.15)
    glare = shot.glare * np.exp(-((down - lamp_down) ** 2 + (across - lamp_across) ** 2) / (2 * width**2))
    scene += (np.where(inside, glare, 0) + 0.004)[..., None].astype(np.float32)
    rows, columns = down.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    scene *= (1 - 0.15 * (x**2 + y**2))[..., None]
    return scene


def _develop(light: Array, shot: Shot, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Exposed, under Bayer's filters, with noise, interpolated and with the gamma of pictures."""
    exposed = light / np.percentile(light, 97)
    sigma = shot.noise / LEVELS_PER_SENSOR * np.sqrt(np.clip(exposed, 0, 1) + 0.02)
    mosaic = np.empty(light.shape[:2], np.float32)
    noisy = exposed + rng.normal(0, 1, light.shape).astype(np.float32) * sigma
    for row, column, colour in ((0, 0, 2), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        mosaic[row::2, column::2] = noisy[row::2, column::2, colour]
    raw = (np.clip(mosaic, 0, 1) * 65535).astype(np.uint16)
    rgb = cv2.cvtColor(raw, cv2.COLOR_BayerRG2BGR).astype(np.float32)[..., ::-1] / 65535
    return np.rint(255 * rgb ** (1 / GAMMA)).astype(np.uint8)
