-- Terrain: heights in a raster file of the state folder, in the district's Gauss-Krueger zone.
-- The newest row in force is what is asked; a retired one says what answers rested on before.
CREATE TABLE core.terrain (
  LIKE core.record INCLUDING ALL,
  file_name    text NOT NULL CHECK (file_name ~ '^[0-9a-f]{32}\.tif$'),  -- in GEOSERVICE_HOME/terrain
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  height_datum text NOT NULL CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  licence      text,
  meridian_deg integer NOT NULL CHECK (meridian_deg BETWEEN -180 AND 180),  -- of the zone it is in
  cell_m       double precision NOT NULL CHECK (cell_m > 0),
  row_count    integer NOT NULL CHECK (row_count > 0),
  col_count    integer NOT NULL CHECK (col_count > 0),
  resampling   text NOT NULL CHECK (resampling IN ('bilinear', 'cubic', 'none')),
  void_count   bigint NOT NULL CHECK (void_count >= 0),     -- cells without a height in what was given
  filled_count bigint NOT NULL CHECK (filled_count >= 0),   -- those of them that were filled
  least_m      double precision NOT NULL,
  most_m       double precision NOT NULL CHECK (most_m >= least_m)
);
CREATE UNIQUE INDEX terrain_is_one ON core.terrain ((true)) WHERE valid_to IS NULL;
SELECT core.make_register('core.terrain');
