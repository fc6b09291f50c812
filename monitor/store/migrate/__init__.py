"""A database of an earlier schema brought to the present one."""
