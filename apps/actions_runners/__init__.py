"""GitHub Actions runners: a fresh one for each job, as many as there are jobs.

The controller watches the scale sets and keeps a listener for each in its own namespace. A listener
hears from GitHub how many jobs wait, and the controller makes a runner for each, which ends with
its job. Nothing of one job is left for the next.
"""

from apps.actions_runners.controller import RunnerController
from apps.actions_runners.scale_set import RunnerScaleSet

__all__ = ["RunnerController", "RunnerScaleSet"]
