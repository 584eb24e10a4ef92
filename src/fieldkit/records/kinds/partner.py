"""Partners: churches, gurdwaras, mosques, synagogues, temples and other groups that host and champion."""

from __future__ import annotations

from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.field import choice, line, text
from fieldkit.records.schema.kind import Kind, Record, Values, register


def cluster_in_region(values: Values) -> dict[str, str]:
    """The rule that a cluster of the published list belongs to its own region; a network's own clusters fit any region."""
    region = values.get("region")
    clusters = {entry.code: entry for entry in code_list("cluster").entries}
    cluster = clusters.get(values.get("cluster") or "")
    if cluster is None or region is None or cluster.get("region") == region:
        return {}
    home, given = code_list("region").label(cluster.get("region")), code_list("region").label(region)
    return {
        "cluster": f"The cluster {cluster.label} belongs to {home}, not to {given}: change one of the two."
    }


PARTNER = Kind(
    "partner",
    "Partner",
    "partners",
    "A faith group, social enterprise or charity that works with the network.",
    network=True,
    label=("name", "town"),
    rules=(cluster_in_region,),
)


@register(PARTNER)
class Partner(Record, table=True):
    """An organisation, so its whole postcode may be kept, just as it was typed."""

    name: str | None = line(
        "Name", "What people call it, such as St Mary's Church.", step="Partner", required=True, listed=True
    )
    partner_kind: str | None = choice(
        "partner_kind", "Kind", "What sort of group it is.", step="Partner", listed=True
    )
    region: str | None = choice("region", "Region", "The region it is in.", step="Partner", listed=True)
    cluster: str | None = choice("cluster", "Cluster", "The cluster within the region.", step="Partner")
    town: str | None = line("Town", "The town or part of the city.", step="Partner", listed=True)
    postcode: str | None = line("Postcode", "The whole postcode of the building.", step="Partner", length=20)
    contact: str | None = line("Contact", "Whom to ask for.", step="Contact", listed=True)
    telephone: str | None = line("Telephone", "The contact's number.", step="Contact", length=40)
    email: str | None = line("E-mail", "The contact's address.", step="Contact")
    notes: str | None = text(
        "Notes", "Opening times, the key, the tea urn: what the next volunteer should know.", step="Contact"
    )
