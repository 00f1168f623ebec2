# The two commands of a newcomer: `make demo` and `make test`. Everything else: `make help`.
.DEFAULT_GOAL := help
.PHONY: $(shell grep -oE "^[a-z-]+:" $(MAKEFILE_LIST) | tr -d :)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
export XIANGYUN_HOME ?= $(CURDIR)/var
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更新版本；可用 make PYTHON=python3.12 指定。"; \
	  echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv。"; \
	  echo "The virtual environment could not be made; on Debian or Ubuntu install python3-venv."; exit 1; }

$(VENV)/.run: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "安装固定版本的依赖（一次）… / Installing pinned dependencies (once) …"
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@echo "安装测试与检查工具（一次）… / Installing test and check tools (once) …"
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(VENV)/.run ## One application told as a story, then the site on http://127.0.0.1:8000 (ARGS=--no-serve ends after the story)
	@$(BIN)/xiangyun demo $(ARGS)

test: $(VENV)/.dev build/bench/provider/.ready ## All tests but the slow ones
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow" $(ARGS)

test-slow: $(VENV)/.dev ## The slow tests: whole ways in a browser, every page, and a tenth of what is random or kills
	$(BIN)/pytest -n 2 --dist loadfile -m slow $(ARGS)

test-faults: $(VENV)/.dev ## All that is random or kills: a quarter of an hour
	$(BIN)/pytest -n 0 -m faults --share 1 $(ARGS)

test-failover: $(VENV)/.dev build/bench/failover/.ready ## The database's machine is lost under load, Patroni's replica takes over; no acknowledged step is lost
	$(BIN)/pytest -n 0 tests/test_failover.py $(ARGS)

