# Everything is done by run.py (so that Windows PCs need no make); these are only shorter names.
PYTHON ?= $(shell command -v python3.11 || command -v python3)

.PHONY: run test check rasa
run:
	@$(PYTHON) run.py serve
test:
	@$(PYTHON) run.py test
check:
	@$(PYTHON) run.py check
# Needs a Python 3.10 (says how to get one); install 2.7 GB, then `make rasa` serves on 127.0.0.1:5005.
rasa:
	@$(PYTHON) run.py rasa
