"""Kits of coordinators who decide: conflicts of long values, files that erase much, a deputy to revoke; a receipt to merge."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from names_kit import ACTION, LONG, PUNJABI, TRUST

from fieldkit.presentation.safeguarding_notes import note_lead
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit
from fieldkit.sync.export.export import export
from fieldkit.sync.network.network_rules import set_rules
from fieldkit.sync.receipts.receipt_file import write_receipt
from fieldkit.sync.setup import create_network, join
from networks import Laptop, invite_all, new_kit

_TODAY = datetime.now(UTC).date().isoformat()
_COMMENT = (
    "They moved my appointment twice and nobody rang. The second time I had taken the day off, my daughter had come from "
    "Birmingham to drive me, and the clinic was closed.\n\n"
    "The nurse was lovely. She found us a chair, she rang the ward, and she wrote down whom to ask for."
)
_RECORDS = 60
"""Feedback records of the network whose deputies erase some: more than one in ten of them each."""


def _hub(folder: Path) -> Laptop:
    kit = new_kit(folder / "kit")
    hub = Laptop(kit, create_network(kit, "Leicester Faith Network for Health", "St Mary"), folder)
    note_lead(kit, "Grace Obi, 0116 496 0000")
    return hub


def _joins(hub: Laptop, name: str, called: str, role: str = "") -> Laptop:
    """A laptop in the folder `name` that the coordinator trusts."""
    kit = new_kit(hub.sticks / name)
    laptop = Laptop(kit, join(kit, hub.invite(), called), hub.sticks)
    hub.merge(*laptop.export())
    hub.trust(laptop, role)
    laptop.merge(hub.invite())
    return laptop


def _deputies(hub: Laptop) -> tuple[Laptop, Laptop]:
    """Two deputies who hold everything that the coordinator holds."""
    sunday = _joins(hub, "a", "The laptop of the Sunday group at St Philip", "deputy")
    friday = _joins(hub, "b", "مسجد النور", "deputy")
    return sunday, friday


def _share(hub: Laptop, *deputies: Laptop) -> None:
    invite_all(hub, *deputies)
    for deputy in deputies:
        deputy.merge(*hub.export(full=True))


def _feedback(kit: Kit, comment: str, **answers: object) -> str:
    consent = {"consent_record": "Y", "consent_date": _TODAY}
    feedback = {"service_area": "gp", "rating": "2", "experience": comment}
    return kit.add("feedback", {**feedback, **consent, **answers}).name


def disputed(folder: Path) -> list[Laptop]:
    """Conflicts of two and three versions: long texts, long names, answers with many codes, a deletion against many changes."""
    hub = _hub(folder)
    sunday, friday = laptops = _deputies(hub)
    themes = [entry.code for entry in code_list("theme").entries]
    feedback = _feedback(hub.kit, "They moved my appointment.", themes=themes[:2])
    person = hub.kit.add("person", {"name": "Wilhelmina", "consent_record": "Y", "consent_date": _TODAY}).name
    event = hub.kit.add("event", {"title": "Health fair", "date": _TODAY, "place": "Main hall"}).name
    partner = hub.kit.add("partner", {"name": TRUST, "town": "Leicester"}).name
    _share(hub, *laptops)
    for laptop, first in ((hub, 0), (sunday, 5), (friday, 11)):
        answers = {
            "experience": f"{laptop.me.name} heard it like this. {_COMMENT}",
            "themes": themes[first : first + 12],
        }
        laptop.kit.edit(laptop.kit.get(feedback), answers)
    hub.kit.edit(hub.kit.get(person), {"name": LONG, "organisation": TRUST})
    sunday.kit.edit(
        sunday.kit.get(person), {"name": f"{PUNJABI} {PUNJABI} {PUNJABI}", "organisation": ACTION}
    )
    for laptop, place in ((hub, TRUST), (sunday, "Town hall"), (friday, "مسجد السلام، الطابق الأول")):
        laptop.kit.edit(laptop.kit.get(event), {"place": place, "notes": f"{place}: {ACTION}\n\n{_COMMENT}"})
    hub.kit.delete(partner)
    changed = {
        "contact": LONG,
        "notes": _COMMENT,
        "telephone": "0116 496 0123",
        "partner_kind": "charity",
        "postcode": "LE4 5PU",
    }
    sunday.kit.edit(sunday.kit.get(partner), changed)
    for laptop in laptops:
        hub.merge(*laptop.export())
    return [hub, *laptops]


def erasing(folder: Path) -> list[Laptop]:
    """A coordinator's kit; in `stick` are files of two deputies, each of which erases twelve of its sixty records."""
    (folder / "stick").mkdir()
    hub = _hub(folder)
    records = [_feedback(hub.kit, f"Comment {number} about the clinic.") for number in range(_RECORDS)]
    deputies = _deputies(hub)
    _share(hub, *deputies)
    # What is as new as the erasures does not count as held.
    for number, deputy in enumerate(deputies):
        for record in records[12 * number : 12 * number + 12]:
            deputy.kit.erase(record)
        export(deputy.kit, deputy.me, folder / "stick")
    return [hub, *deputies]


def deputised(folder: Path) -> list[Laptop]:
    """A coordinator's kit; one of its deputies trusted two laptops, renamed one, made one a deputy and changed the rules."""
    hub = _hub(folder)
    thief, other = _deputies(hub)
    field = _joins(hub, "c", "Gurdwara, ground floor")
    thief.merge(hub.invite())
    guests = []
    for name, called in (
        ("d", "Lent laptop"),
        ("e", "ਗੁਰੂ ਨਾਨਕ ਗੁਰਦੁਆਰਾ, the laptop beside the kitchen of the main hall"),
    ):
        kit = new_kit(folder / name)
        guest = Laptop(kit, join(kit, hub.invite(), called), folder)
        thief.merge(*guest.export())
        thief.trust(guest, "deputy")
        guests.append(guest)
    thief.trust(field, "deputy", "Gurdwara, upstairs")
    set_rules(thief.kit, thief.me, retention_months=6, confirm_days=90, lock_minutes=60)
    hub.merge(*thief.export())
    return [hub, thief, other, field, *guests]


def receipted(folder: Path) -> list[Laptop]:
    """A field laptop's kit with unsent changes; in `stick` is the coordinator's receipt for those of its first bundle."""
    (folder / "stick").mkdir()
    hub = _hub(folder)
    (folder / "kit").rename(folder / "hub")
    hub.kit.close()
    hub = Laptop(Kit.open(folder / "hub"), hub.me, folder)
    hub.kit.add("partner", {"name": "St Philip’s Centre"})
    field = _joins(hub, "kit", "Sunday laptop")
    for number in range(7):
        _feedback(field.kit, f"The nurse rang back on day {number}.")
    [bundle] = field.export()
    hub.merge(bundle)
    cut = folder / "sunday-again.fkb"
    cut.write_bytes(bundle.read_bytes()[:2000])
    hub.merge(cut)
    for _ in range(2):
        _feedback(field.kit, "Nobody told us that the clinic had moved.")
    write_receipt(hub.kit, hub.me, folder / "stick")
    shutil.copy(hub.invite(), folder / "stick")
    return [hub, field]
