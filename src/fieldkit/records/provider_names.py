"""Which provider the names that people write in feedback mean: each provider's own name, ODS code and spellings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fieldkit.spelling import folded

Named = tuple[str, int, Mapping[str, Any]]
"""A provider's record id, when it was made, and its values."""


def spellings_of(values: Mapping[str, Any]) -> list[str]:
    """The other spellings of a provider, one a line, as they were written."""
    return [line.strip() for line in str(values.get("spellings") or "").splitlines() if line.strip()]


class ProviderNames:
    """The providers by every name that means them, in whatever spelling.

    Providers that share a name are one: two laptops may record one provider each. The one that was made first stands
    for all of them.
    """

    def __init__(self, providers: Iterable[Named]) -> None:
        self._provider: dict[str, str] = {}
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        self.spellings: list[str] = []
        """The other names of all providers, codes included, as they were written."""
        first: dict[str, str] = {}
        for record_id, _, values in sorted(providers, key=lambda provider: (provider[1], provider[0])):
            name, code = str(values.get("name") or ""), str(values.get("ods_code") or "")
            self.spellings += [code, *spellings_of(values)] if code else spellings_of(values)
            keys = {key for words in (name, code, *spellings_of(values)) if (key := folded(words))}
            shared = sorted({first[key] for key in keys if key in first}, key=list(self._keys).index)
            group = shared[0] if shared else record_id
            self._keys.setdefault(group, set()).update(keys)
            self._names.setdefault(group, name)
            self._provider[record_id] = group
            for other in shared[1:]:
                self._keys[group] |= self._keys.pop(other)
                self._provider = {
                    each: group if first_one == other else first_one
                    for each, first_one in self._provider.items()
                }
            first.update(dict.fromkeys(self._keys[group], group))
        self._by_key = first

    def keys_of(self, provider_id: str) -> frozenset[str]:
        """The folded names that mean a provider; none for one that is not here."""
        return frozenset(self._keys.get(self._provider.get(provider_id, ""), ()))

    def counts_as(self, provider_id: str) -> str:
        """The id of the provider that stands for this one and all that share a name with it; its own where it is not here."""
        return self._provider.get(provider_id, provider_id)

    def provider_of(self, name: str) -> str:
        """The id of the provider that a name means, "" for none."""
        return self._by_key.get(folded(name), "")

    def name_of(self, name: str) -> str:
        """The provider's own name where `name` means one, else `name` as it was written."""
        return self._names.get(self.provider_of(name), "") or name

    @property
    def names(self) -> list[str]:
        """The name of each provider, in the order in which they were made."""
        return [self._names[provider] for provider in self._keys if self._names.get(provider)]
