"""A settings file of an older version, rewritten as today's: its comments and its order stay."""

from __future__ import annotations

from monitor.settings.readers import authority_table


def migrated(toml: str) -> str:
    """The same settings in today's keys; the same text where nothing is old.

    0.1 wrote time-stamp authorities as texts of three or four words; since then each is a table. Raises ValueError for
    a text that is not TOML or that 0.1 would not have read.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(toml)
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    stamps = document.get("timestamps", {})
    if "authorities" not in stamps:
        return toml
    tables = stamps.get("authority") or tomlkit.aot()
    for words in stamps.pop("authorities"):
        table = tomlkit.table()
        table.update(authority_table(words))
        tables.append(table)
    if tables:
        stamps["authority"] = tables
    return tomlkit.dumps(document)
