"""A person's own attempts, encrypted at rest. First to read: `model`, then `folder`."""
