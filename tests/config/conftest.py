from __future__ import annotations

from tests.synth.project import pristine, project

__all__ = ["pristine", "project"]
