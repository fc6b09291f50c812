/**
 * What the page says, in French and in English. `{0}`, `{1}`…: what is put in; `{0 one|many}`: a count and its noun, which
 * agree. Spaces before `:` do not break.
 */

/** @typedef {"fr" | "en"} Language */
/** @typedef {{ fr: string, en: string }} Words */

/** @param {string} fr @param {string} en @returns {Words} */
const w = (fr, en) => ({ fr: fr.replace(/ (?=[:;?!»])|(?<=«) /g, "\u00a0"), en });

/** @type {{ [code in import("../checks/report.js").Code]: Words }} */
export const SENTENCES = {
  sums: w("une liste d'empreintes SHA256SUMS est absente, mal formée ou ne nomme pas ce qu'elle doit",
    "a SHA256SUMS list of digests is missing, malformed or does not name what it must"),
  file: w("un fichier manque ou a été modifié", "a file is missing or was changed"),
  unlisted: w("un fichier ne figure dans aucune liste d'empreintes", "a file stands in no list of digests"),
  extra: w("un fichier ne porte aucun nom de ce format : rien ne dit ce qu'il prouve",
    "a file has no name of this format: nothing says what it proves"),
  signed: w("la signature du dossier (SHA256SUMS.signed) est absente ou n'est pas celle du journal",
    "the signature of the folder (SHA256SUMS.signed) is absent or is not that of the log"),
  number: w("les passages ne se suivent pas : il en manque, ou un numéro est faux",
    "the sweeps do not follow each other: one is missing, or a number is false"),
  chain: w("le passage ne contient pas les empreintes ou l'horodatage exacts du passage précédent",
    "the sweep does not hold the exact digests or time-stamp of the sweep before"),
  undeclared: w("l'horodatage du passage précédent manque sans que ce soit déclaré",
    "the time-stamp of the sweep before is missing, and nobody declared it"),
  plan: w("les observations jointes ne sont pas exactement celles que les passages annoncent",
    "the enclosed observations are not exactly those the sweeps announce"),
  canonical: w("une ligne n'est pas écrite de la seule façon admise : deux lecteurs pourraient y lire deux choses",
    "a line is not written in the one way allowed: two readers could read two things"),
  checkpoint: w("le point de contrôle du journal est mal formé ou ne correspond pas à son passage",
    "the checkpoint of the log is malformed or does not fit its sweep"),
  key: w("le point de contrôle n'est pas signé par une clé connue ou annoncée",
    "the checkpoint is not signed by a key that is known or was announced"),
  stamp: w("l'horodatage ne vaut rien pour ces empreintes", "the time-stamp does not hold for these digests"),
  authority: w("aucun certificat racine n'est joint pour cette autorité d'horodatage",
    "no root certificate is enclosed for this time-stamp authority"),
  revoked: w("le certificat de l'autorité d'horodatage a été révoqué",
    "the certificate of the time-stamp authority was revoked"),
  order: w("deux horodatages d'une même autorité se contredisent", "two time-stamps of one authority contradict each other"),
  clocks: w("les horloges de deux autorités d'horodatage se contredisent",
    "the clocks of two time-stamp authorities contradict each other"),
  date: w("une date de passage ou d'observation est hors des bornes que donnent les horodatages",
    "a date of a sweep or an observation lies outside the bounds the time-stamps give"),
  unstamped: w("aucun horodatage ne borne encore la fin de ce passage", "no time-stamp bounds the end of this sweep yet"),
  bounds: w("les bornes de ce passage sont larges, tardives, ou manquent d'un côté",
    "the bounds of this sweep are wide, late, or missing on one side"),
  inclusion: w("l'observation n'est pas celle qui a été scellée dans le journal",
    "the observation is not the one that was sealed in the log"),
  record: w("l'observation ne porte pas la place, l'heure ou l'identifiant de visite que son passage lui donne",
    "the observation does not bear the place, the hour or the visit identifier its sweep gives it"),
  capture: w("une page ou image jointe ne correspond pas à l'observation sous laquelle elle est rangée",
    "an enclosed page or picture is not that of the observation it is filed under"),
  simulated: w("des observations disent elles-mêmes venir d'un site simulé, non d'une préfecture",
    "observations say themselves that they come from a simulated site, not from a préfecture"),
  csv: w("le tableau observations.csv ne dit pas ce que disent les observations",
    "the table observations.csv does not say what the observations say"),
  figures: w("les chiffres du relevé (figures.json) ne sont pas le compte des observations",
    "the figures of the relevé (figures.json) are not the count of the observations"),
  witness: w("le journal n'est pas celui dont un point de contrôle a été gardé ailleurs, ou ne peut y être comparé",
    "the log is not the one of which a checkpoint was kept elsewhere, or cannot be compared with it"),
  format: w("un programme plus récent a écrit ceci : ce qu'il ajoute n'est pas contrôlé ici",
    "a newer program wrote this: what it adds is not checked here"),
};

