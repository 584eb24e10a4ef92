"""Providers and the names that feedback uses for them: which names mean one provider, binding a name, and undoing that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fieldkit.errors import Misuse, NotFound
from fieldkit.records.privacy import warnings
from fieldkit.records.provider_names import spellings_of
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit, Stored
from fieldkit.store.undo_log import newest, since, undo_changes
from fieldkit.text import clean_line, ended, quoted


@dataclass(frozen=True)
class NameInUse:
    """A provider's name in feedback: commonest spelling, other spellings, number of records, and the provider it means."""

    name: str
    spellings: tuple[str, ...]
    records: int
    provider_id: str = ""
    """"" if no provider has this name."""
    provider: str = ""
    bound: bool = False
    """Whether it is one of a provider's other spellings, so that `unbind` frees it."""


@dataclass(frozen=True)
class Bound:
    """The result of binding a name. `refs` are the changes to undo."""

    sentence: str
    provider_id: str
    refs: tuple[str, ...] = ()


def names_in_use(kit: Kit) -> list[NameInUse]:
    """Every provider name in feedback, unknown ones first, then the most frequent. Call it in a thread."""
    known, spelt = kit.provider_names(), Counter[str]()
    others = {folded(spelling) for spelling in known.spellings}
    for (name,) in kit.columns("feedback", ("provider",)):
        if name:
            spelt[name] += 1
    groups: dict[str, Counter[str]] = {}
    for name, records in spelt.items():
        groups.setdefault(folded(name) or name, Counter())[name] = records
    names_found = []
    for names in groups.values():
        ordered = [name for name, _ in sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))]
        provider_id = known.provider_of(ordered[0])
        provider = known.name_of(ordered[0]) if provider_id else ""
        bound = folded(ordered[0]) in others
        names_found.append(
            NameInUse(ordered[0], tuple(ordered[1:]), names.total(), provider_id, provider, bound)
        )
    return sorted(names_found, key=lambda name: (bool(name.provider_id), -name.records, name.name))


def bind(kit: Kit, name: str, provider: str) -> Bound:
    """Bind a name to a provider, so that feedback under it counts for that provider. Call it in a thread.

    `provider` is an id, or any name of a provider; a name that no provider has makes a new provider. The feedback itself stays
    as written. Binding another provider's name makes the two one provider.

    Raises:
        Misuse: the name or the provider has no letters, or the name holds a number or an address.
    """
    name, provider = clean_line(name), clean_line(provider)
    if not all(any(map(str.isalnum, typed)) for typed in (name, provider)):
        raise Misuse("A name without letters can't mean a provider.", kept="Nothing was changed.")
    if identifying := warnings(name):
        raise Misuse(
            f"{quoted(name)} can't be a name of a provider: {identifying[0].sentence}",
            kept="Nothing was changed.",
            hint="Everybody's laptop gets these names. Correct the feedback instead.",
        )
    known, before = kit.provider_names(), newest(kit)
    target = provider if provider in kit.many("provider", [provider]) else known.provider_of(provider)
    bound_to = known.provider_of(name)
    if target and bound_to == target:
        return Bound(ended(f"“{name}” already counts as {_name(kit, target)}"), target)
    if not target and bound_to:
        target, name = bound_to, provider
    if not target:
        stored = kit.add(
            "provider", {"name": provider} | ({"spellings": name} if folded(name) != folded(provider) else {})
        )
        target = stored.record_id
    else:
        seen = kit.get(target, "provider")
        lines = [*_lines(kit, seen), name]
        kit.edit(seen, {"spellings": "\n".join(lines)})
    given = (spelling for (spelling,) in kit.columns("feedback", ("provider",)) if spelling)
    unused = "" if folded(name) in map(folded, given) else " No feedback here names it so yet."
    counts_as = _name(kit, target)
    counts = (
        f"“{name}” is now a provider of its own."
        if counts_as == name
        else ended(f"“{name}” now counts as {counts_as}")
    )
    return Bound(
        f"{counts} The feedback stays as it was written.{unused}",
        target,
        since(kit, "provider", target, before),
    )


def unbind(kit: Kit, name: str) -> Bound:
    """Unbind a name from the provider that has it as another spelling. Call it in a thread.

    Raises:
        NotFound: no provider has it as another spelling.
    """
    wanted, before = folded(clean_line(name)), newest(kit)
    freed: list[str] = []  # two laptops may each have bound it, to providers that were joined since
    for (record_id,) in kit.columns("provider", ("record_id",)):
        seen = kit.get(record_id, "provider")
        lines = _lines(kit, seen)
        kept = [line for line in lines if folded(line) != wanted]
        if len(kept) < len(lines):
            kit.edit(seen, {"spellings": "\n".join(kept) or None})
            freed.append(record_id)
    if freed:
        return Bound(
            ended(f"“{clean_line(name)}” no longer counts as {_name(kit, freed[0])}"),
            freed[0],
            tuple(ref for record_id in freed for ref in since(kit, "provider", record_id, before)),
        )
    raise NotFound(
        f"{quoted(name)} is not among the other spellings of any provider.",
        kept="Nothing was changed.",
        hint="See the names in use with: fieldkit provider names",
    )


def undo(kit: Kit, bound: Bound, cancelled: set[str] | None = None) -> int:
    """Undo what `bind` or `unbind` did, except what somebody has changed since; returns how many records changed.

    `cancelled` as in `undo_changes`.
    """
    return undo_changes(kit, bound.refs, cancelled)


def _lines(kit: Kit, provider: Stored) -> list[str]:
    """The other spellings of a provider; while two laptops disagree, those of all values, so that an edit keeps both."""
    lines = spellings_of(provider.values)
    if "spellings" in provider.conflicts:
        for conflict in kit.conflicts(10**6):
            if (conflict.record_id, conflict.field) == (provider.record_id, "spellings"):
                for each in conflict.values:
                    lines += [line for line in spellings_of({"spellings": each.value}) if line not in lines]
    return lines


def _name(kit: Kit, provider_id: str) -> str:
    return str(kit.get(provider_id, "provider").values.get("name") or "the provider")
