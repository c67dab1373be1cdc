"""The provider's structure, as schemas/terraform/ keeps it."""

from __future__ import annotations

import json
from typing import Any

from tests.terraform.terraform import ROOT
from tools.provider_schema import SCHEMAS, pinned_version

VERSION = pinned_version(ROOT / "terraform")
PROVIDER_SCHEMA: dict[str, Any] = json.loads((SCHEMAS / f"{VERSION}.json").read_bytes())
