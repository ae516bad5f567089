"""The book laid out by town, with the posts before and an index of materials behind (pure)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from geoservice.book.columns import MISSING, STALE, Layers, dialled, label, written
from geoservice.book.records import Book, Post, Stock
from geoservice.book.tables import (
    agreements_sheet,
    depots_sheet,
    makers_sheet,
    posts_sheet,
    shelters_sheet,
    stations_sheet,
    stock_sheet,
    teams_sheet,
)
from geoservice.book.volume import Chapter, Line, Sheet, Volume
from geoservice.texts import Text
from geoservice.timezones import zone_named

_NO_TOWN = Text("区级及未注明乡镇", "The district, and no town on record")
_NOTES = (
    Text("可用 = 账面 - 已过期 - 已预留，含最低储备。", "Usable: neither expired nor reserved; it "
         "holds the minimum reserve."),
    Text("专长后的数字为类型，1 类最强。",
         "A number after a skill is its type, 1 the most capable."),
    Text("坐标为 CGCS2000 经纬度。含个人电话，仅供应急指挥使用，不得外传。",
         "Coordinates are CGCS2000. Telephones of persons: for emergency command alone."),
)  # fmt: skip


def volume_of(book: Book, layers: Layers, *, shown_at: datetime | None = None) -> Volume:
    """Return the book as it is printed.

    Parameters
    ----------
    layers
        The layer files: their words for the codes.
    shown_at
        Now, where this is an old book shown because the database is away; it then says how old.
    """
    return Volume(
        title=Text(f"{book.head.district}应急调度手册", "Dispatch book"),
        warnings=tuple(_warnings(book, shown_at)),
        facts=_facts(book),
        notes=_NOTES,
        chapters=(_command(book, layers), *_towns(book, layers), _goods(book)),
    )


def age_of(as_of: datetime, now: datetime) -> Text:
    """Return how old something is, in words."""
    minutes = max(int((now - as_of) / timedelta(minutes=1)), 0)
    if minutes < 120:
        return Text(f"{minutes} 分钟前", f"{minutes} min ago")
    hours = minutes // 60
    if hours < 48:
        return Text(f"{hours} 小时前", f"{hours} h ago")
    return Text(f"{hours // 24} 天前", f"{hours // 24} days ago")


def local_minute(book: Book, at: datetime) -> str:
    """Return an instant in the district's zone, to the minute."""
    return f"{at.astimezone(zone_named(book.head.time_zone)):%Y-%m-%d %H:%M %Z}"


def _warnings(book: Book, shown_at: datetime | None) -> Iterable[Text]:
    if shown_at is not None:
        as_of, age = local_minute(book, book.as_of), age_of(book.as_of, shown_at)
        yield Text(
            f"数据库无法访问：这是最后一份手册，数据截至 {as_of}（{age.zh}），此后的变化不在其中。",
            f"The database does not answer: this is the last book, as of {as_of} ({age.en}); "
            "what changed since is not in it.",
        )
    if any(it.is_demo for it in book.rows):
        yield Text("含演示数据，非真实地点、人员和电话。",
                   "Holds demonstration data: no real places, people or telephones.")  # fmt: skip


def _facts(book: Book) -> tuple[tuple[Text, str], ...]:
    stale = sum(it.is_stale for it in book.rows)
    counts = (
        (Text("乡镇", "Towns"), book.towns), (Text("储备点", "Depots"), book.depots),
        (Text("库存", "Stock"), book.stock), (Text("救援队伍", "Teams"), book.teams),
        (Text("站点", "Stations"), book.stations), (Text("避难场所", "Shelters"), book.shelters),
    )  # fmt: skip
    return (
        (Text("数据截至", "As of"), local_minute(book, book.as_of)),
        (Text("路网版本", "Graph version"), str(book.head.graph_version)),
        *((name, str(len(rows))) for name, rows in counts),
        (STALE, str(stale)),
    )


