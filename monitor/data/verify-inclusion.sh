# Suite de verify.sh, qui la lit : les observations jointes contre les points de contrôle du journal.
# Ni Python ni xxd : les octets sont écrits par printf, les empreintes calculées par sha256sum, par lots.

# --- arbre du journal (RFC 6962 ; vérification selon RFC 9162, 2.1.3.2 et 2.1.4.2) -------------------------------------
# Chaque preuve devient une ligne « nom racine-attendue empreinte Lhex Rhex ... » : ce qu'il faut joindre à gauche ou à
# droite, étage par étage. Toutes montent ensemble d'un étage à la fois, et chacune y perd un champ : quoi qu'elle
# contienne, elle arrive en haut.
empreintes() { # fichiers $T/n/* dans l'ordre -> $T/h
  (cd "$T/n" && find . -type f | sort | xargs sha256sum) | cut -c1-64 > "$T/h"; rm -rf "$T/n"
}

feuilles() {
  mkdir "$T/n"; i=100000000
  while IFS= read -r ligne || [ -n "$ligne" ]; do
    i=$((i + 1)); { printf '\000'; printf '%s' "$ligne"; } > "$T/n/$i"
  done < records.jsonl
  [ $i -gt 100000000 ] && empreintes || { : > "$T/h"; rm -rf "$T/n"; }
  mv "$T/h" "$T/feuilles"
}

chemins='function monter() { while (f > 0 && f % 2 == 0) { f = int(f / 2); s = int(s / 2) } }
  function bon(x) { return length(x) == 64 && x !~ /[^0-9a-f]/ }
  function nombre(x) { return x ~ /^(0|[1-9][0-9]*)$/ && length(x) <= 15 }'

inclusions() {
  awk "$chemins"' FILENAME ~ /heads$/ { split($1, c, "/"); p[c[5]] = $2; t[c[5]] = $3; r[c[5]] = $4; next }
    FILENAME ~ /feuilles$/ { h[FNR] = $1; k = FNR; next }
    { lus = FNR; ok = ($1 in t) && NF >= 3 && nombre($2) && nombre($3) && (FNR in h)
      if (ok) ok = $3 == t[$1] && $2 + 0 >= p[$1] + 0 && $2 + 0 < $3 + 0 && $2 + 0 > d
      f = $2 + 0; s = $3 - 1; o = ""
      for (i = 4; ok && i <= NF; i++) {
        if (!bon($i) || s == 0) { ok = 0; break }
        if (f % 2 == 1 || f == s) { o = o " L" $i; monter() } else o = o " R" $i
        f = int(f / 2); s = int(s / 2) }
      if (!ok || s != 0 || $0 ~ /^ | $|  /) { print "F " FNR; next }
      d = $2 + 0; print "P records.jsonl:" FNR, r[$1], h[FNR] o; print "I " FNR, $2 }
    BEGIN { d = -1 } END { for (i = lus + 1; i <= k; i++) print "F " i }' "$T/heads" "$T/feuilles" proofs.txt > "$T/i"
  sed -n 's/^P //p' "$T/i" >> "$T/folds"; sed -n 's/^I //p' "$T/i" > "$T/rangs"; sed -n 's/^F //p' "$T/i" > "$T/f"
  while read -r i; do echec inclusion "records.jsonl:$i"; done < "$T/f"
}

coherences() {
  vide=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
  awk -v vide=$vide "$chemins"' FILENAME ~ /heads$/ { t[$1] = $3; r[$1] = $4; next }
    FILENAME ~ /releves$/ { v[++k] = $0; next }
    { lus = FNR; l[FNR] = $0 }
    END { if (lus + 0 != (k > 0 ? k - 1 : 0)) { print "F consistency.txt"; exit }
      for (j = 1; j < k; j++) { x = v[j]; y = v[j + 1]; n = split(l[j], c, " "); m = c[1]; q = c[2]
        ok = (x in t) && (y in t) && n >= 2 && m "" == t[x] "" && q "" == t[y] "" && l[j] !~ /^ | $|  /
        for (i = 3; ok && i <= n; i++) if (!bon(c[i])) ok = 0
        if (ok && m == q) ok = n == 2 && r[x] == r[y]
        else if (ok && m == 0) ok = n == 2 && r[x] == vide
        else if (ok) { ok = n > 2 && m + 0 < q + 0
          for (z = m; z > 1 && z % 2 == 0;) z = z / 2
          i = 3; if (z == 1) g = r[x]; else g = c[i++]
          f = m - 1; s = q - 1; a = b = ""
          while (f % 2 == 1) { f = int(f / 2); s = int(s / 2) }
          for (; ok && i <= n; i++) { if (s == 0) { ok = 0; break }
            if (f % 2 == 1 || f == s) { a = a " L" c[i]; b = b " L" c[i]; monter() } else b = b " R" c[i]
            f = int(f / 2); s = int(s / 2) }
          if (s != 0) ok = 0
          if (ok) { print "P " y, r[x], g a; print "P " y, r[y], g b } }
        if (!ok) print "F " y } }' "$T/heads" "$T/releves" consistency.txt > "$T/c"
  sed -n 's/^P //p' "$T/c" >> "$T/folds"; sed -n 's/^F //p' "$T/c" > "$T/f"
  while IFS= read -r ou; do echec consistency "$ou"; done < "$T/f"
}

