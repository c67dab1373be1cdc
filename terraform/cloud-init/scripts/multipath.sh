#!/bin/sh
# Lets multipathd read /etc/multipath/conf.d/longhorn.conf: it runs before cloud-init writes files, and
# would go on taking Longhorn's volumes until the machine restarts.
set -eu

if systemctl is-active --quiet multipathd.service; then
    systemctl restart multipathd.service
fi
