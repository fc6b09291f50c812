"""What messages say to the operator, in both languages: what was found, and the command that helps."""

from __future__ import annotations

from typing import Final

from monitor.alerts.text.words import Words

_FR = "Le programme dit ce qu'il a constaté ; la cause peut être ailleurs."
_EN = "The program says what it saw; the cause may be elsewhere."

OPERATOR_FRENCH: Final = {
    "plugin_unreadable": Words(
        "[exploitant] Page non reconnue : {check}",
        "Les pages de ce guichet ne sont plus reconnues ; elles ne comptent ni comme créneau ni comme absence.",
        ("Lancez vigie check {check}, comparez la page à sa description, corrigez la déclaration.",),
        _FR,
    ),
    "platform_fell": Words(
        "[exploitant] Plateforme en panne : {platform}",
        "Les guichets de cette plateforme échouent ensemble. Un seul message est envoyé.",
        ("Attendez le prochain passage ; si la panne dure, ouvrez une des pages à la main.",),
        _FR,
    ),
    "authority_failing": Words(
        "[exploitant] Horodatage en échec : {authority}",
        "Cette autorité ne donne plus d'horodatage valable. Le journal reste scellé et signé.",
        ("Lancez vigie doctor ; prévoyez une seconde autorité dans [timestamps].",),
        _FR,
    ),
    "disk_low": Words(
        "[exploitant] Disque presque plein",
        "La place libre du dossier de données est basse.",
        ("Lancez vigie gc, puis vigie gc --apply, ou agrandissez le disque.",),
        _FR,
    ),
    "sweep_missing": Words(
        "[exploitant] Passage manquant",
        "Le passage attendu n'a pas eu lieu. Le relevé a un trou, qui sera déclaré.",
        ("Vérifiez cron ou le minuteur systemd, puis lancez vigie doctor.",),
        _FR,
    ),
    "clock_unsynchronised": Words(
        "[exploitant] Horloge non synchronisée",
        "L'horloge de cette machine n'est pas synchronisée ; les heures relevées valent moins.",
        ("Activez la synchronisation (chrony ou systemd-timesyncd), puis lancez vigie doctor.",),
        _FR,
    ),
    "message_given_up": Words(
        "[exploitant] Message abandonné",
        "Un message à l'abonné n° {subscriber} n'a pas pu être remis dans le délai ; il ne le sera plus.",
        ("Lancez vigie outbox, puis vigie notify --test {subscriber}.",),
        _FR,
    ),
    "address_suspended": Words(
        "[exploitant] Adresse suspendue",
        "Le serveur refuse l'adresse de l'abonné n° {subscriber} ; plus rien ne lui est envoyé.",
        ("Si l'abonné est joignable autrement, demandez-lui une autre adresse.",),
        _FR,
    ),
}
OPERATOR_ENGLISH: Final = {
    "plugin_unreadable": Words(
        "[operator] Page not recognised: {check}",
        "The pages of this desk are no longer recognised; they count neither as a slot nor as none.",
        ("Run vigie check {check}, compare the page with its description, correct the declaration.",),
        _EN,
    ),
    "platform_fell": Words(
        "[operator] Platform down: {platform}",
        "The desks of this platform fail together. One message is sent.",
        ("Wait for the next sweep; if it lasts, open one of the pages by hand.",),
        _EN,
    ),
    "authority_failing": Words(
        "[operator] Time-stamping fails: {authority}",
        "This authority gives no valid time-stamp any more. The log is still sealed and signed.",
        ("Run vigie doctor; plan for a second authority in [timestamps].",),
        _EN,
    ),
    "disk_low": Words(
        "[operator] Disk almost full",
        "The free space of the data folder is low.",
        ("Run vigie gc, then vigie gc --apply, or make the disk larger.",),
        _EN,
    ),
    "sweep_missing": Words(
        "[operator] Sweep missing",
        "The expected sweep did not take place. The log has a gap, which will be declared.",
        ("Check cron or the systemd timer, then run vigie doctor.",),
        _EN,
    ),
    "clock_unsynchronised": Words(
        "[operator] Clock not synchronised",
        "The clock of this machine is not synchronised; the hours in the log are worth less.",
        ("Turn synchronisation on (chrony or systemd-timesyncd), then run vigie doctor.",),
        _EN,
    ),
    "message_given_up": Words(
        "[operator] Message given up",
        "A message to subscriber no. {subscriber} could not be delivered in time; it no longer will be.",
        ("Run vigie outbox, then vigie notify --test {subscriber}.",),
        _EN,
    ),
    "address_suspended": Words(
        "[operator] Address suspended",
        "The server refuses the address of subscriber no. {subscriber}; nothing more is sent there.",
        ("If you can reach the subscriber otherwise, ask for another address.",),
        _EN,
    ),
}
