"""The dispatch book as page, table and paper: what it tells, and that a name is only a name."""

import csv
import io
import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest

from geoservice.book.columns import dialled, written
from geoservice.book.fonts import chinese_font
from geoservice.book.layout import age_of, volume_of
from geoservice.book.page import page_of
from geoservice.book.paper import pdf_of
from geoservice.book.records import Town
from geoservice.book.ruled import wrap
from geoservice.book.table import HEADS, csv_of
from geoservice.errors import NoPdfError
from geoservice.publish.catalog import load_layers

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "book_scene.py"))
make_book, AS_OF, EAST = SCENE["make_book"], SCENE["AS_OF"], SCENE["EAST"]
LAYERS = load_layers()


def _rows(text: str) -> list[dict[str, str]]:
    keys = {head: key for key, head in HEADS.items()}
    found = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [{keys[head]: value for head, value in row.items()} for row in found]


def _letters_of(pdf: bytes) -> str:
    """What the maps of the fonts say that the glyphs of a PDF are."""
    maps = re.findall(rb"begincmap\n(.*?)endcmap", pdf, re.S)
    return "".join(
        chr(int(it, 16)) for it in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", b"".join(maps))
    )


def test_the_book_is_by_town_and_names_what_is_not_on_record() -> None:
    volume = volume_of(make_book(), LAYERS)
    titles = [it.title.zh for it in volume.chapters]
    assert titles == ["指挥部与值班电话", f"东镇 {EAST}", "西镇 140406002", "物资索引"]
    east = volume.chapters[1]
    assert [it.title.zh for it in east.sheets] == ["救援队伍", "物资储备点", "库存"]
    assert "避难场所" in [it.zh for it in east.lacks]
    assert volume.facts[0][1] == "2026-11-25 16:30 CST"
    assert volume.facts[1][1] == "42"
    assert volume.warnings == ()


def test_stock_tells_what_is_usable_what_stays_and_when_it_expires() -> None:
    stock = volume_of(make_book(), LAYERS).chapters[1].sheets[2]
    cells = dict(zip([it.zh for it in stock.heads], stock.lines[0].cells, strict=True))
    assert cells == {
        "储备点": "D1 东库", "物资编码": "2050101", "名称": "水泵", "可用": "7.5", "单位": "台",
        "最低储备": "1", "已预留": "2", "已过期": "2.5", "账面": "12", "最近到期": "2027-01-31",
        "核实": "2026-10-01",
    }  # fmt: skip


def test_the_index_of_materials_begins_where_most_is() -> None:
    index = volume_of(make_book(), LAYERS).chapters[-1].sheets[0]
    assert [line.cells for line in index.lines] == [
        ("2050101", "水泵", "27.5 台", "西库 20（未登记）；东库 7.5（138 1234 5678）")
    ]


def test_a_stale_row_is_there_and_marked() -> None:
    west = volume_of(make_book(), LAYERS).chapters[2].sheets[-1]
    assert [(it.is_stale, it.cells[-1]) for it in west.lines] == [(True, "2026-10-01 久未核实")]
    page = page_of(volume_of(make_book(), LAYERS), css="")
    assert page.count('<tr class="stale">') == 2  # the lot, and its line in the index
    assert [it["stale"] for it in _rows(csv_of(make_book(), LAYERS))].count("是") == 1


def test_an_old_book_says_that_the_database_is_away_and_how_old_it_is() -> None:
    volume = volume_of(make_book(), LAYERS, shown_at=AS_OF + timedelta(minutes=47))
    assert "47 分钟前" in volume.warnings[0].zh
    assert "2026-11-25 16:30 CST" in volume.warnings[0].en
    assert "47 min ago" in page_of(volume, css="")


def test_demonstration_data_is_called_so() -> None:
    team = make_book().teams[0]
    book = make_book(teams=(type(team)(**{**vars(team), "is_demo": True}),))
    volume = volume_of(book, LAYERS)
    assert "演示数据" in volume.warnings[0].zh
    assert volume.chapters[1].sheets[0].lines[0].cells[1] == "【演示】排水队"


@pytest.mark.parametrize("said", ["<img src=x onerror=alert(1)>", "${alert(1)}", "`{{7*7}}`"])
def test_a_hostile_name_is_only_text(said: str) -> None:
    page = page_of(volume_of(make_book(said), LAYERS), css="")
    assert "<img" not in page
    assert "${" not in page
    assert "{{" not in page
    assert "script-src" not in page  # nothing runs: default-src 'none' stands


