#!/bin/sh
# Resolve the dependencies into hashed lock files that hold no registry's address.
set -eu
compile() { UV_PYTHON_DOWNLOADS=never .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header "$@"; }
compile pyproject.toml --extra vectors --extra names --extra fonts --output-file requirements.lock
printf 'uv>=0.5\nsetuptools>=75\n' | compile - --output-file requirements-uv.lock
compile pyproject.toml --extra vectors --extra names --extra fonts --group dev --constraints requirements.lock --output-file requirements-dev.lock
compile --group train --constraints requirements-dev.lock --output-file requirements-train.lock
