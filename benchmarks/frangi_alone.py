"""scikit-image's frangi on one film, timed without its imports: `python -m benchmarks.frangi_alone FILM.npy`."""

import sys
import time

import numpy as np
from skimage.filters import frangi

SIGMAS_PX = (1, 2, 3, 4, 6, 8)


def main() -> None:
    film = np.load(sys.argv[1]).astype(np.float32)
    start = time.perf_counter()
    frangi(film, sigmas=SIGMAS_PX, black_ridges=False)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
