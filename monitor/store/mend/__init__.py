"""A data folder examined, and its database made again."""
