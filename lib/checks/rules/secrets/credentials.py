"""What a credential looks like: by the name it stands under, by its shape, by its randomness.

Names come first, then the shapes that issuers give to what they issue, then entropy, which finds
what the two do not know. Each has its exceptions, because a gate that cries wolf is switched off.

Shapes: the documentation of GitHub, GitLab, AWS, Slack, Stripe, Google, Vault, npm, PyPI, SendGrid,
Docker Hub, Grafana, DigitalOcean, age and K3s, and the rules of gitleaks/gitleaks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Credential(NamedTuple):
    """A credential that was found; ``value`` is for its fingerprint alone, and never shown."""

    what: str
    value: str

    @property
    def fingerprint(self) -> str:
        """The value's SHA-256, which names it and does not show it."""
        return hashlib.sha256(self.value.encode("utf-8", "surrogatepass")).hexdigest()


# --- names -------------------------------------------------------------------------------------

# A name whose value is the credential itself; `passwordFile` or `tokenSecretRef` is another.
_NAMED = re.compile(
    r"(?:(?<![a-z])|[_.-])(?:pass|pwd)$|password$|passwd$|passphrase$|credentials?$"
    r"|(?:^|[_.-]|[a-z])token$"
    r"|(?:api|access|secret|private|signing|encryption|encrypt|auth|master|license|account|admin"
    r"|shared|storage|webhook|service)[_.-]?key$"
    r"|(?:^|[_.-]|client|app|cookie|session|api|webhook|shared|jwt|hmac)secret(?:s|[_.-]?value)?$"
    r"|^(?:requirepass|masterauth)$",  # Redis and Valkey
    re.IGNORECASE,
)
# Where any field may be meant, only names that mean nothing else.
_NAMED_ANYWHERE = re.compile(
    r"password$|passwd$|passphrase$|client_?secret$|secret_?access_?key$|access_?token$",
    re.IGNORECASE,
)
# "secret: db-login" and "token: ci-robot" name an object; a credential has no reason to.
_MAY_NAME_AN_OBJECT = re.compile(r"(?:secrets?|token|credentials?|key)$", re.IGNORECASE)
_OBJECT = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
_LOOKED_UP = re.compile(
    r"['\"]?(?:\$|\{\{|%[({]|<|@|env:|file:|vault:|ref\+|secretref:|!ENV|\$\{)"  # from elsewhere
    r"|/|~/|\.{1,2}/|[a-z][a-z0-9+.-]*://"  # a path or an address
    r"|['\"]?(?:true|false|yes|no|null|none|nil|undefined|optional|required|enabled|disabled|-)['\"]?$"
    r"|['\"]?(?:[x*.]{3,}|redacted|\[redacted\]|<?hidden>?)['\"]?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?[smhdkMGTi]{0,2}")


@lru_cache(maxsize=4096)
def is_named(key: str, *, anywhere: bool = False) -> bool:
    """Whether a name says that its value is a credential.

    Args:
        key: A setting's or a field's name.
        anywhere: Whether it may be a field of any object, and not a setting.
    """
    return (_NAMED_ANYWHERE if anywhere else _NAMED).search(key) is not None


def is_plain(key: str, value: str) -> bool:
    """Whether a value under such a name is the credential itself, and does not tell where it is."""
    value = value.strip()
    if not value or _LOOKED_UP.match(value) or len(value.split()) > 3:  # noqa: PLR2004 - a sentence
        return False
    if _NUMBER.fullmatch(value):
        return "pass" in key.lower()
    return not (_MAY_NAME_AN_OBJECT.search(key) and _OBJECT.fullmatch(value))


# --- shapes ------------------------------------------------------------------------------------

