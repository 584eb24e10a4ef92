"""How ethnic groups are called in print: with the broad group in front where the label alone does not name it."""

from __future__ import annotations


def ethnic_name(label: str, broad_group: str) -> str:
    """`White: British`, `Asian: Indian`; a label that names its broad group stays: `White and Asian`, `any other Black …`.

    `broad_group`: as a code list or a published table names it, "" for none; its first word is enough.
    """
    if not broad_group or "other " in label or " and " in label or ": " in label:
        return label
    return f"{broad_group.split()[0].capitalize()}: {label}"
