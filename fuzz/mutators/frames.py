"""Changes of an input of several files: of one of them, or of which there are."""

from random import Random
from typing import Final

from fuzz.framing import pack, unpack
from fuzz.mutators.dicom import mutate_dicom, splice_dicom

SHARE_OF_SETS: Final = 0.15
"""How often a file comes, goes or moves. Our choice."""


def mutate_files(data: bytes, random: Random) -> bytes:
    """Several DICOM files, one of them changed, left out, twice, or moved; or all of them alike."""
    files = unpack(data)
    if not files:
        return data
    number = random.randrange(len(files))
    if random.random() < SHARE_OF_SETS:
        taken = files.pop(number)
        for _ in range(random.choice((0, 1, 2))):
            files.insert(random.randrange(len(files) + 1), taken)
        return pack(files)
    if random.random() < SHARE_OF_SETS:
        state = random.getstate()
        for place, file in enumerate(files):
            random.setstate(state)
            files[place] = mutate_dicom(file, random)
        return pack(files)
    files[number] = mutate_dicom(files[number], random)
    return pack(files)


def splice_files(data: bytes, other: bytes, random: Random) -> bytes:
    """Several DICOM files with a file, or an element, of another input."""
    files, taken = unpack(data), unpack(other)
    if not files or not taken:
        return data
    number = random.randrange(len(files))
    file = random.choice(taken)
    if random.random() < SHARE_OF_SETS:
        files.insert(number, file)
    else:
        files[number] = splice_dicom(files[number], file, random)
    return pack(files)
