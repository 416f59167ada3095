"""The trade's words, which no employer should have to know."""

from __future__ import annotations

import re

JARGON = re.compile(
    r"\b(ledger|block\w*|chain|key|keys|hash|replica\w*|DID|json|jwt|cryptosuite|digest|merkle|contract|"
    r"verifiable|transaction|schema|policy)\b"
)
