"""What the published lists say: from when until when each number stood on one, and so was cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import Max

from aduan.blocklists.models import BlockList, BlockListEntry, ListSeries
from bench.policy_twin.calendar import hours
from bench.policy_twin.cuts import Cuts
from bench.policy_twin.parameters import Parameters
from bench.policy_twin.policies import MINUTE, Policy

_SERIES: Final = (ListSeries.HOLD, ListSeries.BLOCK)


class Listed:
    """Reads the lists as an operator does, who acts some time after each was published."""

    def __init__(self, policy: Policy, given: Parameters) -> None:
        self.objected: set[int] = set()
        self._last = 0
        self._cut_after = {ListSeries.HOLD: MINUTE / 2, ListSeries.BLOCK: given.operator_hours}
        removal = MINUTE / 2 if policy.fast_release else given.operator_hours
        self._freed_after = {ListSeries.HOLD: MINUTE / 2, ListSeries.BLOCK: removal}

    def new(self) -> Iterator[tuple[int, float]]:
        """Numbers that lists since the last call added, and when their lines are cut."""
        stopped = BlockList.objects.filter(state=BlockList.State.STOPPED).values_list(
            "stop_reasons", flat=True
        )
        assert not stopped, f"a guard stopped a list: {list(stopped)}"
        lists = BlockList.objects.filter(
            pk__gt=self._last, series__in=_SERIES, state=BlockList.State.PUBLISHED
        ).order_by("pk")
        for block_list in lists:
            assert block_list.published_at is not None
            cut = hours(block_list.published_at) + self._cut_after[ListSeries(block_list.series)]
            entries = BlockListEntry.objects.filter(list_id=block_list.pk, is_new=True)
            for digits in entries.order_by("digits").values_list("digits", flat=True):
                yield digits, cut
        self._last = max(self._last, lists.aggregate(last=Max("pk"))["last"] or 0)

    def cuts(self, places: Mapping[int, int], numbers: int) -> Cuts:
        """The lists of all operators, from the first to the newest."""
        made = Cuts.none(numbers)
        into = {
            ListSeries.HOLD: (made.held_from, made.held_until),
            ListSeries.BLOCK: (made.blocked_from, made.blocked_until),
        }
        lists = BlockList.objects.filter(series__in=_SERIES, state=BlockList.State.PUBLISHED)
        for block_list in lists.order_by("pk"):
            series = ListSeries(block_list.series)
            begin, end = into[series]
            assert block_list.published_at is not None
            at = hours(block_list.published_at)
            entries = BlockListEntry.objects.filter(list_id=block_list.pk)
            here = {places[digits]: ends for digits, ends in entries.values_list("digits", "ends_at")}
            before = BlockListEntry.objects.filter(list_id=block_list.previous_id or 0)
            for digits in before.values_list("digits", flat=True):
                if places[digits] not in here:
                    end[places[digits]] = min(end[places[digits]], at + self._freed_after[series])
            for place, ends in here.items():
                begin[place] = min(begin[place], at + self._cut_after[series])
                if ends is not None:
                    end[place] = min(end[place], hours(ends))
        return made
