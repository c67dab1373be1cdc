"""What apps are made of: one module per concept, each class a real cdk8s construct.

jsii starts node as soon as cdk8s is loaded, so finding the right node comes before everything else
here.
"""

# ruff: noqa: E402 - the order is the point
from lib.constructs.kernel import kernel

kernel.start()

from lib.constructs.app_chart import AppChart, Folder
from lib.constructs.application import Application, FolderSource, HelmSource
from lib.constructs.certificate import INTERNAL_CA, Certificate
from lib.constructs.container import Container, Probe, Resources, Shutdown, spread
from lib.constructs.exemption import exempt
from lib.constructs.helm_chart import HelmChart, HelmChartConfig
from lib.constructs.helm_values import NULL, Names
from lib.constructs.kube_object import KubeObject
from lib.constructs.login import LoginClient, behind_login, dex_issuer, to_dex
from lib.constructs.network_policy import (
    NetworkPolicy,
    from_nodes,
    from_traefik,
    to_internet,
    to_kube_api,
)
from lib.constructs.node_file import NodeFile
from lib.constructs.platform import Platform
from lib.constructs.project import APP_KINDS, AppProject, LockedProject
from lib.constructs.storage_class import SCRATCH, StorageClass
from lib.constructs.traefik import IngressRoute, Middleware, dns_annotations
from lib.constructs.vault_secret import VaultSecret, literal, template, vault
from lib.constructs.web_service import Autoscaling, WebService

__all__ = [
    "APP_KINDS",
    "INTERNAL_CA",
    "NULL",
    "SCRATCH",
    "AppChart",
    "AppProject",
    "Application",
    "Autoscaling",
    "Certificate",
    "Container",
    "Folder",
    "FolderSource",
    "HelmChart",
    "HelmChartConfig",
    "HelmSource",
    "IngressRoute",
    "KubeObject",
    "LockedProject",
    "LoginClient",
    "Middleware",
    "Names",
    "NetworkPolicy",
    "NodeFile",
    "Platform",
    "Probe",
    "Resources",
    "Shutdown",
    "StorageClass",
    "VaultSecret",
    "WebService",
    "behind_login",
    "dex_issuer",
    "dns_annotations",
    "exempt",
    "from_nodes",
    "from_traefik",
    "kernel",
    "literal",
    "spread",
    "template",
    "to_dex",
    "to_internet",
    "to_kube_api",
    "vault",
]
