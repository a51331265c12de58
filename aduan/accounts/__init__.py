"""Who a person is and what they may do: users, roles and permissions, all in code.

Not here: which operator a person works for (operators), log-in pages (portal).
"""
