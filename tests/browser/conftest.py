"""A real Chromium against the shipped server with the demo in it, started once for all of these tests."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PASSWORD = "a long enough password"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | ({"executable_path": CHROMIUM} if CHROMIUM else {}) | {"args": QUIET}


@pytest.fixture(scope="session")
def manage(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Run a management command over the site's own database; answers with what it printed last."""
    environment = os.environ | {
        "SECRET_KEY": "for the tests alone",
        "DATA_DIR": str(tmp_path_factory.mktemp("site")),
        "DATABASE_URL": "",
        "SECOND_FACTOR_FOR": "nobody",
        "DJANGO_SETTINGS_MODULE": "deterrence_kb.settings",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return (done.stdout.strip().splitlines() or [""])[-1]

    run.environment = environment
    return run


@pytest.fixture(scope="session")
def site(manage: Callable[..., str]) -> Iterator[str]:
    """The address of the site, with the demo published by a reviewer called rex."""
    manage("migrate")
    manage("loaddata", "vocabulary", "demo")
    manage(
        "shell",
        "-c",
        "from django.contrib.auth.models import User; from apps.workbench.roles import make_roles;"
        f"User.objects.create_user('rex', password='{PASSWORD}', is_staff=True).groups.set(make_roles())",
    )
    assert manage("publish_all", "--by", "rex").endswith(" 0 refused.")
    manage("index")
    manage("collectstatic", "--noinput")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            Path(sys.executable).parent / "granian", "--interface", "wsgi", "deterrence_kb.wsgi:application",
            "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        ],
        cwd=ROOT,
        env=manage.environment,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/health/")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def addresses(site: str, manage: Callable[..., str]) -> dict[str, str]:
    """One page of each type."""
    of_kind = manage(
        "shell",
        "-c",
        "import json; from apps.public.catalogue.models import Record; from apps.gate.publication import withdraw;"
        "from apps.curation.models import Entry; live = Record.objects.live();"
        "gone = live.filter(kind='session').first(); withdraw(Entry.objects.get(identifier=gone.identifier));"
        "cited = live.filter(content__unresolved=True).first();"
        "tag = next(tag for one in live.order_by('pk') for tag in one.content['tags']);"
        "ends = {'gone': gone.identifier, 'cited': cited.identifier, 'tag': tag};"
        "print(json.dumps({r.kind: r.identifier for r in live} | ends))",
    )
    found = json.loads(of_kind)
    comparison = "/compare/?region=indo-pacific&region=europe&region=cross-regional"
    with urllib.request.urlopen(site + comparison) as answer:
        frozen = re.search(r'href="(/compare/frozen/[^"]+)"', answer.read().decode())[1]
    return {
        "home": "/",
        "browse": "/browse/?region=indo-pacific&q=planning",
        "no results": "/browse/?q=zebra&kind=session",
        **{kind: f"/{kind}s/{found[kind]}/" for kind in ("article", "workshop", "session", "proposition", "position")},
        "unresolved article": f"/articles/{found['cited']}/",
        "version": f"/articles/{found['article']}/versions/1/",
        "citation": f"/articles/{found['article']}/cite/",
        "workshops": "/workshops/",
        "regions": "/regions/",
        "region": "/regions/indo-pacific/",
        "matrix": "/matrix/",
        "network": "/analysis/networks/?ties=subtract",
        "two-mode network": "/analysis/networks/?ties=two-mode-subtract&isolates=1",
        "analysis": "/analysis/",
        "divergence": "/analysis/divergence/?region=europe&region=indo-pacific",
        "over time": "/analysis/over-time/?by=workshop&of=region",
        "coverage": "/analysis/coverage/",
        "table": "/browse/?view=table",
        "lessons": "/lessons/",
        "lessons of a pair": "/lessons/?from=europe&to=indo-pacific",
        "compare": "/compare/",
        "comparison": comparison,
        "comparison of themes": "/compare/?by=theme&theme=deterrence&theme=alliances",
        "frozen comparison": frozen,
        "map": "/map/",
        "map of a region": "/map/?region=europe",
        "themes": "/themes/",
        "theme": "/themes/two-peer-problem/",
        "tag": f"/tags/{quote(found['tag'])}/",
        "about": "/about/",
        "for programs": "/api/",
        "patterns": "/patterns/",
        "400": "/browse/?region=narnia",
        "404": "/nothing/",
        "410": f"/sessions/{found['gone']}/",
    }


def _wait_for(address: str, seconds: float = 30) -> None:
    for _ in range(int(seconds * 10)):
        try:
            urllib.request.urlopen(address, timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{address} did not answer")
