"""Kernel settings of the nodes, as a file of sysctl.d."""

from __future__ import annotations

# RKE2's profile `cis` refuses to start without exactly these
# (bundle/share/rke2/rke2-cis-sysctl.conf of rancher/rke2).
CIS = """\
# RKE2's profile cis asks for these.
vm.panic_on_oom=0
vm.overcommit_memory=1
kernel.panic=10
kernel.panic_on_oops=1
"""

# docs/install/requirements.md of rancher/rke2-docs; Ubuntu's 128 instances are used up by some
# tens of pods that watch files.
INOTIFY = """\

# Many pods watch files.
fs.inotify.max_user_instances=8192
fs.inotify.max_user_watches=524288
"""

# A real server of a load balancer with direct server return holds the virtual address on loopback
# and must not tell the network so.
ARP = """\

# Only the load balancer answers ARP for its virtual address.
net.ipv4.conf.all.arp_ignore=1
net.ipv4.conf.all.arp_announce=2
"""


def sysctls(*, real_server: bool) -> str:
    """Write the file.

    Args:
        real_server: Whether the load balancer sends visitors to these nodes.
    """
    return f"{CIS}{INOTIFY}{ARP if real_server else ''}"
