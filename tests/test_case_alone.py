"""A case without films answers at once: what only images need is not loaded."""

import subprocess
import sys

PROGRAM = """
import sys
from calcinet.clinical.case import Case
import calcinet

labs = [{"name": "calcium", "value": "9.8 mg/dL"}, {"name": "PTH", "value": "64 pml/L"}]
case = Case.model_validate({"lesions": [], "labs": labs})
calcinet.examine(case=case, prior=0.3)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""

HEAVY = {"cv2", "jinja2", "onnxruntime", "pint", "pydicom", "scipy", "SimpleITK", "skimage", "tifffile", "ucumvert"}
"""What finds, measures, reads and draws images, and libraries of all units: each takes longer than a case."""


def test_a_case_alone_loads_nothing_that_only_images_need():
    answer = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)

    assert not HEAVY & set(answer.stdout.split())
