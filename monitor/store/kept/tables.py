"""The tables of what is kept ready. All of it can be made again from the observations, and is by `vigie rebuild`.

`last` is brought forward by each barrier: what a barrier covers is never declared damaged later, and one write for all
that was observed in two seconds costs less than one a check. What came after the last barrier is added by who asks.
`tally` is brought forward by sweep, once all of the sweep is a day old (`kept.tally`).
"""

from __future__ import annotations

from typing import Final

# last: numbers of a subject's newest observation of each kind. visited: the site saw us. good: the question a desk is
# asked was answered, by a real site. facts: a notice was read. pictured: a picture was made of it, or tried.
# given_up: sweeps in which a look was given up after a request had left.
# tally.day: days since 1970, UTC. tally.hours: 24 unsigned integers of four bytes, little-endian, by hour (UTC).
# kind: what is counted (`kept.tally.Kind`). tallied: the newest sweep in them, and the latest instant it knows of.
KEPT: Final = """
CREATE VIEW mark AS SELECT seq, subject,
  CASE WHEN detail IS NOT 'vantage_offline' THEN seq END AS visited,
  CASE WHEN reading IN ('SlotsOpen', 'NoSlot', 'NotYetOpen', 'RequestForm') AND NOT simulated
    AND seq NOT IN (SELECT seq FROM declared_damage) THEN seq END AS good,
  CASE WHEN reading IN ('Published', 'NotFound', 'Contradictory')
    AND seq NOT IN (SELECT seq FROM declared_damage) THEN seq END AS facts
  FROM observation;
CREATE TABLE last (subject INTEGER PRIMARY KEY REFERENCES subject, visited INTEGER, good INTEGER, facts INTEGER,
                   pictured INTEGER);
CREATE VIEW newest AS SELECT subject, max(visited) AS visited, max(good) AS good, max(facts) AS facts FROM (
  SELECT subject, visited, good, facts FROM last
  UNION ALL SELECT subject, visited, good, facts FROM mark
    WHERE seq > ifnull((SELECT seq FROM barrier ORDER BY id DESC LIMIT 1), -1)) GROUP BY subject;

CREATE TRIGGER barrier_last AFTER INSERT ON barrier BEGIN
  INSERT INTO last (subject, visited, good, facts) SELECT subject, max(visited), max(good), max(facts) FROM mark
    WHERE seq > ifnull((SELECT seq FROM barrier WHERE id < NEW.id ORDER BY id DESC LIMIT 1), -1) AND seq <= NEW.seq
    GROUP BY +subject
    ON CONFLICT (subject) DO UPDATE SET visited = ifnull(excluded.visited, visited), good = ifnull(excluded.good, good),
      facts = ifnull(excluded.facts, facts);
END;
CREATE TRIGGER shot_last AFTER INSERT ON shot BEGIN
  INSERT INTO last (subject, pictured) SELECT subject, seq FROM observation WHERE seq = NEW.seq
    ON CONFLICT (subject) DO UPDATE SET pictured = max(ifnull(pictured, -1), excluded.pictured);
END;

INSERT INTO last (subject, visited, good, facts) SELECT subject, max(visited), max(good), max(facts) FROM mark
  WHERE seq <= (SELECT seq FROM barrier ORDER BY id DESC LIMIT 1) GROUP BY +subject;
INSERT INTO last (subject, pictured) SELECT o.subject, max(h.seq) FROM shot h CROSS JOIN observation o ON o.seq = h.seq
  WHERE true GROUP BY +o.subject ON CONFLICT (subject) DO UPDATE SET pictured = excluded.pictured;

CREATE INDEX sweep_by_start ON sweep (started);
CREATE INDEX given_up ON sweep_end (sweep) WHERE instr(report, CAST('"asked"' AS BLOB));

CREATE TABLE kind (id INTEGER PRIMARY KEY, what TEXT NOT NULL, simulated INTEGER NOT NULL, reading TEXT, detail TEXT,
                   first_day TEXT);
CREATE TABLE tally (subject INTEGER NOT NULL REFERENCES subject, day INTEGER NOT NULL,
                    kind INTEGER NOT NULL REFERENCES kind, hours BLOB NOT NULL, PRIMARY KEY (subject, day, kind))
  WITHOUT ROWID;
CREATE TABLE tallied (id INTEGER PRIMARY KEY CHECK (id = 0), sweep INTEGER NOT NULL, until INTEGER NOT NULL);
"""
