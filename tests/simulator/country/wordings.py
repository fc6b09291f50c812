"""The words the table draws from: names of sections and pages as public sites spell them, and sentences."""

from __future__ import annotations

SECTIONS = (
    "Étrangers", "Accueil des étrangers {of}", "Étrangers {inside}", "Ressortissants étrangers : vos démarches",
    "Les démarches séjour", "Être étranger", "Étrangers en France", "Démarches de l'étranger en France",
    "Immigration - Titre de séjour - Naturalisation", "Immigration et intégration", "Étrangers : vos démarches",
    "Séjour des étrangers", "Service de l'immigration", "Droit au séjour",
)  # fmt: skip
PAN_PAGES = (
    "Point d'accueil numérique (PAN)", "Points d'accueil numérique e-MERAUDE", "Point d'accès numérique",
    "Aide au dépôt en ligne", "Accompagnement numérique des étrangers", "Médiation numérique : titres de séjour",
    "Je n'arrive pas à faire ma demande en ligne", "Points d'accueil numériques pour étrangers",
)  # fmt: skip
APPOINTMENT_PAGES = (
    "Prendre rendez-vous", "Prise de rendez-vous", "Rendez-vous en ligne", "Rendez-vous titres de séjour",
    "Calendriers de rendez-vous", "Demande de rendez-vous",
)  # fmt: skip
FILING_PAGES = (
    "Solution de substitution", "Dépôt impossible sur l'ANEF", "Demandes par voie postale", "Déposer un dossier",
    "Modalités pratiques", "Difficultés avec le téléservice", "Questions fréquentes", "Informations utiles",
)  # fmt: skip
FORMS_PAGES = ("Formulaires à imprimer", "Formulaires", "Dossiers à télécharger", "Imprimés et listes de pièces")
FILLERS = (
    "Regroupement familial", "Demandeurs d'asile", "Voyager avec un titre de séjour", "Actualités du service",
    "Étudiants", "Salariés", "Changement d'adresse", "Acquisition de la nationalité française", "Brexit",
    "Tarifs des titres de séjour",
)  # fmt: skip
OTHER_BUSINESS = (
    "Permis de conduire",
    "Carte grise",
    "Associations",
    "Armes",
    "Élections",
    "Chasse",
    "Cartes d'identité",
)

FILING = {
    "post": (
        "Si le téléservice ANEF ne fonctionne pas, adressez votre demande de titre de séjour par courrier recommandé à "
        "la préfecture, service des étrangers, {street}, {city}.",
        "Les demandes d'admission exceptionnelle au séjour sont déposées exclusivement par voie postale : préfecture, "
        "bureau du séjour, {street}, {city}.",
        "Votre demande de titre de séjour est à envoyer par la poste à l'adresse suivante : préfecture, bureau des "
        "étrangers, {street}, {city}.",
    ),
    "email": (
        "En cas de blocage de l'ANEF, transmettez votre demande de titre de séjour par courriel à l'adresse {email}.",
        "Les dossiers de demande de titre de séjour sont envoyés par courriel à {email}.",
    ),
    "counter": (
        "Si vous n'arrivez pas à déposer votre demande en ligne malgré l'aide du centre de contact citoyen et du point "
        "d'accueil numérique, vous pouvez déposer votre demande de titre de séjour au guichet de la préfecture.",
    ),
}
"""By way: the sentence that states it."""

PAN_OPENINGS = (
    "Un point d'accueil numérique accompagne les étrangers qui ne parviennent pas à déposer leur demande de titre de "
    "séjour sur l'ANEF.",
    "Les usagers étrangers qui rencontrent des difficultés avec l'ANEF sont aidés au point d'accueil numérique (PAN).",
    "Le dispositif e-MERAUDE aide les étrangers à effectuer en ligne leur demande de titre de séjour.",
)
NOT_FOR_FOREIGNERS = (
    "Le point numérique aide les usagers pour la carte grise, le permis de conduire et la carte d'identité.",
    "Un médiateur vous aide à faire en ligne vos démarches de permis de conduire et d'immatriculation.",
)
HOURS = (
    "du lundi au vendredi de 9h à 12h", "le mardi et le jeudi de 13h30 à 16h", "du lundi au jeudi de 8h45 à 11h45",
    "le lundi, le mercredi et le vendredi de 9h00 à 11h30",
)  # fmt: skip
STREETS = (
    "4 place des Tilleuls", "17 rue du Moulin-Neuf", "1 avenue de la République", "23 bis boulevard Jean-Moulin",
    "8 quai des Tanneurs", "112 cours Victor-Hugo", "6 rue de l'Hôtel-de-Ville", "35 allée des Platanes",
)  # fmt: skip
DESKS = (
    "Renouvellement d'un titre de séjour", "Première demande de titre de séjour", "Remise d'un titre de séjour",
    "Renouvellement de récépissé", "Admission exceptionnelle au séjour", "Changement de statut étudiant vers salarié",
    "Titre de voyage et document de circulation pour étranger mineur",
)  # fmt: skip
