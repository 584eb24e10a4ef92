"""Which feedback records repeat another one, so that tables of records can be counted as the summary counts."""

from __future__ import annotations

from hashlib import blake2b

from fieldkit.records.same_feedback import ROW_FIELDS, row_key
from fieldkit.store.kit import Kit


def repeated_rows(kit: Kit) -> dict[str, str]:
    """Id of each feedback record that repeats a row of a file -> id of the record that counts, the one made first.

    `records.same_feedback.row_key` decides which records are one row. Memory: 16 bytes for each record with a reference.
    """
    _, references, different = kit.value_counts("feedback", "reference")
    if references == different:
        return {}  # no row can be here twice: nothing more has to be read
    first: dict[bytes, tuple[int, str]] = {}
    others: dict[bytes, list[str]] = {}
    for record_id, created, *values in kit.columns("feedback", ("record_id", "created", *ROW_FIELDS)):
        key = row_key(dict(zip(ROW_FIELDS, values, strict=True)))
        if key is None:
            continue
        digest = blake2b("\0".join(key).encode("utf-8", "replace"), digest_size=16).digest()
        made = (created, record_id)
        if digest not in first:
            first[digest] = made
            continue
        earlier, later = sorted((first[digest], made))
        first[digest] = earlier
        others.setdefault(digest, []).append(later[1])
    return {record_id: first[digest][1] for digest, ids in others.items() for record_id in ids}
