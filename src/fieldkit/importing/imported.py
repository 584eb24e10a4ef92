"""What an import did, or would do; and why one was refused as a whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fieldkit.errors import Misuse
from fieldkit.importing.choices import Doubt
from fieldkit.importing.reading.rows import Problem
from fieldkit.importing.understanding import ColumnMeaning


@dataclass
class Imported:
    """What an import did: rows = stored + refused + here + totals + hidden.

    `here` counts rows that are no new record because the kit or an earlier row has it, `totals` those that sum up
    others, `hidden` those that the spreadsheet hides; each is listed in `left` with its line. `unmapped` are columns that
    went into no field without being left out. `understood` says what each column and value became.
    """

    rows: int = 0
    stored: int = 0
    refused: int = 0
    here: int = 0
    totals: int = 0
    hidden: int = 0
    refused_file: str = ""
    number: int = 0
    """What `undo --import` calls it."""
    again: str = ""
    """A sentence, if this very file was imported here before and rows of it may be here twice; the first of `notes` too."""
    ground_missing: bool = False
    """Nothing says that the people of the file agreed; only a dry run goes on then."""
    problems: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    understood: list[ColumnMeaning] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """What nobody has resolved yet; only a dry run goes on then."""
    resolved: list[Doubt] = field(default_factory=list)
    """What was resolved as fieldkit understood it, because somebody said that all of it is right."""
    columns: list[str] = field(default_factory=list)
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class Doubtful(Misuse):
    """A file can be understood in more than one way, and nobody has said which is meant.

    `found` is what a dry run gives; its `doubts` say what is to be looked at.
    """

    title = "This file needs another look"

    def __init__(self, imported: Imported) -> None:
        super().__init__(
            "\n".join(
                f"“{doubt.column}”: {doubt.sentence}" if doubt.column else doubt.sentence
                for doubt in imported.doubts
            ),
            kept="Nothing was stored.",
            hint="--dry-run --json shows how each value was read. If all of it is right, add --understood.",
        )
        self.imported = imported


class GroundMissing(Misuse):
    """Nothing says that the people of a file agreed to be recorded; `found` is what a dry run gives."""

    title = "Consent is not known"

    def __init__(self, imported: Imported) -> None:
        super().__init__(NO_GROUND, kept="Nothing was stored.", hint=GROUND_HINT)
        self.imported = imported


NO_GROUND = "Nothing in this file says that its people agreed to be recorded."
GROUND_HINT = (
    'Say on what ground they agreed: --consent "GROUND". '
    "If a column holds their answer, map it instead: --map COLUMN=consent_record"
)
