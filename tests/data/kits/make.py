"""Makes kits of every sort with the running version of the program, for later versions to open; see README.md.

    PYTHONPATH=src:tests/support python tests/data/kits/make.py FOLDER

writes for each kit FOLDER/NAME.tar.xz and its contents to FOLDER/NAME.json. Names are made up.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from pathlib import Path

from fieldkit.presentation import record_history
from fieldkit.store.backup import backup
from fieldkit.store.db import scrypt_process
from fieldkit.store.local.drafts import Draft
from kit_description import description
from laptop_steps import copied
from networks import Laptop, Network

scrypt_process.WORK = 10


def recorded(laptop: Laptop, name: str) -> dict[str, str]:
    """Record every kind that a field laptop writes, including edited and deleted records; returns ids by kind."""
    kit = laptop.kit
    event = kit.add("event", {"title": f"Fair at {name}", "date": "2026-10-27"})
    person = kit.add("person", {"name": f"Amina of {name}", "consent_record": "Y"})
    feedback = kit.add(
        "feedback",
        {
            "rating": "2",
            "experience": f"Words of {name}: ਗੁਰਪ੍ਰੀਤ, Nguyễn",
            "consent_record": "Y",
            "event": event.record_id,
        },
    )
    kit.add("attendance", {"event": event.record_id, "person": person.record_id})
    mentor = kit.add("person", {"name": f"Mentor at {name}", "consent_record": "Y", "band": "8a"})
    mentorship = kit.add(
        "mentorship", {"mentee": person.record_id, "mentor": mentor.record_id, "goals": "Lead a clinic"}
    )
    kit.add("session", {"mentorship": mentorship.record_id, "date": "2026-10-28", "minutes": 45})
    kit.add("note", {"notes": f"A private note of {name}"})
    kit.add("concern", {"own_words": f"A concern of {name}", "date": "2026-10-27"})
    kit.edit(kit.get(feedback.record_id), {"rating": "1"})
    deleted = kit.add("event", {"title": f"Called off at {name}", "date": "2026-11-01"})
    kit.delete(deleted.record_id)
    return {"event": event.record_id, "feedback": feedback.record_id, "person": person.record_id}


def make(folder: Path) -> dict[str, Laptop]:
    """A network with a coordinator and laptops to which everything has happened that leaves traces in a kit."""
    network = Network.create(folder / "network")
    hub = network.hub
    hub.kit.add("partner", {"name": "Sunrise Centre"})
    hub.kit.add("term", {"list_name": "attendee_group", "label": "Parking", "code": "parking"})
    event = hub.kit.add("event", {"title": "Diwali mela", "date": "2026-11-08"})
    first, second = (network.joins(name, trusted="field") for name in ("St Mary", "Gurdwara"))
    for laptop in (first, second):
        laptop.merge(hub.invite())
        recorded(laptop, laptop.me.name)
    for laptop, place in ((first, "Town hall"), (second, "Library")):
        seen = laptop.kit.get(event.record_id)
        laptop.kit.edit(seen, {"place": place})
    own = recorded(hub, "hub")
    hub.merge(*first.export(), *second.export())
    _, code = first.kit.add_with_code(
        "feedback", {"rating": "3", "experience": "To be withdrawn", "consent_record": "Y"}
    )
    hub.merge(*first.export())
    hub.kit.withdraw(code)
    hub.kit.erase(own["person"])
    hub.kit.redact("feedback", [own["feedback"]])
    gone = hub.kit.add("event", {"title": "Made and undone", "date": "2026-12-01"})
    changes = record_history.history(hub.kit, gone.record_id).changes
    record_history.undo_change(hub.kit, gone.record_id, changes[0])
    stranger = network.joins("Stranger")
    recorded(stranger, "Stranger")
    hub.merge(*stranger.export())
    first.merge(hub.invite(), hub.receipt())
    first.kit.drafts.keep(Draft("", "feedback", {"experience": "Half a sen", "consent_record": "Y"}, step=2))
    recorded(first, "St Mary again")
    saved = folder / "saved.fkbackup"
    backup(second.kit, saved)
    recorded(second, "after the backup")
    second.export()
    twin = copied(network, stranger)
    recorded(twin, "the copy")

    second.lose(saved)
    recorded(second, "after the restore")
    return {"coordinator": hub, "field": first, "restored": second, "copied": twin}


def main(target: Path) -> None:
    """Write an archive and a description of each kit into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, laptop in make(Path(scratch)).items():
            text = json.dumps(description(laptop.kit), ensure_ascii=False, indent=1, sort_keys=True)
            (target / f"{name}.json").write_text(text + "\n", "utf-8")
            folder = laptop.kit.folder
            laptop.kit.close()
            with tarfile.open(target / f"{name}.tar.xz", "w:xz") as archive:
                for path in sorted(folder.rglob("*")):
                    archive.add(path, path.relative_to(folder), filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main(Path(sys.argv[1]))
