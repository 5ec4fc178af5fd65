"""A program of an analyst's, and the entries that it finds."""

import pytest
from django.core.cache import cache

from tests.api.programs import Program
from tests.workbench.conftest import analyst, entries, looker, reviewer  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def asked_for_the_first_time() -> None:
    cache.clear()


@pytest.fixture
def program(analyst) -> Program:  # noqa: F811
    return Program(analyst.user)
