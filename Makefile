# make demo · make manage · make test · make check · make bench · make faults · make setup
SHELL := /bin/sh
export PORTAL_VAR ?= $(CURDIR)/var
export PYTHONDONTWRITEBYTECODE := # the portal and its tests start many processes: each would compile all of it again
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes
NODE := $(PORTAL_VAR)/node
LOCK := $(shell command -v flock >/dev/null 2>&1 && echo "flock $(PORTAL_VAR)/setup.lock")

# what translators write, as the portal reads it
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
WORKERS ?= 2
# runs a command with the throwaway secrets that tests use
IN_TEST := $(PY) -m tests.environment env

.PHONY: setup running demo manage test check format bench faults lock clean

setup: ## everything the other commands need, quick when nothing changed
	@mkdir -p $(PORTAL_VAR)
	@$(LOCK) $(MAKE) -s --no-print-directory $(VENV)/.running $(VENV)/.installed $(PORTAL_VAR)/assets/.copied $(CATALOGUES)

running: # the part of setup that serving needs
	@mkdir -p $(PORTAL_VAR)
	@$(LOCK) $(MAKE) -s --no-print-directory $(VENV)/.running $(PORTAL_VAR)/assets/.copied $(CATALOGUES)

$(VENV)/bin/python:
	@sh .ci/python

$(VENV)/.running: requirements-demo.txt | $(VENV)/bin/python
	@echo "Installing Python packages (locked, by hash)"
	@$(PIP) -r requirements-demo.txt
	@touch $@

$(VENV)/.installed: requirements-dev.txt $(VENV)/.running | $(VENV)/bin/python
	@echo "Installing the tools of tests and checks (locked, by hash)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(PORTAL_VAR)/assets/.copied: package-lock.json package.json protocol_portal/vendor_assets.py | $(VENV)/.running
	@sh .ci/node $(NODE)
	@$(PY) -m protocol_portal.vendor_assets $(NODE)/node_modules $(PORTAL_VAR)/assets/vendor
	@touch $@

locale/%.mo: locale/%.po | $(VENV)/bin/python
	@$(PY) -m protocol_portal.compile_messages

demo: running
	@exec $(PY) -m protocol_portal.demo --port $(PORT)

manage: running ## a management command on the demo that is running: make manage DO="verify_trail"
	@$(PY) -m protocol_portal.demo --port $(PORT) --manage $(DO)

test: setup
	@sh .ci/machine
	@$(MAKE) -s check
	@$(IN_TEST) $(PY) -m pytest -n $(WORKERS) --dist loadfile

check: setup ## lint, types, contracts, templates, migrations, generated documents
	@sh .ci/check

format: setup ## put imports and templates in order
	@$(PY) -m ruff check --quiet --fix --select I .
	@-find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} +

bench: setup ## ratios, one line each
	@$(IN_TEST) $(PY) -m tests.bench

faults: setup ## long runs with real kills
	@sh .ci/machine
	@$(IN_TEST) PORTAL_SEEDS=random PORTAL_FAULTS=long PORTAL_WALK_STEPS=1000000 $(PY) -m pytest -q -s tests/faults tests/walks tests/grievances/test_walks.py

lock: ## renew the locks from *.in (needs uv)
	@set -e; for name in dev demo runtime; do \
	  in=requirements-$$name.in; constraint="-c requirements-dev.txt"; \
	  case $$name in dev) constraint="";; runtime) in=requirements.in;; esac; \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	    --no-emit-find-links --no-config $$constraint $$in -o $${in%.in}.txt; done
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --no-emit-find-links --no-config requirements-node.in -o requirements-node.txt

clean: ## stop private servers and remove what setup and runs made
	@[ ! -x $(PY) ] || $(PY) -m protocol_portal.demo --remove
	@rm -rf $(VENV) $(PORTAL_VAR)
