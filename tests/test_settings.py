import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_of_the_example_is_read_and_every_one_read_is_in_the_example():
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    read = set(re.findall(r"env(?:\.\w+)?\(\"([A-Z_]+)\"", (ROOT / "contenthub/settings.py").read_text()))

    assert named == read


def test_production_settings_pass_the_deployment_check():
    environment = {
        **os.environ,
        "DEBUG": "0",
        "SECRET_KEY": "k7" * 40 + "!#%&()*+,-./abcdefgh",
        "ALLOWED_HOSTS": "hub.example",
        "SECURE_SSL_REDIRECT": "1",
        "SECURE_HSTS_SECONDS": "31536000",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_production_refuses_the_development_key():
    environment = {**os.environ, "DEBUG": "0", "ALLOWED_HOSTS": "hub.example"}
    environment.pop("SECRET_KEY", None)

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "security.W009" in done.stderr