def _command(book: Book, layers: Layers) -> Chapter:
    sheets = (posts_sheet(book.posts, layers), _hazards(book, layers))
    return _chapter(Text("指挥部与值班电话", "Command posts and duty telephones"), sheets)


def _hazards(book: Book, layers: Layers) -> Sheet:
    """Return which post answers for which kind of hazard."""
    posts = {it.code: it for it in book.posts}
    lines = []
    for it in book.answering:
        post = posts[it.post_code]
        said = label(layers, "command_posts", "hazard_types", it.hazard)
        cells = (
            said,
            f"{post.code} {post.name}",
            post.contact or "",
            dialled(post.phone) or MISSING.zh,
        )
        lines.append(Line(cells, post.is_stale))
    heads = (Text("险情类型", "Kind of hazard"), Text("指挥部", "Command post"),
             Text("指挥长", "Commander"), Text("值班电话", "Duty phone"))  # fmt: skip
    return Sheet(Text("险情归哪个指挥部", "Which post answers"), heads, (3, 6, 2, 3), tuple(lines))


def _towns(book: Book, layers: Layers) -> Iterable[Chapter]:
    """Yield a chapter a town, and one for what is of none or of one that is not registered."""
    known = {it.code: it.name for it in book.towns}
    codes = {it.town_code for it in book.rows if not isinstance(it, Post)}
    other = sorted(code for code in codes if code is not None and code not in known)
    for code in (*known, *other, None):
        if code is not None or code in codes:
            title = _NO_TOWN if code is None else Text(f"{known.get(code, '')} {code}".strip(), "")
            yield _town(book, layers, title, code)


def _town(book: Book, layers: Layers, title: Text, town: str | None) -> Chapter:
    depots = {it.code: it for it in book.depots}
    sheets = (
        stations_sheet([it for it in book.stations if it.town_code == town], layers),
        teams_sheet([it for it in book.teams if it.town_code == town], layers),
        depots_sheet([it for it in book.depots if it.town_code == town], layers),
        stock_sheet([it for it in book.stock if it.town_code == town], depots),
        makers_sheet([it for it in book.makers if it.town_code == town]),
        agreements_sheet([it for it in book.agreements if it.town_code == town]),
        shelters_sheet([it for it in book.shelters if it.town_code == town], layers),
    )
    return _chapter(title, sheets)


def _chapter(title: Text, sheets: Iterable[Sheet]) -> Chapter:
    sheets = list(sheets)
    return Chapter(
        title,
        tuple(it for it in sheets if it.lines),
        tuple(it.title for it in sheets if not it.lines),
    )


def _goods(book: Book) -> Chapter:
    """Return every material with the depots that have some of it, the most first."""
    depots = {it.code: it for it in book.depots}
    by_item: dict[tuple[str, str, str], list[Stock]] = {}
    for it in book.stock:
        if it.usable > 0:
            by_item.setdefault((it.code, it.name, it.unit), []).append(it)
    lines = []
    for (code, name, unit), rows in sorted(by_item.items()):
        rows.sort(key=lambda it: (-it.usable, it.depot_code))
        where = "；".join(
            f"{depots[it.depot_code].name} {written(it.usable)}"
            f"（{dialled(depots[it.depot_code].phone) or MISSING.zh}）"
            for it in rows
        )
        total = f"{written(sum(it.usable for it in rows))} {unit}"
        lines.append(Line((code, name, total, where), any(it.is_stale for it in rows)))
    heads = (Text("物资编码", "Item"), Text("物资", "Material"), Text("可用合计", "Usable"),
             Text("哪里有（数量，电话）", "Where (how much, telephone)"))  # fmt: skip
    index = Sheet(Text("物资在哪里", "What lies where"), heads, (1.6, 3, 2, 13), tuple(lines))
    return _chapter(Text("物资索引", "Index of materials"), (index,))
