"""One declaration a préfecture, `dCODE_name.py`: what is known of it, from where and since when.

Postal addresses, phones and general mailboxes: DILA, annuaire de l'administration (Licence Ouverte). Sous-préfectures:
@etalab/decoupage-administratif (Licence Ouverte). Nothing here was read on a live page unless `verified_on` says so.
"""
