"""What replicas report in the headers of bundles, and what is remembered of each."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from fieldkit.store.local.known_settings import Ancestor


class Report(msgspec.Struct, omit_defaults=True):
    """What one replica of a laptop reported last.

    `number` is that of its bundle, `at` when a coordinator merged it (milliseconds since 1970).
    """

    number: int = 0
    at: int = 0
    ancestors: list[Ancestor] = []
    """The replicas that it descends from, the nearest first."""
    own: dict[str, int] = {}
    """The last seq that it holds of each of its laptop's own streams."""
    marks: dict[str, tuple[int, int]] = {}
    """Origin -> the last seq held of it, and the number for the erasing ops held up to there."""


class Replica(Report, omit_defaults=True):
    """What is remembered of one replica: `lost_here`, the last seqs that it holds of this kit's own streams where they
    are missing here (0: it has a receipt under that origin); `via`, the coordinators who passed its report on, the latest
    first, with spaces between.
    """

    lost_here: dict[str, int] = {}
    via: str = ""


Replicas = Mapping[str, Replica]
"""The origin that a replica writes under ("" where its program does not say) -> what is remembered of it."""


class PassedReport(msgspec.Struct, omit_defaults=True):
    """A report as a coordinator passes it on: `marks` are places in a table; `via`, who passed it on before, the latest first."""

    number: int = 0
    at: int = 0
    ancestors: list[Ancestor] = []
    own: dict[str, int] = {}
    marks: list[int] = []
    via: list[str] = []


class PassedReports(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a coordinator knows of other replicas: a table of marks (origin, last seq, number), and each one's report."""

    marks: list[tuple[str, int, int]] = []
    reports: dict[str, PassedReport] = {}
