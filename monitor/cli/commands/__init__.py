"""What each command accepts, one module a family; nothing of the program is imported."""
