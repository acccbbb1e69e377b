"""What all tests of the deployment share."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The local stack and the client of the benchmarks, for whoever imports them.
sys.path += [str(ROOT / "deploy" / "local"), str(ROOT / "bench")]