@pytest.mark.parametrize("said", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx"])
def test_a_spreadsheet_runs_no_name(said: str) -> None:
    names = [it["name"] for it in _rows(csv_of(make_book(said), LAYERS)) if it["code"] == "D1"]
    assert names == [f"'{said}东库"]


def test_the_table_has_the_telephone_beside_every_lot() -> None:
    text = csv_of(make_book(), LAYERS)
    assert text.startswith("\ufeff类别 Kind,乡镇 Town,")
    lots = [it for it in _rows(text) if it["kind"] == "库存"]
    assert [(it["town"], it["quantity"], it["phone"]) for it in lots] == [
        ("东镇", "7.5", "138 1234 5678"), ("西镇", "20", ""),
    ]  # fmt: skip
    assert {it["kind"] for it in _rows(text)} == {"指挥部", "储备点", "库存", "救援队伍"}
    assert {it["roads"] for it in _rows(text)} == {"42"}


def test_somebody_of_one_town_gets_that_town_and_what_is_of_none() -> None:
    book = make_book().within(frozenset({EAST}))
    assert [it.code for it in book.depots] == ["D1"]
    assert [it.depot_code for it in book.stock] == ["D1"]
    assert [it.code for it in book.posts] == ["HQ"]
    assert make_book().within(None) == make_book()


def test_rows_of_a_town_that_is_not_registered_have_a_chapter() -> None:
    titles = [it.title.zh for it in volume_of(make_book(towns=()), LAYERS).chapters]
    assert titles == ["指挥部与值班电话", EAST, "140406002", "物资索引"]


def test_an_empty_district_gives_a_book_that_says_so() -> None:
    empty = make_book(posts=(), answering=(), depots=(), stock=(), teams=(), towns=())
    volume = volume_of(empty, LAYERS)
    assert [len(it.sheets) for it in volume.chapters] == [0, 0]


def test_the_paper_has_real_chinese_and_tells_what_its_font_lacks() -> None:
    towns = tuple(Town(f"{n:09}", f"第{n}镇") for n in range(80))  # contents of several pages
    book = make_book("潞<img>😀", towns=(*make_book().towns, *towns))
    pdf = pdf_of(volume_of(book, LAYERS), chinese_font())
    assert set("潞排水队东库泵<img>[U+1F600]") <= set(_letters_of(pdf))
    assert len(re.findall(rb"/Type /Page\n", pdf)) >= 80


def test_a_row_longer_than_a_page_goes_on_on_the_next() -> None:
    pdf = pdf_of(volume_of(make_book("很长的名称" * 400), LAYERS), chinese_font())
    assert len(re.findall(rb"/Type /Page\n", pdf)) > 12  # of short names: a page a chapter


def test_a_machine_without_a_chinese_font_says_which_to_install(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(NoPdfError, match="fonts-noto-cjk"):
        chinese_font((tmp_path,))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138 1234 5678"), ("03556821190", "0355-6821190"),
     ("01065551234", "010-65551234"), ("119", "119"), ("138-1234", "138-1234"), (None, "")],
)  # fmt: skip
def test_telephones_are_in_groups_and_no_numbers(phone: str | None, shown: str) -> None:
    assert dialled(phone) == shown


def test_values_are_written_without_idle_zeros() -> None:
    assert [written(it) for it in (None, 0, 0.0, 120.0, 7.50, -0.0001)] == [
        "", "0", "0", "120", "7.5", "0",
    ]  # fmt: skip


def test_age_is_told_in_minutes_then_hours_then_days() -> None:
    said = [age_of(AS_OF, AS_OF + timedelta(minutes=it)).en for it in (-1, 0, 119, 120, 2880)]
    assert said == ["0 min ago", "0 min ago", "119 min ago", "2 h ago", "2 days ago"]


def test_lines_break_after_chinese_and_between_words() -> None:
    def wide(letter: str) -> float:
        return 2.0 if ord(letter) > 0x2E80 else 1.0

    assert wrap("", 8, wide) == [""]
    assert wrap("物资储备点", 4, wide) == ["物资", "储备", "点"]
    assert wrap("two words", 6, wide) == ["two", "words"]
    assert wrap("unbreakable", 4, wide) == ["unbr", "eaka", "ble"]
