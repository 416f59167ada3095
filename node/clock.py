"""Reference time comes from here and is passed in: pure code never looks at a clock."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Unix seconds, now."""

system_clock: Clock = time.time
