"""An exception from a rule of the gate, as the annotation that the gate reads."""

from __future__ import annotations

PREFIX = "policy.yagura/exempt"


def exempt(rule: str, *, reason: str, until: str, ref: str) -> dict[str, str]:
    """Say why an object may break a rule; the gate judges the exception itself too.

    Args:
        rule: The rule's id; ``yagura explain ID`` says whether it allows an annotation.
        reason: Why, in 15 characters or more.
        until: The last day, YYYY-MM-DD.
        ref: Where it was decided.

    Returns:
        The annotation, for an object's ``annotations``.
    """
    return {f"{PREFIX}.{rule}": f"{reason}; until={until}; ref={ref}"}
