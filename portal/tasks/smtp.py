"""A connection to the mail server that asks more than it waits: PIPELINING, RFC 2920.

Sender, recipient and the wish to send go out together where the server says that it takes them so. A letter
then waits for two answers instead of four. Commands and letter are short and sent at once (TCP_NODELAY): with
Nagle's algorithm the second of two waits until the first is acknowledged, which takes up to 40 ms.
"""

from __future__ import annotations

import re
import smtplib
import socket
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from portal.tasks.letter_bytes import letter_bytes

_LEADING_DOT = re.compile(rb"(?m)^\.")
_END = b"\r\n.\r\n"


class _Pipelining(smtplib.SMTP):
    def sendmail(self, from_addr: str, to_addrs: Any, msg: Any, *options: Any, **more: Any) -> Any:
        """One letter to one recipient in two round trips; to several, or an older server, as smtplib does."""
        self.ehlo_or_helo_if_needed()
        if len(to_addrs) != 1 or not self.has_extn("pipelining"):
            return super().sendmail(from_addr, to_addrs, msg, *options, **more)
        size = f" size={len(msg)}" if self.has_extn("size") else ""
        commands = (
            f"mail FROM:{smtplib.quoteaddr(from_addr)}{size}",
            f"rcpt TO:{smtplib.quoteaddr(to_addrs[0])}",
            "data",
        )
        if any("\r" in command or "\n" in command for command in commands):
            raise ValueError("a line break in an address")
        self.send("".join(f"{command}\r\n" for command in commands))
        sender, recipient, go = (self.getreply() for _command in commands)
        if go[0] == 354:
            refused = not _accepted(sender) or not _accepted(recipient)
            # A server may say "go" with no recipient at all, and then has to hear that nothing comes.
            self.send(_END[2:] if refused else _LEADING_DOT.sub(b"..", msg).removesuffix(b"\r\n") + _END)
            go = self.getreply()
        if not _accepted(sender):
            raise smtplib.SMTPSenderRefused(*sender, from_addr)
        if not _accepted(recipient):
            raise smtplib.SMTPRecipientsRefused({to_addrs[0]: recipient})
        if go[0] != 250:
            raise smtplib.SMTPDataError(*go)
        return {}


def _accepted(answer: tuple[int, bytes]) -> bool:
    return answer[0] in (250, 251)


class _OverTls(_Pipelining, smtplib.SMTP_SSL): ...


class LetterBackend(EmailBackend):
    """Django's, with a connection that pipelines and letters that we write ourselves."""

    @property
    def connection_class(self) -> Any:
        return _OverTls if self.use_ssl else _Pipelining

    def open(self) -> bool | None:
        opened = super().open()
        if opened and self.connection is not None and self.connection.sock is not None:
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send_letter(self, letter: EmailMultiAlternatives) -> None:
        """Raises when the mail server did not take it."""
        self.open()
        if self.connection is None:
            raise ConnectionError("no connection to the mail server")
        sender, recipient = (sanitize_address(one, "utf-8") for one in (letter.from_email, letter.to[0]))
        self.connection.sendmail(sender, [recipient], letter_bytes(letter))
