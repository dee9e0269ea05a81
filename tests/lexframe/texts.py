"""Texts that components and library are tried on."""

from __future__ import annotations

LAKE = """Convention of the Lake States on Safe Harbours

The Parties to this Convention,

Recalling the dignity of every seafarer,

Article 1 – Terms

For the purposes of this Convention, "harbour trafficking" means the recruitment of seafarers by means of force or fraud for the purpose of exploitation.

Article 2 – Offences

Each Party shall make harbour trafficking, as defined in article 1, a criminal offence punishable by imprisonment.

Article 3 – Assistance

1. Each Party shall, where appropriate, provide victims with shelter, medical care and legal advice.

2. Each Party may grant victims a residence permit.
"""
FERRY = """Ferry Act

1. A person who carries another by force commits an offence and shall be liable to imprisonment.

2. The Minister shall provide every victim with shelter.
"""
