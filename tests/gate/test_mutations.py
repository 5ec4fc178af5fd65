"""Every rule of the gate has a test that fails without it. That it does is shown where the test stands."""

import re
from pathlib import Path

from apps.gate.checks import CHECKS
from tests.gate.mutations import SWITCHES, pairs

DISCLOSURE = Path(__file__).parents[2] / "docs" / "disclosure.md"


def test_every_rule_is_guarded():
    assert {check.__name__ for check in CHECKS} <= SWITCHES.keys()
    assert [rule for rule, tests in pairs().items() if not tests] == []


def test_the_pairs_are_listed_as_they_are():
    listed = re.findall(r"^\| ([^|]+?) +\| `(\w+)` in `(\w+)\.py` +\|$", DISCLOSURE.read_text(), re.M)
    assert listed == [
        (rule, test, module) for rule, tests in pairs().items() for module, test in (one.split("::") for one in tests)
    ]
