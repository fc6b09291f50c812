"""What a lawyer files: exhibits, list, drafts. First to read: `dossier`, then `export`."""
