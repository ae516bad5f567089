"""The sentences of a plan, in both languages (pure)."""

from collections.abc import Sequence
from decimal import Decimal

from geoservice.plans.records import AgreementRow, LotRow, MakerRow, TeamRow
from geoservice.plans.wants import Candidate
from geoservice.texts import Text

_MOST = 3
GOAL_TITLES = {
    "fewest_depots": Text(
        zh="出动储备点最少，最后到达最早", en="the fewest depots, with the earliest last arrival"
    ),
    "least_travel": Text(
        zh="总行程最短，最后到达同样最早", en="the least travel, with the same last arrival"
    ),
    "fewest_depots_10": Text(
        zh="出动储备点最少，允许最后到达晚 10%",
        en="the fewest depots, when the last may arrive 10 % later",
    ),
}
_STATUS = {
    "notified": ("已通知", "notified"),
    "en_route": ("在途", "on its way elsewhere"),
    "on_scene": ("在现场", "at another scene"),
    "returning": ("返回中", "returning"),
    "off": ("停勤", "off duty"),
}

_TIERS = {
    "main": ("综合应急救援队伍", "main team"),
    "pro": ("专业分队", "professional squad"),
    "part": ("兼职队伍", "part-time team"),
    "social": ("社会力量", "social team"),
    "vol": ("志愿者", "volunteers"),
}


def number(amount: Decimal) -> str:
    """Return an amount without zeros that say nothing."""
    return f"{amount.normalize():f}"


def late(it: Candidate, held: Decimal, short: Decimal) -> Text:
    """Say what a depot has, but later."""
    minutes, amount = it.timing.eta_s / 60, number(min(held, short))
    return Text(
        zh=f"{it.depot.name}有 {amount} {it.lot.unit}，{minutes:.0f} 分钟后可到",
        en=f"{it.depot.name} has {amount} {it.lot.unit}, there in {minutes:.0f} min",
    )


def kept_back(depot: str, held: Decimal, unit: str) -> Text:
    """Say what a depot keeps as its minimum reserve."""
    return Text(
        zh=f"{depot}留有最低储备 {number(held)} {unit}：可在请求中放开（release_reserve）",
        en=f"a reserve of {number(held)} {unit} is kept at {depot}: release_reserve would free it",
    )


def reserved(depot: str, held: Decimal, unit: str) -> Text:
    """Say what is reserved for other orders."""
    return Text(
        zh=f"{depot}有 {number(held)} {unit} 已为其他调度预留",
        en=f"{number(held)} {unit} at {depot} are reserved for other orders",
    )


def cut_off(depot: str, held: Decimal, unit: str, why: Text) -> Text:
    """Say what lies in a depot that cannot come."""
    return Text(
        zh=f"{depot}有 {number(held)} {unit}，但{why.zh}",
        en=f"{depot} has {number(held)} {unit}, but {why.en}",
    )


def expired(it: Candidate) -> Text:
    """Say that a lot is past its date."""
    amount, day = f"{number(it.lot.quantity)} {it.lot.unit}", it.lot.expires_on
    return Text(
        zh=f"{it.depot.name}批次 {it.lot.code}（{amount}）已于 {day} 过期",
        en=f"{amount} of lot {it.lot.code} at {it.depot.name} expired on {day}",
    )


def substitutes_not_allowed(it: Candidate, held: Decimal) -> Text:
    """Say that a listed substitute lies there."""
    amount = number(held)
    return Text(
        zh=f"{it.depot.name}有代用品 {it.lot.name} {amount} {it.lot.unit}：本次请求不允许代用",
        en=f"{amount} {it.lot.unit} of {it.lot.name} at {it.depot.name} are a listed "
        "substitute, which this request does not allow",
    )


def none_listed(akin: Sequence[LotRow]) -> Text:
    """Say that nothing is listed as a substitute; name what is of the same class."""
    if not akin:
        return Text(zh="没有列出可代用的物资", en="no substitute is listed")
    names = sorted({f"{lot.name} ({lot.item_code})" for lot in akin})[:_MOST]
    return Text(
        zh=f"没有列出可代用的物资；同类的有 {'、'.join(names)}，未列为代用品",
        en=f"no substitute is listed; of the same class, but not listed: {', '.join(names)}",
    )


def could_make(maker: MakerRow, short: Decimal, hours: float) -> Text:
    """Say by when a maker would have made and brought it."""
    return Text(
        zh=f"{maker.maker}可生产，{number(short)} {maker.unit} 约 {hours:.1f} 小时后到",
        en=f"{maker.maker} could make {number(short)} {maker.unit}, there in about {hours:.1f} h",
    )


def maker_without_place(maker: MakerRow) -> Text:
    """Say that a maker's place is not known."""
    return Text(
        zh=f"{maker.maker}可生产（每日 {maker.per_day:g} {maker.unit}），但没有登记位置",
        en=f"{maker.maker} makes {maker.per_day:g} {maker.unit} a day, but has no place on record",
    )


def agreement(it: AgreementRow) -> Text:
    """Say that an enterprise has agreed to supply."""
    phone = it.phone or "-"
    return Text(
        zh=f"与{it.organisation}有供应协议 {number(it.quantity)} {it.unit}，电话 {phone}",
        en=f"{it.organisation} has agreed to supply {number(it.quantity)} {it.unit}: call {phone}",
    )


def nowhere() -> Text:
    """Say that nothing would mend it."""
    return Text(
        zh="本区没有登记这种物资：请向上级求援",
        en="nothing of it is on record in the district: ask the city",
    )


