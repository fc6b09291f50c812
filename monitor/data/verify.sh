#!/bin/sh
# Vérifie un dossier de preuve de Vigie Préfectures, sans le logiciel.
#
#   sh verify.sh [DOSSIER] [TÉMOIN]
#
# DOSSIER : le dossier à vérifier (par défaut, celui où se trouve ce fichier).
# TÉMOIN  : un point de contrôle du journal gardé ailleurs (reçu par courriel, par exemple), s'il y en a un.
# Il faut sh, sha256sum, openssl (3.0 ou plus récent) et les outils ordinaires d'un système Unix : awk, sed, grep...
# Se termine par 0 : vérifié ; 1 : quelque chose est faux ; 2 : vérification impossible ; 3 : vérifié, avec réserves.
set -u
LC_ALL=C; OPENSSL_CONF=/dev/null; export LC_ALL OPENSSL_CONF
umask 077

ici=$(cd -- "$(dirname -- "$0")" && pwd) || exit 2
dossier=${1:-$ici}
temoin=${2:-}
for outil in sha256sum openssl awk sed grep sort comm find cmp tr od cut tail mktemp xargs; do
  command -v "$outil" > /dev/null 2>&1 || { echo "IMPOSSIBLE : il manque l'outil $outil"; exit 2; }
