"""The site's data for programs: tables with their description, what each préfecture says now, feeds, an archive."""
