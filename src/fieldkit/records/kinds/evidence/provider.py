"""Providers: the trusts, practices, pharmacies and councils that feedback and figures are about."""

from __future__ import annotations

from fieldkit.records.schema.field import choice, line, text
from fieldkit.records.schema.kind import Kind, Record, register

PROVIDER = Kind(
    "provider",
    "Provider",
    "providers",
    "A trust, practice, pharmacy, council or commissioner that feedback and figures are about.",
    network=True,
    label=("name", "ods_code"),
)


@register(PROVIDER)
class Provider(Record, table=True):
    """One provider. Its spellings say which names in feedback mean it; the feedback itself is not changed."""

    name: str | None = line(
        "Name", "The name as the provider writes it.", step="Provider", required=True, listed=True
    )
    ods_code: str | None = line(
        "ODS code",
        "The NHS code of the organisation, for example RXT. Leave it out if you do not know it.",
        step="Provider",
        listed=True,
        length=20,
        pattern=r"[A-Z0-9]{1,9}",
        pattern_help="an ODS code: up to 9 letters and digits, for example RXT",
    )
    provider_kind: str | None = choice(
        "provider_kind", "Kind", "What sort of organisation it is.", step="Provider", listed=True
    )
    spellings: str | None = text(
        "Other spellings",
        "Other names that people use for it, one a line. Feedback under any of them counts for this provider.",
        step="Provider",
        listed=True,
    )
