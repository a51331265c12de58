"""What lists look like to a machine."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.queries import name_of, notice_of


class FileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField(help_text="Address on this host. The file there never changes.")


class CountsSerializer(serializers.Serializer[Any]):
    block = serializers.IntegerField(help_text="Numbers on the list.")
    added = serializers.IntegerField(help_text="Of these, not on the list before.")
    removed = serializers.IntegerField(help_text="On the list before and no longer: lift their block.")


class PreviousSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Digest of the previous manifest.")


class NoticeTextSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    en = serializers.CharField()


class SubscriberNoticeSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(help_text="Short address where the subscriber learns why, and objects.")
    announcement = NoticeTextSerializer(help_text="To be spoken to callers and on the blocked line.")
    sms = NoticeTextSerializer(help_text="To the blocked number itself, before it is cut.")


class ListSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Names the list among yours, such as 2026-10-monthly-v1.")
    kind = serializers.ChoiceField(choices=ListType.choices)
    series = serializers.CharField(help_text="Lists of a series form one chain.")
    period = serializers.CharField(help_text="Month, such as 2026-10.")
    version = serializers.IntegerField()
    sequence = serializers.IntegerField(help_text="Grows by one with each list of the series.")
    voluntary = serializers.BooleanField(help_text="True: acting on it is voluntary.")
    published_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="A newer list must have come by then.")
    previous = PreviousSerializer(allow_null=True)
    counts = CountsSerializer()
    digest = serializers.CharField(help_text="SHA-256 of manifest.json. Outcomes must quote it.")
    url = serializers.CharField()
    files = FileSerializer(many=True)
    subscriber_notice = SubscriberNoticeSerializer(
        allow_null=True, help_text="What to say to subscribers; null where nothing is blocked."
    )


def described(block_list: BlockList) -> dict[str, Any]:
    """A published list as ListSerializer shows it. Needs `files` (prefetch them for many)."""
    name, manifest = name_of(block_list), block_list.manifest
    return {
        "name": name,
        "kind": block_list.kind,
        "series": block_list.series,
        "period": f"{block_list.period:%Y-%m}",
        "version": block_list.version,
        "sequence": block_list.sequence,
        "voluntary": manifest["voluntary"],
        "published_at": block_list.published_at,
        "expires_at": manifest["expires_at"],
        "previous": manifest["previous"],
        "counts": {
            "block": block_list.count,
            "added": block_list.added_count,
            "removed": block_list.removed_count,
        },
        "digest": block_list.digest,
        "url": reverse("api:v1:list", args=[name]),
        "files": [
            {
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "url": reverse("api:v1:file", args=[name, file.name]),
            }
            for file in sorted(block_list.files.all(), key=lambda file: file.name)
            if not file.name.endswith(".gz")
        ],
        "subscriber_notice": notice_of(block_list),
    }
