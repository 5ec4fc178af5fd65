"""The layers hold, and only the gate writes to the catalogue."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = {"Record", "RecordVersion", "Link", "CatalogueState", "Redirect"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "save"}


def test_the_layers_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def writes_to_the_catalogue(source: str) -> list[str]:
    """Calls such as Record.objects.create(...): a write reached from the name of one of the catalogue's models."""
    return [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and CATALOGUE & {name.id for name in ast.walk(node.func) if isinstance(name, ast.Name)}
    ]


@pytest.mark.parametrize("app", ["curation", "public", "taxonomy", "workbench"])
def test_only_the_gate_writes_to_the_catalogue(app):
    found = {
        str(path.relative_to(ROOT)): writes
        for path in (ROOT / "apps" / app).rglob("*.py")
        if "migrations" not in path.parts and (writes := writes_to_the_catalogue(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize("app", ["gate", "public"])
def test_nothing_that_is_published_is_made_of_what_a_second_coder_found(app):
    named = {"CodedUnit", "CodedPassage", "DoubleCoding", "UnitPair", "coded_units", "double_coding"}
    for path in (ROOT / "apps" / app).rglob("*.py"):
        tree = ast.walk(ast.parse(path.read_text()))
        words = {getattr(node, key, None) for node in tree for key in ("id", "attr", "name")}
        assert not words & named, path


def test_a_write_would_be_seen():
    assert writes_to_the_catalogue("Record.objects.filter(pk=1).update(title='')") == [
        "line 1: Record.objects.filter(pk=1).update"
    ]
