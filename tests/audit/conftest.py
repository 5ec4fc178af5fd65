"""The accounts and entries of the workbench's tests."""

from tests.workbench.conftest import administrator, analyst, entries, officer, reviewer

__all__ = ["administrator", "analyst", "entries", "officer", "reviewer"]
