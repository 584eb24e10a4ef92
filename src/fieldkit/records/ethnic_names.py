"""The names of ethnic groups in print: with the broad group in front if the label alone does not name it."""

from __future__ import annotations


def ethnic_name(label: str, broad_group: str) -> str:
    """`White: British`, `Asian: Indian`; a label that names its broad group is unchanged: `White and Asian`, `any other Black …`.

    `broad_group`: its name in a code list or a published table, "" for none; the first word is enough.
    """
    if not broad_group or "other " in label or " and " in label or ": " in label:
        return label
    return f"{broad_group.split()[0].capitalize()}: {label}"
