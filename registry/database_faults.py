"""What was wrong with the database, in words that are safe to log."""

from __future__ import annotations


def fault_of(error: Exception) -> str:
    """The driver's error and its code, e.g. SQLITE_FULL; its text may hold what was to be stored."""
    driver = getattr(error, "orig", None)
    code = getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None)
    name = type(driver or error).__name__
    return f"{name}, {code}" if code else name
