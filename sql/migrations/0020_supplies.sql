-- What goods are called, what does instead of them, and what a kit is made of.

-- Goods and classes of goods by their code of GB/T 38565-2020: d dd dd dd. A demand for a code is
-- met by what has a code that begins with it. `unit` is what they are counted in, `pieces` how many
-- of them one unit holds (a box of 24 bottles).
CREATE TABLE core.goods (
  LIKE core.record INCLUDING ALL,
  unit        text CHECK (unit <> ''),
  pieces      integer CHECK (pieces > 0),
  is_verified boolean NOT NULL DEFAULT false,
  CONSTRAINT goods_code_is_of_the_standard CHECK (code ~ '^[1-3]([0-9]{2}){0,3}$')
);
SELECT core.make_register('core.goods');

-- What may be sent instead: `ratio` units of the one do what one unit of the other does. Nothing
-- else replaces anything.
CREATE TABLE core.goods_substitute (
  LIKE core.record INCLUDING ALL,
  for_code    text NOT NULL CHECK (for_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  by_code     text NOT NULL CHECK (by_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  ratio       double precision NOT NULL CHECK (ratio > 0 AND ratio <= 1e6),
  remark      text,
  is_verified boolean NOT NULL DEFAULT false,
  CONSTRAINT goods_substitute_is_something_else CHECK (for_code <> by_code)
);
CREATE UNIQUE INDEX goods_substitute_is_said_once ON core.goods_substitute (for_code, by_code) WHERE valid_to IS NULL;
SELECT core.make_register('core.goods_substitute');

-- One part of a kit: whoever asks for the kit's code is sent `quantity` of the part for each.
CREATE TABLE core.goods_kit (
  LIKE core.record INCLUDING ALL,
  kit_code    text NOT NULL CHECK (kit_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  part_code   text NOT NULL CHECK (part_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  quantity    double precision NOT NULL CHECK (quantity > 0 AND quantity <= 1e6),
  remark      text,
  is_verified boolean NOT NULL DEFAULT false,
  CONSTRAINT goods_kit_is_not_its_own_part CHECK (kit_code <> part_code)
);
CREATE UNIQUE INDEX goods_kit_part_is_said_once ON core.goods_kit (kit_code, part_code) WHERE valid_to IS NULL;
SELECT core.make_register('core.goods_kit');

-- The three large classes: all of the code table that was seen. The district adds what it stocks.
INSERT INTO core.goods (code, name, name_en, source_doc, created_by, updated_by)
SELECT g.code, g.name, g.name_en,
       'GB/T 38565-2020 第5.2条，见于公开网页摘录；代码表全文未见，未核实（2026年11月） · clause 5.2 as quoted on a public page; the code table itself not seen, not verified (November 2026)',
       'geoservice', 'geoservice'
  FROM (VALUES
  ('1', '基本生活保障物资', 'Basic living supplies'),
  ('2', '应急装备及配套物资', 'Emergency equipment and what goes with it'),
  ('3', '工程材料与机械加工设备', 'Engineering materials and machinery')
  ) g(code, name, name_en);
