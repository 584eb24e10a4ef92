"""Sessions that were begun but not saved, by mentorship. Call it in threads."""

from __future__ import annotations

from fieldkit.store.kit import Kit
from fieldkit.store.local.drafts import Draft


def unfinished_sessions(kit: Kit) -> dict[str, Draft]:
    """Mentorship -> the draft of a new session with that pair; the latest if there are several."""
    drafts: dict[str, Draft] = {}
    for draft in kit.drafts.all():
        mentorship = draft.values.get("mentorship")
        if draft.kind == "session" and not draft.record_id and isinstance(mentorship, str):
            drafts.setdefault(mentorship, draft)
    return drafts
