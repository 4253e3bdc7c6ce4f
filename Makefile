# The two commands are `make run` and `make test`. Everything they do is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test setup services stop-services status clean-data benchmark lock
.NOTPARALLEL:

PYTHON_ENV := .venv/bin/python
# These scripts need only the standard library, so that stopping and cleaning work without .venv too.
ANY_PYTHON = $(or $(wildcard .venv/bin/python),python3)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing and start the application (PORT=8000)
	@scripts/setup run
	@$(PYTHON_ENV) -m scripts.run

test: ## Lint, types, architecture, migrations, deployment check and all tests
	@scripts/setup test
	@$(PYTHON_ENV) -m scripts.test

setup: ## Only install what is missing
	@scripts/setup run

services: ## Start only the private PostGIS and Redis
	@scripts/setup run
	@$(PYTHON_ENV) -m scripts.services start

stop-services: ## Stop the private PostGIS and Redis
	@$(ANY_PYTHON) -m scripts.services stop

status: ## Say whether the private PostGIS and Redis are running
	@$(ANY_PYTHON) -m scripts.services status

clean-data: ## Stop the servers and throw all local data away
	@$(ANY_PYTHON) -m scripts.clean_data

benchmark: services ## Run every benchmark in turn; wants a quiet machine (see benchmarks/README.md)
	@scripts/benchmark

lock: ## Regenerate the lock files from pyproject.toml (needs uv)
	@scripts/lock
