"""The fixtures that others have signed: credentials and their cryptosuites, presentations."""

from __future__ import annotations

CREDENTIALS = {
    "licence.json": "eddsa-rdfc-2022",
    "licence-jcs.json": "eddsa-jcs-2022",
    "licence-vcdm11.json": "eddsa-rdfc-2022",
    "degree.json": "eddsa-rdfc-2022",
    "welding-certificate.json": "eddsa-rdfc-2022",
    "welding-certificate-jcs.json": "eddsa-jcs-2022",
}
PRESENTATIONS = [
    "presentation.json",
    "presentation-jcs.json",
    "presentation-of-three.json",
    "presentation-of-ten.json",
    "presentation-welder.json",
]
