"""Finding the record that a cell of a spreadsheet names: by its id, or by its name where only one has it."""

from __future__ import annotations

from fieldkit.records.schema.field import FieldSpec
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit
from fieldkit.text import clean_line

_SEVERAL = ""


class Links:
    """Names of records by kind, read once when the first link of that kind is asked for."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._names: dict[str, dict[str, str]] = {}

    def find(self, spec: FieldSpec, words: str) -> str:
        """The id of the record of kind `spec.link` that `words` name.

        Raises:
            ValueError: none has that name, or several have.
        """
        asked = clean_line(words)
        names = self._names.get(spec.link)
        if names is None:
            names = self._names[spec.link] = self._read(spec.link)
        found = names.get(asked.casefold())
        title = kind_named(spec.link).title.lower()
        if found is None:
            raise ValueError(
                f"{spec.title}: there is no {title} “{asked[:60]}” here. Record it first, or give its id."
            )
        if found == _SEVERAL:
            raise ValueError(f"{spec.title}: more than one {title} is called “{asked[:60]}”. Give its id.")
        return found

    def _read(self, kind: str) -> dict[str, str]:
        first = kind_named(kind).label[0]
        names: dict[str, str] = {}
        for record_id, name in self._kit.columns(kind, ("record_id", first)):
            names[record_id] = record_id
            if isinstance(name, str):
                key = name.casefold()
                names[key] = _SEVERAL if key in names else record_id
        return names
