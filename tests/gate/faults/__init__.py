"""Faults that a person makes in dist/, or in what makes it; each is seeded into the real one."""

from __future__ import annotations

from tests.gate.faults import (
    argocd,
    exceptions,
    files,
    login,
    network,
    order,
    platform,
    references,
    schemas,
    secrets,
    traefik,
    workloads,
)

FAULTS = (
    *files.FAULTS,
    *schemas.FAULTS,
    *secrets.FAULTS,
    *argocd.FAULTS,
    *workloads.FAULTS,
    *network.FAULTS,
    *traefik.FAULTS,
    *platform.FAULTS,
    *references.FAULTS,
    *order.FAULTS,
    *login.FAULTS,
    *exceptions.FAULTS,
)
