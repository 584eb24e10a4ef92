"""What differs between Linux, macOS and Windows: the only module that asks which of them runs.

Whatever it needs of a system is passed in or looked up at the call, so that tests take each branch on any system.
"""

from __future__ import annotations

import contextlib


def disable_core_dumps() -> None:
    """Let a crash of this process leave no copy of its memory, which holds keys and what people said.

    Where core files go to a collector, Linux asks only whether the process may be dumped at all; so both are set. A
    system without either setting is left as it is.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


#: From Linux's prctl.h.
_PR_SET_DUMPABLE = 4


def limit_resources(memory: int = 0, cpu_seconds: int = 0) -> bool:
    """Bound this process: `memory` in bytes of address space, `cpu_seconds` of processor time; 0 leaves either alone.

    Beyond the first an allocation fails with MemoryError, beyond the second the system ends the process. Returns
    whether the system keeps such bounds: Windows does not, and macOS only the second.
    """
    try:
        import resource
    except ImportError:
        return False
    kept = True
    for name, limit in (("RLIMIT_AS", memory), ("RLIMIT_CPU", cpu_seconds)):
        if not limit:
            continue
        try:
            number = getattr(resource, name)
            most = resource.getrlimit(number)[1]
            limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
            resource.setrlimit(number, (limit, limit))
        except (AttributeError, OSError, ValueError):
            kept = False
    return kept
