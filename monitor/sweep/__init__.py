"""One sweep over what is due. First to read: `sweep`, then `plan`."""
