"""The schema check: every object against the schema of its kind, judged by kubeconform."""

from lib.checks.kubeconform.kubernetes import kubernetes_schemas
from lib.checks.kubeconform.run import Report, find_kubeconform, validate
from lib.checks.kubeconform.verdicts import Problem

__all__ = ["Problem", "Report", "find_kubeconform", "kubernetes_schemas", "validate"]
