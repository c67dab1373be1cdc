#!/bin/sh
# alone.sh URL: refuses to found a second cluster where one answers already.
set -eu
root=${ROOT:-}

[ ! -d "$root/var/lib/rancher/rke2/server/db/etcd" ] || exit 0 # this node belongs to it

if curl --silent --insecure --max-time 5 --output /dev/null "$1/ping"; then
    echo "alone.sh: a cluster answers at $1, and this node would found another one." >&2
    echo "Create this server again with cluster_runs = true, so that it joins." >&2
    exit 1
fi
