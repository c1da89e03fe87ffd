# Everything is done by run.py (so that Windows PCs need no make); these are only shorter names.
PYTHON ?= $(shell command -v python3.11 || command -v python3)

.PHONY: run test check
run:
	@$(PYTHON) run.py serve
test:
	@$(PYTHON) run.py test
check:
	@$(PYTHON) run.py check
