"""What complaints tell their cases beside the intake path.

Words to find them by, and which cases are alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, transaction
from rapidfuzz import fuzz

from aduan.cases import queries as case_queries
from aduan.cases import services as cases
from aduan.complaints import fingerprints
from aduan.complaints.services.conflicts import record_conflicts
from aduan.complaints.services.mass_reporters import discount_mass_reporters
from aduan.core.db import named_rows
from aduan.numbers.parsing import account_key, links_of, payment_accounts_of, read_text

NEWEST: Final = 200  # complaints of one case whose words are kept
COMPARED: Final = 5  # texts of a case that are compared with another's
SHARED: Final = 20  # different links and accounts of a case by which others are looked for

_TEXTS: Final = """
    SELECT given.id AS case_id, c.narrative, c.link, c.bank_account, c.ticket, c.text_bands,
           ARRAY(SELECT e.text_read FROM complaints_evidence e
                 WHERE e.complaint_id = c.id AND e.text_read <> '' AND e.state <> 'refused') AS read
    FROM unnest(%s::bigint[]) AS given(id)
    CROSS JOIN LATERAL (
        SELECT * FROM complaints_complaint
        WHERE case_id = given.id AND erased_at IS NULL AND withdrawn_at IS NULL
        ORDER BY id DESC LIMIT %s
    ) c
"""


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """The texts of one case, newest first."""

    narratives: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # each in its one spelling
    accounts: list[str] = field(default_factory=list)  # digits
    written: list[str] = field(default_factory=list)  # links and accounts as people wrote them
    tickets: list[str] = field(default_factory=list)
    bands: set[int] = field(default_factory=set)
    read: list[str] = field(default_factory=list)  # by machine, on pictures

    @property
    def words(self) -> str:
        """What people wrote, and links and accounts also in their one spelling: by it others are found."""
        keys = dict.fromkeys((*self.written, *self.links, *self.accounts))
        return " ".join([*self.narratives, *self.read, *keys, *self.tickets])


def reindex_cases(*, at: dt.datetime, limit: int = 10) -> tuple[int, int]:
    """Renews search documents that are older than their case, and links those cases to others like them.

    Also closes cases to members of staff who complained in them, and takes sources that complain about many
    numbers out of the count. Called by a job until none is left. The rows of `limit` cases are locked
    meanwhile: decisions on them and complaints about them wait. Returns how many cases were described and
    how many joined a campaign.
    """
    ids = case_queries.cases_to_index(limit=limit)
    discount_mass_reporters(ids, at=at)
    with transaction.atomic():
        record_conflicts(ids)
        return _describe(ids, at)


def _describe(ids: list[int], at: dt.datetime) -> tuple[int, int]:
    by_case = texts_of(ids, NEWEST)
    empty = CaseTexts()
    everything = {case_id: by_case.get(case_id, empty) for case_id in ids}
    described = cases.index_cases(
        {case_id: texts.words for case_id, texts in everything.items()},
        minhash_bands={case_id: sorted(texts.bands) for case_id, texts in everything.items()},
        at=at,
    )
    similarities = [
        similarity for case_id, texts in by_case.items() for similarity in _similarities(case_id, texts)
    ]
    return described, cases.cluster_cases(similarities, at=at)


def texts_of(ids: list[int], newest: int) -> dict[int, CaseTexts]:
    by_case: dict[int, CaseTexts] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [ids, newest])
        rows = named_rows(cursor)
    for row in rows:
        texts = by_case.setdefault(row["case_id"], CaseTexts())
        texts.narratives.append(row["narrative"])
        texts.accounts.extend(map(account_key, read_text(row["narrative"]).payment_accounts))
        texts.tickets.append(row["ticket"])
        texts.bands.update(row["text_bands"] or ())
        for text in row["read"]:
            _add_read(texts, text)
        if row["link"]:
            texts.links.extend(links_of(row["link"]))
            texts.written.append(row["link"])
        if row["bank_account"]:
            texts.accounts.extend(payment_accounts_of(row["bank_account"]))
            texts.written.append(row["bank_account"])
    return by_case


def _add_read(texts: CaseTexts, text: str) -> None:
    """What stands on a picture links cases as what people wrote does."""
    contents = read_text(text)
    texts.read.append(text)
    texts.links.extend(contents.links)
    texts.accounts.extend(map(account_key, contents.payment_accounts))
    texts.bands.update(fingerprints.bands(text))


def _similarities(case_id: int, texts: CaseTexts) -> Iterator[cases.CaseSimilarity]:
    """Candidates share a band; only a comparison of the texts themselves makes them alike."""
    candidates = case_queries.similar_candidates(case_id)
    for other_id, other in texts_of(candidates, COMPARED).items():
        percent = nearest([*texts.narratives, *texts.read][:COMPARED], [*other.narratives, *other.read])
        yield cases.CaseSimilarity(case_id, other_id, "text", percent)
    for kind, shared in (("account", texts.accounts), ("link", texts.links)):
        named = list(dict.fromkeys(shared))[:SHARED]
        for others in case_queries.mentioning_each(named, besides=case_id).values():
            for other_id in others:
                yield cases.CaseSimilarity(case_id, other_id, kind)


def nearest(some: list[str], others: list[str]) -> int:
    """0 to 100: how nearly the most alike pair agrees, in any order of words."""
    ours = [fingerprints.normalise(text) for text in some]
    theirs = [fingerprints.normalise(text) for text in others]
    return max((int(fuzz.token_sort_ratio(one, other)) for one in ours for other in theirs), default=0)
