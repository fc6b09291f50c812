#!/bin/sh
# Vérifie les originaux d'un dossier, puis chaque export qui y est joint, sans le logiciel.
#
#   sh verify.sh
#
# Il faut sh, sha256sum et les outils ordinaires d'un système Unix ; les exports demandent en plus openssl.
# Se termine par 0 : vérifié ; 1 : quelque chose est faux ; 2 : vérification impossible ; 3 : vérifié, avec réserves.
set -u
LC_ALL=C; export LC_ALL
umask 077
ici=$(cd -- "$(dirname -- "$0")" && pwd) || exit 2
cd -- "$ici" || exit 2
for outil in sha256sum find sed sort comm mktemp; do
  command -v "$outil" > /dev/null 2>&1 || { echo "IMPOSSIBLE : il manque l'outil $outil"; exit 2; }
done
[ -f SHA256SUMS ] || { echo "IMPOSSIBLE : SHA256SUMS manque"; exit 2; }
T=$(mktemp -d) || exit 2
trap 'rm -rf "$T"' EXIT
trap 'exit 2' HUP INT TERM
pire=0
noter() { # le plus grave l'emporte : faux, puis impossible, puis réserves
  case $1 in
    0) ;;
    1) pire=1 ;;
    3) [ "$pire" -eq 0 ] && pire=3 ;;
    *) [ "$pire" -ne 1 ] && pire=2 ;;
  esac
}

sha256sum --check --strict --quiet SHA256SUMS || { echo "ÉCHEC : un fichier manque ou a été modifié"; noter 1; }
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort > "$T/listes"
find . ! -type d ! -path ./SHA256SUMS | sed 's|^\./||' | sort > "$T/presents"
if [ -n "$(comm -13 "$T/listes" "$T/presents")" ]; then
  echo "ÉCHEC : fichiers qui ne figurent pas dans la liste :"; comm -13 "$T/listes" "$T/presents"; noter 1
fi
for export in releves/*/; do
  [ -d "$export" ] || continue
  echo "--- $export"
  if [ -f "$export/verify.sh" ]; then
    sh "$export/verify.sh"; noter $?
  else
    echo "RÉSERVE : cet export n'est pas scellé"; noter 3
  fi
done
echo "---"
case $pire in
  0) echo "VÉRIFIÉ : chaque fichier a l'empreinte annoncée" ;;
  1) echo "ÉCHEC : au moins un point est faux, il est écrit au-dessus" ;;
  2) echo "IMPOSSIBLE : une vérification n'a pas pu se faire" ;;
  3) echo "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS" ;;
esac
exit "$pire"
