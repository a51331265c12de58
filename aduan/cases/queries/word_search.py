"""The statement that finds cases by words of their complaints, however common the words are.

PostgreSQL's index lists every case that has all words before it gives the first: what is asked of it has to
be bounded beforehand. A phrase is asked of it when few of the newest documents have all its words, and
looked for in its order in so many texts at most. Beginnings of words are asked of it, the rarest first, as
far as few of the newest documents have them, since it collects every word that begins so; the others are
looked for in the texts that were found. Where nothing may be asked of it, because all is common or because
a search only says what to leave out, more of the newest documents are read instead.
"""

from __future__ import annotations

from typing import Final

# A search looks first at what ranks highest; if that fills the page, it asks nothing else. Then at the newest
# documents: a common word need not be fetched from its index, which would list every case that has it. What
# is left to the index is rare, and no more of it is fetched than a page shows.
FIRST: Final = 1_000  # cases that wait
NEWEST: Final = 5_000  # documents
FAR: Final = 30_000  # of the newest documents, where the index is asked for nothing
READ_AGAIN: Final = 5_000  # texts of the index, at most, that are looked through for what it cannot tell
RARE: Final = 0.02  # of the newest documents may have what the index is asked for, where it has to be rare
MOST_BEGINNINGS: Final = 6  # that are counted in the newest documents

RANKED: Final = """
    SELECT id, number_text FROM cases_case WHERE status IN ('open', 'needs_info', 'proposed', 'disputed')
    ORDER BY score DESC, id DESC LIMIT %(first)s
"""
# What the index is asked for, made of the words that are `asked`: NULL or no row where that is nothing.
_KEYS_OF_WORDS: Final = r"""
    SELECT k.words FROM asked CROSS JOIN LATERAL (
        SELECT CASE WHEN strpos(asked.words::text, '<') = 0 THEN asked.words
            ELSE regexp_replace(querytree(asked.words), '<(-|\d+)>', '&', 'g')::tsquery END AS words
        WHERE querytree(asked.words) <> 'T' OFFSET 0
    ) k
    WHERE k.words = asked.words
        OR (SELECT count(*) FROM recent WHERE recent.words @@ k.words) <= %(rare)s
"""
_KEYS_OF_BEGINNINGS: Final = """
    SELECT string_agg(word::text, ' & ')::tsquery AS words FROM (
        SELECT word, sum(texts) OVER (ORDER BY texts, word) AS texts
        FROM (SELECT DISTINCT to_tsquery('simple', typed) AS word FROM unnest(%(beginnings)s) typed) w
        CROSS JOIN LATERAL (SELECT count(*) AS texts FROM recent WHERE recent.words @@ word) n
    ) o WHERE texts <= %(rare)s
"""
# The words stand in a table of their own, where the planner cannot guess how common they are: a wrong guess
# would make it read every document. OFFSET keeps it from asking the index for those that rank highest.
_FOUND: Final = f"""
    WITH asked AS MATERIALIZED (SELECT {{query}}('simple', %(words)s) AS words),
    recent AS (SELECT words FROM cases_casesearchindex ORDER BY case_id DESC LIMIT %(newest)s),
    keys AS MATERIALIZED ({{keys}}),
    ranked AS MATERIALIZED (
        SELECT c.id FROM ({RANKED}) c CROSS JOIN LATERAL (
            SELECT words FROM cases_casesearchindex WHERE case_id = c.id OFFSET 0) d
        WHERE d.words @@ (SELECT words FROM asked) LIMIT %(size)s
    ), newest AS MATERIALIZED (
        SELECT case_id FROM (
            SELECT case_id, words FROM cases_casesearchindex ORDER BY case_id DESC
            LIMIT CASE WHEN (SELECT count(words) FROM keys) = 0 THEN %(far)s ELSE %(newest)s END) d
        WHERE (SELECT count(*) FROM ranked) < %(size)s AND words @@ (SELECT words FROM asked) LIMIT %(size)s
    ), elsewhere AS (
        SELECT case_id, words FROM cases_casesearchindex
        WHERE (SELECT count(*) FROM ranked) + (SELECT count(*) FROM newest) < %(size)s
            AND words @@ (SELECT words FROM keys) LIMIT %(read_again)s
    )
    SELECT id FROM ranked UNION SELECT case_id FROM newest
    UNION (SELECT case_id FROM elsewhere WHERE words @@ (SELECT words FROM asked) LIMIT %(size)s)
"""  # noqa: S608 - constants
BY_BEGINNINGS: Final = _FOUND.format(query="to_tsquery", keys=_KEYS_OF_BEGINNINGS)


def bounds() -> dict[str, float]:
    """How far the statements look, under the names that they have there."""
    return {
        "first": FIRST, "newest": NEWEST, "far": FAR, "read_again": READ_AGAIN, "rare": RARE * NEWEST,
    }  # fmt: skip


def by_words(query: str) -> str:
    """`query` is the function of PostgreSQL that reads what was typed."""
    return _FOUND.format(query=query, keys=_KEYS_OF_WORDS)
