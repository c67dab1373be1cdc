"""The beginnings of the objects that this family's examples are about."""

from __future__ import annotations

# What follows stands below `spec`, or goes on where `metadata` ends.
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: whoami, namespace: argocd}
spec:
"""
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: apps, namespace: argocd}
spec:
"""
PLATFORM = PROJECT.replace("apps", "platform")
NAMESPACE = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: whoami}
"""
# An Application that applies the folder in which it stands.
HERE = f"""{APPLICATION}\
  project: apps
  destination: {{server: "https://kubernetes.default.svc", namespace: whoami}}
  source:
    repoURL: https://git.example/platform.git
    path: .
    directory: {{recurse: true}}
"""