/** @type {{ [code: string]: Words }} */
export const IMPOSSIBLE = {
  version1: w("ce dossier est d'un format antérieur. Vérifiez-le avec son propre verify.sh, ou avec « vigie verify ».",
    "this folder is of an earlier format. Verify it with its own verify.sh, or with “vigie verify”."),
  no_export: w("ce n'est pas un dossier de preuve : il n'y a ni SHA256SUMS, ni sweeps.jsonl. Donnez le dossier entier, tel que reçu.",
    "this is no proof folder: there is neither SHA256SUMS nor sweeps.jsonl. Give the whole folder, as received."),
  empty: w("il n'y a aucun fichier dans ce qui a été donné.", "there is no file in what was given."),
  several: w("plusieurs dossiers de preuve ont été donnés à la fois. Donnez-en un seul.",
    "several proof folders were given at once. Give one."),
  twice: w("deux fichiers portent le même nom : {0}", "two files have the same name: {0}"),
  zip: w("l'archive .zip ne peut être ouverte. Extrayez-la, puis donnez le dossier.",
    "the .zip archive cannot be opened. Extract it, then give the folder."),
  unread: w("un fichier n'a pu être lu par le navigateur ({0}). Copiez le dossier sur ce poste, puis choisissez-le par le bouton.",
    "the browser could not read a file ({0}). Copy the folder to this computer, then choose it with the button."),
  browser: w("ce navigateur est trop ancien. Il faut Chrome, Edge, Firefox ou Safari d'après mi-2023.",
    "this browser is too old. Chrome, Edge, Firefox or Safari from mid-2023 on is needed."),
};

/** @type {{ [step: string]: Words }} */
export const STEPS = {
  sums: w("Lecture et empreinte de chaque fichier", "Reading and digest of every file"),
  sweeps: w("Passages et signatures du journal", "Sweeps and signatures of the log"),
  stamps: w("Lecture des horodatages", "Reading the time-stamps"),
  verify: w("Vérification des horodatages", "Verification of the time-stamps"),
  plan: w("Ce qui était prévu", "What was due"),
  records: w("Observations", "Observations"),
};

/** @type {{ [note: string]: Words }} */
export const NOTES = {
  clock: w("{0} : l'horloge de la machine était à plus d'une minute de celle de l'autorité ({1} s)",
    "{0}: the machine's clock was more than a minute from the authority's ({1} s)"),
  server_date: w("observations où l'horloge du site était à plus d'une minute de la nôtre : {0}",
    "observations where the site's clock was more than a minute from ours: {0}"),
  captures: w("pages et images nommées par les observations et jointes, conformes : {0} ; non jointes : {1}",
    "pages and pictures named by the observations and enclosed, sound: {0}; not enclosed: {1}"),
  absent: w("{0} n'est pas joint : rien à comparer", "{0} is not enclosed: nothing to compare"),
  worded: w("le tableau a été comparé aux observations, hors les mots de « Lecture » et de « Correction » : « Classe » et « Détail » disent ce qui fut lu ; « vigie verify » compare aussi les mots",
    "the table was compared with the observations, but for the words of “Lecture” and “Correction”: “Classe” and “Détail” say what was read; “vigie verify” compares the words as well"),
  not_compared: w("une observation n'est pas lisible sans équivoque, ou d'une lecture que cette version ne connaît pas : le tableau et les chiffres n'ont pas été comparés",
    "an observation cannot be read in one way only, or holds a reading this version does not know: table and figures were not compared"),
  root: w("racine de confiance de {0} : {1}, SHA-256 {2} ; horodatages qui y mènent : {3}",
    "trusted root of {0}: {1}, SHA-256 {2}; time-stamps that lead to it: {3}"),
  stated: w("horodatages de {0} sous la politique {2} : {1} ; précision déclarée {3} s (0 : non déclarée), non déclarés qualifiés",
    "time-stamps of {0} under policy {2}: {1}; stated accuracy {3} s (0: none stated), not stated to be qualified"),
  stated_qualified: w("horodatages de {0} sous la politique {2} : {1} ; précision déclarée {3} s, déclarés qualifiés (eIDAS)",
    "time-stamps of {0} under policy {2}: {1}; stated accuracy {3} s, stated to be qualified (eIDAS)"),
  log_key: w("clé du journal {0} : SHA-256 {1}", "key of the log {0}: SHA-256 {1}"),
  cosigned: w("points de contrôle cosignés par {0} : {1}, du {2} au {3} ; comparez la clé avec celle que ce témoin publie",
    "checkpoints cosigned by {0}: {1}, from {2} to {3}; compare the key with the witness's own"),
  with: w("remis à côté du dossier et couvert par la signature : {1}, SHA-256 {0}",
    "handed over beside the folder and covered by the signature: {1}, SHA-256 {0}"),
  litter: w("{0} : posé là par un système d'exploitation ; ce fichier n'est ni lu ni cru",
    "{0}: left there by an operating system; this file is neither read nor believed"),
  ed25519: w("signatures Ed25519 vérifiées par {0}", "Ed25519 signatures verified by {0}"),
};

