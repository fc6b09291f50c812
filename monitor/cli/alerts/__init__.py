"""Commands that tell: subscribers, outbox, notify."""