done
if [ -n "$temoin" ]; then
  [ -f "$temoin" ] || { echo "IMPOSSIBLE : $temoin n'est pas un fichier"; exit 2; }
  case $temoin in /*) ;; *) temoin=$(pwd)/$temoin ;; esac
fi
. "$ici/verify-inclusion.sh"
cd -- "$dossier" 2> /dev/null || { echo "IMPOSSIBLE : $dossier n'est pas un dossier"; exit 2; }
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$T/roots" "$T/untrusted" "$T/keys"
for liste in trouvailles bornes heads plan folds folded found; do : > "$T/$liste"; done

phrase() {
  case $1 in
    sums) echo "la liste des empreintes SHA256SUMS est absente ou mal formée" ;;
    file) echo "un fichier manque ou a été modifié" ;;
    unlisted) echo "un fichier ne figure dans aucune liste d'empreintes" ;;
    number) echo "les relevés ne se suivent pas : il en manque, ou un numéro est faux" ;;
    chain) echo "le relevé ne contient pas les empreintes ou l'horodatage exacts du relevé précédent" ;;
    stamp) echo "l'horodatage ne vaut rien pour ces empreintes" ;;
    authority) echo "aucun certificat racine n'est joint pour cette autorité d'horodatage" ;;
    order) echo "les deux horodatages d'une même autorité se contredisent" ;;
    undeclared) echo "l'horodatage du relevé précédent manque sans que ce soit déclaré" ;;
    checkpoint) echo "la signature ou le contenu du point de contrôle du journal est faux" ;;
    key) echo "le point de contrôle n'est pas signé par une clé connue ou annoncée" ;;
    inclusion) echo "l'observation n'est pas celle qui a été scellée dans le journal" ;;
    consistency) echo "le journal a été réécrit entre deux relevés" ;;
    plan) echo "les observations jointes ne sont pas exactement celles que le relevé annonce" ;;
    capture) echo "une capture ne correspond à aucune observation" ;;
    witness) echo "le journal n'est pas celui dont le point de contrôle témoin a été gardé" ;;
    unstamped) echo "aucun horodatage ne borne encore la fin de ce relevé" ;;
    clocks) echo "les horloges de deux autorités d'horodatage se contredisent" ;;
  esac
}
echec() { echo "ÉCHEC [$1] $2 : $(phrase "$1")${3:+ ($3)}" >> "$T/trouvailles"; }
reserve() { echo "RÉSERVE [$1] $2 : $(phrase "$1")${3:+ ($3)}" >> "$T/trouvailles"; }
hexa() { od -An -v -tx1 | tr -d ' \n'; }

# --- listes d'empreintes ----------------------------------------------------------------------------------------------
# Une seule écriture est admise : celle de sha256sum, triée par nom, sans autre caractère.
liste_reguliere() {
  [ -s "$1" ] && [ "$(tail -c 1 "$1" | hexa)" = 0a ] &&
    ! grep -Evq '^[0-9a-f]{64}  [A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$' "$1" &&
    cut -c67- "$1" | sort -cu 2> /dev/null
}

dossier_entier() {
  find . -type f | sed 's|^\./||' | sort > "$T/ici"
  find . ! -type f ! -type d | sed 's|^\./||' > "$T/etranges"
  while IFS= read -r nom; do echec unlisted "$nom"; done < "$T/etranges"
  liste_reguliere SHA256SUMS || { echec sums SHA256SUMS; return; }
  { cut -c67- SHA256SUMS; echo SHA256SUMS; } | sort > "$T/listes"
  comm -23 "$T/ici" "$T/listes" > "$T/sans"
  while IFS= read -r nom; do echec unlisted "$nom"; done < "$T/sans"
  { comm -13 "$T/ici" "$T/listes"; sha256sum --strict --quiet -c SHA256SUMS 2> /dev/null | sed 's/: FAILED.*$//'; } |
    sort -u > "$T/faux"
  while IFS= read -r nom; do echec file "$nom"; done < "$T/faux"
}

# --- horodatages ------------------------------------------------------------------------------------------------------
# Certificats joints pour une autorité : racines de confiance, ou intermédiaires.
certificats() {
  [ -e "$T/$1/$2" ] && return
  : > "$T/$1/$2"
  for pem in $(grep -E "^trust/$1/$2\.[0-9a-z]+\.pem$" "$T/ici"); do { cat "$pem"; echo; } >> "$T/$1/$2"; done
}

# « Nov 21 22:57:02.5 2026 GMT » : secondes depuis 1970, puis la date lisible.
date_lue() {
  awk '{ split($3, h, ":"); split(h[3], s, ".")
    m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3; a = $4; b = m
    if (b <= 2) { a--; b += 12 }
    j = 365 * a + int(a / 4) - int(a / 100) + int(a / 400) + int((153 * (b - 3) + 2) / 5) + $2 - 719469
    f = s[2] == "" ? "" : "." s[2]
    printf "%.0f%s %04d-%02d-%02d %02d:%02d:%02d%s\n", j * 86400 + h[1] * 3600 + h[2] * 60 + s[1], f, $4, m, $2, h[1], h[2], s[1], f }'
}

# horodatage AUTORITÉ RÉPONSE DONNÉES : écrit dans $T/date la date prouvée ; échoue sinon.
horodatage() {
  certificats roots "$1"; certificats untrusted "$1"
  [ -s "$T/roots/$1" ] || { echec authority "$2"; return 1; }
  openssl ts -reply -in "$2" -text 2> /dev/null | sed -n 's/^Time stamp: //p' | date_lue > "$T/date"
  [ -s "$T/date" ] || { echec stamp "$2"; return 1; }
  instant=$(cut -d' ' -f1 "$T/date")
  set -- "$1" "$2" "$3" -CAfile "$T/roots/$1" -attime "${instant%.*}"
  [ ! -s "$T/untrusted/$1" ] || set -- "$@" -untrusted "$T/untrusted/$1"
  autorite=$1; reponse=$2; donnees=$3; shift 3
  openssl ts -verify -in "$reponse" -data "$donnees" "$@" > /dev/null 2>&1 || { echec stamp "$reponse"; return 1; }
}

# --- point de contrôle du journal (C2SP tlog-checkpoint, signed-note, Ed25519) -----------------------------------------
base64_exact() { [ "$(printf '%s' "$1" | openssl base64 -d -A 2> /dev/null | openssl base64 -A)" = "$1" ]; }
octets() { printf '%s' "$1" | openssl base64 -d -A; }

# Range les clés publiques jointes : 32 octets chacune.
cles_jointes() {
  for pem in $(grep -E '^trust/log/[0-9a-z.]+$' "$T/ici"); do
    openssl pkey -pubin -in "$pem" -outform DER > "$T/der" 2> /dev/null || continue
    case $(hexa < "$T/der") in 302a300506032b6570032100*) tail -c 32 "$T/der" > "$T/keys/$(basename "$pem")" ;; esac
  done
}

# lire_note FICHIER : sépare le texte ($T/note) et les signatures ($T/signatures) ; origine, taille, racine, suivante.
lire_note() {
  [ "$(tr -d '\n\040-\377' < "$1" | wc -c)" -eq 0 ] && [ "$(tail -c 1 "$1" | hexa)" = 0a ] || return 1
  : > "$T/note"; : > "$T/signatures"
  awk -v note="$T/note" -v sign="$T/signatures" 'blanc { if ($0 !~ /^\342\200\224 [^ +]+ [A-Za-z0-9+\/=]+$/) exit 1; print $2, $3 > sign; n++; next }
    $0 == "" { blanc = 1; next } { print > note; t++ } END { if (n < 1 || t < 3) exit 1 }' "$1" || return 1
  while read -r _ signe; do base64_exact "$signe" || return 1; done < "$T/signatures"
  origine=$(sed -n 1p "$T/note"); taille=$(sed -n 2p "$T/note"); racine=$(sed -n 3p "$T/note")
  printf '%s\n' "$taille" | grep -Eqx '0|[1-9][0-9]{0,17}' && base64_exact "$racine" || return 1
  racine=$(octets "$racine" | hexa); [ ${#racine} -eq 64 ] || return 1
  suivante=$(sed -n '4,$s/^next-key //p' "$T/note")
  [ -n "$suivante" ] || return 0
  nom=${suivante%%+*}; reste=${suivante#*+}; cle=${reste#*+} # la base64 peut contenir des « + »
  base64_exact "$cle" && octets "$cle" > "$T/annonce" || return 1
  [ "$(wc -c < "$T/annonce")" -eq 33 ] && [ "$(head -c 1 "$T/annonce" | hexa)" = 01 ] || return 1
  [ "$({ printf '%s\n' "$nom"; cat "$T/annonce"; } | sha256sum | cut -c1-8)" = "${reste%%+*}" ]
}

# signe_par CLÉ : vrai si le texte lu est signé, sous son nom d'origine, par cette clé de 32 octets.
signe_par() {
  id=$({ printf '%s\n\001' "$origine"; cat "$1"; } | sha256sum | cut -c1-8); vu=1
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat "$1"; } > "$T/der"
  while read -r nom signe; do
    octets "$signe" > "$T/signature"
    [ "$nom" = "$origine" ] && [ "$(head -c 4 "$T/signature" | hexa)" = "$id" ] || continue
    tail -c +5 "$T/signature" > "$T/sig64"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$T/der" -rawin -in "$T/note" -sigfile "$T/sig64" > /dev/null 2>&1 || return 1
    vu=0
  done < "$T/signatures"
  return $vu
}

# --- relevés ----------------------------------------------------------------------------------------------------------
fichiers_du_releve() {
  liste_reguliere "$R/SHA256SUMS" || { echec sums "$R/SHA256SUMS"; return 1; }
  cut -c67- "$R/SHA256SUMS" > "$T/noms"
  for nom in records.jsonl sweep.json env.json seal.json checkpoint; do
    grep -qx "$nom" "$T/noms" || { echec sums "$R/SHA256SUMS"; return 1; }
  done
  if grep -Evq '^((records|shots)\.jsonl|(sweep|env|seal)\.json|checkpoint|previous\.SHA256SUMS|previous\.[a-z0-9-]+\.tsr)$' "$T/noms"; then
    echec sums "$R/SHA256SUMS"; return 1
  fi
  if grep -q '^previous\..*\.tsr$' "$T/noms" && ! grep -qx 'previous\.SHA256SUMS' "$T/noms"; then
    echec sums "$R/SHA256SUMS"; return 1
  fi
  grep "^$R/" "$T/ici" | cut -c$((${#R} + 2))- | grep -Ev '^SHA256SUMS(\.[a-z0-9-]+\.ts[qr])?$' | sort > "$T/presents"
  comm -23 "$T/presents" "$T/noms" > "$T/sans"
  while IFS= read -r nom; do echec unlisted "$R/$nom"; done < "$T/sans"
  # Les observations sont jointes à part, par sélection, chacune avec sa preuve.
  { [ -f "$R/records.jsonl" ] && cat "$R/SHA256SUMS" || grep -v '  records\.jsonl$' "$R/SHA256SUMS"; } > "$T/sums"
  { comm -13 "$T/presents" "$T/noms" | grep -vx 'records\.jsonl'
    (cd "$R" && sha256sum --strict --quiet -c "$T/sums" 2> /dev/null) | sed 's/: FAILED.*$//'; } | sort -u > "$T/faux"
  while IFS= read -r nom; do echec file "$R/$nom"; done < "$T/faux"
  [ ! -s "$T/faux" ]
}

faits_du_releve() {
  sed -n 's/^.*],"first":\([0-9]*\),"size":\([0-9]*\),"sweep":\([0-9]*\),"v":1}$/\1 \2 \3/p' "$R/seal.json" > "$T/faits"
  [ -s "$T/faits" ] || { echec plan "$R"; return; }
  read -r premier fin numero < "$T/faits"
  [ "$numero" = "$n" ] || echec number "$R"
  tr '{' '\n' < "$R/sweep.json" | sed -n 's/^"check":"\([^"\\]*\)","seq":\([0-9]*\)}.*$/\2 \1/p' | sort -n > "$T/prevus"
  awk -v p="$premier" -v f="$fin" '$1 != p + NR - 1 { faux = 1 } END { exit faux || NR != f - p }' "$T/prevus" || echec plan "$R"
  awk -v r="$R" -v p="$premier" -v f="$fin" '{ print r, p, f, $0 }' "$T/prevus" >> "$T/plan"
  echo "$R $premier $fin" >> "$T/etendues"
  sed 's/^{"declared":\[\(.*\)\],"first".*$/\1/' "$R/seal.json" | awk -v n="$N" '$0 != "" { gsub(/[}],[{]/, "}\n{"); k = split($0, d, "\n")
    for (i = 1; i <= k; i++) { t = match(d[i], /"delay_s":[0-9]+/) ? substr(d[i], RSTART + 10, RLENGTH - 10) : 0
      if (d[i] !~ /"what":"stamped"}$/ || t + 0 > 600) print "déclaré par le journal : relevé " n " : " d[i] } }'
}

enchainement() {
  enclos=non; grep -qx 'previous\.SHA256SUMS' "$T/noms" && enclos=oui
  if [ -z "$P" ]; then [ $enclos = oui ] || [ "$premier" = 0 ] || echec chain "$R"
  elif [ $enclos = non ] || ! cmp -s "$R/previous.SHA256SUMS" "$P/SHA256SUMS"; then echec chain "$R"; fi
  if [ $enclos = oui ] && ! grep -q '^previous\..*\.tsr$' "$T/noms" &&
    ! grep -q "\"sweep\":$((n - 1)),\"what\":\"unstamped\"" "$R/seal.json"; then echec undeclared "$R"; fi
}

horodatages_du_releve() {
  for nom in $(grep '^previous\..*\.tsr$' "$T/noms"); do
    a=${nom#previous.}; a=${a%.tsr}
    if [ -n "$P" ] && [ -f "$P/SHA256SUMS.$a.tsr" ]; then
      cmp -s "$R/$nom" "$P/SHA256SUMS.$a.tsr" || { echec chain "$R/$nom"; continue; }
      sed -n "s|^propre $P $a |enclos $R $a |p" "$T/bornes" > "$T/meme"; cat "$T/meme" >> "$T/bornes"
    elif horodatage "$a" "$R/$nom" "$R/previous.SHA256SUMS"; then
      echo "enclos $R $a $(cat "$T/date")" >> "$T/bornes"
    fi
  done
  for reponse in $(grep -E "^$R/SHA256SUMS\.[a-z0-9-]+\.tsr$" "$T/ici"); do
    a=${reponse#"$R/SHA256SUMS."}; a=${a%.tsr}
    horodatage "$a" "$reponse" "$R/SHA256SUMS" || continue
    echo "propre $R $a $(cat "$T/date")" >> "$T/bornes"
    awk -v r="$R" -v a="$a" '$2 == r && $3 == a { t[$1] = $4 } END { exit !(("enclos" in t) && t["propre"] + 0 < t["enclos"] + 0) }' "$T/bornes" &&
      echec order "$R/SHA256SUMS.$a.tsr"
  done
}

point_de_controle() {
  lire_note "$R/checkpoint" || { echec checkpoint "$R/checkpoint"; return; }
  if [ -n "$journal" ] && [ "$journal" != "$origine" ]; then
    rm -f "$T/attendue"
    grep -F "\"old_origin\":\"$journal\"" "$R/seal.json" | grep -q '"what":"log_key_lost"' || { echec key "$R/checkpoint"; return; }
    reserve key "$R/checkpoint"
  fi
  signataire=
  for cle in "$T/attendue" "$T"/keys/*; do
    [ -f "$cle" ] || continue
    if signe_par "$cle"; then signataire=$cle; break; fi
    [ "$cle" != "$T/attendue" ] || break
  done
  [ -n "$signataire" ] || { echec key "$R/checkpoint"; return; }
  journal=$origine
  if [ -n "$suivante" ]; then tail -c 32 "$T/annonce" > "$T/attendue"
  elif [ "$signataire" != "$T/attendue" ]; then cp "$signataire" "$T/attendue"; fi
  if [ "$taille" != "$fin" ] || [ "$premier" -gt "$taille" ] || { [ -n "$P" ] && [ "$premier" != "$avant" ]; }; then
    echec checkpoint "$R/checkpoint"; return
  fi
  echo "$R $premier $taille $racine" >> "$T/heads"
}

releves() {
  grep -E '^sweeps/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{9}/' "$T/ici" | cut -d/ -f1-5 | sort -u | sort -t/ -k5 > "$T/releves"
  [ -s "$T/releves" ] || echec file sweeps
  cles_jointes; : > "$T/etendues"
  P=; avant=0; journal=
  while IFS= read -r R <&3; do
    N=${R##*/}; n=${N#"${N%%[!0]*}"}; n=${n:-0}; premier=0; fin=0
    if fichiers_du_releve; then
      [ -z "$P" ] || [ "$n" -eq $((dernier + 1)) ] || echec number "$R"
      faits_du_releve; enchainement; horodatages_du_releve; point_de_controle
    fi
    P=$R; avant=$fin; dernier=$n
  done 3< "$T/releves"
  # Un relevé sans horodatage propre est borné par ses voisins, puisque chacun contient les empreintes du précédent.
  awk 'FILENAME ~ /bornes$/ { v = $4 + 0; x = $5 " " $6
      if ($1 == "enclos" && (!($2 in e) || v > e[$2])) { e[$2] = v; et[$2] = x }
      if ($1 == "enclos" && (!($2 in em) || v < em[$2])) { em[$2] = v; emt[$2] = x }
      if ($1 == "propre" && (!($2 in o) || v < o[$2])) { o[$2] = v; ot[$2] = x }
      next }
    { r[++k] = $0; if ($0 in e) { a = e[$0]; at = et[$0]; la = 1 } if (la) { ap[k] = a; apt[k] = at } }
    END { for (i = k; i >= 1; i--) { s = r[i + 1]; m = ""
        if (r[i] in o) { m = o[r[i]]; mt = ot[r[i]] }
        if (i < k && (s in em) && (m == "" || em[s] < m)) { m = em[s]; mt = emt[s] }
        if (m != "") { b = m; bt = mt; lb = 1 }
        if (lb) { av[i] = b; avt[i] = bt } }
      for (i = 1; i <= k; i++) { n = substr(r[i], length(r[i]) - 8)
        print "relevé " n " : écrit après " ((i in apt) ? apt[i] " UTC" : "(sans borne)") " et avant " ((i in avt) ? avt[i] " UTC" : "(sans borne)")
        if (!(i in avt)) print "R unstamped relevé " n; else if ((i in ap) && ap[i] > av[i]) print "R clocks relevé " n } }' \
    "$T/bornes" "$T/releves" > "$T/lignes"
  grep -v '^R ' "$T/lignes"
  grep '^R ' "$T/lignes" > "$T/ouverts"
  while read -r _ code ou; do reserve "$code" "$ou"; done < "$T/ouverts"
}

