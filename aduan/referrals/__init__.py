"""Referrals: what messaging platforms are asked to act on, their answers, and what they report themselves.

Here: the content of a referral, answers by every way in, mail with a platform, letters to its representative,
numbers that platforms banned. Not here: the decision to refer (cases), the lists that carry it (blocklists).
"""
