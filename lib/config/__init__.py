"""The cluster file: what one cluster is, as a frozen, checked value."""

from lib.config.cluster import Cluster, Node
from lib.config.json_schema import cluster_schema
from lib.config.load import load_cluster, parse_cluster
from lib.config.sections import (
    CloudflareDns,
    LonghornStorage,
    NfsStorage,
    Reactions,
    RunnerScaleSet,
    SakuraDns,
)
from lib.config.snapshots import Snapshots

__all__ = [
    "CloudflareDns",
    "Cluster",
    "LonghornStorage",
    "NfsStorage",
    "Node",
    "Reactions",
    "RunnerScaleSet",
    "SakuraDns",
    "Snapshots",
    "cluster_schema",
    "load_cluster",
    "parse_cluster",
]
