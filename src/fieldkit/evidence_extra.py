"""The packages of the extra `evidence`: statistics, charts and documents, which recording and sync do without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from fieldkit.errors import FieldkitError

PACKAGES = frozenset({"scipy", "matplotlib", "docx"})
"""The extra's packages by the names they are imported under."""

INSTALL = "Install it with: python3 -m pip install 'fieldkit[evidence]'"


class ExtraMissing(FieldkitError):
    """A package of the extra `evidence` is not installed."""

    title = "A part of fieldkit is not installed"


def evidence_installed() -> bool:
    """Whether the extra's statistics are there. Looks for the package, and does not load it."""
    return find_spec("scipy") is not None


@contextmanager
def evidence_extra() -> Iterator[None]:
    """Stands around imports of the extra's packages.

    Raises:
        ExtraMissing: one of them is not installed. Any other failing import goes through as it is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise ExtraMissing(
            f"fieldkit's part for evidence is not installed ({package} is missing).",
            kept="Recording, exchange and the summary work without it.",
            hint=INSTALL,
        ) from None
