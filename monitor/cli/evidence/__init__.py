"""Commands that prove: export, verify, gc."""
