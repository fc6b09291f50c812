"""What messages say in French, at level B1: short sentences, the site's words apart, never more than was read.

Steps after a digest: plusieurs tentatives, pas la même semaine (Conseil d'État, 10 juin 2020, n° 435594); centre de
contact citoyens, then point d'accueil numérique, then substitution (CESEDA R. 431-2, arrêté du 1er août 2023,
NOR IOMV2311395A).
"""

from __future__ import annotations

from typing import Final

from monitor.alerts.text.operator import OPERATOR_FRENCH
from monitor.alerts.text.words import Tongue, Words

_OPEN_PAGE = "Ouvrez la page officielle et lisez-la vous-même."
_CAPTURE = "Gardez une capture datée de la page entière, avec son adresse."
_CHANGES = "La page peut avoir changé depuis cette heure."
_CONDITION = (
    "La phrase de la page, citée plus bas, peut poser une condition. Le relevé ne dit pas que cette voie vous est "
    "ouverte."
)
_ASK = (
    "Avant d'envoyer un dossier, vérifiez la condition sur la page ou demandez conseil à une association ou un avocat."
)

FRENCH: Final = Tongue(
    kinds={
        "slots_open": Words(
            "Créneau affiché : {what}, {office}",
            "Le site affichait au moins un créneau.",
            (
                "Ouvrez tout de suite la page officielle et réservez vous-même.",
                "Si le créneau n'est plus là, gardez une capture datée de ce que vous voyez.",
            ),
            "Le relevé ne réserve rien et ne garde aucun créneau. Il ne sait pas si ce créneau est encore libre, ni "
            "s'il convient à votre situation.",
            (("first_day", "Premier jour affiché : {first_day}."),),
        ),
        "slots_open_weak": Words(
            "Réservation peut-être ouverte : {what}, {office}",
            "Le site laissait passer vers la réservation ; aucun créneau n'a encore été vu.",
            (
                "Ouvrez tout de suite la page officielle et regardez vous-même.",
                "S'il n'y a pas de créneau, gardez une capture datée de ce que vous voyez.",
            ),
            "Le relevé s'arrête avant la réservation : il ne sait pas si la suite mène à un créneau.",
            (("gone_at", "Message tardif : ouvert à {at_hour}, revu à {gone_at} : aucun."),),
        ),
        "slots_open_late": Words(
            "Message tardif, créneau ouvert à {at_hour}, revu à {gone_at} : aucun : {what}, {office}",
            "Message tardif. Le site affichait au moins un créneau : ouvert à {at_hour}, revu à {gone_at} : aucun.",
            (
                "Regardez tout de même la page officielle : des créneaux reviennent parfois.",
                "Gardez une capture datée de ce que vous voyez.",
            ),
            "Le relevé ne sait pas qui a pris ces créneaux, ni quand d'autres seront ouverts.",
            (("first_day", "Premier jour affiché alors : {first_day}."),),
        ),
        "slots_gone": Words(
            "Plus de créneau affiché : {what}, {office}",
            "Des créneaux étaient affichés ; le site dit maintenant qu'il n'y en a plus.",
            ("Continuez vos propres essais, à des jours et des heures différents.", _CAPTURE),
            "Le relevé ne sait pas qui a pris ces créneaux, ni quand d'autres seront ouverts.",
            (("opened_at", "Ils étaient affichés depuis {opened_at}."),),
        ),
        "slots_gone_otherwise": Words(
            "Changement après une ouverture relevée : {what}, {office}",
            "Le site ne montre plus ce qui avait été relevé ; ce qu'il dit maintenant est cité plus bas.",
            ("Relisez vous-même la page officielle, et continuez vos propres essais.", _CAPTURE),
            "Le relevé ne sait pas s'il reste des créneaux, ni quand d'autres seront ouverts.",
            (("opened_at", "L'ouverture était relevée depuis {opened_at}."),),
        ),
        "no_slot_digest": Words(
            "Relevé : aucun créneau vu, {what}, {office}",
            "Sur la période, le relevé n'a vu aucun créneau. Voici la dernière phrase lue sur le site.",
            (),
            "Entre deux visites, un créneau a pu apparaître et disparaître. Une page non lue n'est pas comptée comme "
            "une page sans créneau.",
            (
                ("since", "Période : du {since} au {until}."),
                ("looks", "Visites : {looks}. Le site disait « aucun créneau » : {no_slot} fois."),
                ("by_data", "Dont {by_data} fois par des données vides, sans phrase."),
                ("unread", "Visites où la page n'a pas pu être lue (captcha, panne, coupure) : {unread}."),
            ),
        ),
        "procedure_closed": Words(
            "Démarche fermée, selon le site : {what}, {office}",
            "Une phrase du site dit que cette démarche est fermée.",
            (_OPEN_PAGE, _CAPTURE, "Cherchez sur le site de la préfecture si une autre voie est indiquée."),
            "Le relevé ne sait pas si la fermeture est définitive, ni pourquoi. " + _CHANGES,
        ),
        "obstacle_appeared": Words(
            "Page devenue illisible pour le relevé : {what}, {office}",
            "Le relevé ne peut plus lire cette page : {obstacle}. Il ne contourne jamais un tel obstacle.",
            (
                "Essayez vous-même : une personne peut souvent passer là où un programme s'arrête.",
                "Gardez une capture datée de chacun de vos essais : le relevé n'en a plus.",
            ),
            "Tant que l'obstacle dure, le relevé ne sait pas s'il y a des créneaux.",
        ),
        "obstacle_lifted": Words(
            "Page de nouveau lisible : {what}, {office}",
            "L'obstacle a disparu ({obstacle}) : le relevé lit de nouveau la page.",
            ("Vous n'avez rien à faire ; les messages reprennent.",),
            "Le relevé ne sait pas ce que la page montrait pendant ce temps.",
            (("since", "L'obstacle avait été vu à partir du {since}."),),
        ),
        "pan_published": Words(
            "Point d'accueil numérique publié : {office}",
            "Une page de la préfecture annonce un point d'accueil numérique (PAN).",
            ("Lisez sur la page pour qui il est ouvert, où et quand.", _CAPTURE),
            "Le relevé ne sait pas s'il y reste des rendez-vous. Un PAN aide à faire une démarche de l'ANEF ; il ne "
            "remplace pas le dépôt d'un dossier.",
        ),
        "pan_withdrawn": Words(
            "Point d'accueil numérique plus trouvé : {office}",
            "Une page l'annonçait ; plusieurs lectures ne l'y trouvent plus.",
            (_OPEN_PAGE, _CAPTURE),
            "Le point d'accueil peut exister encore, annoncé ailleurs.",
        ),
        "pan_changed": Words(
            "Point d'accueil numérique modifié : {office}",
            "La page du point d'accueil numérique (PAN) ne dit plus la même chose.",
            ("Comparez les deux phrases ci-dessus et relisez la page avant de vous déplacer.",),
            _CHANGES,
        ),
        "channel_published": Words(
            "Autre voie mentionnée : {channel}, {office}",
            "Une page de la préfecture mentionne cette voie : {channel}. " + _CONDITION,
            (_ASK, _CAPTURE),
            "Le relevé ne sait pas à quelle condition cette voie est soumise, ni si vous la remplissez.",
        ),
        "channel_withdrawn": Words(
            "Voie qui n'est plus mentionnée : {channel}, {office}",
            "Une page mentionnait cette voie : {channel}. Plusieurs lectures ne l'y trouvent plus.",
            (_OPEN_PAGE, "Si vous aviez prévu d'utiliser cette voie, gardez la preuve de ce qui était publié."),
            "La voie peut exister encore, annoncée ailleurs.",
        ),
        "channel_reworded": Words(
            "Voie décrite autrement : {channel}, {office}",
            "La page ne décrit plus cette voie avec les mêmes mots : {channel}. " + _CONDITION,
            ("Comparez les deux phrases ci-dessus.", _ASK),
            "Le relevé ne sait pas si la règle a changé ou seulement la phrase.",
        ),
        "unreachable": Words(
            "Site injoignable depuis {hours} h : {office}",
            "Depuis {hours} heures, le relevé n'obtient pas de réponse lisible de ce site ; notre propre réseau "
            "fonctionnait.",
            ("Essayez vous-même et gardez une capture datée du message d'erreur.",),
            "Le relevé ne sait pas s'il y a eu des créneaux pendant ce temps, ni si le site répondait à d'autres.",
            (("cause", "Dernier constat : {cause}."),),
        ),
        **OPERATOR_FRENCH,
    },
    obstacles={
        "captcha": "un captcha",
        "login": "une page de connexion",
        "waf": "le site refuse l'accès au relevé",
        "rate_limit": "le site demande de ralentir",
        "queue": "une file d'attente",
        "robots": "le site interdit la page aux robots",
    },
    channels={
        "counter": "dépôt au guichet",
        "postal": "envoi par courrier",
        "email": "envoi par courriel",
        "phone": "prise de rendez-vous par téléphone",
    },
    causes={
        "dns": "nom introuvable",
        "tls": "certificat refusé",
        "connect": "connexion impossible",
        "timeout": "pas de réponse à temps",
        "reset": "connexion coupée",
        "overloaded": "service surchargé",
        "maintenance": "maintenance",
        "server_error": "erreur du serveur",
    },
    said={
        "discreet": "Un message de votre veille",
        "discreet_more": "Les détails sont plus bas. Ouvrez ce message quand personne ne lit par-dessus votre épaule "
        ": il parle d'une démarche personnelle.",
        "digest": "Relevé : {count} nouvelles",
        "simulation": "SIMULATION : ceci est un essai, rien de tout cela n'est réel.",
        "where": "Lieu",
        "what": "Démarche",
        "when": "Heure",
        "local": "heure légale de la préfecture",
        "paris": "heure de Paris",
        "quote": "Ce que dit le site, mot pour mot",
        "before": "Ce qu'il disait avant",
        "page": "Page officielle",
        "next": "Que faire maintenant",
        "unknown": "Ce que le relevé ne sait pas",
        "stop": "Arrêter ces messages",
        "stop_mail": "Envoyez un courriel à {mailbox} avec pour objet : {code}",
        "stop_operator": "Écrivez à {contact}, qui tient ce relevé.",
        "not_instead": "Ce relevé ne remplace pas vos propres essais.",
        "sent_by": "Message automatique envoyé par {operator}, sans lien avec la préfecture. Gratuit, sans suivi de "
        "lecture.",
        "sent_by_nobody": "Message automatique, sans lien avec la préfecture. Gratuit, sans suivi de lecture.",
        "enclosed": "En pièce jointe : le relevé et de quoi le vérifier.",
        "so_far": "En pièce jointe : les observations écrites jusqu'à cette heure.",
        "previous_stamp": "Dernier scellé horodaté : {stamp}.",
        "own_stamp": "Le scellé et l'horodatage de cette observation suivront, à la fin du passage en cours.",
        "also": "Autres faits",
        "again": "C'est une nouvelle ouverture ; la précédente avait pris fin ({again}).",
        "back": "C'est un retour à ce qui avait déjà été lu (dernière fois : {back}).",
        "reference": "Référence",
    },
    ladder=(
        "Faites vos propres essais, à des jours et des semaines différents, et gardez une capture de chacun : page "
        "entière, adresse, date, heure. Le juge demande plusieurs tentatives qui ne sont pas de la même semaine "
        "(Conseil d'État, 10 juin 2020, n° 435594).",
        "Demandez aussi un rendez-vous par écrit à la préfecture, vous-même, et gardez la preuve de l'envoi.",
        "Si votre démarche se fait sur l'ANEF : écrivez d'abord au centre de contact citoyens et gardez le numéro de "
        "demande ; puis le point d'accueil numérique ; puis demandez la solution de substitution (CESEDA, art. R. "
        "431-2 ; arrêté du 1er août 2023, NOR IOMV2311395A).",
    ),
    ladder_naturalisation=(
        "Faites vos propres essais et gardez une capture de chacun : page entière, adresse, date, heure.",
        "Pour la naturalisation, la suite n'est pas celle des titres de séjour : demandez d'abord l'aide du centre de "
        "contact citoyens et gardez sa réponse écrite.",
        "Avant tout envoi par courrier, demandez conseil à une association ou un avocat.",
    ),
)
