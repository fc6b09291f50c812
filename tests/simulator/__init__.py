"""A loopback server that plays the préfectures' booking platforms under their real host names.

`python -m tests.simulator --ca-dir DIR` starts it; `tests.simulator.fixture` starts it from a test. It listens on
127.0.0.0/8 only, signs a certificate for whatever name a client asks for (SNI) with a certification authority made at
start, answers as the platforms do (cookies, forms, redirects, calendars), fails on request in every way a server can,
and keeps a journal: what was asked, how close together, and what should never have been asked.

Names of states and faults, the script's format and the control endpoints: `tests/simulator/README.md`.
"""
