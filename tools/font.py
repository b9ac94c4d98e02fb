"""Make the font that the report carries: `python -m tools.font FOLDER GREEK`.

FOLDER is the unpacked package of Noto Sans TC (SIL Open Font License): `npm pack @fontsource/noto-sans-tc`, then
`tar xf`; GREEK that of Noto Sans, `@fontsource/noto-sans`, of the same licence, for what the other lacks. Kept are the
letters of Western Europe, what the catalogues hold, and the characters of `ALSO`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from babel.messages.pofile import read_po
from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from tools.catalogue import LOCALE, SOURCE

FONTS: Final = SOURCE / "report" / "fonts"

WEIGHTS: Final = {"400": "Regular", "700": "Bold"}

ALSO: Final = (
    "年月日星期一二三四五六七八九十百千上下左右男女歲０１２３４５６７８９％，。、；：？！（）「」『』《》－～…"
)
"""Of dates, of counting, and the punctuation of Chinese."""


def characters() -> set[int]:
    """Code points that the font must hold."""
    letters = {*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”•…′″≤≥≈−×·→✓○°²³µ")}
    for path in LOCALE.glob("*.po"):
        with path.open("rb") as stream:
            for entry in read_po(stream):
                strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
                letters |= {ord(letter) for string in strings for letter in string}
    return letters | {ord(letter) for letter in ALSO}


def carried(packages: Sequence[Path], weight: str, place: Path) -> TTFont:
    """Make one weight of the font: a subset of each piece, put together; a package has it in a hundred pieces."""
    wanted, pieces = characters(), []
    for part in _list_parts(packages, weight):
        font = TTFont(part)
        mine = wanted & set(font.getBestCmap())
        if not mine:
            continue
        wanted -= mine
        maker = subset.Subsetter(
            subset.Options(
                layout_features=["kern"],
                hinting=False,
                notdef_outline=True,
                drop_tables=["vhea", "vmtx", "GSUB", "gasp"],
            )
        )
        maker.populate(unicodes=mine)
        maker.subset(font)
        font.flavor = None
        path = place / f"{part.stem}.ttf"
        font.save(path)
        pieces.append(str(path))
    made = Merger().merge(pieces)
    for number, name in ((3, None), (4, f"Noto Sans TC {WEIGHTS[weight]}"), (6, f"NotoSansTC-{WEIGHTS[weight]}")):
        made["name"].removeNames(nameID=number)
        if name:
            made["name"].setName(name, number, 3, 1, 0x409)
    return made


def _list_parts(packages: Sequence[Path], weight: str) -> list[Path]:
    """The pieces of one weight, those of the first package first."""
    parts: list[Path] = []
    for package in packages:
        parts += sorted((package / "files").glob(f"*-{weight}-normal.woff"), key=_latin_first)
    return parts


def _latin_first(piece: Path) -> tuple[bool, str]:
    return "latin" not in piece.name, piece.name


def main(*packages: Path) -> None:
    """Write each weight, the letters that it holds, and the licence."""
    FONTS.mkdir(exist_ok=True)
    licences = [(package / "LICENSE").read_text("utf-8").strip() for package in packages]
    (FONTS / "OFL.txt").write_text("\n\n\n".join(licences) + "\n", "utf-8")
    for weight, name in WEIGHTS.items():
        with TemporaryDirectory() as place:
            font = carried(packages, weight, Path(place))
            path = FONTS / f"NotoSansTC-{name}.ttf"
            font.save(path)
            held = sorted(set(font.getBestCmap()))
            (FONTS / "letters.txt").write_text("".join(map(chr, held)), encoding="utf-8")
            print(f"{path.name}: {len(held)} letters, {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
