"""`datapackage.json`: a Data Package (version 2) whose every table has its Table Schema, its columns in both languages.

https://datapackage.org/standard/data-package/, read on 2026-11-30.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from monitor.site.frame import Output
from monitor.site.model import SiteData, SiteOptions
from monitor.site.opendata.licence import ADDRESS, NAME, SPDX, citation
from monitor.site.opendata.tables import FOLDER, Column, DataTable, TableName, tables

PROFILE: Final = "https://datapackage.org/profiles/2.0/"
_POINTS: Final[Mapping[TableName, Sequence[tuple[str, TableName]]]] = {  # a column, and the table whose key it is
    "days": (("desk", "desks"),),
    "france": (("prefecture", "prefectures"),),
    "desks": (("prefecture", "prefectures"),),
}


def package(files: Sequence[tuple[TableName, Output]], data: SiteData, options: SiteOptions) -> Iterator[Output]:
    """The descriptor of these tables, and the Table Schema of each kind, which the descriptor names."""
    for table in tables().values():
        yield Output(f"{FOLDER}/{_schema_name(table.name)}", _json(schema(table)))
    told = {
        "$schema": f"{PROFILE}datapackage.json",
        "name": "vigie-prefectures",
        "title": "SIMULATION – Vigie Préfectures" if data.simulated else "Vigie Préfectures",
        "description": (
            "Ce que les sites des préfectures répondent à qui cherche un rendez-vous. / "
            "What the sites of the préfectures answer to who looks for an appointment. " + citation(data, options)
        ),
        "licenses": [{"name": SPDX, "title": NAME, "path": ADDRESS}],
        "contributors": [{"title": "Vigie Préfectures", "roles": ["creator", "publisher"]}],
        "keywords": ["préfecture", "rendez-vous", "titre de séjour"],
        **({"homepage": options.base_url} if options.base_url else {}),
        **({"created": data.until.isoformat(), "version": f"{data.until:%Y.%m.%d}"} if data.until else {}),
        "resources": [_resource(name, file) for name, file in files],
    }
    yield Output(f"{FOLDER}/datapackage.json", _json(told))


def schema(table: DataTable) -> Mapping[str, Any]:
    """The Table Schema of a table. A description is French, then English; `unit` is a property of our own."""
    return {
        "$schema": f"{PROFILE}tableschema.json",
        "fields": [_field(one, table) for one in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [column], "reference": {"resource": other, "fields": list(tables()[other].key)}}
            for column, other in _POINTS.get(table.name, ())
        ],
    }


def _field(one: Column, table: DataTable) -> Mapping[str, Any]:
    held: dict[str, Any] = {"required": True} if one.name in table.key or one.type != "string" else {}
    if one.type == "integer":
        held["minimum"] = 0
    return {
        "name": one.name,
        "type": one.type,
        "description": f"{one.fr} / {one.en}",
        **({"unit": one.unit} if one.unit else {}),
        **({"constraints": held} if held else {}),
    }


def _resource(name: TableName, file: Output) -> Mapping[str, Any]:
    path = file.path.removeprefix(f"{FOLDER}/")
    stem = path.removesuffix(".csv").lower()
    return {
        "name": f"days-{stem}" if name == "days" else stem,
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(file.data),
        "hash": f"sha256:{hashlib.sha256(file.data).hexdigest()}",
        "schema": _schema_name(name),
    }


def _schema_name(name: TableName) -> str:
    return f"{name}.schema.json"


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
