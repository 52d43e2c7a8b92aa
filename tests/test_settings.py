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
    done = _check_deployment(SECRET_KEY="k7" * 40 + "!#%&()*+,-./abcdefgh")

    assert done.returncode == 0, done.stderr


def test_production_refuses_the_development_key():
    done = _check_deployment()

    assert done.returncode != 0
    assert "security.W009" in done.stderr


def _check_deployment(**settings):
    production = {"DEBUG": "0", "ALLOWED_HOSTS": "hub.example", **settings}
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment | production,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_databases_address_says_comes_before_the_hubs_own_options():
    asked = "from contenthub.settings import DATABASES; print(DATABASES['default']['OPTIONS'])"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "k", "DATABASE_URL": "postgres://h/d?sslmode=require"}

    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert "'sslmode': 'require'" in told.stdout
    assert "'server_side_binding': True" in told.stdout
