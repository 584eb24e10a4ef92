"""A simulated network: laptops, sticks and wrong clocks, all running the real code; see `python -m tests.simulate -h`."""

import sys
from pathlib import Path

# Helpers beside this package are found however it is started.
_tests = Path(__file__).parent.parent
sys.path[:0] = [str(path) for path in (_tests, _tests / "support") if str(path) not in sys.path]
