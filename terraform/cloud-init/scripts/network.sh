#!/bin/sh
# Brings up the address from /etc/netplan/60-node.yaml: Sakura's switches have no DHCP.
set -eu
root=${ROOT:-}

# The image's own file asks for DHCP on the same interface.
rm -f "$root/etc/netplan/50-cloud-init.yaml"

# The ARP settings have to hold before the load balancer's virtual address appears on loopback.
sysctl --quiet --system

# So that networkd reads its own /etc/systemd/networkd.conf.d too.
systemctl restart systemd-networkd.service
netplan apply
