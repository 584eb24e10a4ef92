"""Kits of a network whose laptops sent all sorts of files: files on a stick, files that wait, laptops trusted and revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fieldkit.presentation.safeguarding_notes import note_lead
from fieldkit.sync.export.export import export, invite
from fieldkit.sync.merge.merge import merge
from fieldkit.sync.setup import create_network, join, revoke
from networks import Laptop, new_kit

#: Folder -> the name of its laptop, and the place that it gives the event.
_LAPTOPS = {
    "a": ("ਗੁਰੂ ਨਾਨਕ ਗੁਰਦੁਆਰਾ", "Gurdwara hall"),
    "b": ("مسجد النور", "Community centre, first floor, beside the lift to the kitchen and the two halls"),
    "c": ("The laptop of the Sunday group at St Philip", "Town hall"),
    "d": ("Lent laptop", "Church"),
}
_FAIR = {
    "title": "Vaisakhi health fair",
    "date": datetime.now(UTC).date().isoformat(),
    "event_kind": "health_fair",
}


def _edit(laptop: Laptop, **changes: object) -> None:
    [fair] = laptop.kit.page("event")
    laptop.kit.edit(fair, changes)


def _feedback(laptop: Laptop, comment: str) -> None:
    answers = {"service_area": "gp", "rating": "2", "experience": comment, "consent_record": "Y"}
    laptop.kit.add("feedback", {**answers, "consent_date": datetime.now(UTC).date().isoformat()})


def stick(folder: Path) -> list[Laptop]:
    """A coordinator's kit with an event; in `stick` are files from four laptops and one that is cut off."""
    for name in ("stick", "second"):
        (folder / name).mkdir()
    kit = new_kit(folder / "kit")
    hub = Laptop(kit, create_network(kit, "Leicester Faith Network for Health", "St Mary"), folder)
    note_lead(kit, "Grace Obi, 0116 496 0000")
    kit.add("event", {**_FAIR, "place": "Guru Nanak Gurdwara"})
    invitation = invite(kit, hub.me, folder / "network.fkn")
    others = []
    for name, (called, place) in _LAPTOPS.items():
        other = new_kit(folder / name)
        laptop = Laptop(other, join(other, invitation, called), folder)
        _feedback(laptop, "The nurse rang back the same day.")
        _edit(laptop, place=place)
        export(other, laptop.me, folder / "stick")
        others.append(laptop)
    _, second, *_ = sorted((folder / "stick").glob("*.fkb"))
    (folder / "stick" / "copy of the second laptop’s bundle.fkb").write_bytes(second.read_bytes()[:2000])
    (folder / "stick" / "notes.txt").write_text("Bring tea.")
    kit.add("partner", {"name": "St Philip’s Centre"})
    _edit(hub, place="Main hall")
    return [hub, *others]


def merged(folder: Path) -> list[Laptop]:
    """The same, merged: all laptops are trusted, one as a deputy, except one that is revoked; later files are in `second`."""
    hub, *others = laptops = stick(folder)
    merge(hub.kit, hub.me, sorted((folder / "stick").iterdir()))
    for laptop in others:
        hub.trust(laptop, role="deputy" if laptop is others[0] else "")
    _edit(others[3], place="Another church")
    export(others[3].kit, others[3].me, folder / "stick")
    revoke(hub.kit, hub.me, others[3].me.key.public.ssh_line())
    for laptop in others:
        _feedback(laptop, "Nobody told us that the clinic had moved.")
        _edit(laptop, notes=f"{laptop.me.name}: ring twice.")
        export(laptop.kit, laptop.me, folder / "second")
    return laptops
