"""Addresses without a log-in, by name. What they show is tested where the citizens' pages are."""

from __future__ import annotations

PUBLIC_NAMES = {
    "home", "help", "privacy", "accessibility", "language", "robots", "sitemap", "security_txt", "manifest",
    "report", "parse_number", "read_offers", "reading_page", "share", "upload_evidence", "challenge",
    "receipt", "check", "track", "progress", "unsubscribe", "objection_create", "objection", "receipt_link",
    "progress_link", "objection_link", "unsubscribe_link", "receipt_file", "money", "our_messages",
    "referral", "referral_link", "your_number", "statistics", "statistics_feed", "statistics_data",
    "statistics_sql", "statistics_newest", "statistics_file", "statistics_picture", "warnings",
    "warnings_feed", "statistics_key", "repository_page", "repository_package", "service_worker",
}  # fmt: skip