export const VERDICTS = {
  sound: w("VÉRIFIÉ", "VERIFIED"),
  open: w("VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS", "VERIFIED, WITH THE RESERVES ABOVE"),
  false: w("ÉCHEC : ce dossier n'est pas fiable en l'état", "FAILED: this folder cannot be relied on as it stands"),
  impossible: w("IMPOSSIBLE", "IMPOSSIBLE"),
};

export const HEADLINES = {
  sound: w("Vérifié", "Verified"),
  open: w("Vérifié, avec des réserves", "Verified, with reserves"),
  false: w("Échec : ce dossier n'est pas fiable en l'état", "Failed: this folder cannot be relied on as it stands"),
  impossible: w("La vérification est impossible", "Verification is not possible"),
};

/** @type {{ [name: string]: Words }} */
export const PAGE = {
  title: w("Vérifier un dossier de preuve", "Verify a proof folder"),
  maker: w("Vigie Préfectures — la veille des préfectures", "Vigie Préfectures — the préfecture monitor"),
  language: w("Langue", "Language"),
  intro: w("Cette page contrôle un dossier de preuve : qu'aucun fichier n'y a été changé, retiré ou ajouté, et entre quelles dates chaque observation a été écrite.",
    "This page checks a proof folder: that no file in it was changed, removed or added, and between which dates each observation was written."),
  offline: w("Rien ne quitte cet ordinateur : la page s'interdit toute connexion et fonctionne hors ligne.",
    "Nothing leaves this computer: the page forbids itself any connection and works offline."),
  drop: w("Déposez ici le dossier entier, tel que reçu", "Drop the whole folder here, as received"),
  or: w("ou", "or"),
  choose: w("Choisir le dossier…", "Choose the folder…"),
  choose_help: w("Le navigateur peut parler d'« importer » ou d'« envoyer » les fichiers : il les ouvre seulement, sur ce poste.",
    "The browser may speak of “uploading” the files: it only opens them, on this computer."),
  zip: w("Choisir une archive .zip…", "Choose a .zip archive…"),
  witness: w("Comparer avec un point de contrôle gardé ailleurs (facultatif)", "Compare with a checkpoint kept elsewhere (optional)"),
  witness_help: w("Un point de contrôle du journal, reçu par courriel par exemple : s'il y en a un, choisissez-le avant le dossier. Il montre si la fin du journal a été coupée.",
    "A checkpoint of the log, received by e-mail for instance: if there is one, choose it before the folder. It shows whether the end of the log was cut off."),
  witness_file: w("Fichier du point de contrôle", "File of the checkpoint"),
  working: w("Vérification en cours", "Verifying"),
  opening: w("Ouverture du dossier", "Opening the folder"),
  stop: w("Arrêter", "Stop"),
  result: w("Résultat", "Result"),
  failures: w("Ce qui est faux", "What is false"),
  reserves: w("Réserves : ce qui reste ouvert", "Reserves: what remains open"),
  failure: w("ÉCHEC", "FAILED"),
  reserve: w("RÉSERVE", "RESERVE"),
  more: w("et {0 autre|autres}", "and {0} more"),
  observations: w("observations : {0}", "observations: {0}"),
  below: w("rien ne le borne avant", "nothing bounds it below"),
  wide: w("plus de 25 heures", "more than 25 hours"),
  late: w("horodaté plus de 10 minutes après sa fin", "stamped more than 10 minutes after its end"),
  bounds: w("Entre quelles dates", "Between which dates"),
  bounds_within: w("Observations bornées à moins de", "Observations bounded within"),
  ten: w("10 minutes", "10 minutes"),
  hour: w("1 heure", "1 hour"),
  day: w("1 jour", "1 day"),
  wider: w("plus d'un jour", "more than a day"),
  never: w("sans borne d'un côté", "no bound on one side"),
  sweep: w("Passage", "Sweep"),
  sweep_named: w("passage", "sweep"),
  days: w("Jour (UTC)", "Day (UTC)"),
  after: w("Écrit après", "Written after"),
  before: w("et avant", "and before"),
  widest: w("Largeur la plus grande", "Widest"),
  no_bound: w("(sans borne)", "(no bound)"),
  every_sweep: w("Bornes de chaque passage ({0})", "Bounds of each sweep ({0})"),
  every_day: w("Bornes jour par jour ({0 passage|passages})", "Bounds day by day ({0 sweep|sweeps})"),
  stamps: w("Horodatages vérifiés : {0} sur {1}.", "Time-stamps verified: {0} of {1}."),
  declared: w("Déclaré par le journal lui-même ({0})", "Declared by the log itself ({0})"),
  notes: w("À comparer et à savoir ({0})", "To compare and to know ({0})"),
  proven: w("Ce que cela prouve", "What this proves"),
  proven_text: w("Chaque observation jointe a été écrite entre les dates données pour son passage, selon l'horloge des autorités d'horodatage (« sans borne » : aucune date n'est prouvée de ce côté) ; rien n'y a été changé ; aucune observation annoncée dans le périmètre du dossier ne manque, si le plan de chaque passage est en ordre ; le tableau et les chiffres sont ceux des observations.",
    "Each enclosed observation was written between the dates given for its sweep, by the clock of the time-stamp authorities (“no bound”: no date is proven on that side); nothing in it was changed; no observation announced within the scope of the folder is missing, if the plan of each sweep is in order; table and figures are those of the observations."),
  unproven: w("Ce que cela ne prouve pas", "What this does not prove"),
  unproven_text: w("Que le site a bien envoyé ces pages (rien de technique ne le peut ; ses propres journaux d'accès le peuvent) ; ce qui précède ou suit les passages joints ; dans un export partiel, que le plan de chaque passage est en ordre hors des lignes montrées (qui détient la clé du journal aurait pu en ranger une ailleurs : un export de tout, ou le dossier de données, le montre) ; que les certificats et clés du dossier sont les bons : comparez leurs empreintes, ci-dessus, avec celles que publient l'autorité et l'exploitant. Cette page étant jointe au dossier par son auteur, qui veut s'en assurer emploie la même page reçue du projet, ou verify.sh, ou « vigie verify ». Un lien ou un tube dans le dossier ne se voit pas d'un navigateur.",
    "That the site did send these pages (nothing technical can; its own access logs can); what comes before or after the enclosed sweeps; of a partial export, that the plan of each sweep is in order beyond the rows shown (the holder of the log's key could have put one elsewhere: an export of everything, or the data folder, shows it); that the certificates and keys of the folder are the right ones: compare their fingerprints, above, with those the authority and the operator publish. As this page was put into the folder by its maker, who wants to be sure uses the same page as received from the project, or verify.sh, or “vigie verify”. A link or a pipe in the folder cannot be seen from a browser."),
  last_line: w("Dernière ligne, la même que celle des autres vérificateurs", "Last line, the same as the other verifiers’"),
  counts: w("{0 passage|passages}, {1 observation|observations}", "{0 sweep|sweeps}, {1 observation|observations}"),
  print: w("Imprimer", "Print"),
  again: w("Vérifier un autre dossier", "Verify another folder"),
  verified_on: w("Dossier « {0} », contrôlé le {1} par cette page.", "Folder “{0}”, checked on {1} by this page."),
};

/** @param {Words} words @param {Language} language @param {...(string | number)} args */
export function say(words, language, ...args) {
  return words[language].replace(/\{(\d)(?: ([^|{}]+)\|([^{}]+))?\}/g, (_, at, one, many) => {
    const value = args[Number(at)] ?? "";
    if (!one) return printable(value);
    const alone = language === "fr" ? Number(value) < 2 : Number(value) === 1; // French counts none as one
    return `${printable(value)} ${alone ? one : many}`;
  });
}

/** A name or a number as it can be shown: digits in groups, and no character that moves the line. */
/** @param {string | number} value */
export function printable(value) {
  if (typeof value === "number") return Number.isInteger(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f") : String(value);
  return value.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
