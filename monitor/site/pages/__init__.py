"""The pages of the site, one kind a module: each makes its outputs from what was gathered, and reads nothing itself."""
