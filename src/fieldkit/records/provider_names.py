"""Matching the providers' names that people write in feedback: each provider's own name, ODS code and spellings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.records.grouping import grouped
from fieldkit.spelling import folded

Named = tuple[str, int, Mapping[str, Any]]
"""A provider's record id, the time when it was made, and its values."""


def spellings_of(values: Mapping[str, Any]) -> list[str]:
    """The other spellings of a provider, one per line, as they were written."""
    return [line.strip() for line in str(values.get("spellings") or "").splitlines() if line.strip()]


class ProviderNames:
    """The providers, found by any of their names in any spelling.

    Providers that share a name count as one: two laptops may each record the same provider. The one made first represents
    all of them.
    """

    def __init__(self, providers: Iterable[Named]) -> None:
        self._provider: dict[str, str] = {}
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        self.spellings: list[str] = []
        """The other names of all providers, including codes, as they were written."""
        first: dict[str, str] = {}
        shared: list[tuple[str, str]] = []
        made: dict[str, set[str]] = {}
        for record_id, _, values in sorted(providers, key=lambda provider: (provider[1], provider[0])):
            code = str(values.get("ods_code") or "")
            self._names[record_id] = str(values.get("name") or "")
            others = [code, *spellings_of(values)] if code else spellings_of(values)
            self.spellings += others
            made[record_id] = {
                key for spelling in (self._names[record_id], *others) if (key := folded(spelling))
            }
            shared += [(first.setdefault(key, record_id), record_id) for key in sorted(made[record_id])]
        order = {record_id: at for at, record_id in enumerate(made)}
        self._provider = {record_id: record_id for record_id in made}
        for group in grouped(shared):
            self._provider |= dict.fromkeys(group, min(group, key=order.__getitem__))
        for record_id, first_made in self._provider.items():
            self._keys.setdefault(first_made, set()).update(made[record_id])
        first = {key: self._provider[record_id] for key, record_id in first.items()}
        self._by_key = first

    def keys_of(self, provider_id: str) -> frozenset[str]:
        """The folded names of a provider; none if it is not here."""
        return frozenset(self._keys.get(self._provider.get(provider_id, ""), ()))

    def counts_as(self, provider_id: str) -> str:
        """The id under which this provider, and all that share a name with it, count; its own id if it is not here."""
        return self._provider.get(provider_id, provider_id)

    def provider_of(self, name: str) -> str:
        """The id of the provider with that name, "" for none."""
        return self._by_key.get(folded(name), "")

    def name_of(self, name: str) -> str:
        """The provider's own name if `name` is one of its names, otherwise `name` as it was written."""
        return self._names.get(self.provider_of(name), "") or name

    @property
    def names(self) -> list[str]:
        """The name of each provider, in the order in which their records were made."""
        return [self._names[provider] for provider in self._keys if self._names.get(provider)]
