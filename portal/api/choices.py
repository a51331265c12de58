"""A field of a few values, whose refusal names them."""

from __future__ import annotations

from typing import Any, NoReturn

from rest_framework import serializers

from portal.api.query_parameters import one_of


class NamedChoiceField(serializers.ChoiceField):
    """Says what may stand there, where the framework says only that this may not."""

    def fail(self, key: str, **given: Any) -> NoReturn:
        if key == "invalid_choice":
            raise serializers.ValidationError(one_of(map(str, self.choices)), code=key)
        super().fail(key, **given)