def stale(surveyed_on: object) -> Text:
    """Say that a record was not verified lately."""
    return Text(
        zh=f"台账久未核实（{surveyed_on or '无调查日期'}）：排序时按晚 1 分钟计，请先电话确认",
        en=f"not verified lately ({surveyed_on or 'never surveyed'}): ranked as if a minute later, "
        "call first",
    )


def substitute(it: Candidate) -> Text:
    """Say that this is sent instead, and at what ratio."""
    ratio = f"{float(it.ratio):g}"
    return Text(
        zh=f"代用品 {it.lot.name}：{ratio} {it.lot.unit} 代一",
        en=f"a substitute, {it.lot.name}: {ratio} {it.lot.unit} for one",
    )


def of_kit(kit: str) -> Text:
    """Say which kit this is a part of."""
    return Text(zh=f"成套物资 {kit} 的组成", en=f"a part of the kit {kit}")


def prepares(minutes: float, *, is_assumed: bool, is_team: bool = False) -> Text:
    """Say how long loading or turning out takes."""
    zh, en = ("出动", "turning out") if is_team else ("装车", "loading")
    if is_assumed:
        return Text(
            zh=f"未登记{zh}时间，按 {minutes:g} 分钟计",
            en=f"{en} is not on record: {minutes:g} min assumed",
        )
    return Text(zh=f"{zh} {minutes:g} 分钟", en=f"{en} {minutes:g} min")


def first_to_expire(lot: LotRow) -> Text:
    """Say until when a lot is good."""
    return Text(
        zh=f"有效期至 {lot.expires_on}，先到期先出", en=f"first to expire: {lot.expires_on}"
    )


def not_free(team: TeamRow) -> Text:
    """Say why a team is not free."""
    zh, en = _STATUS.get(team.status, (team.status, team.status))
    return Text(zh=f"队伍{zh}", en=f"the team is {en}")


def not_manned(team: TeamRow) -> Text:
    """Say that too few are on duty."""
    return Text(
        zh=f"在岗仅 {team.on_duty} 人，少于该能力所需",
        en=f"only {team.on_duty} on duty, fewer than the skill needs",
    )


def too_weak(skill: str, type_no: int) -> Text:
    """Say that a team has the skill, in a lesser type."""
    return Text(
        zh=f"有{skill}能力，但不及 {type_no} 类",
        en=f"has the skill {skill}, but below type {type_no}",
    )


def not_by_deadline(minutes: float) -> Text:
    """Say that somebody comes too late."""
    return Text(
        zh=f"{minutes:.0f} 分钟后才能到，晚于时限",
        en=f"there in {minutes:.0f} min, after the deadline",
    )


def other_unit(it: Candidate, unit: str) -> Text:
    """Say that a lot is counted in something else."""
    return Text(
        zh=f"批次按 {it.lot.unit} 计，需求按 {unit} 计",
        en=f"counted in {it.lot.unit}, asked for in {unit}",
    )


def made(maker: MakerRow) -> Text:
    """Say that it must be made first."""
    return Text(
        zh=f"需生产：日产 {maker.per_day:g} {maker.unit}，启动 {maker.lead_h:g} 小时；仅补库存不足",
        en=f"to be made: {maker.per_day:g} {maker.unit} a day after {maker.lead_h:g} h; only what "
        "stock does not cover",
    )


def ranked(team: TeamRow) -> Text:
    """Say by what a team is ranked."""
    zh, en = _TIERS[team.tier]
    sent = f"{team.last_sent_at:%Y-%m-%d}" if team.last_sent_at else "-"
    return Text(
        zh=f"{zh}；同一分钟内到达者按队伍类别、再按久未出动排序（上次出动 {sent}）",
        en=f"{en}; of those there in the same minute by tier, then longest since sent ({sent})",
    )


def not_going(team: str, why: Text) -> Text:
    """Say why a team does not go."""
    return Text(zh=f"{team}：{why.zh}", en=f"{team}: {why.en}")


def no_team(skill: str) -> Text:
    """Say that nobody else has the skill."""
    return Text(
        zh=f"没有其他登记了“{skill}”能力的队伍：请向上级求援",
        en=f"no other team has the skill {skill} on record: ask the city",
    )


def nothing_wanted() -> Text:
    """Say that nothing was asked for."""
    return Text(
        zh="没有登记需求：请登记事件所需物资与队伍，或在请求中列出",
        en="nothing is wanted: put down what the incident needs, or say it in the request",
    )


def unproven(gap: float) -> Text:
    """Say that the time was up."""
    return Text(
        zh=f"限时内的最好方案，尚未证明最优（至多还可改进 {gap:.1%}）",
        en=f"the best found in the time, not proven: at most {gap:.1%} could be gained",
    )


def not_by_code() -> Text:
    """Say that codes did not decide between equal plans."""
    return Text(
        zh="需求相互竞争或储备点组合过多：各项目标都相同的方案之间，未必按编号取舍",
        en="demands compete, or there are too many sets of depots: between plans equal in every "
        "aim codes need not have decided",
    )


def supposed() -> Text:
    """Say that the roads are not those of now."""
    return Text(
        zh="推演：道路按所问时刻或假设的封闭计算，库存与队伍按现状；不能据此下达调度令",
        en="supposed: roads as of the instant asked or with closures supposed, stock and teams as "
        "they are now; it cannot be ordered",
    )