monter_ensemble() {
  while [ -s "$T/folds" ]; do
    awk -v fini="$T/folded" -v suite="$T/suite" 'BEGIN { x = "0123456789abcdef"
        for (i = 0; i < 256; i++) o[substr(x, int(i / 16) + 1, 1) substr(x, i % 16 + 1, 1)] = sprintf("\\0%03o", i) }
      NF <= 3 { print $1, $2, (NF < 3 ? "-" : $3) >> fini; next }
      { print > suite; g = substr($4, 2); t = substr($4, 1, 1) == "L" ? g $3 : $3 g; e = "\\0001"
        for (i = 1; i < 128; i += 2) e = e o[substr(t, i, 2)]
        print e }' "$T/folds" > "$T/octets"
    [ -s "$T/octets" ] || break
    mkdir "$T/n"; i=100000000
    while IFS= read -r e; do i=$((i + 1)); printf '%b' "$e" > "$T/n/$i"; done < "$T/octets"
    empreintes
    awk 'FILENAME ~ /h$/ { h[FNR] = $1; next }
      { l = $1 " " $2 " " h[FNR]; for (i = 5; i <= NF; i++) l = l " " $i; print l }' "$T/h" "$T/suite" > "$T/folds"
    rm -f "$T/suite"
  done
  awk '$2 != $3 { print $1 }' "$T/folded" | sort -u > "$T/f"
  while IFS= read -r ou; do
    case $ou in records.jsonl:*) echec inclusion "$ou" ;; *) echec consistency "$ou" ;; esac
  done < "$T/f"
}

observations() {
  manque=non
  for nom in consistency.txt proofs.txt records.jsonl scope.txt; do
    grep -qx "$nom" "$T/ici" || { echec file "$nom"; manque=oui; }
  done
  [ $manque = non ] || return
  feuilles; inclusions; coherences; monter_ensemble
  awk 'FILENAME ~ /folded$/ { if ($2 == $3 && sub(/^records.jsonl:/, "", $1)) bon[$1]; next }
    FILENAME ~ /rangs$/ { if ($1 in bon) rang[$1] = $2; next }
    FNR in rang { c = ""; if (match($0, /"check":"[^"]*"/)) c = substr($0, RSTART + 9, RLENGTH - 10)
      print "O " rang[FNR], c
      k = split($0, x, /[^0-9a-f]+/); for (i = 1; i <= k; i++) if (length(x[i]) == 64) print "D " x[i] }' \
    "$T/folded" "$T/rangs" records.jsonl > "$T/o"
  while IFS= read -r R; do
    [ ! -f "$R/shots.jsonl" ] || awk '{ k = split($0, x, /[^0-9a-f]+/); for (i = 1; i <= k; i++) if (length(x[i]) == 64) print "D " x[i] }' "$R/shots.jsonl"
  done < "$T/releves" >> "$T/o"
  sed -n 's/^O //p' "$T/o" > "$T/found"; sed -n 's/^D //p' "$T/o" | sort -u > "$T/connues"
  if [ ! -s scope.txt ] || grep -Evqx 'all|[0-9A-Za-z]+/(notices/[a-z0-9-]+|[a-z0-9-]*)' scope.txt; then echec plan scope.txt
  else
    awk 'FILENAME ~ /scope.txt$/ { veut[$0]; next }
      FILENAME ~ /etendues$/ { r[++k] = $1; p[k] = $2 + 0; f[k] = $3 + 0; next }
      FILENAME ~ /plan$/ { split($5, c, "/"); if (("all" in veut) || ($5 in veut) || ((c[1] "/") in veut)) du[$1, $4] = $5; next }
      { la[$1] = $2; vu[$1] = 0; ordre[++m] = $1 }
      END { for (i = 1; i <= m; i++) for (j = 1; j <= k; j++) { s = ordre[i]
          if (s >= p[j] && s < f[j]) { if (!((r[j], s) in du) || du[r[j], s] != la[s]) faux[r[j]]; else delete du[r[j], s] } }
        for (x in du) { split(x, y, SUBSEP); faux[y[1]] }
        for (x in faux) print x }' scope.txt "$T/etendues" "$T/plan" "$T/found" | sort > "$T/f"
    while IFS= read -r ou; do echec plan "$ou"; done < "$T/f"
  fi
  grep '^captures/' "$T/ici" > "$T/captures"
  while IFS= read -r nom; do
    grep -qx "$(sha256sum < "$nom" | cut -c1-64)" "$T/connues" || echec capture "$nom"
  done < "$T/captures"
}