# --- témoin -----------------------------------------------------------------------------------------------------------
temoin_garde() {
  [ -n "$temoin" ] || return
  lire_note "$temoin" || { echec witness témoin; return; }
  signataire=
  for cle in "$T"/keys/*; do [ -f "$cle" ] && signe_par "$cle" && signataire=$cle && break; done
  [ -n "$signataire" ] || { echec witness témoin signature; return; }
  petit=$(cut -d' ' -f3 "$T/heads" | sort -n | sed -n 1p); grand=$(cut -d' ' -f3 "$T/heads" | sort -n | tail -n 1)
  if [ "$taille" -lt "${petit:-0}" ]; then reserve witness témoin "antérieur au dossier : non comparé"
  elif [ "$taille" -gt "${grand:-0}" ]; then echec witness témoin "$taille observations connues du témoin, ${grand:-0} ici"
  else
    grep -q "^[^ ]* [^ ]* $taille $racine$" "$T/heads" || echec witness témoin "autre journal à $taille observations"
  fi
}

dossier_entier
releves
observations
temoin_garde
cat "$T/trouvailles"
resultat="$(wc -l < "$T/releves" | tr -d ' ') relevés, $(wc -l < "$T/found" | tr -d ' ') observations"
if grep -q '^ÉCHEC' "$T/trouvailles"; then echo "ÉCHEC : ce dossier n'est pas fiable en l'état : $resultat"; exit 1; fi
cat <<'FIN'
Prouvé : chaque observation jointe a été écrite entre les dates données ci-dessus pour son relevé, selon l'horloge des
  autorités d'horodatage (« sans borne » : aucune date n'est prouvée) ; rien n'y a été changé ; aucune observation
  annoncée ne manque ; le journal n'a pas été réécrit entre les relevés joints.
Non prouvé : que le site a bien envoyé ces pages (rien de technique ne le peut ; ses propres journaux d'accès le
  peuvent) ; ce qui précède ou suit les relevés joints ; que les certificats et clés du dossier trust/ sont les
  bons : comparez leurs empreintes avec celles que publient l'autorité et l'exploitant. Le PDF et le CSV ne font
  que présenter records.jsonl.
FIN
for pem in $(grep -E '^trust/roots/[0-9a-z.-]+$' "$T/ici"); do
  echo "certificat $pem : $(openssl x509 -in "$pem" -noout -fingerprint -sha256 2> /dev/null | sed 's/^.*=//')"
done
for pem in $(grep -E '^trust/log/[0-9a-z.]+$' "$T/ici"); do echo "clé du journal $pem : $(sha256sum < "$T/keys/$(basename "$pem")" 2> /dev/null | cut -c1-64)"; done
if [ -s "$T/trouvailles" ]; then echo "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS : $resultat"; exit 3; fi
echo "VÉRIFIÉ : $resultat"
