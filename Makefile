# Two commands matter: `make demo` and `make test`. Both work from nothing.

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(if $(shell $(name) -c 'import sys; print(sys.version_info[:2] in {(3,11),(3,12),(3,13)} or "")' 2>/dev/null),$(name))))

.PHONY: demo test lint bench words clean help

help:
	@echo "make demo         a hub with demo content on http://127.0.0.1:8000 (make demo PORT=8001 elsewhere)"
	@echo "make test         the whole test suite"
	@echo "make lint         style, import rules, migrations"
	@echo "make bench        speed, with real sizes"
	@echo "make words        catalogues of the admin's own words (needs GNU gettext)"
	@echo "make clean        remove the demo's database, media and environment"

demo: $(VENV)/runtime
	@PORT=$(PORT) sh contenthub/demo/serve.sh $(BIN)

test: $(VENV)/dev
	@echo "== Running the test suite"
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run

words: $(VENV)/dev
	@$(BIN)/python manage.py makemessages -l ja -l ko --no-location --no-obsolete --no-wrap -i .venv -i node_modules -i tests
	@$(BIN)/python -m tests.words

bench: $(VENV)/dev
	@$(BIN)/python -m tests.bench

clean:
	rm -rf $(VENV) db.sqlite3* media static

$(VENV)/runtime: requirements.txt
	@$(MAKE) --no-print-directory venv
	@echo "== Installing the pinned requirements (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/runtime
	@echo "== Installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.PHONY: venv
venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; none was found."; exit 1; }
	@test -x $(BIN)/python || { echo "== Making a virtual environment with $(PYTHON)"; $(PYTHON) -m venv $(VENV); }
