"""Every way a credential can be secured, in one table: whatever walks or attacks goes through all of it."""

from __future__ import annotations

from tests.simulators.embedded_mechanisms import EMBEDDED
from tests.simulators.token_mechanisms import TOKENS

MECHANISMS = {one.name: one for one in (*EMBEDDED, *TOKENS)}
