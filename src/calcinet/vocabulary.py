"""Words that several rooms share, in the form in which the record has them."""

from typing import Literal

Side = Literal["L", "R", "B"]
"""Left, right, both."""

LimbSide = Literal["L", "R"]
"""Left or right."""

FindingKind = Literal["vessel", "net", "focus", "uptake"]

"""What a mark on an image is."""

CorrectionAction = Literal["reject", "relabel", "add", "erase", "split", "join"]
"""What a reader does with a finding."""

CalibreClass = Literal["large", "medium", "small", "arteriole", "not resolvable"]
"""Class of a vessel by its outer diameter."""

Compartment = Literal["skin", "subcutis", "muscle", "artery", "bone overlap", "unknown"]
"""Where calcium lies."""

DepositForm = Literal["tubular", "plate", "nodular", "net-like"]
"""What calcium looks like in space."""

BodyLevel = Literal["trunk", "thigh", "lower leg", "foot", "unknown"]
"""Part of the body on a CT of a leg."""

LimbPart = Literal["upper arm", "forearm", "hand", "thigh", "knee", "lower leg", "foot", "trunk", "head"]
"""Part of the body on a bone scan: of a limb, or half of trunk or head."""

NoTissue = Literal["injection site", "urine contamination", "outside the body"]
"""What a bright place of a bone scan is that is no uptake of tissue."""

LabFlag = Literal["H", "L", "N"]
"""High, low, within the reference range."""

ChangeCall = Literal["increased", "decreased", "no change"]
"""What is said of a quantity that was measured twice."""

ArteryPattern = Literal["punctate", "coarse"]
"""How the calcium of a breast artery looks."""
