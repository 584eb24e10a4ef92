"""A simulated network: laptops, sticks and wrong clocks, all running the real code; see `python -m tests.simulate -h`."""

import sys
from pathlib import Path

# So that helpers beside this package are found however it is started.
if (_tests := str(Path(__file__).parent.parent)) not in sys.path:
    sys.path.insert(0, _tests)
