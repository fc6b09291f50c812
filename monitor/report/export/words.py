"""The sentences of the relevé. French by design: it is read by a French court. They state; they never qualify."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Relevé d'observations de pages publiques"
RUNNING: Final = "Relevé automatique sans intervention humaine"
SIMULATION: Final = "SIMULATION"

SIMULATED: Final = (
    "SIMULATION. Les observations marquées comme telles ont été faites sur un simulateur, pas sur le site de la "
    "préfecture : {n}. Ce document montre la forme d'un relevé ; il n'est la preuve de rien."
)
WHO: Final = (
    "Un logiciel libre, Vigie Préfectures {versions}, sans compte, sans identité et sans intervention humaine ; il "
    "n'a ni réservé de créneau, ni contourné de protection. Exploitant : {operator}. Aucune observation n'est la "
    "tentative d'une personne."
)
NO_OPERATOR: Final = "non nommé dans le relevé"
WHAT: Final = (
    "Les pages publiques nommées ci-dessous, telles que le site les sert à tout visiteur, avant la saisie de toute "
    "donnée personnelle."
)
SPAN: Final = "Du {first} au {last} ({days}), en heure légale de la préfecture"
RESULT_HEAD: Final = (
    "Démarche", "Aucun créneau", "Créneau affiché", "Autre réponse du site", "Obstacle ou accès refusé",
    "Page non lue, site non atteint", "Contrôles prévus, non faits",
)  # fmt: skip
OTHERS_HEAD: Final = ("Page ou service", "Lectures", "Contrôles prévus, non faits")
SENTENCE_HEAD: Final = ("Démarche", "Phrase du site la plus lue", "Rythme des observations")
DENOMINATOR: Final = (
    "Chaque part est celle des observations comptées de la démarche ; la dernière colonne, celle des contrôles prévus. "
    "Seule la phrase ou la donnée du site compte comme « aucun créneau »."
)
PACE: Final = "une toutes les {median} (médiane) ; au plus {gap} sans aucune"
ONCE: Final = "une seule observation"
DATED: Final = (
    "{within} écrites entre deux horodatages de tiers distants d'une heure au plus ; {loose} sans l'un des deux ; "
    "autorités : {authorities}."
)
WIDEST: Final = "Plus grand écart : {width}."
OUTSIDE: Final = "ATTENTION : {n} dont l'heure est hors des bornes qu'une autorité atteste."
WIDTHS: Final = ("10 minutes", "1 heure", "1 jour")
UNBOUNDED: Final = "(sans borne)"
BOUNDS: Final = (
    "Chaque passage scellé contient l'horodatage du passage précédent, puis est horodaté à son tour : il a été écrit "
    "entre les deux. L'heure d'une observation est celle de la machine ; ces bornes sont celles d'autorités "
    "d'horodatage (RFC 3161), chacune pour elle-même, converties en heure légale. La liste des observations donne "
    "celles de chacune."
)
NO_BOUNDS: Final = "Aucune autorité n'atteste de date : les heures ne reposent que sur l'horloge de l'exploitant."
WIDEST_SWEEP: Final = "Passage dont les bornes sont les plus écartées : n° {sweep}, {span}."
WRITTEN: Final = "Écrite après {after} et avant {before} (horodatages : {authority})"
UNDATED: Final = "Aucun horodatage de tiers ne borne ce passage."
PROVES: Final = (
    "À chaque instant listé, le programme a demandé la page indiquée et a noté ce qu'elle affichait. Les phrases entre "
    "guillemets sont celles du site, mot à mot.",
    "Seule la lecture « aucun créneau », fondée sur la propre phrase ou les propres données du site, compte comme "
    "affichage d'une absence de créneau. Les créneaux affichés sont notés et imprimés avec le même soin.",
)
PROVES_STAMPED: Final = (
    "Les observations sont scellées dans un journal signé, passage par passage, et horodatées par des tiers. Les "
    "fichiers joints permettent de vérifier que rien n'y a été changé, qu'aucune observation annoncée par un passage "
    "joint ne manque, et entre quelles dates chaque passage a été écrit. Ils ne montrent pas seuls que le journal n'a "
    "pas été coupé avant le premier ou après le dernier passage joint : un point de contrôle reçu ailleurs le montre."
)
PROVES_SEALED: Final = (
    "Les observations sont scellées dans un journal signé, passage par passage, que les fichiers joints permettent de "
    "vérifier ; aucun tiers ne les a horodatées à ce jour, et leurs dates ne reposent que sur l'horloge de "
    "l'exploitant."
)
NOT_SEALED: Final = (
    "Ces observations ne sont pas scellées : rien, dans ce dossier, ne prouve leur date ni qu'elles n'ont pas été "
    "changées depuis."
)
NOT_YET_SEALED: Final = "Observations de la période qui ne sont pas encore scellées, et absentes de ce relevé : {n}."
PROVES_NOT: Final = (
    "Ce que la page affichait entre deux observations, avant la première et après la dernière.",
    "Ce qu'une autre personne, ailleurs ou connectée à un compte, aurait vu au même instant.",
    "Que le site a bien envoyé ces pages : aucun procédé technique ne le peut après coup. Chaque visite porte un "
    "identifiant que le site peut retrouver dans ses propres journaux d'accès.",
    "Un captcha, un accès refusé, une panne du site ou de notre réseau ne dit rien des créneaux : ces lectures sont "
    "comptées à part et ne valent jamais « aucun créneau ».",
)
NO_LAW: Final = "Ce document ne contient aucune appréciation juridique."

CONDITIONS: Final = (
    "Visiteur sans compte, sans identité et sans historique ; chaque contrôle ouvre une session neuve.",
    "Les fichiers robots.txt sont respectés, l'agent utilisateur nomme le logiciel, le rythme est limité pour chaque "
    "site. Un captcha, une connexion ou un refus arrête la visite.",
    "Les heures sont celles de l'horloge de la machine qui observe ; l'ordre des observations est celui de leur "
    "numéro, donné à l'enregistrement.",
)
NO_ENVIRONMENT: Final = "Les conditions détaillées de la machine n'ont pas été enregistrées pour cette période."
SEVERAL_ENVIRONMENTS: Final = (
    "Les conditions ont changé au cours de la période ({n} états distincts, seize au plus dans sealed/) ; le dernier :"
)
SETTINGS: Final = {
    "program": "Versions du programme",
    "resolver": "Résolveurs utilisés",
    "tls": "Chiffrement",
    "http": "Protocole",
    "local": "Adresses d'envoi",
}
SKEW_S: Final = 60
SERVER_CLOCK: Final = (
    "réponses qui portent l'heure du site (en-tête Date) : {n} ; écart maximal avec la nôtre {most} s ; au-delà d'une "
    "minute : {far}"
)
LAUNCHERS: Final = {
    "cron": "le planificateur de la machine (cron)",
    "crond": "le planificateur de la machine (cron)",
    "systemd": "le planificateur de la machine (systemd)",
    "sh": "un interpréteur de commandes (sh)",
    "bash": "un interpréteur de commandes (bash)",
}
ABSENT: Final = {
    "processor": "processeur",
    "firmware": "fabricant de la machine",
    "machine_id_sha256": "identité de la machine",
    "boot_id": "identité du démarrage",
    "system": "système",
    "debian": "version de Debian",
    "python": "interpréteur",
    "packages": "bibliothèques",
    "process": "lancement",
    "place": "langue et fuseau",
    "proxies": "proxy",
    "resolver": "serveurs de noms",
    "hosts_file": "fichier hosts",
    "source_addresses": "adresses locales",
    "interfaces": "interfaces réseau",
    "default_routes": "route par défaut",
    "certificates": "certificats d'autorité",
    "clock": "horloge du noyau",
    "chrony": "service de temps chrony",
}
STEPS_TIMES: Final = "{steps} — {n}"

MISSED: Final = {
    "floor": "vue trop récemment pour être visitée de nouveau",
    "host": "site laissé en repos (refus, ralentissement demandé ou erreurs)",
    "browser": "navigateur de la veille absent ou en panne",
    "stopped": "passage interrompu",
    "deadline": "durée maximale du passage atteinte",
    "crashed": "erreur du programme",
    "killed": "passage arrêté net, ou encore en cours",
    "unknown": "sans raison enregistrée",
}
CALENDAR: Final = (
    "Jours des observations, une ligne par semaine. En gras : nombre d'observations, ● si un créneau y fut affiché ; "
    "dessous : combien affichaient « aucun créneau ». Case vide : aucune observation ce jour-là."
)
CALENDAR_PLAIN: Final = "Jours des observations, une ligne par semaine. Case vide : aucune observation ce jour-là."
GRID: Final = (
    "Jour et heure des observations, en heure légale de la préfecture. En gras : nombre d'observations ; dessous : "
    "combien affichaient « aucun créneau ». Case vide : aucune observation à cette heure."
)
NO_OPENING: Final = "Observations comptées : {n}. Aucune n'a montré de créneau ni de chemin ouvert vers un créneau."
OPENING_AFTER: Final = "Observation suivante : {when} — {label}."
OPENING_OPEN: Final = "Aucune observation suivante dans la période."
CORRECTIONS: Final = "Observations corrigées, non comptées"
ERRATUM: Final = (
    "Ce guichet n'est pas celui des étrangers. Le projet l'avait déclaré par erreur ; les observations faites à cette "
    "adresse restent imprimées et scellées comme elles furent enregistrées, et ne sont comptées nulle part."
)
UNCONFIRMED: Final = (
    "Les pages gardées ont été relues par une version plus récente du programme, qui n'en tire plus la lecture "
    "enregistrée. Ces observations restent imprimées et scellées telles quelles, portent la mention « non comptée » "
    "avec la lecture d'aujourd'hui, et ne sont comptées nulle part."
)
NONE_COUNTED: Final = "Aucune observation de ce contrôle n'est comptée : voir « Observations corrigées, non comptées »."
DAMAGED: Final = (
    "Observations endommagées sur le disque, déclarées comme telles. Elles ne sont comptées nulle part dans ce relevé."
)
THINNED: Final = (
    "Observations dont les pages reçues n'ont pas été jointes, pour que ce dossier puisse être transmis : {n}. Sont "
    "jointes d'abord celles qui montrent un créneau et les changements de lecture, puis des jours répartis sur la "
    "période. Les observations gardent l'empreinte de chaque page ; « vigie export --all » les joint toutes."
)
LOST: Final = (
    "Pages choisies pour être jointes, mais qui ne sont plus conservées ou dont les octets sont endommagés : {n}. Les "
    "observations en gardent l'empreinte."
)
CAPTION: Final = (
    "Capture n° {i}/{n} — {when} — {office}, démarche « {label} » — Message affiché : {seen} — Adresse : {url} — "
    "Auteur : relevé automatique sans intervention humaine — Empreinte SHA-256 : {digest}…"
)
PICTURES: Final = (
    "Chaque image est un rendu, par le navigateur Chromium, sans réseau et sans JavaScript, des octets mêmes qui ont "
    "été lus : la page n'a pas été demandée une seconde fois au site. Ce n'est pas une photographie de l'écran d'un "
    "visiteur : l'aspect peut en différer. Sont retenus la première lecture du jour, les changements de lecture et "
    "toutes les pages montrant un créneau."
)
NOT_PRINTED: Final = "Images jointes dans captures/ et non imprimées ici : {n}."
NOT_KEPT: Final = "Images faites, mais dont les octets ne sont plus conservés ou sont endommagés : {n}."
NOT_SHOWN: Final = "Images qui n'ont pas pu être faites, déclarées au moment du passage :"
DRAWN: Final = "Rendu des octets reçus, sans réseau, sans JavaScript ; {browser} ; fait le {made} ;"
DRAWN_FROM: Final = "Page rendue, SHA-256 : {page} ; identifiant de la visite : {check}."
SCROLLED: Final = "Page défilée jusqu'à la phrase citée, si elle s'y trouve en clair ; le navigateur la surligne alors."
BOXED: Final = "Page défilée jusqu'à l'élément lu, que le programme a entouré d'un trait rouge : seule marque ajoutée."
PICTURE_DIGEST: Final = "Image (captures/), SHA-256 : {digest}."
WHOLE_PAGE: Final = "Page entière, dans captures/, SHA-256 : {digest}."
DRAWN_WITH: Final = "Styles, images et polices rendus avec elle, obtenus du site au plus une fois par jour : {told}."
DRAWN_WITHOUT: Final = "Éléments que la page demandait et qui n'ont pas été rendus ({n}) : {told}."
TABLE: Final = (
    "Par ordre d'enregistrement. À droite, les 16 premiers caractères de deux empreintes SHA-256 : celle de "
    "l'observation (sa ligne dans records.jsonl) et celle de la page reçue, qu'observations.csv donne entières ; "
    "dessous, l'identifiant de la visite, que le site a reçu et peut retrouver dans ses journaux. Une flèche précède "
    "l'adresse de la page lue, quand elle n'est pas celle de la démarche."
)
CUT: Final = (
    "Ce jeu réduit ne contient, ici et dans observations.csv, que les {shown} dernières observations sur {n} ; "
    "l'export complet les contient toutes. Les comptes portent sur toutes."
)
VERIFY_SEALED: Final = (
    "Le dossier qui accompagne ce document contient LISEZ-MOI.txt, écrit pour un lecteur sans connaissance technique. "
    "En bref : ouvrir un terminal dans le dossier et taper « sh verify.sh ». Il faut seulement sha256sum et openssl.",
    "Vérifier une observation : sa ligne dans records.jsonl, sans le saut de ligne, a l'empreinte imprimée à droite. "
    "Par exemple : grep '\"seq\":NUMÉRO,' records.jsonl | tr -d '\\n' | sha256sum (zgrep, si le fichier finit en .gz)",
    "Vérifier une page : sha256sum captures/*/*/* ; l'empreinte affichée se retrouve dans le nom du fichier, et la "
    "ligne de l'observation la cite, ou pour une image celle de shots.jsonl.",
    "Le PDF et le CSV ne font que présenter records.jsonl, qui seul est scellé.",
)
VERIFY_SMALL: Final = (
    "Ce jeu réduit contient preuve.zip : le dernier passage scellé, avec verify.sh, LISEZ-MOI.txt et les observations "
    "de ce passage. Son point de contrôle signé engage toutes les observations antérieures ; l'export complet, sur "
    "demande, permet de vérifier chacune.",
)
CHECKPOINT: Final = "après le passage n° {sweep}{closed} : {size} dans tout le journal, racine {root}"
COSIGNED_BY: Final = "cosigné par le témoin {name} : {n}, le dernier à la suite du passage n° {sweep}, le {at}"
NOT_PUBLISHED: Final = (
    "aucune copie déposée ailleurs n'est enregistrée dans ce dossier ; si vous en avez reçu une, verify.sh la compare"
)
VERIFY_UNSEALED: Final = (
    "Sans scellement, seules se vérifient l'intégrité des fichiers depuis l'export (sha256sum -c SHA256SUMS) et la "
    "concordance des empreintes : chaque page de captures/ porte pour nom l'empreinte que cite son observation.",
)
README_UNSEALED: Final = (
    "Export de Vigie Préfectures ({program}) - {office}\nDémarches : {scope}\n\n"
    "CES OBSERVATIONS NE SONT PAS SCELLÉES : rien, dans ce dossier, ne prouve leur date ni qu'elles n'ont pas été\n"
    "changées avant l'export. Les fichiers ont les empreintes de SHA256SUMS (sha256sum -c SHA256SUMS).\n\n"
    "  releve.pdf         le relevé, pour la lecture\n  observations.csv   la même chose, pour un tableur\n"
    "  records.jsonl      les observations telles qu'elles ont été enregistrées\n"
    "  captures/          des pages reçues ; le nom est l'empreinte SHA-256 que cite l'observation\n"
)
README_STAMPED: Final = """\
  - Chaque observation a été écrite après la première date et avant la seconde date de son passage. Ces deux dates sont
    celles des autorités d'horodatage nommées plus bas, pas celles de l'exploitant. (Heure universelle : ajoutez une
    heure l'hiver, deux l'été, pour l'heure de Paris.) « sans borne » : de ce côté, aucun tiers n'atteste de date."""
README_UNSTAMPED: Final = """\
  - AUCUN TIERS N'ATTESTE LA DATE : aucune autorité d'horodatage n'a daté ces passages. Les dates écrites sont celles
    de l'horloge de l'exploitant, et rien, dans ce dossier, ne prouve qu'elles sont exactes. Celui qui tient
    la clé du journal aurait pu tout écrire plus tard. La vérification affiche donc des réserves (« sans borne »)."""
README_VERIFIED: Final = {
    True: "tout ce qui est joint est intact et daté",
    False: "(impossible ici : aucun tiers n'atteste la date)",
}
README_ERRATA: Final = (
    "\nCORRECTION - Observations de ce dossier imprimées et scellées, qui ne sont comptées nulle part : {n}\n{what}.\n"
)
README_UNCONFIRMED: Final = (
    "\nCORRECTION - Observations de ce dossier que la relecture des pages gardées ne confirme plus : {n}\n"
    "Elles restent imprimées et scellées, avec la lecture d'aujourd'hui, et ne sont comptées nulle part.\n"
)
README_SIMULATION: Final = (
    "\nSIMULATION - Les observations ont été faites sur un simulateur, pas sur les sites des préfectures.\n"
    "Ce dossier montre la forme d'un export ; il n'est la preuve de rien.\n"
)
