"""Every setting of a kit: its name, its type and its default. None of them is part of a bundle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class LastCode:
    """The latest receipt code, kept until the next entry begins."""

    code: str
    kind: str
    record_id: str
    handed_over: bool = False
    """Whether somebody confirmed that the person has it."""


@dataclass(frozen=True)
class StoredPin:
    """The PIN of the hand-over: salt and hash in hexadecimal, and log2 of the scrypt steps; also the wrong tries since the last
    correct one, and the time of the latest try in milliseconds since 1970.
    """

    salt: str
    digest: str
    work: int
    wrong: int = 0
    tried: int = 0


@dataclass(frozen=True)
class HandedOver:
    """The state while a respondent has the laptop: their unfinished entry, and where they are in it."""

    draft: str
    event: str = ""
    language: str = "en"
    question: str = ""


class Ancestor(NamedTuple):
    """A replica that another descends from, with the numbers of its last bundle and last receipt before the fork.

    Receipts are numbered by when they were made (milliseconds since 1970, always later than the previous one).
    """

    origin: str
    bundle: int
    receipt: int


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """One setting: `type` is the type of its JSON, `default` its value if it was never set."""

    name: str
    type: Any
    default: T


Numbers = dict[str, int]
Texts = dict[str, str]
Values = dict[str, Any]

# Who this laptop is

IDENTITY = Setting[Values | None]("identity", Values, None)
"""The network, the laptop's name and its private keys; None before it joins."""
ORIGIN = Setting("origin", str, "")
"""The name that this laptop signs its changes with."""
FORMER = Setting[list[str]]("former", list[str], [])
"""The origins that this kit wrote under before, the latest first, as earlier versions stored them."""
ANCESTORS = Setting[list[Ancestor]]("ancestors", list[Ancestor], [])
"""The replicas that this one descends from, the nearest first."""
ENDED_REPLICAS = Setting[list[str]]("ended_replicas", list[str], [])
"""Other replicas of this laptop that somebody reported here as no longer in use."""
PLACE = Setting[str | None]("place", str, None)
"""The folder that the kit is in."""
KEY_DUE = Setting("key_due", int, 0)
"""How many times the laptop's sealing key must still be published."""
INVITED = Setting("invited", int, 0)
"""When the invitation that it joined with was written."""
CLOCK_CONFIRMED = Setting("clock_confirmed", int, 0)
"""When somebody confirmed this laptop's clock."""

# What was noticed about this kit, and when the user was informed

WAS_COPIED = Setting("was_copied", int, 0)
WAS_MOVED = Setting("was_moved", int, 0)
COPY_SEEN = Setting("copy_told", int, 0)
BACKUP = Setting[Values]("backup", dict[str, int | str], {})
"""The latest backup: `made`, `name`, and `proven`, when it was tested."""
SCRUB_DUE = Setting[bool | int]("scrub_due", bool | int, False)
"""Whether traces of erased text wait to be overwritten."""
ERASE_AGAIN = Setting[list[Values]]("erase_again", list[Values], [])
"""Erasures since the backup that this kit was restored from."""
PROJECTION = Setting[str | int]("projection", str | int, "")
"""The version of the record tables."""

# What is known of other laptops

DEVICE_NAMES = Setting[Texts]("device_names", Texts, {})
DEVICE_AGES = Setting[Texts]("device_ages", Texts, {})
"""Sealing keys that laptops stated in their bundles."""
CLONES = Setting[Numbers]("clones", Numbers, {})
"""Origin -> the first change that two copies of its laptop wrote differently."""
PEER_REPORTS = Setting[Values]("heard", Values, {})
PASSED_ON = Setting[Values]("passed_on", Values, {})
COPY_ENDS = Setting[dict[str, list[int]]]("heard_ends", dict[str, list[int]], {})
RETIRED = Setting[Numbers]("alone", Numbers, {})
"""Replica -> its bundle number when somebody reported that it is no longer in use."""
OLD_RECEIPTS = Setting[dict[str, Values]]("receipts", dict[str, Values], {})
"""Device -> its receipt, as earlier versions stored it."""
RECEIPTS = Setting[dict[str, Values]]("receipts_of_replicas", dict[str, Values], {})
"""Device -> replica -> its latest receipt."""
RECEIPT_MADE = Setting("receipt_made", int, 0)
NETWORK_FILE = Setting[Numbers]("network_file", Numbers, {})
"""Origin -> its last change when a network file was last written."""

# What this laptop's users chose and did

EVENT = Setting("event", str, "")
"""The event that new records belong to now."""
LIST_COLUMNS = Setting[dict[str, list[str]]]("list_columns", dict[str, list[str]], {})
"""Kind -> the fields that its list shows, if the user chose them."""
CARRIED_ANSWERS = Setting[Texts]("carried", Texts, {})
"""Answers that the next entry begins with."""
LAST_CODE = Setting[LastCode | None]("last_receipt_code", LastCode, None)
IMPORTS = Setting[list[Values]]("imports", list[Values], [])
IMPORT_MAPPINGS = Setting[Texts]("import_mappings", Texts, {})
UNDONE = Setting[Numbers]("taken_back", Numbers, {})
"""Import or merge -> when it was undone here."""
TABLES_FOLDER = Setting("tables_folder", str, "")
BACKUP_FOLDER = Setting("backup_folder", str, "")
EXPORT_FOLDER = Setting("export_folder", str, "")
MERGE_FOLDER = Setting("merge_folder", str, "")
FIGURES_FOLDER = Setting("figures_folder", str, "")
EVIDENCE_FOLDER = Setting("evidence_folder", str, "")
PILES = Setting[list[Values]]("piles", list[Values], [])
"""Piles of paper that are being entered, the newest first; see `presentation/paper/piles.py`."""
FORMS_FOLDER = Setting("forms_folder", str, "")
MENTORS_HERE = Setting[list[str]]("mentors_here", list[str], [])
"""The mentors who use this laptop: ids of people, the last chosen first."""
LAST_JOIN = Setting[Values]("last_join", Values, {})
"""The last answer about two people here: what was `done`, the ids `one` and `other`, and `refs`, the changes that undo it."""
LOOK_ALIKES = Setting[list[Values]]("look_alikes", list[Values], [])
"""The look-alikes found last: `one`, `other`, `score`, `why`."""
SAFEGUARDING_LEAD = Setting("safeguarding_lead", str, "")
LOCK_MINUTES = Setting("lock_minutes", int, 0)
"""Minutes without a key until this laptop locks its screen, if shorter than the network's; 0: as the network."""
PIN = Setting[StoredPin | None]("pin", StoredPin, None)
HANDED_OVER = Setting[HandedOver | None]("handed_over", HandedOver, None)
"""Set while a respondent has the laptop, so that a restarted program shows them their questions and nothing else."""

SETTINGS: tuple[Setting[Any], ...] = tuple(
    value for value in globals().values() if isinstance(value, Setting)
)
