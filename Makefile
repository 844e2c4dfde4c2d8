# One command each: set up, run, check, test, measure. CI runs the same ones.
PYTHON ?= python3
VENV := .venv/bin
# Node may have come from a package in .venv.
export PATH := $(PATH):$(CURDIR)/.venv/bin

.PHONY: run setup dev check test prove bench lock types format

run: ## Set up what is missing, migrate, serve
	@$(PYTHON) scripts/bootstrap.py run
	@exec $(VENV)/python manage.py serve --migrate

setup: ## Everything for developing, checking and testing
	@$(PYTHON) scripts/bootstrap.py dev

dev: setup ## The server, and the front end with hot reload on port 5173
	@$(PYTHON) scripts/dev.py

check: setup ## Format, lint, types, import rules, duplicate code
	@$(VENV)/python scripts/check.py

test: setup ## Every test, the fast lanes first
	@$(VENV)/python scripts/test.py

prove: setup ## The long lanes: crashes by the hundred, every gallery workflow on the local model
	@$(VENV)/python scripts/test.py --prove

bench: setup ## What is measured, each beside its reference
	@$(VENV)/python -m bench

format: setup ## Rewrite the code as `check` wants it
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .
	@cd frontend && npx prettier --write --log-level warn .

lock: ## Renew requirements/*.txt from pyproject.toml
	@$(VENV)/python scripts/lock.py

types: setup ## Renew what the front end takes from the server: API types, and the node catalogue for its tests
	@$(VENV)/python scripts/api_types.py
