"""Clashes in words: what each laptop says, with labels, names and moments, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldkit.presentation.wording import when

if TYPE_CHECKING:
    from fieldkit.records.schema.parse import Terms
    from fieldkit.store.kit import Kit
    from fieldkit.store.query.history import Claim, Clash
    from fieldkit.sync.network.identity import Identity

MOST = 1_000
"""Clashes shown at once; settling some brings the next."""

DELETED = "deleted"
KEEP_WITH = "Keep it, with what was changed:"


@dataclass(frozen=True)
class Offer:
    """One of the values: in words, and who set it when. Laptops that agree share one. `parts` are (title, words) of what
    was changed meanwhile, where a deletion clashes with that; `words` has them too.
    """

    value: Any
    words: str
    who: str
    laptops: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shown:
    """One clash, in words. `locked` says why it can't be settled here, "" where it can."""

    kind: str
    record_id: str
    field: str
    kind_title: str
    line: str
    title: str
    offers: tuple[Offer, ...]
    locked: str


def clashes(kit: Kit, me: Identity) -> tuple[list[Shown], int]:
    """The first clashes in words, and how many there are. For a thread."""
    from fieldkit.presentation.record_names import lines_of
    from fieldkit.records.schema.kind import kinds
    from fieldkit.sync.network.roster import Roster

    roster, terms, known = Roster(kit, me), kit.terms(), kinds()
    found = []
    for clash in kit.conflicts(MOST):
        record = kit.get(clash.record_id, clash.kind)
        kind = known.get(clash.kind)
        spec = kind.fields.get(clash.field) if kind else None
        locked = ""
        if kind is None or (spec is None and clash.field != DELETED):
            locked = "A newer fieldkit wrote this; it can be resolved there."
        elif kind.coordinator_only and not roster.coordinating:
            locked = "Only a coordinator's laptop can resolve this."
        found.append(
            Shown(
                clash.kind,
                clash.record_id,
                clash.field,
                kind.title if kind else clash.kind,
                lines_of(kit, [record], terms)[clash.record_id],
                "Deleted, and changed" if clash.field == DELETED else spec.title if spec else clash.field,
                _offers(kit, roster.name_of, clash, terms),
                locked,
            )
        )
    return found, kit.conflict_count()


def _offers(kit: Kit, name_of: Callable[[str], str], clash: Clash, terms: Terms) -> tuple[Offer, ...]:
    """Equal values together, in the order of the claims: the one shown now first."""
    from fieldkit.presentation.deletion_conflicts import stands

    groups: list[list[Claim]] = []
    for claim in clash.claims:
        same = next((group for group in groups if repr(group[0].value) == repr(claim.value)), None)
        if same is None:
            groups.append([claim])
        else:
            same.append(claim)
    standing = stands(kit, clash.kind, clash.record_id) if clash.field == DELETED else {}
    now, offers = kit.clock(), []
    for group in groups:
        value, laptops = group[0].value, tuple(name_of(claim.origin) for claim in group)
        parts: tuple[tuple[str, str], ...] = ()
        if clash.field == DELETED:
            its = [standing[claim.ref] for claim in group if not value and claim.ref in standing]
            parts = tuple(
                dict.fromkeys(
                    (_title(clash.kind, name), _words(kit, clash.kind, name, said, terms))
                    for one in its
                    for name, said in one.values.items()
                )
            )
            words = (
                "Delete it." if value else _keep(laptops, parts, back=any(one.brought_back for one in its))
            )
        else:
            words = _words(kit, clash.kind, clash.field, value, terms)
        says = [f"{name_of(claim.origin)}, {when(claim.stamp, now)}" for claim in group]
        offers.append(Offer(value, words, "; ".join(dict.fromkeys(says)), laptops, parts))
    return tuple(offers)


def _keep(laptops: tuple[str, ...], parts: tuple[tuple[str, str], ...], *, back: bool) -> str:
    """Why a record stands against its deletion, in full."""
    if parts:
        return "\n".join([KEEP_WITH, *(f"{title}: {words}" for title, words in parts)])
    did = "restored it" if back else "changed it"
    return f"Keep it: {' and '.join(dict.fromkeys(laptops))} {did}."


def _title(kind_name: str, field: str) -> str:
    from fieldkit.records.schema.kind import kind

    return kind(kind_name).fields[field].title.rstrip("?:")


def _words(kit: Kit, kind_name: str, field: str, value: Any, terms: Terms) -> str:
    from fieldkit.presentation.record_names import lines_of
    from fieldkit.records.label import in_words
    from fieldkit.records.schema.kind import kinds

    kind = kinds().get(kind_name)
    spec = kind.fields.get(field) if kind else None
    if value is None:
        return "(empty)"
    if spec is None:
        return str(value)
    names = lines_of(kit, kit.many(spec.link, spec.targets(value)).values(), terms) if spec.link else {}
    return in_words(spec, value, terms, names)
