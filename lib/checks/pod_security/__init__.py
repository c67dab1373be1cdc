"""The Pod Security Standards, decided for a pod template as the API server decides for a pod."""

from lib.checks.pod_security.levels import LEVELS, demanded, is_version
from lib.checks.pod_security.standard import violations

__all__ = ["LEVELS", "demanded", "is_version", "violations"]
