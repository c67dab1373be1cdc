"""What apps are made of: one module per concept, each class a real cdk8s construct.

jsii starts node as soon as cdk8s is loaded, so finding the right node comes before everything else
here.
"""

# ruff: noqa: E402 - the order is the point
from lib.constructs.kernel import kernel

kernel.start()

from lib.constructs.app_chart import AppChart, Folder
from lib.constructs.application import Application, FolderSource, HelmSource
from lib.constructs.certificate import Certificate
from lib.constructs.helm_chart import HelmChart, HelmChartConfig
from lib.constructs.helm_values import NULL, Names
from lib.constructs.kube_object import KubeObject
from lib.constructs.network_policy import NetworkPolicy, from_traefik
from lib.constructs.platform import Platform
from lib.constructs.project import APP_KINDS, AppProject, LockedProject
from lib.constructs.traefik import IngressRoute, Middleware, dns_annotations
from lib.constructs.vault_secret import VaultSecret, literal, template, vault
from lib.constructs.web_service import Container, Probe, Resources, WebService

__all__ = [
    "APP_KINDS",
    "NULL",
    "AppChart",
    "AppProject",
    "Application",
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
    "Middleware",
    "Names",
    "NetworkPolicy",
    "Platform",
    "Probe",
    "Resources",
    "VaultSecret",
    "WebService",
    "dns_annotations",
    "from_traefik",
    "kernel",
    "literal",
    "template",
    "vault",
]
