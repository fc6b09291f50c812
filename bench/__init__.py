"""Speed and memory of the main job, measured as whole processes. `python -m bench` writes `bench/results.json`.

`server` plays 101 hosts in a process of its own and counts what each of them bore; `fleet` is the command `vigie` over
303 made-up desks of one request each; `measure` runs processes and reads what they cost; `scenarios` are the tables.
"""
