#!/bin/bash
# Starts Renovate in its container, with the three things that `make synth` cannot set up by itself.
set -euo pipefail
apt-get update -qq
apt-get install -y -qq --no-install-recommends make python3 python3-venv
exec runuser -u ubuntu renovate
