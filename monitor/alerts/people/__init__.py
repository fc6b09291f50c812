"""Subscribers, their consent, and what they answer. First to read: `subscriptions`."""
