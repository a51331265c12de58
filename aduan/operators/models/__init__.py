"""Tables of the register of operators, of who acts for them, and of their webhooks."""

from aduan.operators.models.access import AccessKey, OperatorMember
from aduan.operators.models.register import Brand, LegalReference, NumberRange, Operator, RegisterVersion
from aduan.operators.models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "AccessKey",
    "Brand",
    "LegalReference",
    "NumberRange",
    "Operator",
    "OperatorMember",
    "RegisterVersion",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