test-spark: $(VENV)/.dev build/bench/bench-spark/.ready ## The same rules by interpreter and by Spark SQL (needs Java)
	PYTHONPATH=$$(build/bench/bench-spark/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
	  $(BIN)/pytest -n 0 -m slow src/xiangyun/kernel/dmn/tests/test_sql_spark.py src/xiangyun/adapters/engines/tests/test_alike.py $(ARGS)

test-engines: $(VENV)/.dev build/bench/bench-process/.ready build/bench/feelin/.ready ## The rows of docs/reference/engines.md in feelin (needs Node.js) and SpiffWorkflow
	$(BIN)/pytest -n 0 tests/test_engines.py $(ARGS)

test-wallet: $(VENV)/.dev build/bench/wallet/.ready ## A wallet of other people's libraries is issued to and presents (needs Node.js)
	$(BIN)/pytest -n 0 tests/test_wallet_of_others.py $(ARGS)

test-json-resume: $(VENV)/.dev build/bench/json-resume/.ready ## JSON Resume's own validator takes what is written (needs Node.js)
	$(BIN)/pytest -n 0 tests/test_json_resume.py $(ARGS)

test-axe: $(VENV)/.dev build/bench/axe/.ready ## Every kind of page as axe-core, the Tab key and a small screen find it (needs Node.js and Chromium)
	AXE=1 $(BIN)/pytest -n 0 tests/test_every_page_type.py $(ARGS)

# What is only measured or tested against lives in environments of its own, never in .venv.
build/bench/%/.ready: requirements/%.lock | $(BIN)/python
	@echo "安装 $* 的固定版本（一次）… / Installing the pinned $* (once) …"
	@$(BIN)/python -m venv build/bench/$*
	@PIP_DISABLE_PIP_VERSION_CHECK=1 build/bench/$*/bin/python -m pip install --quiet --require-hashes -r $<
	@touch $@

NODE = feelin wallet json-resume axe
$(NODE:%=build/bench/%/.ready): build/bench/%/.ready: requirements/%/package.json requirements/%/package-lock.json
	@echo "安装 $* 的固定版本（一次）… / Installing the pinned $* (once) …"
	@mkdir -p build/bench/$*
	@cp $^ build/bench/$*/
	@npm ci --prefix build/bench/$* --ignore-scripts --no-audit --no-fund --silent
	@touch $@

bench-rules: $(VENV)/.run build/bench/bench-rules/.ready build/bench/bench-rules-zen2/.ready ## Rules beside other engines and hand-written SQL, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/rules.py $(ARGS)

bench-process: $(VENV)/.run build/bench/bench-process/.ready ## Processes beside other engines and bare rows, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/process.py $(ARGS)

bench-queue: $(VENV)/.run ## The queue of 10,000,000 cases beside one of 100,000, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/worklist.py $(ARGS)

bench-catalogue: $(VENV)/.run ## Ten thousand items loaded, beside reading and writing the same files, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/catalogue.py $(ARGS)

bench-draw: $(VENV)/.run ## A draw of 30,000 out of 1,060,000 and its verification, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/draw.py $(ARGS)

bench-registers: $(VENV)/.run build/bench/bench-registers/.ready ## A million companies: loading, search, and beside Datasette, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/registers.py $(ARGS)

bench-exchange: $(VENV)/.run ## Signed exchanges beside bare rows, and a day of 141 departments, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/exchange.py $(ARGS)

bench-duties: $(VENV)/.run ## A night of 2,000 visits of 60,000 and of 600,000 children, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/duties.py $(ARGS)

bench-tools: $(VENV)/.run ## Start and speed of the command line beside an earlier build, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/tools.py $(ARGS)

bench-engine: $(VENV)/.run ## The engine of processes beside an earlier build, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/engine.py $(ARGS)

bench-pages: $(VENV)/.run ## Pages beside an earlier build and bare views, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/pages.py $(ARGS)

bench-web: $(VENV)/.run build/bench/bench-web/.ready ## The load that one machine holds, by simulated users, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/web.py $(ARGS)

bench-certificates: $(VENV)/.run build/bench/bench-certificates/.ready ## Certificates issued and verified, beside the bare signature and sd-jwt, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/certificates.py $(ARGS)

bench-guard: $(VENV)/.run ## Slow clients, long tables and hostile rules, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/guard.py $(ARGS)

bench-siting: $(VENV)/.run build/bench/bench-siting/.ready ## Sites beside spopt, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/siting.py $(ARGS)

bench-queueing: $(VENV)/.run build/bench/bench-queueing/.ready ## Lanes beside ciw, simulated services beside an earlier build, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/queueing.py $(ARGS)

bench-open: $(VENV)/.run build/bench/bench-open/.ready ## Open data beside Datasette, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/open.py $(ARGS)

bench-students: $(VENV)/.run build/bench/bench-students/.ready ## Students by posts beside SQL by hand, stable matching beside matching, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/students.py $(ARGS)

bench-matching: $(VENV)/.run ## Loans by companies beside SQL by hand, one pair with reasons, into docs/benchmarks (ARGS=--quick is small)
	$(BIN)/python bench/matching.py $(ARGS)

bench-notes: $(VENV)/.run build/bench/bench-notes/.ready ## Fifty drawn notes, interest and day of payment beside QuantLib; prints what differs
	$(BIN)/python bench/notes.py build/bench/bench-notes/bin/python

bench-similarity: build/bench/bench-similarity/.ready ## Planted pairs of words and texts: BM25 and a sentence encoder; prints rows
	OMP_NUM_THREADS=1 build/bench/bench-similarity/bin/python bench/peers/similarity.py

bench-disclosure: build/bench/bench-disclosure/.ready ## Drawn tables suppressed by us and by pytauargus, both attacked; prints rows
	OMP_NUM_THREADS=1 build/bench/bench-disclosure/bin/python bench/peers/tauargus.py src

check: $(VENV)/.dev ## Formatter, linter, types (strict in the kernel), import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit-dependencies: build/bench/audit/.ready ## Known vulnerabilities of what is locked (without a network it says so)
	$(BIN)/python .ci/audit.py

reference: $(VENV)/.dev ## Write the tables of docs/reference that come from declarations
	$(BIN)/python tests/declaring.py

format: $(VENV)/.dev ## Put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

freeze: $(VENV)/.dev ## Write new migrations into tests/migrations.lock: from then on they never change
	$(BIN)/python tests/freezing.py

screenshots: $(VENV)/.dev ## A picture of every page type into screenshots/ (needs chromium)
	$(BIN)/python tests/screenshots.py $(ARGS)

lock: $(VENV)/.dev ## Pin the newest dependencies that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build -o requirements/run.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -o requirements/dev.lock pyproject.toml

clean: ## Remove what was made, but not the data in var/
	rm -rf $(VENV) dist build screenshots .mypy_cache .ruff_cache .pytest_cache
