"""What tests of several folders share: a copy of the project, made once for all of them."""

from __future__ import annotations

from tests.synth.project import pristine, project

__all__ = ["pristine", "project"]
