#!/bin/sh
# Vérifie un dossier de preuve de Vigie Préfectures (format 2), sans le logiciel.
#
#   sh verify.sh [--tous] [DOSSIER] [TÉMOIN]
#
# DOSSIER : le dossier à vérifier (par défaut, celui où se trouve ce fichier).
# TÉMOIN  : un point de contrôle du journal gardé ailleurs (reçu par courriel, par exemple), s'il y en a un.
# --tous  : au-delà de 1 000 passages, vérifier aussi les horodatages et les signatures autres que les premiers et les
#           derniers de chaque jour (15 ms chacun). Ce qui n'est pas vérifié n'est pas cru : il ne borne rien.
# Il faut sh, openssl (3.0 ou plus récent ; $OPENSSL en nomme un autre que celui du système), sha256sum ou shasum, et les
# outils ordinaires d'un système Unix. Se termine par 0 : vérifié ; 1 : quelque chose est faux ; 2 : vérification
# impossible, rien n'est dit du dossier ; 3 : vérifié, avec réserves. Les règles : docs/FORMAT.md du logiciel publié.
set -u
LC_ALL=C; OPENSSL_CONF=/dev/null; export LC_ALL OPENSSL_CONF
umask 077

tous=non; [ "${1:-}" != --tous ] || { tous=oui; shift; }
ici=$(cd -- "$(dirname -- "$0")" && pwd) || exit 2
dossier=${1:-$ici}; temoin=${2:-}; openssl=${OPENSSL:-openssl}
impossible() { echo "IMPOSSIBLE : $1"; exit 2; }
for outil in "$openssl" awk sed grep sort comm find cmp tr od cut tail head mktemp xargs gzip iconv wc; do
  command -v "$outil" > /dev/null 2>&1 || impossible "il manque l'outil $outil"
