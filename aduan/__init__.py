"""The domain, in packages. It knows no browser, no clock, no broker.

Packages, in the order in which a number flows (it imports only packages to its right):
statistics -> monitoring -> referrals | ranker -> complaints | appeals | blocklists | teamwork | recycling
-> cases -> numbers -> operators -> accounts -> notifications -> core.
`complaints` and `blocklists` cannot see each other: a list is built from decisions, never from
raw complaints.
"""
