-- People and what they order; ünïcode.

CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name VARCHAR(80) NOT NULL DEFAULT 'ä',
  born DATE
);

/* What was bought. */
CREATE TABLE IF NOT EXISTS shop.orders (
  id SERIAL PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES people (id),
  total NUMERIC(10, 2),
  FOREIGN KEY (person) REFERENCES people (id)
);

CREATE UNIQUE INDEX orders_by_person ON shop.orders (person, total);

CREATE TYPE mood AS ENUM ('gut', 'schlecht');

CREATE VIEW spending AS
SELECT p.name, SUM(o.total) AS spent
FROM people AS p
JOIN shop.orders o ON o.person = p.id
WHERE p.born IS NOT NULL
GROUP BY p.name;

CREATE MATERIALIZED VIEW top_spenders AS SELECT name FROM spending;

CREATE FUNCTION total_of(who INTEGER) RETURNS NUMERIC
LANGUAGE sql
AS $$
  SELECT SUM(total) FROM shop.orders WHERE person = who
$$;

CREATE TRIGGER stamp AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION stamped();

WITH recent AS (SELECT id FROM shop.orders WHERE total > 10)
SELECT id, total_of(id) FROM recent;

INSERT INTO people (id, name) VALUES (1, 'Zoë');
UPDATE people SET name = UPPER(name) WHERE id = 1;
DELETE FROM people WHERE id = 2;
ALTER TABLE people ADD COLUMN email TEXT;
DROP TABLE IF EXISTS old_people;
