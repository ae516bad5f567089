-- 200,000 points around 60 places and 50,000 areas of 24 corners; eight fields, Chinese text.
-- Both are plain tables, which every contender reads; ours through a view, as it reads everything.
SELECT setseed(0.5);

INSERT INTO core.district (code, name, source_doc, secrecy, geom, envelope)
SELECT '999999', '基准区', 'bench', 'public', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.3))
  FROM (SELECT ST_MakeEnvelope(112.9, 36.0, 113.5, 36.6, 4490) AS b) s;

SELECT core.guard_all_geometry();

CREATE SCHEMA bench;

CREATE TABLE bench.place AS
SELECT number, 112.95 + random() * 0.5 AS lon, 36.05 + random() * 0.5 AS lat
  FROM generate_series(1, 60) AS number;

CREATE TABLE bench.points (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL, name text NOT NULL, kind text NOT NULL, grade text NOT NULL, org text,
  town_code text, secrecy text NOT NULL, surveyed_on date, geom geometry(Point, 4490) NOT NULL
);
INSERT INTO bench.points (code, name, kind, grade, org, town_code, secrecy, surveyed_on, geom)
SELECT 'P' || n, '演示危险源第' || n || '号', (ARRAY['coal_mine', 'hazchem', 'tailings', 'city_risk', 'other'])[1 + n % 5],
       (ARRAY['blue', 'blue', 'blue', 'yellow', 'yellow', 'orange', 'red'])[1 + (n * 7919) % 7],
       '潞城区第' || n % 400 || '企业管理有限公司', '14040610' || n % 10, 'public', date '2024-01-01' + n % 700,
       ST_SetSRID(ST_Point(p.lon + (random() + random() - 1) * 0.011, p.lat + (random() + random() - 1) * 0.009), 4490)
  FROM generate_series(1, 200000) AS s (n)
  JOIN bench.place p ON p.number = 1 + (s.n * 7919) % 60;

CREATE TABLE bench.polygons (LIKE bench.points INCLUDING ALL);
ALTER TABLE bench.polygons ALTER geom TYPE geometry(Polygon, 4490);
INSERT INTO bench.polygons (code, name, kind, grade, org, town_code, secrecy, surveyed_on, geom)
SELECT 'A' || n, '演示风险区第' || n || '号', kind, grade, org, town_code, secrecy, surveyed_on,
       ST_MakePolygon(ST_MakeLine(ARRAY(
         SELECT ST_SetSRID(ST_Point(ST_X(s.geom) + cos(2 * pi() * (k % 24) / 24) * s.r * (1 + 0.3 * sin(k % 24 * 1.7)),
                                    ST_Y(s.geom) + sin(2 * pi() * (k % 24) / 24) * s.r * 0.8), 4490)
           FROM generate_series(0, 24) k ORDER BY k)))
  FROM (SELECT id AS n, p.*, 0.0004 + random() * 0.001 AS r FROM bench.points p WHERE id % 4 = 0) s;

CREATE INDEX ON bench.points USING gist (geom);
CREATE INDEX ON bench.polygons USING gist (geom);
CREATE VIEW published.bench_points AS SELECT p.*, 1 AS version, false AS is_demo, 'bench'::text AS source_doc FROM bench.points p;
CREATE VIEW published.bench_polygons AS SELECT p.*, 1 AS version, false AS is_demo, 'bench'::text AS source_doc FROM bench.polygons p;
GRANT USAGE ON SCHEMA bench TO geoservice_app;
GRANT SELECT ON ALL TABLES IN SCHEMA bench, published TO geoservice_app;
SELECT core.watch_published();
