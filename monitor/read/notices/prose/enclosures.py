"""What goes with a file in a sentence: "muni de", "accompagnée d'une enveloppe", "avec le formulaire"."""

from __future__ import annotations

from monitor.values import pattern

# What goes with a file: « muni de », « accompagnée d'une enveloppe », « avec le formulaire et la convocation reçue par
# courriel ». It ends with its comma, at the verb of the sentence, or where the way is said ("... par courrier").
_WAY = (
    r"(?:par|via) (?:la |voie |simple |lettre )?"
    r"(?:poste|postale|courriers?|courriels?|e-?mails?|recommandee?|telephone|sms)|"
    r"en recommande|aux? guichets?|a l'accueil|en (?:sous-)?prefecture|a la (?:sous-)?prefecture|a l'adresse|"
    r"dans la boite|(?:sur|sans) (?:rendez-vous|rdv)|en ligne|sur place"
)
_ENCLOSED = pattern(
    r"(?<![a-z])(?:muni(?:e|s|es|r|ssez)?[- ](?:vous )?(?:de |d'|du |des )|"
    r"(?:accompagnee?|assortie?|completee?)s? (?:de |d'|du |des )|"
    r"avec (?:les? |la |l'|un |une |son |sa |ses |vos |votre |leurs? |tou[st]e?s? |l'ensemble )|"
    r"en (?:y )?joignant |contenant |comportant |sans oublier )"
    rf"(?:(?:recue?|envoyee?|adressee?|transmise?|delivree?|remise?|obtenue?|telechargee?)s? (?:{_WAY})|"
    r"(?<=\s)qui (?:(?![,;:()!?]|\.\s|\.$).)+|"
    r", (?=de |d'|du |des |et (?:de|du|des|d')\b|ainsi que )|"
    rf"(?![,;:()!?]|\.\s|\.$|(?<=\s)(?:{_WAY}|est|sont|sera|seront|doit|doivent|peut|peuvent|pour|afin|se fait|"
    r"se font|s'effectuent?)(?![a-z])).)+"
)


def without_enclosures(words: str) -> str:
    """Folded words with what goes with the file blanked, every letter in its place."""
    return _ENCLOSED.sub(lambda found: " " * len(found.group()), words)


def enclosed(words: str) -> str:
    """The words of what goes with the file."""
    return " ; ".join(found.group() for found in _ENCLOSED.finditer(words))
