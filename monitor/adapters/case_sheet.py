"""A sheet to fill by hand for captures made with a telephone: what is known is printed, what is missing left blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from monitor.adapters.pdf import render
from monitor.domain.document import Block, Document, Paragraph, Table

BLANK: Final = ". " * 14
ROWS: Final = 14  # on the first page, under what is explained
SOURCES: Final = {
    "exif": "photo (EXIF)", "file_name": "nom du fichier", "mail": "courriel", "stated": "la personne", None: "",
}  # fmt: skip


def sheet(photos: Sequence[Mapping[str, Any]], *, made: datetime) -> bytes:
    """The PDF: one page up to 14 captures. photos: `name`, `day`, `at`, `source`, `missing`; made: aware UTC."""
    rows: list[list[str]] = [["Capture", "Date et heure", "Source de la date", "Adresse de la page", "Phrase affichée"]]
    for one in photos:
        when = (one["at"] or one["day"] or BLANK).replace("T", " ")
        lacks = one["missing"]
        rows.append(
            [
                one["name"][:60],
                when,
                SOURCES.get(one["source"], ""),
                BLANK if "address" in lacks else "notée",
                BLANK if "sentence" in lacks else "notée",
            ]
        )
    rows += [["", BLANK, "", BLANK, BLANK] for _i in range(ROWS - len(photos))]
    blocks: list[Block] = [
        Paragraph("Captures d'écran faites avec un téléphone : à compléter à la main", strong=True),
        Paragraph(
            "Recopiez l'adresse de la page et la phrase affichée mot pour mot, sans rien ajouter. Une case inconnue"
            " reste vide. N'écrivez ni mot de passe ni numéro d'étranger."
        ),
        Table(rows, widths=(26, 18, 14, 21, 21)),
        Paragraph("Fait le . . . . . . . . . . . .     par . . . . . . . . . . . . . . . . . . . .     Signature :"),
    ]
    return render(
        Document(
            title="Fiche de captures",
            author="Vigie Préfectures",
            running="Fiche à remplir : tentatives de la personne",
            blocks=blocks,
            made=made,
        ),
        archival=False,
    )
