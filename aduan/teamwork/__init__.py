"""How a team works on cases together: notes, mentions, watching, handing over, the inbox, and who is away.

Nothing here decides about a number, and no complainant and no operator reads any of it.
"""
