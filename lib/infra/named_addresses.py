"""Private addresses and networks inside any text: a stale one lets in nobody, or the wrong one."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from lib.infra import topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lib.config.machines import Network

_TOKEN = re.compile(r"(?<![\w.:/-])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w.-])")
_PRIVATE = [IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def named_addresses(text: str, network: Network) -> Iterator[tuple[str, str]]:
    """Find what must belong to the cluster: ``(topic, address or network)``.

    The private blocks themselves mean everyone's, and single addresses of pods and Services
    come and go.
    """
    if "." not in text:
        return
    for token in _TOKEN.findall(text):
        try:
            found = IPv4Network(token, strict=False)
        except ValueError:
            continue
        if found in _PRIVATE or not any(found.subnet_of(block) for block in _PRIVATE):
            continue
        if found.prefixlen < found.max_prefixlen:
            yield topics.NETWORKS, token
        elif not any(found.subnet_of(net) for net in (network.pod_cidr, network.service_cidr)):
            yield topics.ADDRESSES, str(found.network_address)
