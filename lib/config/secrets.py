"""Recognizes what looks like a secret, so that none gets into git by way of a cluster file."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"(^|[_-])(password|passwd|passphrase|secret|token|credentials?|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|secret[_-]?key)s?$",
    re.IGNORECASE,
)

_VALUES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-"), "a private key"),
    (re.compile(r"\b(gh[pousr]_|github_pat_)[A-Za-z0-9_]{10,}"), "a GitHub token"),
    (re.compile(r"\bhv[sbr]\.[A-Za-z0-9_-]{10,}"), "a Vault token"),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"), "an S3 access key"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+"), "a JSON web token"),
    (re.compile(r"\bK10[0-9a-f]{64}::"), "an RKE2 token"),
    (re.compile(r"://[^/@\s]+:[^/@\s]+@"), "an address with a password"),
)

_OPAQUE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/_=-]{32,}")
_PUBLIC_KEYS = {"public_key", "ssh_public_keys"}


def secret_name(key: str) -> bool:
    """Tell whether a key is named like something that must not be in git."""
    return _NAMES.search(key) is not None


def secret_kind(value: str, *, key: str) -> str | None:
    """Return what kind of secret a value looks like, or None.

    Args:
        value: Text from the cluster file.
        key: The nearest key above it; public keys are as opaque as secrets, and allowed.
    """
    for pattern, kind in _VALUES:
        if pattern.search(value):
            return kind
    if key not in _PUBLIC_KEYS and _OPAQUE.fullmatch(value):
        return "a token or a password"
    return None