done
case $(awk --help 2>&1 < /dev/null) in *BusyBox*) impossible "awk est celui de BusyBox, qui écrit mal les octets : il faut mawk, gawk ou celui de macOS" ;; esac
if command -v sha256sum > /dev/null 2>&1; then empreinte=sha256sum
elif command -v shasum > /dev/null 2>&1; then empreinte="shasum -a 256"
else impossible "il manque l'outil sha256sum (ou shasum)"; fi
if [ -n "$temoin" ]; then
  [ -f "$temoin" ] || impossible "le témoin n'est pas un fichier"
  case $temoin in /*) ;; *) temoin=$(pwd)/$temoin ;; esac
fi
cd -- "$dossier" 2> /dev/null || impossible "$dossier n'est pas un dossier"
if [ ! -e sweeps.jsonl ] && [ ! -e sweeps.jsonl.gz ] && [ -e proofs.txt ]; then
  impossible "ce dossier est du format 1 : son propre verify.sh, ou « vigie verify », le vérifie"
fi
T=$(mktemp -d 2> /dev/null) || impossible "aucun dossier temporaire ne peut être créé (TMPDIR)"
F=$T/f
# Des centaines de milliers de petits fichiers sont écrits, condensés et effacés : en mémoire où il y en a la place.
if [ -d /dev/shm ] && [ -w /dev/shm ] && [ "$(df -Pk /dev/shm 2> /dev/null | awk 'NR == 2 { print ($4 > 400000) }')" = 1 ]; then
  F=$(mktemp -d /dev/shm/vigie.XXXXXX 2> /dev/null) && F=$F/f || F=$T/f
fi
menage() { rm -rf "$T"; [ "$F" = "$T/f" ] || rm -rf "${F%/f}"; }
trap menage EXIT
trap 'exit 2' HUP INT TERM
mkdir "$T/roots" "$T/untrusted" "$T/keys" "$T/jetons" "$T/notes" "$F"
perl=
cat > "$T/condense.pl" <<'FIN'
if (/^H(.*)/) { print sha256_hex(pack("H*", $1)), "\n" }
elsif (/^([TF])([0-9]+)$/) { read STDIN, $b, $2; print sha256_hex(($1 eq "F" ? "\0" : "") . $b), "\n" }
FIN
! perl -MDigest::SHA -e 1 2> /dev/null || perl="perl -MDigest::SHA=sha256_hex -n $T/condense.pl"
for liste in trouvailles horodates lignes reperes cles signer signes notes_lues; do : > "$T/$liste"; done

hexa() { od -An -v -tx1 | tr -d ' \n'; }
octets() { printf '%s' "$1" | "$openssl" base64 -d -A; }

# Cet openssl sait-il ce qu'il faut ? Sans Ed25519 ni -attime (OpenSSL 1.1.1, LibreSSL), rien ne peut être dit du dossier.
# RFC 8032, section 7.1, essai 2.
essai_openssl() {
  case $("$openssl" version 2> /dev/null) in "OpenSSL "[3-9]*) ;; *) return 1 ;; esac
  octets MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw= > "$T/der"; printf r > "$T/note"
  octets kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA== > "$T/sig64"
  "$openssl" pkeyutl -verify -pubin -keyform DER -inkey "$T/der" -rawin -in "$T/note" -sigfile "$T/sig64" > /dev/null 2>&1 &&
    "$openssl" ts -help 2>&1 | grep -q -- -attime
}
essai_openssl || impossible "$("$openssl" version 2> /dev/null) ne sait pas vérifier : il faut OpenSSL 3.0 ou plus récent (OPENSSL=/chemin/openssl sh verify.sh)"

phrase() {
  case $1 in
    sums) echo "la liste des empreintes SHA256SUMS est absente ou mal formée" ;;
    file) echo "un fichier manque ou a été modifié" ;;
    unlisted) echo "un fichier ne figure dans aucune liste d'empreintes" ;;
    extra) echo "ce fichier n'est pas de ceux qu'un dossier contient : rien ne le relie aux observations" ;;
    signed) echo "la liste des empreintes n'est pas signée par la clé du journal" ;;
    format) echo "un logiciel plus récent a fait ce dossier : ce qu'il ajoute n'est pas vérifié" ;;
    number) echo "les passages ne se suivent pas : il en manque, ou un numéro est faux" ;;
    chain) echo "le passage ne contient pas les empreintes ou l'horodatage exacts du passage précédent" ;;
    canonical) echo "la ligne n'est pas écrite de la seule façon admise : deux lecteurs pourraient y lire deux choses" ;;
    stamp) echo "l'horodatage ne vaut rien pour ces empreintes" ;;
    authority) echo "aucun certificat racine n'est joint pour cette autorité d'horodatage" ;;
    revoked) echo "le certificat de cette autorité d'horodatage est révoqué" ;;
    order) echo "les horodatages d'une même autorité se contredisent" ;;
    clocks) echo "les horloges de deux autorités d'horodatage se contredisent" ;;
    undeclared) echo "l'horodatage du passage précédent manque sans que ce soit déclaré" ;;
    date) echo "la date écrite n'est pas entre les dates que les autorités d'horodatage attestent" ;;
    unstamped) echo "aucun horodatage ne borne encore la fin" ;;
    bounds) echo "les dates attestées sont trop éloignées, ou il en manque une" ;;
    checkpoint) echo "la signature ou le contenu du point de contrôle du journal est faux" ;;
    key) echo "le point de contrôle n'est pas signé par une clé connue ou annoncée" ;;
    inclusion) echo "l'observation n'est pas celle qui a été scellée" ;;
    plan) echo "les observations jointes ne sont pas exactement celles que le passage annonce" ;;
    record) echo "l'observation contredit le passage qui la contient" ;;
    capture) echo "une capture ne correspond à aucune observation, ou n'est pas à sa place" ;;
    simulated) echo "des observations ont été faites sur un simulateur, pas sur les sites des préfectures" ;;
    csv) echo "le tableau observations.csv n'est pas celui de ces observations" ;;
    witness) echo "le journal n'est pas celui dont le point de contrôle témoin a été gardé" ;;
  esac
}
echec() { echo "ÉCHEC [$1] $2 : $(phrase "$1")${3:+ ($3)}" >> "$T/trouvailles"; }
reserve() { echo "RÉSERVE [$1] $2 : $(phrase "$1")${3:+ ($3)}" >> "$T/trouvailles"; }
note() { echo "note : $1" >> "$T/reperes"; }
compte() { if [ "$1" -gt 1 ]; then echo "$1 $2s"; else echo "$1 $2"; fi; } # en français, 0 est au singulier

# --- les fichiers du dossier ------------------------------------------------------------------------------------------
# Une seule écriture est admise : celle de sha256sum, triée par nom, sans autre caractère.
liste_reguliere() {
  [ -s "$1" ] && [ "$(tail -c 1 "$1" | hexa)" = 0a ] &&
    ! grep -Evq '^[0-9a-f]{64}  [A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$' "$1" &&
    cut -c67- "$1" | sort -cu 2> /dev/null
}

noms_admis='^(SIMULATION-)?(LISEZ-MOI\.txt|releve\.pdf|observations\.csv)$|^SIMULATION\.txt$|^figures\.json$|^scope\.txt$
^(sweeps|stamps|plan|records|log|shots|witness|deposits)\.jsonl(\.gz)?$|^sealed/[0-9a-f]{64}\.jsonl?$
^captures/
^trust/(roots|untrusted|crls|log)/[a-z0-9.-]+\.pem$|^verify\.sh$|^verifier\.html$|^SHA256SUMS(\.signed)?$'

# Ce qu'un système d'exploitation met dans un dossier qu'on ouvre, ou dans une archive.
restes='(^|/)(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$'

dossier_entier() {
  # Un nom qui contient autre chose (une fin de ligne, par exemple) n'est jamais imprimé.
  etranges=$(find . \( ! -type f ! -type d -o ! -path . ! \( -type f -name '._*' \) -name '*[!A-Za-z0-9._-]*' \) -exec printf x \; | wc -c | tr -d ' ')
  [ "$etranges" -eq 0 ] || echec unlisted . "fichiers d'une autre sorte ou d'un nom qui n'est pas admis : $etranges"
  find . -type f | grep -E "$restes" | tr -c 'A-Za-z0-9._/\n-' '?' | sed 's|^\./||' | sort > "$T/sans"
  while IFS= read -r nom; do note "$nom : posé là par un système d'exploitation, ni lu ni cru"; done < "$T/sans"
  find . -type f ! -name '*[!A-Za-z0-9._-]*' | sed 's|^\./||' | grep -Ex '[A-Za-z0-9._/-]+' | grep -Ev "$restes" | sort > "$T/ici"
  liste_reguliere SHA256SUMS || { echec sums SHA256SUMS; return; }
  { cut -c67- SHA256SUMS; echo SHA256SUMS; [ ! -f SHA256SUMS.signed ] || echo SHA256SUMS.signed; } | sort > "$T/listes"
  comm -23 "$T/ici" "$T/listes" > "$T/sans"
  while IFS= read -r nom; do echec unlisted "$nom"; done < "$T/sans"
  comm -12 "$T/ici" "$T/listes" | grep -Evx 'SHA256SUMS(\.signed)?' | tr '\n' '\0' | xargs -0 $empreinte -- 2> /dev/null |
    sort > "$T/calcules"
  sort SHA256SUMS | comm -13 "$T/calcules" - | cut -c67- | grep -Ev "$restes" | sort > "$T/faux"
  while IFS= read -r nom; do echec file "$nom"; done < "$T/faux"
  printf '%s\n' "$noms_admis" > "$T/motifs"
  { comm -12 "$T/ici" "$T/listes" | grep -Ev -f "$T/motifs"; grep -E "$restes" "$T/listes"; } > "$T/sans"
  while IFS= read -r nom; do reserve extra "$nom"; done < "$T/sans"
}

# Chaque fichier de lignes, en clair dans $T/NOM : UTF-8, sans octet nul, la dernière ligne achevée.
lignes_en_clair() {
  illisible=0
  for nom in sweeps stamps plan records log shots; do
    if [ -f "$nom.jsonl" ]; then cat < "$nom.jsonl" > "$T/$nom"
    elif [ -f "$nom.jsonl.gz" ]; then gzip -dc < "$nom.jsonl.gz" > "$T/$nom" 2> /dev/null || echec file "$nom.jsonl.gz"
    else : > "$T/$nom"; [ "$nom" != sweeps ] || echec file sweeps.jsonl; continue; fi
    [ -s "$T/$nom" ] || continue
    if [ "$(tail -c 1 "$T/$nom" | hexa)" != 0a ] || [ "$(tr -dc '\000' < "$T/$nom" | wc -c)" -ne 0 ] ||
      ! iconv -f UTF-8 -t UTF-8 < "$T/$nom" 2> /dev/null | cmp -s - "$T/$nom"; then
      echec canonical "$nom.jsonl"; : > "$T/$nom"; [ "$nom" != records ] || illisible=1
    fi
  done
}

# --- clés et certificats joints ---------------------------------------------------------------------------------------
cles_jointes() {
  for pem in $(grep -E '^trust/log/[0-9a-z.]+$' "$T/ici"); do
    "$openssl" pkey -pubin -in "$pem" -outform DER > "$T/der" 2> /dev/null || continue
    case $(hexa < "$T/der") in 302a300506032b6570032100*) tail -c 32 "$T/der" > "$T/keys/${pem##*/}"; hexa < "$T/keys/${pem##*/}" >> "$T/cles"; echo >> "$T/cles" ;; esac
  done
  for sorte in roots untrusted crls; do
    for pem in $(grep -E "^trust/$sorte/[a-z0-9-]+\.[0-9a-z]+\.pem$" "$T/ici"); do
      nom=${pem##*/}; mkdir -p "$T/$sorte"; { cat "$pem"; echo; } >> "$T/$sorte/${nom%.*.pem}"
    done
  done
}

base64_exact() { [ "$(printf '%s' "$1" | "$openssl" base64 -d -A 2> /dev/null | "$openssl" base64 -A)" = "$1" ]; }

# lire_note FICHIER (C2SP signed-note) : le texte dans $T/note, les signatures dans $T/signatures.
lire_note() {
  [ "$(tr -d '\n\040-\377' < "$1" | wc -c)" -eq 0 ] && [ "$(tail -c 1 "$1" | hexa)" = 0a ] || return 1
  : > "$T/note"; : > "$T/signatures"
  awk -v note="$T/note" -v sign="$T/signatures" 'blanc { if ($0 !~ /^\342\200\224 [^ +]+ [A-Za-z0-9+\/=]+$/) exit 1; print $2, $3 > sign; n++; next }
    $0 == "" { blanc = 1; next } { print > note; t++ } END { if (n < 1 || t < 3) exit 1 }' "$1" || return 1
  while read -r _ signe; do base64_exact "$signe" || return 1; done < "$T/signatures"
}

# lire_controle FICHIER (C2SP tlog-checkpoint) : origine, taille, racine (hexadécimale), clé suivante (dans $T/annonce).
lire_controle() {
  lire_note "$1" || return 1
  origine=$(sed -n 1p "$T/note"); taille=$(sed -n 2p "$T/note"); racine=$(sed -n 3p "$T/note")
  printf '%s\n' "$taille" | grep -Eqx '0|[1-9][0-9]{0,17}' && base64_exact "$racine" || return 1
  racine=$(octets "$racine" | hexa); [ ${#racine} -eq 64 ] || return 1
  suivante=$(sed -n '4,$s/^next-key //p' "$T/note")
  [ -n "$suivante" ] || return 0
  nom=${suivante%%+*}; reste=${suivante#*+}; cle=${reste#*+} # la base64 peut contenir des « + »
  base64_exact "$cle" && octets "$cle" > "$T/annonce" || return 1
  [ "$(wc -c < "$T/annonce")" -eq 33 ] && [ "$(head -c 1 "$T/annonce" | hexa)" = 01 ] || return 1
  [ "$({ printf '%s\n' "$nom"; cat "$T/annonce"; } | $empreinte | cut -c1-8)" = "${reste%%+*}" ]
}

# signe_par CLÉ NOM : vrai si le texte lu est signé, sous ce nom, par cette clé de 32 octets.
signe_par() {
  id=$({ printf '%s\n\001' "$2"; cat "$1"; } | $empreinte | cut -c1-8); vu=1
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat "$1"; } > "$T/der"
  while read -r nom signe; do
    octets "$signe" > "$T/signature"
    [ "$nom" = "$2" ] && [ "$(head -c 4 "$T/signature" | hexa)" = "$id" ] || continue
    tail -c +5 "$T/signature" > "$T/sig64"
    "$openssl" pkeyutl -verify -pubin -keyform DER -inkey "$T/der" -rawin -in "$T/note" -sigfile "$T/sig64" > /dev/null 2>&1 || return 1
    vu=0
  done < "$T/signatures"
  return $vu
}

# --- les passages, les preuves et les observations --------------------------------------------------------------------
# Un seul programme awk. Les octets à condenser sont écrits dans $T/f, par lots, et condensés ensemble.
awk_commun='
  function echec(code, ou, quoi) { print "E\t" code "\t" ou "\t" quoi > trouve }
  function reserve(code, ou, quoi) { print "R\t" code "\t" ou "\t" quoi > trouve }
  function hex64(s) { return length(s) == 64 && s !~ /[^0-9a-f]/ }
  function entier(s) { return s ~ /^(0|[1-9][0-9]*)$/ && length(s) <= 15 }

  # Écriture canonique (docs/FORMAT.md, 1) d un objet JSON. V[clé] et V[clé.clé] : ses valeurs simples, texte tel quel.
  function chaine_admise(s,   t) {
    if (s ~ /[\001-\037]/) return 0
    if (index(s, "\\") == 0) return 1
    t = s; gsub(/\\(["\\bfnrt]|u00(0[0-7bef]|1[0-9a-f]))/, "", t)
    return index(t, "\\") == 0
  }
  function nue(s,   o, i, c) { # une clé sans ses échappements : c est ainsi que les clés sont rangées
    if (index(s, "\\") == 0) return s
    o = ""
    for (i = 1; i <= length(s); i++) {
      c = substr(s, i, 1)
      if (c == "\\") { c = substr(s, ++i, 1)
        if (c == "u") { c = OCTET[substr(s, i + 3, 2)]; i += 4 } else if (c in ECHAPPE) c = ECHAPPE[c] }
      o = o c
    }
    return o
  }
  function garder(valeur) {
    if (prof == 1) V[cle[1]] = valeur
    else if (prof == 2 && pile[2] == "{") V[cle[1] "." cle[2]] = valeur
    else if (prof == 3 && pile[2] == "{" && pile[3] == "{") V[cle[1] "." cle[2] "." cle[3]] = valeur
  }
  function canonique(s,   n, i, p, k, c, m, texte, t) {
    split("", V); n = split(s, P, "\""); prof = 0; etat = "v"
    for (i = 1; i <= n; i++) {
      p = P[i]
      if (p == ":" && etat == ":") etat = "v"
      else if (p == "," && etat == ",") etat = pile[prof] == "{" ? "K" : "v"
      else for (k = 1; k <= length(p); k++) {
        c = substr(p, k, 1)
        if (c == "{" || c == "[") {
          if (etat != "v" && etat != "V" || prof == 0 && c == "[" || prof >= 32) return 0
          pile[++prof] = c; derniere[prof] = ""; vide[prof] = 1; etat = c == "{" ? "k" : "V"
        } else if (c == "}" || c == "]") {
          if (prof == 0 || pile[prof] != (c == "}" ? "{" : "[") || etat != "," && etat != (c == "}" ? "k" : "V")) return 0
          etat = ","; if (--prof == 0 && (i < n || k < length(p))) return 0
        } else if (c == ":") { if (etat != ":") return 0; etat = "v" }
        else if (c == ",") { if (etat != "," || prof == 0) return 0; etat = pile[prof] == "{" ? "K" : "v" }
        else {
          if (prof == 0 || etat != "v" && etat != "V") return 0
          t = substr(p, k)
          if (!match(t, /^(-?[1-9][0-9]*|0|true|false|null)/) || RLENGTH > 18 + (c == "-")) return 0
          texte = substr(t, 1, RLENGTH); k += RLENGTH - 1; c = substr(p, k + 1, 1)
          if (c != "," && c != "}" && c != "]") return 0
          garder(texte); etat = ","
        }
      }
      if (i == n) break
      texte = P[++i]
      if (index(texte, "\\") || i == n) {
        while (1) {
          m = 0; while (m < length(texte) && substr(texte, length(texte) - m, 1) == "\\") m++
          if (m % 2 == 0) break
          if (i >= n) return 0
          texte = texte "\"" P[++i]
        }
      }
      if (i == n || prof == 0 || !chaine_admise(texte)) return 0
      if (etat == "k" || etat == "K") {
        cle[prof] = texte; texte = nue(texte)
        if (!vide[prof] && ("x" texte) <= ("x" derniere[prof])) return 0
        vide[prof] = 0; derniere[prof] = texte; etat = ":"
      } else if (etat == "v" || etat == "V") { garder(texte); etat = "," }
      else return 0
    }
    return prof == 0 && etat == "," && n > 1
  }

  # Condenser : D[nom] reçoit l empreinte SHA-256 ; où attendu[nom] existe, une autre est un échec.
  # Par lots : où il y a perl, un seul fichier qu il lit ; sinon un fichier chacun, que sha256sum lit tous.
  function ferme(nom) { if (!perl) close(chemin); Q[en_attente] = nom; if (en_attente >= 20000 || poids > 50000000) condenser() }
  function ouvrir() { en_attente++; chemin = perl ? F "/lot" : sprintf("%s/%07d", F, en_attente) }
  function texte_a(nom, s) { ouvrir(); if (perl) printf "T%d\n", length(s) > chemin; printf "%s", s > chemin; poids += length(s); ferme(nom) }
  function suite(h,   i, c, s) { # octets écrits en hexadécimal
    s = ""
    for (i = 1; i < length(h); i += 2) {
      c = substr(h, i, 2)
      if (c == "00") { if (s != "") printf "%s", s > chemin; printf "%c", 0 > chemin; s = "" } else s = s OCTET[c]
    }
    if (s != "") printf "%s", s > chemin
  }
  function octets_a(nom, h) { ouvrir(); if (perl) print "H" h > chemin; else suite(h); ferme(nom) }
  function feuille_a(nom, s) { ouvrir(); if (perl) printf "F%d\n", length(s) > chemin; else printf "%c", 0 > chemin; printf "%s", s > chemin; poids += length(s); ferme(nom) }
  function condenser(   commande, l, n, d) {
    if (!en_attente) return
    if (perl) { close(F "/lot"); commande = perl " < " F "/lot" } else commande = "cd " F " && find . -type f | xargs " empreinte
    faits = 0
    while ((commande | getline l) > 0) {
      faits++; d = substr(l, 1, 64); n = perl ? faits : substr(l, 69) + 0; D[Q[n]] = d
      if (Q[n] in attendu) {
        if (attendu[Q[n]] != d) { split(dit[Q[n]], motif, "\t"); echec(motif[1], motif[2], motif[3]); if (motif[1] == "plan") douteux = 1 }
        delete attendu[Q[n]]; delete dit[Q[n]]; if (!(Q[n] in garde)) delete D[Q[n]]
      }
    }
    close(commande); if (faits != en_attente) { panne = 1; exit 9 } # disque plein, par exemple
    if (!perl) system("rm -rf " F " && mkdir " F)
    split("", Q); en_attente = poids = 0
  }
  function attendre(nom, d, code, ou, quoi) { attendu[nom] = d; dit[nom] = code "\t" ou "\t" quoi }

  function base64_hexa(s,   i, n, o, k) { # texte base64 : hexadécimal ; vide s il n est pas écrit comme il faut
    if (s !~ /^[A-Za-z0-9+\/]+=?=?$/ || length(s) % 4) return ""
    o = ""
    for (i = 1; i <= length(s); i += 4) {
      n = 0; for (k = 0; k < 4; k++) n = n * 64 + B64[substr(s, i + k, 1)]
      o = o HEX[int(n / 65536)] HEX[int(n / 256) % 256] HEX[n % 256]
    }
    n = s ~ /==$/ ? 2 : s ~ /=$/ ? 1 : 0
    if (n && B64[substr(s, length(s) - n, 1)] % (n == 2 ? 16 : 4)) return "" # une seule écriture : aucun bit n échappe
    return substr(o, 1, length(o) - 2 * n)
  }
  function hexa(s,   i, o) { o = ""; for (i = 1; i <= length(s); i++) o = o ORD[substr(s, i, 1)]; return o }
  function clair(s) { gsub(/\\n/, "\n", s); return s } # les textes de sweeps.jsonl n ont pas d autre échappement

  # Preuve d une suite de feuilles (docs/FORMAT.md, 1). Les nœuds à calculer sont rangés par étage.
  function batir(bas, haut,   n, m, a, b) {
    if (haut <= de || bas >= de + combien) {
      n = ++noeuds; EMP[n] = lus < nn ? NOEUD[++lus] : ""; if (!hex64(EMP[n])) mauvais = 1; ETAGE[n] = 0; return n
    }
    if (haut - bas == 1) { n = ++noeuds; FEU[n] = base "." (bas - de); ETAGE[n] = 0; return n }
    for (m = 1; m * 2 < haut - bas; m *= 2) ;
    a = batir(bas, bas + m); b = batir(bas + m, haut)
    n = ++noeuds; G[n] = a; DR[n] = b; ETAGE[n] = (ETAGE[a] > ETAGE[b] ? ETAGE[a] : ETAGE[b]) + 1
    if (ETAGE[n] > sommet) sommet = ETAGE[n]
    return n
  }
  # Ajoute une preuve au lot : la racine est comparée quand le lot est calculé.
  function preuve(nom, depart, k, taille, nodes, racine, code, ou,   i) {
    de = depart + 0; taille += 0; combien = k; lus = mauvais = 0; base = nom
    nn = split(nodes, NOEUD, ",")
    for (i = 1; i <= nn; i++) NOEUD[i] = substr(NOEUD[i], 2, length(NOEUD[i]) - 2)
    if (k < 1 || de + k > taille || taille > 1000000000) { echec(code, ou); return }
    i = batir(0, taille + 0)
    if (mauvais || lus != nn) { echec(code, ou); return }
    RAC[i] = racine; RCODE[i] = code; ROU[i] = ou
    if (++preuves >= 2000) monter()
  }
  # Des empreintes des feuilles (D["base.i"]) aux racines, étage par étage.
  function monter(   n, e) {
    condenser()
    for (n = 1; n <= noeuds; n++) if (n in FEU) {
      if (FEU[n] in LOG) EMP[n] = D[FEU[n]]; else octets_a("n" n, "00" D[FEU[n]])
    }
    condenser()
    for (n = 1; n <= noeuds; n++) if (("n" n) in D) { EMP[n] = D["n" n]; delete D["n" n] }
    for (e = 1; e <= sommet; e++) {
      for (n = 1; n <= noeuds; n++) if (ETAGE[n] == e) octets_a("n" n, "01" EMP[G[n]] EMP[DR[n]])
      condenser()
      for (n = 1; n <= noeuds; n++) if (ETAGE[n] == e) { EMP[n] = D["n" n]; delete D["n" n] }
    }
    for (n in RAC) if (EMP[n] != RAC[n]) { echec(RCODE[n], ROU[n]); FAUX[ROU[n]] = 1 }
    for (n in FEU) { delete D[FEU[n]]; delete LOG[FEU[n]] }
    split("", EMP); split("", ETAGE); split("", FEU); split("", G); split("", DR); split("", RAC); split("", RCODE); split("", ROU)
    noeuds = sommet = preuves = 0
  }
  BEGIN {
    ECHAPPE["b"] = "\b"; ECHAPPE["f"] = "\f"; ECHAPPE["n"] = "\n"; ECHAPPE["r"] = "\r"; ECHAPPE["t"] = "\t"
    for (i = 0; i < 256; i++) { h = sprintf("%02x", i); HEX[i] = h; if (i) { OCTET[h] = sprintf("%c", i); ORD[OCTET[h]] = h } }
    for (i = 0; i < 64; i++) B64[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", i + 1, 1)] = i
  }
'
awk_dossier='
  # Une note signée (C2SP signed-note, tlog-checkpoint) : NT[n] son texte ; SIGN[n, i], SIGH[n, i] ses signatures.
  function lire_note(n, s,   L, k, i, t, m, A) {
    if (s ~ /[\001-\011\013-\037]/ || substr(s, length(s)) != "\n") return 0
    k = split(substr(s, 1, length(s) - 1), L, "\n"); t = 0
    while (t < k && L[t + 1] != "") NT[n] = NT[n] L[++t] "\n"
    NS[n] = k - t - 1
    if (t < 3 || NS[n] < 1) return 0
    for (i = 1; i <= NS[n]; i++) {
      m = split(L[t + 1 + i], A, " "); SIGH[n, i] = base64_hexa(A[3]); SIGN[n, i] = A[2]
      if (m != 3 || L[t + 1 + i] != "\342\200\224 " A[2] " " A[3] || A[2] ~ /[+]/ || length(SIGH[n, i]) < 10) return 0
    }
    return 1
  }
  function lire_controle(n, s,   L, k, i, c, A) {
    if (!lire_note(n, s)) return 0
    k = split(substr(NT[n], 1, length(NT[n]) - 1), L, "\n"); NO[n] = L[1]
    if (L[2] !~ /^(0|[1-9][0-9]*)$/ || length(L[2]) > 15 || !hex64(base64_hexa(L[3]))) return 0
    for (i = 4; i <= k; i++) if (L[i] ~ /^next-key /) { # NOM+ID+BASE64, où la base64 peut contenir des « + »
      c = substr(L[i], 10); if (n in NKN || split(c, A, "+") < 3) return 0
      NKN[n] = A[1]; c = base64_hexa(substr(c, length(A[1]) + length(A[2]) + 3))
      if (length(c) != 66 || substr(c, 1, 2) != "01") return 0
      NK[n] = substr(c, 3); NKID[n] = A[2]; identifiant(A[1], NK[n])
    }
    return 1
  }
  function identifiant(nom, c) { # de cette clé sous ce nom : les huit premiers chiffres de D["k" nom, c]
    if (!(("k" nom, c) in garde)) { garde["k" nom, c] = 1; octets_a("k" nom SUBSEP c, hexa(nom) "0a01" c) }
  }
  # Ce qu il y a à vérifier par openssl : un passage, une signature, une clé.
  function a_signer(n,   i, c, vue) {
    for (i = 1; i <= NS[n]; i++) for (c in CLE) {
      if (SIGN[n, i] != NO[n] || substr(SIGH[n, i], 1, 8) != substr(D["k" NO[n], c], 1, 8)) continue
      if (!vue) { vue = 1; printf "%s", NT[n] > (T "/notes/" n); close(T "/notes/" n) }
      chemin = T "/notes/" n "." i; suite(substr(SIGH[n, i], 9)); close(chemin)
      if (!(c in ECRITE)) { ECRITE[c] = 1; chemin = T "/notes/" c; suite("302a300506032b6570032100" c); close(chemin) }
      print n, i, c > (T "/signer")
    }
  }
  # L objet ou la liste écrits après une clé du premier niveau, tels quels, jusqu à la clé qui suit.
  function entre(s, avant, apres,   a, b) {
    a = index(s, avant); if (!a) return ""
    s = substr(s, a + length(avant)); b = apres == "" ? length(s) + 1 : index(s, apres)
    return b ? substr(s, 1, b - 1) : ""
  }
  function objets(s, A) { gsub(/[}],[{]/, "\001", s); return split(s, A, "\001") } # sans les accolades entre deux
  function texte_simple(s,   t) { t = s; gsub(/\\n/, "", t); return index(t, "\\") == 0 }
  function portee(c,   i, p) { # rang de la ligne de scope.txt dont ce contrôle relève, 0 si aucune
    p = c; sub(/\/.*$/, "/", p)
    for (i = 1; i <= ns; i++) if (SC[i] == "all" || SC[i] == c || SC[i] == p) return i
    return 0
  }
  function jour(i) { return substr(i, 1, 10) }
  function lire_sommes(n, s, ou,   k, i, l, nom, dernier, complet) { # SHA256SUMS d un passage : S[n, nom]
    if (!texte_simple(s) || substr(s, length(s) - 1) != "\\n") return 0
    k = split(substr(s, 1, length(s) - 2), L, /\\n/); dernier = ""; NOMS[n] = ""
    for (i = 1; i <= k; i++) {
      l = L[i]; nom = substr(l, 67)
      if (!hex64(substr(l, 1, 64)) || substr(l, 65, 2) != "  " || ("x" nom) <= ("x" dernier)) return 0
      if (nom !~ /^((records|plan|shots)\.jsonl|(sweep|env|seal)\.json|checkpoint|previous\.SHA256SUMS|previous\.[a-z0-9-]+\.tsr)$/) return 0
      S[n, nom] = substr(l, 1, 64); dernier = nom
      if (nom ~ /\.tsr$/) NOMS[n] = NOMS[n] " " substr(nom, 10, length(nom) - 13)
    }
    complet = (n, "records.jsonl") in S && (n, "sweep.json") in S && (n, "env.json") in S && (n, "seal.json") in S && (n, "checkpoint") in S
    if (VERS[n] == 2) { if (!((n, "plan.jsonl") in S)) complet = 0 } else if ((n, "plan.jsonl") in S) complet = 0
    if (NOMS[n] != "" && !((n, "previous.SHA256SUMS") in S)) complet = 0
    return complet
  }
  function lire_declare(n, s,   k, i, d, a, m, r) {
    declare_nu[n] = 0
    if (s == "") return
    k = objets(s, DECL)
    for (i = 1; i <= k; i++) {
      d = DECL[i]; gsub(/^\{|\}$/, "", d); d = "," d ","
      a = entre(d, ",\"authority\":\"", "\""); m = entre(d, ",\"sweep\":", ","); r = entre(d, ",\"why\":\"", "\"")
      if (index(d, ",\"what\":\"unstamped\",")) {
        if (m == n - 1) declare_nu[n] = 1
        print "déclaré par le journal : passage " sprintf("%09d", m) " sans horodatage" (a == "" ? "" : " de " a) " (" r ")" > lignes
      } else if (index(d, ",\"what\":\"stamped\",")) {
        if (entre(d, ",\"delay_s\":", ",") + 0 > 600) {
          TARD[m, a] = TARDIF[m] = 1
          print "déclaré par le journal : passage " sprintf("%09d", m) " horodaté en retard par " a " (" entre(d, ",\"delay_s\":", ",") " s)" > lignes
        }
        r = entre(d, ",\"clock_error_ms\":[", "]")
        if (r != "") { split(r, E, ","); if (E[1] + 0 > 60000 || E[2] + 0 < -60000)
          print "note : passage " sprintf("%09d", m) " : notre horloge différait de celle de " a " de " int((E[1] + E[2]) / 2000) " s" > reperes }
      } else if (index(d, ",\"what\":\"unfinished\",")) print "déclaré par le journal : passage " sprintf("%09d", m) " interrompu (" r ")" > lignes
      else if (index(d, ",\"what\":\"log_key_lost\",")) { PERDUE[n] = entre(d, ",\"old_origin\":\"", "\"")
        print "déclaré par le journal : passage " sprintf("%09d", n) " : la clé du journal " PERDUE[n] " a été perdue" > lignes }
    }
  }
  function un_passage(l,   n, cp, seal, sums, sweep, k, i, ok, ext, v) {
    if (!canonique(l)) { echec("canonical", "sweeps.jsonl:" FNRL); return }
    if ("before" in V) { # les sommes du passage qui précède le premier
      if (FNRL != 1 || !entier(V["before"]) || !texte_simple(V["sums"])) { echec("chain", "sweeps.jsonl:1"); return }
      avant = V["before"] + 0; SOMMES[avant] = clair(V["sums"]); texte_a("sums" avant, SOMMES[avant]); garde["sums" avant] = 1; return
    }
    cp = V["checkpoint"]; sums = V["sums"]; n = V["sweep.sweep"]; v = V["sweep.v"]
    seal = "{" entre(l, ",\"seal\":{", "},\"sums\":\"") "}"; sweep = entre(entre(l, "},\"sums\":\"", ""), "\",\"sweep\":", ""); sweep = substr(sweep, 1, length(sweep) - 1)
    if (!entier(n) || n > 999999999 || v != 1 && v != 2 && !entier(v)) { echec("plan", "sweeps.jsonl:" FNRL); return }
    if (v > 2) reserve("format", sprintf("passage %09d", n))
    n += 0; ou = sprintf("passage %09d", n); ORDRE[++nr] = n; if (nr > 1) VEILLE[n] = ORDRE[nr - 1]; else if (avant != "") VEILLE[n] = avant; VERS[n] = v > 2 || deux ? 2 : v + 0; if (VERS[n] == 2) deux = 1 # jamais la version 1 après la 2
    if (nr > 1 && n != ORDRE[nr - 1] + 1) echec("number", ou)
    DEBUT[n] = V["sweep.started"]; FIN[n] = V["sweep.finished"]; PTAILLE[n] = V["sweep.plan.size"]; STAILLE[n] = V["sweep.shots.size"]
    RP[n] = V["sweep.plan.root"]; RPH[n] = V["sweep.shots.root"]
    PREMIER[n] = V["seal.first"]; TAILLE[n] = V["seal.size"]
    if (V["seal.sweep"] != n) echec("number", ou)
    if (!entier(PREMIER[n]) || !entier(TAILLE[n]) || TAILLE[n] + 0 < PREMIER[n] + 0 || nr > 1 && PREMIER[n] != TAILLE[ORDRE[nr - 1]] ||
      DEBUT[n] !~ /^[0-9-]+T[0-9:.]+Z$/ || FIN[n] !~ /^[0-9-]+T[0-9:.]+Z$/ || length(DEBUT[n]) != 27 || length(FIN[n]) != 27 || FIN[n] < DEBUT[n]) echec("plan", ou)
    lire_declare(n, entre(seal, "{\"declared\":[", "],\"first\":"))
    SOMMES[n] = clair(sums); texte_a("sums" n, SOMMES[n]); garde["sums" n] = 1
    NOTE[n] = lire_controle(n, clair(cp))
    if (!lire_sommes(n, sums, ou)) { echec("sums", ou); if (VERS[n] == 2 && !index(cp, "\\nsweep ")) { DITE[n] = 1; echec("checkpoint", ou) } return }
    if (!texte_simple(cp)) { DITE[n] = 1; echec("checkpoint", ou); return }
    texte_a("cp" n, clair(cp)); attendre("cp" n, S[n, "checkpoint"], "file", ou, "checkpoint")
    texte_a("seal" n, seal); attendre("seal" n, S[n, "seal.json"], "file", ou, "seal.json")
    # L empreinte de sweep.json est celle des sommes, et en version 2 celle que le point de contrôle signe.
    texte_a("sweep" n, sweep); attendre("sweep" n, S[n, "sweep.json"], "file", ou, "sweep.json")
    k = split(cp, L, /\\n/); ext = 0
    for (i = 4; i <= k && L[i] != ""; i++) {
      if (L[i] == sprintf("sweep %09d %s", n, S[n, "sweep.json"])) ext++
      else if (L[i] ~ /^sweep /) ext = 9
      if (L[i] ~ /^next-key /) CHANGE[n] = 1
    }
    RACINE[n] = base64_hexa(L[3]); ORIG[n] = L[1]
    if (k < 4 || !hex64(RACINE[n]) || L[2] != TAILLE[n] || VERS[n] == 2 && ext != 1) { DITE[n] = 1; echec("checkpoint", ou) }
    # Chaînage : les sommes du passage précédent et les jetons qu il avait.
    if (!((n, "previous.SHA256SUMS") in S)) { if (nr > 1 || n != 1 || PREMIER[n] != 0) echec("chain", ou) }
    else if (!((n - 1) in SOMMES)) echec("chain", ou)
    else ATT_CHAINE[n] = S[n, "previous.SHA256SUMS"]
    if ((n, "previous.SHA256SUMS") in S && NOMS[n] == "" && !declare_nu[n]) echec("undeclared", ou)
    # Version 1 : les lignes du plan, toutes, dans sweep.json.
    if (v == 1) plan_v1(n, entre(sweep, "{\"checks\":[", "],\"finished\":"))
  }
  function plan_v1(n, s,   k, i, c, q, m) {
    k = objets(s, DECL); m = 0
    for (i = 1; i <= k; i++) {
      c = entre(DECL[i], "\"check\":\"", "\""); q = DECL[i]; if (!sub(/^.*"seq":/, "", q)) continue
      gsub(/[^0-9].*$/, "", q); m++
      if (q + 0 < PREMIER[n] + 0 || q + 0 >= TAILLE[n] + 0 || (n, q) in VU1) echec("plan", ou)
      VU1[n, q] = 1
      if (portee(c)) { QUI[q] = c; OU[q] = n; prevus++ }
    }
    if (m != TAILLE[n] - PREMIER[n]) echec("plan", ou)
  }
  function une_preuve_de_plan(l,   n, k, i, c, r, q, w, nodes, rows, e, dans, ouici, x, x2) {
    if (!canonique(l)) { echec("canonical", "plan.jsonl:" FNRL); return }
    n = V["sweep"]; ouici = "plan.jsonl:" FNRL
    if (!entier(n) || !entier(V["from"]) || VERS[n] != 2 || !entier(PTAILLE[n])) { echec("plan", ouici); return }
    n += 0; e = ++FAITS[n]; x = SC[e]
    if (e > ns) { echec("plan", ouici); return }
    nodes = entre(l, ",\"nodes\":[", "],\"rows\":["); rows = entre(l, ",\"rows\":[", "],\"sweep\":")
    k = rows == "" ? 0 : objets(rows, ROW); de = V["from"] + 0
    if (k == 0) { if (PTAILLE[n] != 0 || nodes != "" || de) echec("plan", ouici)
      else if (RP[n] != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") echec("inclusion", ouici); return }
    precedent = ""
    for (i = 1; i <= k; i++) {
      r = ROW[i]; if (i > 1) r = "{" r; if (i < k) r = r "}"
      c = entre(r, "{\"check\":\"", "\""); q = ""; w = ""
      if (index(r, ",\"record\":\"")) { w = entre(r, ",\"record\":\"", "\",\"seq\":"); q = entre(r, ",\"seq\":", "}") }
      if (q != "" && !(hex64(w) && entier(q)) || q == "" && !index(r, "\",\"why\":\"")) echec("plan", ouici)
      texte_a("p" FNRL "." (i - 1), r)
      if (precedent != "" && !(("x" precedent) < ("x" c) || precedent == c && dernierq < q + 0)) echec("plan", ouici)
      precedent = c; dernierq = q == "" ? 0 : q + 0
      if (ns > 1) { if (place_de != n) { ordre_du_plan(); place_de = n }
        x2 = de + i - 1; if ((x2 in RANGEE) && RANGEE[x2] != r) place_fausse = 1
        RANGEE[x2] = r; RANGEEC[x2] = c; RANGEEQ[x2] = dernierq; if (x2 > place_max) place_max = x2 }
      dans = x == "all" || c == x || x ~ /\/$/ && index(c, x) == 1
      if (dans) {
        if (q != "") {
          if (q + 0 < PREMIER[n] + 0 || q + 0 >= TAILLE[n] + 0 || (q in QUI)) echec("plan", ouici)
          QUI[q] = c; OU[q] = n; EMPREINTE[q] = w; prevus++
        }
      } else if (!(i == 1 && ("x" c) < ("x" x) || i == k && ("x" c) > ("x" x))) echec("plan", ouici)
      if (i == 1 && de > 0 && dans || i == k && de + k < PTAILLE[n] + 0 && dans) echec("plan", ouici)
      # Un voisin seul ne ferme rien : avant la première ligne, le second bord doit être là aussi.
      if (k == 1 && !dans && (("x" c) < ("x" x) ? de + 1 != PTAILLE[n] + 0 : de != 0)) echec("plan", ouici)
      if (k > 1 && !dans && i == 1 && ("x" c) > ("x" x) && de != 0) echec("plan", ouici)
      if (k > 1 && !dans && i == k && ("x" c) < ("x" x) && de + k != PTAILLE[n] + 0) echec("plan", ouici)
    }
    preuve("p" FNRL, de, k, PTAILLE[n], nodes, RP[n], "inclusion", ouici)
  }
  # Les suites d un même plan : une ligne par place, toutes en ordre.
  function ordre_du_plan(   i, p) {
    p = -1
    for (i = 0; i <= place_max; i++) if (i in RANGEE) {
      if (p >= 0 && !(("x" RANGEEC[p]) < ("x" RANGEEC[i]) || RANGEEC[p] == RANGEEC[i] && RANGEEQ[p] < RANGEEQ[i])) place_fausse = 1
      p = i }
    if (place_fausse) echec("plan", sprintf("passage %09d", place_de))
    split("", RANGEE); place_max = place_fausse = 0
  }
  function un_enregistrement(l,   q, n, c, ouici, i, h) {
    ouici = "records.jsonl:" FNRL; lus_enr++
    if (!canonique(l)) { echec("canonical", ouici); douteux = 1; return }
    q = V["seq"]; n = V["sweep"]; c = V["check"]
    if (!(q in QUI)) { texte_a("x" FNRL, l); garde["x" FNRL] = 1; SANS[FNRL] = ouici; return } # scellé sous un autre rang ?
    if (q + 0 <= dernier_enr) echec("plan", ouici)
    dernier_enr = q + 0; ENRS[OU[q]]++; vus++
    if (q in EMPREINTE) { texte_a("r" q, l); attendre("r" q, EMPREINTE[q], "plan", ouici) }
    else if (q in NLOG) { base = "l" q; LOG[base ".0"] = 1; feuille_a(base ".0", l)
      preuve(base, q, 1, TAILLE[OU[q]], NLOG[q], RACINE[OU[q]], "inclusion", ouici) }
    else echec("inclusion", ouici)
    if (!(OU[q] in RMIN) || V["started"] < RMIN[OU[q]]) RMIN[OU[q]] = V["started"]
    if (V["finished"] > RMAX[OU[q]]) RMAX[OU[q]] = V["finished"]
    if (n != OU[q] || c != QUI[q] || V["started"] < DEBUT[OU[q]] || V["finished"] > FIN[OU[q]] || V["finished"] < V["started"] ||
      length(V["started"]) != 27 || length(V["finished"]) != 27) { echec("record", ouici); douteux = 1 }
    n = OU[q]
    if (n == 1 || n in VEILLE) { # les empreintes de la ligne qui précède
      i = n in VEILLE ? SOMMES[VEILLE[n]] : ORIG[n] "\n"
      texte_a("i" q, i sprintf("%09d", n) QUI[q]); ID[q] = V["id"]; garde["i" q] = 1; IDOU[q] = ouici }
    if (V["simulated"] == "true") simules++
    TABLE[q] = n ";" c ";" substr(V["started"], 1, 10) " " substr(V["started"], 12, 12) ";" V["reading"] ";" V["id"]
    if (q in EMPREINTE) TABLE[q] = TABLE[q] ";" EMPREINTE[q]
    if (ncap) captures_de(l, jour(V["started"]), c)
  }
  function captures_de(l, j, c,   i, k) {
    k = split(l, P, "\"")
    for (i = 2; i <= k; i++) if (length(P[i]) == 64 && (P[i] in CAP) && !(P[i] in PLACE)) { gsub(/\//, "-", c); PLACE[P[i]] = j "/" c }
  }
  function une_image(l,   n, shot, q, nodes, ouici) {
    ouici = "shots.jsonl:" FNRL
    if (!canonique(l)) { echec("canonical", ouici); return }
    n = V["sweep"]; q = V["shot.seq"]
    if (!(n in VERS) || !(q in QUI) || OU[q] != n) { echec("plan", ouici); return }
    shot = entre(l, ",\"shot\":", ""); sub(/,"sweep":[0-9]+\}$/, "", shot)
    if (VERS[n] == 2) {
      nodes = entre(l, ",\"nodes\":[", "],\"shot\":")
      texte_a("s" FNRL ".0", shot); preuve("s" FNRL, V["from"], 1, STAILLE[n], nodes, RPH[n], "inclusion", ouici)
    } else if (!((S[n, "shots.jsonl"]) in SCELLES)) echec("inclusion", ouici)
    else { fichier = "sealed/" S[n, "shots.jsonl"] ".jsonl"; i = 0
      while ((getline autre < fichier) > 0) if (autre == shot) i = 1
      close(fichier); if (!i) echec("inclusion", ouici) }
    if (ncap) { IMAGE[FNRL] = shot; DE[FNRL] = q }
  }
  BEGIN {
    OFS = ";"
    while ((getline l < "scope.txt") > 0) { if (l !~ /^(all|[0-9A-Za-z]+\/(notices\/[a-z0-9-]+|[a-z0-9-]*))$/) echec("plan", "scope.txt"); SC[++ns] = l }
    if (!ns) echec("plan", "scope.txt")
    while ((getline l < (T "/ici")) > 0) {
      if (l ~ /^captures\//) { k = split(l, L, "/"); h = L[k]; sub(/^SIMULATION-/, "", h); sub(/\.[a-z0-9]+$/, "", h); CAP[h] = L[2] "/" L[3]; NOMCAP[h] = l; ncap++
        if (CAPN[l]++) echec("capture", l) }
      if (l ~ /^sealed\//) { h = substr(l, 8); sub(/\..*$/, "", h); SCELLES[h] = l }
    }
    while ((getline l < (T "/lues")) > 0) { h = substr(l, 1, 64); l = substr(l, 67); k = split(l, L, "/"); s = L[k]; sub(/^SIMULATION-/, "", s)
      if (index(s, h ".") != 1) echec(l ~ /^sealed/ ? "file" : "capture", l) }

    while ((getline l < (T "/sweeps")) > 0) { FNRL++; un_passage(l) }
    condenser()
    for (n in ATT_CHAINE) if (D["sums" (n - 1)] != ATT_CHAINE[n]) echec("chain", sprintf("passage %09d", n))
    if (!nr) echec("file", "sweeps.jsonl")

    FNRL = 0; ordre_jetons = ""
    while ((getline l < (T "/stamps")) > 0) {
      FNRL++; ou = "stamps.jsonl:" FNRL
      if (!canonique(l)) { echec("canonical", ou); continue }
      n = V["sweep"]; a = V["authority"]; h = base64_hexa(V["tsr"])
      if (!entier(n) || !(n in SOMMES) || a !~ /^[a-z0-9-]+$/ || h == "" || (n, a) in JETON) { echec("chain", ou); continue }
      JETON[n, a] = 1; nj++; JN[nj] = n; JA[nj] = a; JH[nj] = h
      octets_a("t" n a, h)
      if ((n + 1) in VERS && ((n + 1, "previous." a ".tsr") in S)) attendre("t" n a, S[n + 1, "previous." a ".tsr"], "chain", sprintf("passage %09d", n + 1), a)
    }
    for (i = 1; i <= nr; i++) { k = split(NOMS[ORDRE[i]], L, " ")
      for (h = 1; h <= k; h++) if (!((ORDRE[i] - 1, L[h]) in JETON)) echec("chain", sprintf("passage %09d", ORDRE[i]), L[h]) }
    for (i = 1; i <= nr; i++) { k = split(NOMS[ORDRE[i]], L, " "); for (h = 1; h <= k; h++) print ORDRE[i], L[h] > (T "/enclos") }
    # Quels horodatages et signatures vérifier : tous, ou les premiers et derniers de chaque jour.
    peu = tous == "oui" || nr <= 1000
    for (i = 1; i <= nj; i++) { j = JN[i] in DEBUT ? jour(DEBUT[JN[i]]) : "avant"; if (!((JA[i], j) in DJ)) CHOISI[i] = 1; DJ[JA[i], j] = i }
    for (x in DJ) CHOISI[DJ[x]] = 1
    for (i = 1; i <= nj; i++) if (JN[i] in TARDIF) CHOISI[i] = 1
    for (i = 1; i <= nj; i++) if (peu || i in CHOISI) {
      chemin = T "/jetons/" sprintf("%09d", JN[i]) "." JA[i]; suite(JH[i]); close(chemin)
      print sprintf("%09d", JN[i]), JA[i], D["sums" JN[i]] > (T "/horodates"); verifies++
    }
    split("", JH)
    if (verifies < nj) print "note : horodatages vérifiés : " verifies " sur " nj ", les premiers et derniers de chaque jour ; « sh verify.sh --tous » les vérifie tous" > reperes
    for (i = 1; i <= nr; i++) { n = ORDRE[i]; j = jour(DEBUT[n]); prochain = i < nr ? jour(DEBUT[ORDRE[i + 1]]) : ""
      if (peu || i == 1 || j != prochain || j != veille || n in CHANGE || (n - 1) in CHANGE || n in PERDUE) { CHOISIE[n] = 1; signes++ }
      veille = j }
    while ((getline l < (T "/cles")) > 0) CLE[l] = 1
    for (n in NK) CLE[NK[n]] = 1
    for (i = 1; i <= nr; i++) if (NOTE[ORDRE[i]]) for (c in CLE) identifiant(NO[ORDRE[i]], c)
    condenser()
    for (n in NK) if (substr(D["k" NKN[n], NK[n]], 1, 8) != NKID[n]) NOTE[n] = 0
    for (i = 1; i <= nr; i++) { n = ORDRE[i]; if (!(n in CHOISIE)) continue
      if (!NOTE[n]) { if (!(n in DITE)) echec("checkpoint", sprintf("passage %09d", n)); print n, "non" > (T "/notes_lues"); continue }
      print n, "oui", NO[n], PERDUE[n], NKN[n], NK[n] > (T "/notes_lues"); a_signer(n) }
    split("", NT); split("", SIGH); split("", SIGN)
    if (signes < nr) print "note : " signes " signatures de point de contrôle vérifiées sur " nr " (le chaînage couvre les autres)" > reperes

    FNRL = 0
    while ((getline l < (T "/plan")) > 0) { FNRL++; une_preuve_de_plan(l) }
    ordre_du_plan()
    for (i = 1; i <= nr; i++) if (VERS[ORDRE[i]] == 2 && FAITS[ORDRE[i]] != ns) echec("plan", sprintf("passage %09d", ORDRE[i]))
    monter()
    FNRL = 0
    while ((getline l < (T "/log")) > 0) { FNRL++
      if (!canonique(l)) { echec("canonical", "log.jsonl:" FNRL); continue }
      q = V["seq"]; if (!(q in QUI) || OU[q] != V["sweep"] || q in NLOG) { echec("plan", "log.jsonl:" FNRL); continue }
      NLOG[q] = entre(l, "{\"nodes\":[", "],\"seq\":") }
    FNRL = 0; dernier_enr = -1
    while ((getline l < (T "/records")) > 0) { FNRL++; un_enregistrement(l); SOUS[V["seq"]] = jour(V["started"]) }
    monter(); condenser()
    for (q in EMPREINTE) RANG[EMPREINTE[q]] = q
    for (x in SANS) { douteux = 1; if (D["x" x] in RANG) { vus++; echec("record", SANS[x], "rang") } else echec("plan", SANS[x]) }
    if (vus != prevus && !douteux && !illisible) echec("plan", "records.jsonl", prevus " annoncées, " vus + 0 " jointes")
    if (vus != prevus || douteux || illisible) print "oui" > (T "/douteux")
    for (q in ID) if (substr(D["i" q], 1, 16) != ID[q]) echec("record", IDOU[q], "identifiant")
    FNRL = 0
    while ((getline l < (T "/shots")) > 0) { FNRL++; une_image(l) }
    monter(); condenser()
    for (i = 1; i <= FNRL; i++) if ((i in IMAGE) && !(("shots.jsonl:" i) in FAUX)) captures_de(IMAGE[i], SOUS[DE[i]], QUI[DE[i]])
    if (!illisible) for (h in CAP) if (PLACE[h] != CAP[h]) echec("capture", NOMCAP[h])
    for (x in S) if (x ~ /(env\.json|shots\.jsonl)$/) NOMME[S[x]] = 1
    for (h in SCELLES) if (!(h in NOMME)) echec("file", SCELLES[h])
    if (simules) reserve("simulated", simules " observations sur " lus_enr)
    for (i = 1; i <= nr; i++) { n = ORDRE[i]; print n, ((n in RMIN) && RMIN[n] < DEBUT[n] ? RMIN[n] : DEBUT[n]), ((n in RMAX) && RMAX[n] > FIN[n] ? RMAX[n] : FIN[n]), ENRS[n] + 0, VERS[n], TAILLE[n], RACINE[n] > (T "/passages") }
    for (x in TARD) { split(x, L, SUBSEP); print L[1], L[2] > (T "/tardifs") }
    for (q in TABLE) print q ";" TABLE[q] > (T "/table")
    print lus_enr + 0 > (T "/combien")
  }
'

passages() {
  for nom in enclos tardifs passages table combien; do : > "$T/$nom"; done
  grep -E '^(captures|sealed)/' "$T/ici" | tr '\n' '\0' | xargs -0 $empreinte -- 2> /dev/null | grep -E '^[0-9a-f]{64}  [cs]' > "$T/lues"
  awk -v T="$T" -v F="$F" -v perl="$perl" -v empreinte="$empreinte" -v tous="$tous" -v illisible="$illisible" -v trouve="$T/faits" -v lignes="$T/lignes" -v reperes="$T/reperes" \
    "$awk_commun$awk_dossier" < /dev/null 2> "$T/panne" || impossible "la lecture du dossier s'est arrêtée (disque plein ?) : $(tail -n 1 "$T/panne")"
  [ ! -f "$T/faits" ] || while IFS='	' read -r sorte code ou quoi; do
    if [ "$sorte" = E ]; then echec "$code" "$ou" "$quoi"; else reserve "$code" "$ou" "$quoi"; fi
  done < "$T/faits"
}

# --- horodatages ------------------------------------------------------------------------------------------------------
# « Nov 21 22:57:02.5 2026 GMT » : secondes depuis 1970 ; la date lisible.
awk_dates='
  function date(t,   d, h, s, m, a, b, j, f) {
    if (split(t, d, / +/) < 4) return ";"
    split(d[3], h, ":"); split(h[3], s, ".")
    m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", d[1]) + 2) / 3; a = d[4]; b = m
    if (b <= 2) { a--; b += 12 }
    j = 365 * a + int(a / 4) - int(a / 100) + int(a / 400) + int((153 * (b - 3) + 2) / 5) + d[2] - 719469
    f = s[2] == "" ? "" : "." s[2]
    return sprintf("%.0f%s;%04d-%02d-%02d %02d:%02d:%02d%s", j * 86400 + h[1] * 3600 + h[2] * 60 + s[1], f, d[4], m, d[2], h[1], h[2], s[1], f)
  }'

# revocation AUTORITÉ JETON INSTANT OÙ : le certificat du signataire figure-t-il dans une liste de révocation jointe ?
revocation() {
  "$openssl" ts -reply -in "$2" -token_out -out "$T/token" 2> /dev/null
  set -- "$1" "$2" "$3" "$4" -signer "$T/signataire"
  autorite=$1; instant=$3; ou=$4; shift 4
  [ ! -s "$T/untrusted/$autorite" ] || set -- "$@" -certfile "$T/untrusted/$autorite"
  "$openssl" cms -verify -noverify -inform DER -in "$T/token" -out /dev/null "$@" 2> /dev/null || return 0
  serie=$("$openssl" x509 -in "$T/signataire" -noout -serial | sed 's/^serial=//')
  awk -v d="$T/crl" '/BEGIN X509 CRL/ { n++ } n { print > (d n) }' "$T/crls/$autorite"
  for liste in "$T"/crl[0-9]*; do
    [ -f "$liste" ] || continue
    [ "$("$openssl" crl -in "$liste" -noout -issuer 2> /dev/null)" = "$("$openssl" x509 -in "$T/signataire" -noout -issuer)" ] || continue
    "$openssl" crl -in "$liste" -noout -text 2> /dev/null | awk -v s="$serie" '
      /Serial Number:/ { vu = $NF == s } vu && /Revocation Date:/ { sub(/^.*Revocation Date: /, ""); print; exit }' | awk "$awk_dates"'{ split(date($0), x, ";"); print x[1] }' > "$T/retrait"
    [ -s "$T/retrait" ] || continue
    if awk -v i="$instant" '{ exit !($1 <= i) }' "$T/retrait"; then echec revoked "$ou"; else reserve revoked "$ou" "après ce jeton"; fi
    break
  done
  rm -f "$T"/crl[0-9]*
}

horodatages() {
  while IFS=';' read -r numero autorite sommes; do
    [ ! -s "$T/roots/$autorite" ] || { echo "jeton $numero;$autorite;$sommes"; "$openssl" ts -reply -in "$T/jetons/$numero.$autorite" -text 2> /dev/null; }
  done < "$T/horodates" | awk "$awk_dates"'
    function rend() { if (q != "") print q ";" date(h) ";" p ";" pol }
    /^jeton / { rend(); q = substr($0, 7); h = pol = ""; p = "0x00"; next }
    /^Time stamp: / { h = substr($0, 13) }
    /^Accuracy: 0x[0-9A-Fa-f]* seconds/ { p = $2 }
    /^Policy OID: / { pol = substr($0, 13) }
    END { rend() }' > "$T/lus"
  while IFS=';' read -r numero autorite _; do
    [ -s "$T/roots/$autorite" ] || echec authority "passage $numero $autorite"
  done < "$T/horodates"
  while IFS=';' read -r numero autorite sommes instant date precision politique; do
    jeton=$T/jetons/$numero.$autorite; ou="passage $numero $autorite"
    [ -n "$instant" ] || { echec stamp "$ou"; continue; }
    set -- -CAfile "$T/roots/$autorite" -attime "${instant%.*}"
    [ ! -s "$T/untrusted/$autorite" ] || set -- "$@" -untrusted "$T/untrusted/$autorite"
    "$openssl" ts -verify -in "$jeton" -digest "$sommes" "$@" > /dev/null 2>&1 || { echec stamp "$ou"; continue; }
    echo "$numero;$autorite;$instant;$date;$((precision))" >> "$T/bornes"
    echo "$autorite;$politique" >> "$T/politiques"
    [ ! -s "$T/crls/$autorite" ] || revocation "$autorite" "$jeton" "$instant" "$ou"
  done < "$T/lus"
}

# Les bornes de chaque passage, par l'autorité qui les donne ; les dates écrites y sont-elles ?
bornes() {
  awk -F';' '
    function compte(n, mot) { return n " " mot (n > 1 ? "s" : "") }
    function jours(a, m, j) { if (m <= 2) { a--; m += 12 }
      return 365 * a + int(a / 4) - int(a / 100) + int(a / 400) + int((153 * (m - 3) + 2) / 5) + j - 719469 }
    function epoque(s) { return jours(substr(s, 1, 4) + 0, substr(s, 6, 2) + 0, substr(s, 9, 2) + 0) * 86400 + substr(s, 12, 2) * 3600 + substr(s, 15, 2) * 60 + substr(s, 18, 9) }
    FILENAME ~ /enclos$/ { e[$1 - 1, $2] = 1; next }
    FILENAME ~ /tardifs$/ { tard[$1 + 0, $2] = 1; next }
    FILENAME ~ /bornes$/ { n = $1 + 0; v = $3 + 0; x = $4 " UTC (" $2 ")"
      if ((n, $2) in e) { if (!((n + 1) in bas) || v > bas[n + 1]) { bas[n + 1] = v; bast[n + 1] = x; basp[n + 1] = $5; basa[n + 1] = $2 }
        k = ++ne; en[k] = n; ea[k] = $2; ev[k] = v }
      if (!(n in haut) || v < haut[n]) { haut[n] = v; hautt[n] = x; hautp[n] = $5; hauta[n] = $2 }
      if (!((n, $2) in tard)) { if (n in un && (v - un[n] > 600 || un[n] - v > 600)) print "R clocks passage " sprintf("%09d", n); if (!(n in un)) un[n] = v }
      propre[n, $2] = v; autres[$2] = 1; next }
    { r[++k2] = $1; d[k2] = epoque($2); f[k2] = epoque($3); nb[k2] = $4; vers[k2] = $5 }
    END {
      for (i = 1; i <= k2; i++) { n = r[i]
        if (n in bas && (!la || bas[n] > a)) { a = bas[n]; at = bast[n]; ap = basp[n]; aa = basa[n]; la = 1 }
        if (la) { A[i] = a; At[i] = at; Ap[i] = ap; Aa[i] = aa }
        for (x in autres) {
          if ((n - 1, x) in e && (n - 1, x) in propre && (!(x in vu) || propre[n - 1, x] > vu[x])) vu[x] = propre[n - 1, x]
          if ((n, x) in propre && x in vu && propre[n, x] < vu[x]) print "E order passage " sprintf("%09d", n) } }
      for (i = k2; i >= 1; i--) { n = r[i]
        if (n in haut && (!lb || haut[n] < b)) { b = haut[n]; bt = hautt[n]; bp = hautp[n]; ba = hauta[n]; lb = 1 }
        if (lb) { B[i] = b; Bt[i] = bt; Bp[i] = bp; Ba[i] = ba } }
      for (i = 1; i <= k2; i++) { n = sprintf("%09d", r[i])
        print "L passage " n " : écrit après " (i in A ? At[i] : "(sans borne)") " et avant " (i in B ? Bt[i] : "(sans borne)")
        if (i in A && i in B && A[i] > B[i] && Aa[i] != Ba[i]) print "R clocks passage " n
        if (i in A && d[i] < A[i] - 60 - Ap[i] || i in B && f[i] > B[i] + 60 + Bp[i]) print (vers[i] == 1 ? "R" : "E") " date passage " n
        t = 0; u = 1; for (x in autres) if ((r[i], x) in propre) { t = 1; if (!((r[i], x) in tard)) u = 0 }
        if (!(i in B)) { ub += nb[i]; us++ }
        if (!(i in A)) { ua += nb[i]; uas++ }
        else if (i in B && B[i] - A[i] > 90000) { ul += nb[i]; uls++ } else if (t && u) { ut += nb[i]; uts++ } }
      if (us) print "R unstamped " compte(us, "passage") ", " compte(ub, "observation")
      if (uas) print "R bounds " compte(uas, "passage") ", " compte(ua, "observation") " : rien ne les borne avant"
      if (uls) print "R bounds " compte(uls, "passage") ", " compte(ul, "observation") " : plus de 25 heures entre les deux dates"
      if (uts) print "R bounds " compte(uts, "passage") ", " compte(ut, "observation") " : horodatage en retard" }' \
    "$T/enclos" "$T/tardifs" "$T/bornes" "$T/passages" > "$T/b"
  sed -n 's/^L //p' "$T/b" >> "$T/lignes"
  grep '^[ER] ' "$T/b" > "$T/ouverts"
  while read -r sorte code ou; do if [ "$sorte" = E ]; then echec "$code" "$ou"; else reserve "$code" "$ou"; fi; done < "$T/ouverts"
}

# --- signatures -------------------------------------------------------------------------------------------------------
signatures() {
  journal=; signataire=
  while IFS=';' read -r n i cle; do
    "$openssl" pkeyutl -verify -pubin -keyform DER -inkey "$T/notes/$cle" -rawin -in "$T/notes/$n" -sigfile "$T/notes/$n.$i" > /dev/null 2>&1 &&
      echo "$n;$i;$cle" >> "$T/signes"
  done < "$T/signer"
  # La clé qui doit signer : celle qui a signé avant, ou qui fut annoncée ; au début, ou après une perte, une clé jointe.
  awk -F';' -v T="$T" '
    function signe(n, c) { return A[n, c] && A[n, c] == B[n, c] }
    FILENAME ~ /cles$/ { cle[++k] = $1; next }
    FILENAME ~ /signer$/ { A[$1, $3]++; next }
    FILENAME ~ /signes$/ { B[$1, $3]++; next }
    { par = ""
      if ($2 == "non") next
      if (journal != "" && journal != $3) { attendue = ""
        if ($4 != journal) { print "E", $1 > (T "/cles_fausses"); next }
        print "R", $1 > (T "/cles_fausses") }
      if (attendue != "") { if (sous == $3 && signe($1, attendue)) par = attendue }
      else for (i = 1; i <= k && par == ""; i++) if (signe($1, cle[i])) par = cle[i]
      if (par == "") { print "E", $1 > (T "/cles_fausses"); next }
      journal = $3; attendue = par; sous = $3
      if ($6 != "") { attendue = $6; sous = $5 } }
    END { print par ";" journal }' "$T/cles" "$T/signer" "$T/signes" "$T/notes_lues" > "$T/signataire"
  [ ! -f "$T/cles_fausses" ] || while read -r sorte n; do
    ou=$(printf 'passage %09d' "$n"); if [ "$sorte" = E ]; then echec key "$ou"; else reserve key "$ou"; fi
  done < "$T/cles_fausses"
  IFS=';' read -r signataire journal < "$T/signataire"
  [ -z "$signataire" ] || tail -c 32 "$T/notes/$signataire" > "$T/derniere"
}

liste_signee() {
  [ -n "$signataire" ] || return # la dernière signature est fausse : il n'y a pas de clé contre laquelle juger celle-ci
  [ -f SHA256SUMS.signed ] || { reserve signed SHA256SUMS.signed "absente"; return; }
  if lire_note SHA256SUMS.signed && [ "$(sed -n 1p "$T/note")" = "vigie export 2" ] && [ -f "$T/derniere" ] &&
    [ "$(sed -n 2p "$T/note")" = "$journal" ] && [ "$(sed -n 's/^sums //p' "$T/note")" = "$($empreinte < SHA256SUMS | cut -c1-64)" ] &&
    signe_par "$T/derniere" "$journal"; then :; else echec signed SHA256SUMS.signed; fi
}

# --- le tableau -------------------------------------------------------------------------------------------------------
tableau() {
  [ ! -f "$T/douteux" ] || return # les observations ne sont pas celles qui furent scellées : rien à comparer
  for nom in observations.csv SIMULATION-observations.csv; do
    [ -f "$nom" ] || continue
    awk -v table="$T/table" '
      function cellules(s,   n, i, k, m, A, M) { # entre guillemets une partie sur deux ; une partie vide entre deux en est un
        split("", C); k = 1; C[1] = ""; n = split(s, A, "\"")
        for (i = 1; i <= n; i++) {
          if (i % 2 == 0) C[k] = C[k] A[i]
          else if (A[i] == "") { if (i > 1 && i < n) C[k] = C[k] "\"" }
          else { m = split(A[i], M, ";"); C[k] = C[k] M[1]; for (j = 2; j <= m; j++) C[++k] = M[j] }
        }
        return k }
      function guillemets(s) { return gsub(/"/, "\"", s) }
      BEGIN { while ((getline l < table) > 0) { q = l; sub(/;.*$/, "", q); t[q] = substr(l, length(q) + 2); n++ } }
      { ligne = ligne == "" ? $0 : ligne "\n" $0; if (guillemets(ligne) % 2) next
        sub(/\r$/, "", ligne); k = cellules(ligne); ligne = ""
        if (!tete) { tete = 1; sub(/^\357\273\277/, "", C[1]); for (i = 1; i <= k; i++) col[C[i]] = i
          if (!("Numéro" in col && "Relevé" in col && "Contrôle" in col && "Date et heure UTC" in col && "Classe" in col &&
            "Identifiant de la visite" in col && "SHA-256 de l\047observation" in col)) { faux = 1; exit } next }
        q = C[col["Numéro"]]; lu++
        if (!(q in t)) { faux = 1; exit }
        if (C[col["Lecture"]] == "endommagée, non comptée" && C[col["Classe"]] == "") { delete t[q]; next }
        v = C[col["Relevé"]] ";" C[col["Contrôle"]] ";" C[col["Date et heure UTC"]] ";" C[col["Classe"]] ";" C[col["Identifiant de la visite"]]
        d = C[col["SHA-256 de l\047observation"]]
        if (t[q] != v && t[q] != v ";" d) { faux = 1; exit }
        delete t[q] }
      END { for (q in t) faux = 1; exit faux || ligne != "" }' "$nom" || echec csv "$nom"
    return
  done
  note "observations.csv n'est pas dans ce dossier : il n'y a pas de tableau à comparer"
}

# --- témoin -----------------------------------------------------------------------------------------------------------
temoin_garde() {
  [ -n "$temoin" ] || return
  lire_controle "$temoin" || { echec witness témoin; return; }
  signataire=
  for cle in "$T"/keys/*; do [ -f "$cle" ] && signe_par "$cle" "$origine" && signataire=$cle && break; done
  [ -n "$signataire" ] || { echec witness témoin signature; return; }
  petit=$(cut -d';' -f6 "$T/passages" | sort -n | sed -n 1p); grand=$(cut -d';' -f6 "$T/passages" | sort -n | tail -n 1)
  if [ "$taille" -lt "${petit:-0}" ]; then reserve witness témoin "antérieur au dossier : non comparé"
  elif [ "$taille" -gt "${grand:-0}" ]; then echec witness témoin "observations connues du témoin : $taille ; ici : ${grand:-0}"
  else
    cut -d';' -f6,7 "$T/passages" | grep -qx "$taille;$racine" || echec witness témoin "autre journal à $(compte "$taille" observation)"
  fi
}

: > "$T/bornes"; : > "$T/politiques"
dossier_entier
lignes_en_clair
cles_jointes
passages
horodatages
bornes
signatures
liste_signee
tableau
temoin_garde
cat "$T/lignes" "$T/trouvailles" "$T/reperes"
echo "note : figures.json n'est pas vérifié ici, ni les mots d'observations.csv (« Lecture », « Phrase du site ») ; « vigie verify » les vérifie, et verifier.html presque tous"
! grep -q '^witness\.jsonl' "$T/ici" || echo "note : witness.jsonl n'est pas vérifié ici ; « vigie verify » et verifier.html le font"
resultat="$(compte "$(wc -l < "$T/passages" | tr -d ' ')" passage), $(compte "$(cat "$T/combien")" observation)"
if grep -q '^ÉCHEC' "$T/trouvailles"; then echo "ÉCHEC : ce dossier n'est pas fiable en l'état : $resultat"; exit 1; fi
cat <<'FIN'
Prouvé : chaque observation jointe a été écrite entre les dates données ci-dessus pour son passage, selon l'horloge des
  autorités nommées (« sans borne » : aucune date n'est prouvée) ; rien n'y a été changé ; aucune observation annoncée
  ne manque entre le premier et le dernier passage joints.
Non prouvé : que le site a bien envoyé ces pages (rien de technique ne le peut ; ses propres journaux d'accès le
  peuvent) ; ce qui précède ou suit les passages joints ; dans un export partiel, que le plan de chaque passage est en
  ordre hors des lignes montrées (qui détient la clé du journal aurait pu en ranger une ailleurs : un export de tout,
  ou le dossier de données, le montre) ; que les certificats et clés du dossier trust/ sont les
  bons : comparez leurs empreintes avec celles que publient l'autorité et l'exploitant. Le PDF ne fait que présenter
  ce qui est scellé ; SHA256SUMS.signed dit quel PDF la clé du journal a signé.
FIN
for pem in $(grep -E '^trust/roots/[0-9a-z.-]+$' "$T/ici"); do
  awk -v d="$T/racine" '/BEGIN CERTIFICATE/ { n++ } n { print > (d n) }' "$pem"
  for un in "$T"/racine[0-9]*; do
    echo "certificat $pem : $("$openssl" x509 -in "$un" -noout -fingerprint -sha256 2> /dev/null | sed 's/^.*=//')"
  done; rm -f "$T"/racine[0-9]*
done
for pem in $(grep -E '^trust/log/[0-9a-z.]+$' "$T/ici"); do
  echo "clé du journal $pem : $($empreinte < "$T/keys/${pem##*/}" 2> /dev/null | cut -c1-64)"
done
sort "$T/politiques" | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, ""); split($0, p, ";"); print "autorité " p[1] ", politique " p[2] " : horodatages vérifiés : " n }'
if [ -s "$T/trouvailles" ]; then echo "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS : $resultat"; exit 3; fi
echo "VÉRIFIÉ : $resultat"
