"""GraphQL over HTTP as the makers of the specification's reference implementation check it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
AUDITS = 61


@pytest.mark.skipif(shutil.which("node") is None, reason="There is no node: the audits of graphql-http are not run.")
@pytest.mark.skipif(
    not (MODULES / "graphql-http").exists(), reason="There is no graphql-http: npm install --no-save graphql-http@1."
)
def test_the_server_passes_every_audit_of_graphql_http(request, transactional_db, settings):
    settings.ALLOWED_HOSTS = ["*"]
    live_server = request.getfixturevalue("live_server")  # started now, when it takes plain http
    command = ["node", Path(__file__).with_name("audits.mjs"), f"{live_server.url}/graphql", MODULES]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    failed = [f"{result['name']}: {result['reason']}" for result in results if result["status"] != "ok"]
    assert failed == []
    assert len(results) == AUDITS