_SHAPES: tuple[tuple[str, str], ...] = (
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    ("an age key", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    ("a GitLab token", r"\bgl(?:pat|dt|rt|ptt|cbt|agent)-[A-Za-z0-9_-]{20,}"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("a Slack webhook", r"hooks\.slack\.com/(?:services|workflows)/T[A-Z0-9]+/[A-Za-z0-9/]{16,}"),
    ("a Discord webhook", r"discord(?:app)?\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{30,}"),
    ("a Stripe key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}"),
    ("a Google API key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("a Google OAuth secret", r"\bGOCSPX-[A-Za-z0-9_-]{20,}"),
    ("a Vault token", r"\bhv[bsr]\.[A-Za-z0-9_-]{20,}"),
    ("an npm token", r"\bnpm_[A-Za-z0-9]{30,}"),
    ("a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{30,}"),
    ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    ("a Docker Hub token", r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    ("a Grafana token", r"\bgl(?:sa|c)_[A-Za-z0-9]{20,}[A-Za-z0-9_+/=]*"),
    ("a DigitalOcean token", r"\bdo[por]_v1_[a-f0-9]{40,}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("an OpenAI or Anthropic key", r"\bsk-(?:ant-|proj-|svcacct-)[A-Za-z0-9_-]{20,}"),
    ("a node token of K3s or RKE2", r"\bK10[0-9a-f]{64}::\S+"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("a password's hash", r"\$(?:2[aby]\$[0-9]{2}|apr1|argon2id?|[156y])\$[A-Za-z0-9./,=+$]{20,}"),
)
_SHAPE = re.compile("|".join(f"(?P<s{index}>{shape})" for index, (_, shape) in enumerate(_SHAPES)))
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://(?P<user>[^\s/?#:@<>\"'`]*):(?P<password>[^\s/?#@\"'`]+)@",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?i)\bauthorization['\"]?\s*[:=]\s*['\"]?(?:basic|bearer)\s+(\S{8,})")
# Words of manuals, between an address's colon and its @.
_STANDS_FOR = re.compile(
    r"(?i)(?:your[_-]?)?(?:pass|passwd|password|pw|secret|token|x{3,}|\*+|\.{3})"
)


def shapes(text: str) -> Iterator[Credential]:
    """The credentials that a text holds, by their shape."""
    for match in _SHAPE.finditer(text):
        what = _SHAPES[int(str(match.lastgroup)[1:])][0]
        yield Credential(what, _key_of(text, match) if what == "a private key" else match[0])
    if "://" in text:
        for match in _ADDRESS.finditer(text):
            given = match["password"]
            if not _LOOKED_UP.match(given) and not _STANDS_FOR.fullmatch(given):
                yield Credential("an address with a password", given)
    if "uthorization" in text:
        for match in _HEADER.finditer(text):
            if not _LOOKED_UP.match(match[1]):
                yield Credential("an Authorization header", match[1])


def _key_of(text: str, match: re.Match[str]) -> str:
    """The whole private key, so that two of them have two fingerprints."""
    end = text.find("-----END", match.end())
    return text[match.start() : end if end > 0 else len(text)]


# --- in base64 ---------------------------------------------------------------------------------

_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


def decoded(text: str) -> str | None:
    """What a text stands for in base64; None where it is none, or stands for no text."""
    plain = "".join(text.split())
    if len(plain) % 4 or not _BASE64.fullmatch(plain):
        return None
    try:
        found = base64.b64decode(plain, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return found if all(char.isprintable() or char in "\t\r\n" for char in found) else None


# --- randomness --------------------------------------------------------------------------------

_TOKEN = re.compile(r"[A-Za-z0-9+/_=.~!@#%^&*-]{20,512}")
_ALL_KINDS = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])")
_WORD = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}(?![a-z])")
_PUBLIC = re.compile(
    r"MI[GIH][A-Za-z0-9]"  # DER: certificates and public keys
    r"|LS0tLS1CRUdJTi"  # PEM; a private key is known by its shape
    r"|AAAA[BCE]3Nza|AAAAE2Vj|ssh-|ecdsa-"  # public SSH keys
    r"|sha(?:1|256|384|512)[:-]|h1:"
    r"|H4sI"  # gzip: a chart, a Helm release
)
_PUBLIC_KEY = re.compile(
    r"(?i)ca_?bundle|certificate|cert$|\.crt$|\.pem$|\.pub$|public_?key|checksum|digest|sha(?:1|256|512)"
    r"|\bhash|integrity|fingerprint|image|known_?hosts|ssh_?(?:public_?)?keys|chart_?content|uid$"
    r"|version|revision|etag|nonce|repo_?ca"
)
_ENTROPY = 4.5
# Of a text of n characters no more than log2(n) bits can be had: 4.3 of twenty.
_SHARE = 0.92


def opaque(key: str, text: str) -> Credential | None:
    """The whole text, where it looks drawn by lot and its name does not say that it is public."""
    text = text.strip().strip("\"'")
    if not _TOKEN.fullmatch(text) or not _ALL_KINDS.match(text):
        return None
    if _PUBLIC.match(text) or _PUBLIC_KEY.search(key) or _is_path(text):
        return None
    words = sum(len(word) for word in _WORD.findall(text))
    if 2 * words > len(text) or _entropy(text) < min(_ENTROPY, _SHARE * math.log2(len(text))):
        return None
    return Credential("a text as random as a credential", text)


def _is_path(text: str) -> bool:
    first, *rest = text.rstrip("=").split("/")
    # In base64 a slash is one character of sixty-four.
    return bool(rest) and (not first or "." in first or len(text) < 16 * len(rest))


def _entropy(text: str) -> float:
    """Shannon's entropy of a text, in bits a character."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)
