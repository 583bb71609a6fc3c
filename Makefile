# Delegates to make.py, which needs only Python 3.11 or newer.
PYTHON ?= python3

.PHONY: example test check docs generate clean
example test check docs generate clean:
	@$(PYTHON) make.py $@
