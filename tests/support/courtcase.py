"""A whole invented case: from a block on the ANEF portal to letters without answer. Nobody's name, no real number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from monitor.case.folder import Brought, CaseFolder
from monitor.case.model import Attempt, attempt_to_json
from tests.support.commands import Vigie, settings

PARIS = ZoneInfo("Europe/Paris")
SITE = "https://www.val-doise.gouv.fr/booking/create/11343"
NONE_LEFT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
WORD = "Zéphyrine"  # stands only where a file or a note of the person holds it
OPENED = datetime(2026, 11, 30, 7, tzinfo=UTC)  # whenever the tests run: an attempt of last year is asked about
SECRET = "correct cheval pile agrafe"
FACTS = {"prefecture": "95", "zone": "Europe/Paris", "procedure": "renewal", "family": "anef", "expires": "2026-05-30"}


def command(folder: Path) -> Vigie:
    (folder / "phrase").write_text(SECRET + "\n", encoding="utf-8")
    env = {"VIGIE_CASE_PASSPHRASE_FILE": str(folder / "phrase"), "VIGIE_LANG": "en"}
    return Vigie(folder / "data", settings(folder), env=env)


def new_case(folder: Path, **facts: Any) -> CaseFolder:
    case = CaseFolder.create(folder, SECRET)
    case.append("opened", {**FACTS, **facts}, now=OPENED)
    return case


def png(text: str, size: tuple[int, int] = (900, 640)) -> bytes:
    """A page as a screen shows it."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], 40), fill="#000091")
    draw.text((20, 100), text, fill="black")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def noise(size: tuple[int, int], seed: int = 1) -> bytes:
    """A JPEG that cannot be made much smaller: a photograph of a telephone."""
    import random

    image = Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    out = BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def pdf(
    pages: Sequence[str], *, rotate: int = 0, image: bytes = b"", size: tuple[float, float] = (595.28, 841.89)
) -> bytes:  # fmt: skip
    """A paper of the person's, one line a page. image: drawn over each page, as a scanner does. size: points."""
    from fpdf import FPDF

    made = FPDF()
    made.set_font("Helvetica", size=12)
    for number, text in enumerate(pages):
        made.add_page(format=(size[0] / 72 * 25.4, size[1] / 72 * 25.4))
        if image:
            made.image(BytesIO(noise((700, 990), number) if image == b"noise" else image), x=0, y=0, w=210)
        made.text(20, 30, text)
    data = bytes(made.output())
    if rotate:
        from pypdf import PdfReader, PdfWriter

        writer = PdfWriter()
        for page in PdfReader(BytesIO(data)).pages:
            writer.add_page(page).rotate(rotate)
        out = BytesIO()
        writer.write(out)
        data = out.getvalue()
    return data


def mail(subject: str, body: str, *, html: bool = False, attached: Sequence[tuple[str, bytes, str]] = ()) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "personne@example.org", "sejour@prefecture.example"
    message["Date"], message["Subject"] = "Thu, 12 Mar 2026 10:02:00 +0100", subject
    message["Message-ID"], message["X-Odd"] = "<1@example.org>", "gardé aussi"
    message.set_content(body, subtype="html" if html else "plain")
    for name, data, kind in attached:
        main, _slash, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


@dataclass
class Filling:
    """Adds events to a case."""

    case: CaseFolder

    def add(
        self,
        kind: str,
        at: str,
        *files: tuple[str, bytes],
        procedure: str = "renewal",
        hour: bool = True,
        **more: object,
    ) -> int:
        """at: `2026-03-02T09:14`, legal time in Cergy."""
        instant = datetime.fromisoformat(at).replace(tzinfo=PARIS)
        one = Attempt(
            day=instant.date(), at=instant if hour else None, kind=kind, procedure=procedure, prefecture="95", **more  # type: ignore[arg-type]
        )  # fmt: skip
        return self.case.append("attempt", attempt_to_json(one), [Brought(*file) for file in files]).n


def fill(case: CaseFolder) -> None:
    """The case: portal, booking site, call centre, help desk, préfecture."""
    to = Filling(case)
    for n in range(8):
        day = date(2026, 3, 2) + timedelta(days=4 * n)
        at = f"{day}T{9 + n % 5:02d}:1{n % 6}"
        to.add("no_slot", at, (f"capture {n}.png", png(f"essai {n}: {NONE_LEFT}")), address=SITE, sentence=NONE_LEFT)
    to.add("slot_offered", "2026-03-20T18:30", ("creneau.png", png("Mardi 9 h 30")), address=SITE,
           sentence="Mardi 9 h 30")  # fmt: skip
    to.add("no_slot", "2026-03-29T02:15", ("IMG.jpg", noise((300, 200))), hour=False, date_source="file_name",
           author="helper")  # fmt: skip
    to.add("no_slot", "2026-03-30T09:00", ("autre.png", png("autre démarche")), procedure="duplicate")
    to.add("anef_error_code", "2026-02-20T21:05", ("erreur.png", png("Erreur 503-B")), sentence="Erreur 503-B")
    to.add("ccc_message", "2026-02-21T08:00", ("ccc.pdf", pdf(["Formulaire envoyé"])), reference="T-2026-77")
    to.add("ccc_attestation", "2026-03-01T08:00", ("attestation.pdf", pdf(["Attestation", "suite"], rotate=90)))
    to.add("pan_unavailable", "2026-03-05T11:00", ("pan.png", png("Aucun rendez-vous")))
    eml = mail(
        "Demande de rendez-vous", f"Bonjour,\n\nJe demande une date. {WORD}\n",
        attached=[("capture.png", png("jointe"), "image/png"), ("titre.pdf", pdf(["Titre joint"]), "application/pdf")],
    )  # fmt: skip
    to.add("email", "2026-03-12T10:02", ("demande.eml", eml))
    html = mail("Réponse", "<html><head><style>p{}</style></head><p>Veuillez réessayer.</p></html>", html=True)
    to.add("prefecture_answer", "2026-03-16T15:00", ("reponse.eml", html))
    to.add("registered_letter", "2026-03-25T17:00", ("lettre.pdf", pdf(["Objet : date de rendez-vous"])),
           ("recepisse.heic", b"\0\0\0\x18ftypheic nobody reads"), reference="1A 000 000 0000 0")  # fmt: skip
    wrong = to.add("no_slot", "2026-03-31T09:00", ("doublon.png", png("doublon")))
    case.append("left", {"as": "prefecture"})  # a draft was made: what is withdrawn from here on is printed
    case.append("note", {"about": wrong, "text": "enregistrée deux fois", "withdrawn": True})
