-- Where people live: so many at a place. Domain terms: docs/terms.md.

CREATE TABLE core.settlement (
  LIKE core.record INCLUDING ALL,
  kind       text NOT NULL CHECK (kind IN ('village', 'hamlet', 'community', 'compound', 'institution', 'other')),
  population integer CHECK (population BETWEEN 0 AND 9999999),
  households integer CHECK (households >= 0),
  vulnerable integer CHECK (vulnerable >= 0),   -- of the population: who cannot leave without help
  contact    text,
  phone      text,
  address    text,
  remark     text,
  geom       geometry(Point, 4490) NOT NULL,
  CONSTRAINT settlement_vulnerable_are_of_the_population CHECK (vulnerable <= population)
);
SELECT core.make_register('core.settlement');

INSERT INTO core.staleness_rule (code, name, name_en, days, secrecy, source_doc, created_by, updated_by)
VALUES ('settlements', '居民点', 'Settlements', 365, 'internal',
        '暂定参数，未见正式规定（2026年11月） · provisional, no official text seen (November 2026)', 'geoservice', 'geoservice');

-- Who lives within 500 m, added up from the settlements there; what was given by hand stands beside it.
ALTER TABLE core.hazard_source ADD COLUMN residents_counted integer CHECK (residents_counted >= 0);
