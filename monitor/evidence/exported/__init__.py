"""What an export holds that proves (docs/FORMAT.md, 3). First to read: `proof`."""
