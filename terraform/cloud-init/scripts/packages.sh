#!/bin/sh
# packages.sh PACKAGE...: installs them; tries for a while, because the network is minutes old.
set -eu
export DEBIAN_FRONTEND=noninteractive

for try in 1 2 3 4 5 6 7 8 9 10; do
    if apt-get -o DPkg::Lock::Timeout=600 update &&
        apt-get -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends "$@"; then
        exit 0
    fi
    echo "packages.sh: try $try failed, next one in 30 s" >&2
    sleep 30
done
echo "packages.sh: $* cannot be installed; look at the network, then run first-boot again" >&2
exit 1
